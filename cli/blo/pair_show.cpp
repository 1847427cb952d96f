// blo pair show: all that is known of one pairing.
#include "base/hex.h"
#include "blo/v1/control.pb.h"
#include "commands.h"
#include "daemon.h"
#include "identity/certificate.h"
#include "pair_texts.h"
#include "parsing.h"
#include "policies.h"
#include "report.h"
#include "wire_names.h"

namespace blo::cli {
namespace {

Json hex_or_null(const std::string& bytes) {
  return bytes.empty() ? Json() : Json(to_hex(as_bytes(bytes)));
}

std::vector<std::string_view> roles_of(const v1::PairOfficer& officer) {
  return role_names({officer.roles().data(), static_cast<std::size_t>(officer.roles_size())});
}

using Officers = google::protobuf::RepeatedPtrField<v1::PairOfficer>;

Json officers_json(const Officers& officers) {
  Json list = Json::array();
  for (const auto& officer : officers) {
    std::vector<std::string> roles;
    for (const auto role : roles_of(officer)) roles.emplace_back(role);
    list.push(Json::object({{"person", officer.person()},
                            {"name", officer.name()},
                            {"agency", officer.agency()},
                            {"roles", Json::strings(roles)},
                            {"fingerprint", hex_or_null(officer.fingerprint())},
                            {"since", time_from_ms(officer.since_ms())},
                            {"first", time_from_ms(officer.first_ms())}}));
  }
  return list;
}

Json policy_json(const v1::PolicyInForce& policy) {
  Json json = cli::to_json(policy.policy());
  json.set("since", time_from_ms(policy.since_ms()));
  return json;
}

Json set_addresses_json(const v1::PairShowResponse& shown) {
  if (!shown.has_set_addresses()) return {};
  const auto& set = shown.set_addresses();
  return Json::object(
      {{"addresses", Json::strings({set.addresses().begin(), set.addresses().end()})},
       {"since", time_from_ms(set.since_ms())},
       {"byPerson", set.by_person()},
       {"by", set.by()}});
}

Json announced_json(const v1::PairShowResponse& shown) {
  if (!shown.has_announced_addresses()) return {};
  const auto& announced = shown.announced_addresses();
  return Json::object(
      {{"addresses", Json::strings({announced.addresses().begin(), announced.addresses().end()})},
       {"since", time_from_ms(announced.since_ms())}});
}

Json to_json(const v1::PairShowResponse& shown) {
  Json json = cli::to_json(shown.status());
  json.set("digits", shown.digits());
  json.set("authorityFingerprint", hex_or_null(shown.authority_fingerprint()));
  json.set("officeFingerprint", hex_or_null(shown.office_fingerprint()));
  json.set("officeNotAfter", time_from_s(shown.office_not_after_s()));
  json.set("addresses", Json::strings({shown.addresses().begin(), shown.addresses().end()}));
  json.set("setAddresses", set_addresses_json(shown));
  json.set("announcedAddresses", announced_json(shown));
  json.set("ourLegalBasis", shown.our_legal_basis());
  json.set("theirLegalBasis", shown.their_legal_basis());
  json.set("confirmed", time_from_ms(shown.confirmed_ms()));
  json.set("confirmedByPerson", shown.confirmed_by_person());
  json.set("confirmedBy", shown.confirmed_by());
  json.set("confirmedHow", shown.confirmed_how());
  json.set("secretNumber", shown.secret_number());
  json.set("secretSince", time_from_ms(shown.secret_since_ms()));
  json.set("ourGeneration", shown.our_generation());
  json.set("theirGeneration", shown.their_generation());
  json.set("why", shown.why());
  json.set("ourOfficers", officers_json(shown.our_officers()));
  json.set("ourOfficersInAll", shown.our_officers_in_all());
  json.set("theirOfficers", officers_json(shown.their_officers()));
  json.set("theirOfficersInAll", shown.their_officers_in_all());
  json.set("ourPolicy", policy_json(shown.our_policy()));
  json.set("theirPolicy", policy_json(shown.their_policy()));
  return json;
}

Shown to_line(const v1::PairOfficer& officer) {
  Shown line = "    person " + std::to_string(officer.person()) + "  ";
  line += officer.name().empty() ? "(a name that is not known here)"
                                 : officer.name() + " (" + officer.agency() + ")";
  for (const auto role : roles_of(officer)) line += "  " + std::string(role);
  line += "  since " + to_rfc3339(from_unix_ms(officer.since_ms()));
  if (officer.first_ms() != officer.since_ms())
    line += ", first " + to_rfc3339(from_unix_ms(officer.first_ms()));
  return line;
}

void tell_officers(const std::string& whose, const Officers& officers, std::uint64_t in_all) {
  say(whose + (in_all == 0 ? " nobody" : " " + std::to_string(in_all)));
  for (const auto& officer : officers) say(to_line(officer));
  const auto left = in_all - std::min(in_all, static_cast<std::uint64_t>(officers.size()));
  if (left > 0) say("    and " + std::to_string(left) + " who have been there for longer");
}

Shown policy_line(const v1::PolicyInForce& policy) {
  Shown line = to_sentence(policy.policy());
  if (policy.since_ms() != 0) line += ", since " + to_rfc3339(from_unix_ms(policy.since_ms()));
  return line;
}

/// The officer who did something, or whoever could without being one.
std::string by_whom(std::uint64_t person, const std::string& name) {
  if (person == 0) return "the user blod runs as";
  return "officer " + std::to_string(person) + (name.empty() ? "" : " (" + name + ")");
}

std::string confirmation(const v1::PairShowResponse& shown) {
  if (shown.confirmed_ms() == 0) return "not yet";
  return to_rfc3339(from_unix_ms(shown.confirmed_ms())) + " by " +
         by_whom(shown.confirmed_by_person(), shown.confirmed_by()) + ", " + shown.confirmed_how();
}

std::string in_a_row(const google::protobuf::RepeatedPtrField<std::string>& addresses,
                     const char* none) {
  std::string row;
  for (const auto& address : addresses) row += (row.empty() ? "" : " ") + address;
  return row.empty() ? none : row;
}

void tell_addresses(const v1::PairShowResponse& shown) {
  const auto since = [](const v1::AddressList& list) {
    return ", since " + to_rfc3339(from_unix_ms(list.since_ms()));
  };
  constexpr const char* kNone = "none; they dial us";
  const std::string in_file = in_a_row(shown.addresses(), kNone);
  if (shown.has_set_addresses()) {
    const auto& set = shown.set_addresses();
    say("Addresses:         " + in_a_row(set.addresses(), kNone) + since(set) + " by " +
        by_whom(set.by_person(), set.by()));
    say("In their file:     " + in_file);
  } else {
    say("Addresses:         " + in_file);
  }
  if (!shown.has_announced_addresses()) return;
  const auto& announced = shown.announced_addresses();
  const bool unused = shown.has_set_addresses() && shown.set_addresses().addresses().empty();
  say("They announce:     " + in_a_row(announced.addresses(), "none") + since(announced) +
      (unused ? "; not dialled, for they must call us" : ""));
}

std::string spoken_of(const std::string& bytes) {
  identity::Fingerprint fingerprint;
  return copy_exact(as_bytes(bytes), fingerprint) ? identity::spoken(fingerprint) : "unknown";
}

void tell(const v1::PairShowResponse& shown) {
  say(to_lines(shown.status()));
  if (!shown.why().empty()) say("Why:               " + shown.why());
  say("Our legal basis:   " + shown.our_legal_basis());
  if (shown.digits().empty()) return;
  say("Their legal basis: " + shown.their_legal_basis());
  say("Authority:         " + spoken_of(shown.authority_fingerprint()));
  say("Office:            " + spoken_of(shown.office_fingerprint()) + ", valid until " +
      to_rfc3339(from_unix_s(shown.office_not_after_s())));
  tell_addresses(shown);
  say("Confirmed:         " + confirmation(shown));
  if (shown.secret_number() > 0) {
    say("Pairing secret:    number " + std::to_string(shown.secret_number()) +
        (shown.secret_since_ms() == 0
             ? ", to be replaced when they are connected"
             : ", since " + to_rfc3339(from_unix_ms(shown.secret_since_ms()))));
  }
  say("Journals:          ours in generation " + std::to_string(shown.our_generation()) +
      ", theirs in " + std::to_string(shown.their_generation()));
  tell_officers("Who may speak for us:", shown.our_officers(), shown.our_officers_in_all());
  tell_officers("Who may speak for them:", shown.their_officers(), shown.their_officers_in_all());
  say("What we send:      " + policy_line(shown.our_policy()));
  say("What they send:    " + policy_line(shown.their_policy()));
  say(Shown("Digits:\n") + digits_in_lines(shown.digits()));
}

}  // namespace

Outcome<ExitCode> run(const Globals& globals, const PairShow& args) {
  const auto counterpart = parse_office(args.counterpart);
  if (!counterpart) return counterpart.error();
  const auto officer = load_officer_if_needed(globals);
  if (!officer) return officer.error();
  auto daemon = Daemon::connect(globals, *officer ? &**officer : nullptr);
  if (!daemon) return daemon.error();
  v1::Request request;
  request.mutable_pair_show()->set_counterpart(counterpart->text());
  const auto response = daemon->call(request, v1::Response::kPairShow);
  if (!response) return response.error();
  if (globals.json) {
    print(to_json(response->pair_show()));
  } else {
    tell(response->pair_show());
  }
  return ExitCode::kOk;
}

}  // namespace blo::cli
