// blo pair show: all that is known of one pairing.
#include "base/hex.h"
#include "blo/v1/control.pb.h"
#include "commands.h"
#include "daemon.h"
#include "identity/certificate.h"
#include "pair_texts.h"
#include "parsing.h"
#include "report.h"
#include "wire_names.h"

namespace blo::cli {
namespace {

Json hex_or_null(const std::string& bytes) {
  return bytes.empty() ? Json() : Json(to_hex(as_bytes(bytes)));
}

Json to_json(const v1::PairShowResponse& shown) {
  Json json = cli::to_json(shown.status());
  json.set("digits", shown.digits());
  json.set("authorityFingerprint", hex_or_null(shown.authority_fingerprint()));
  json.set("officeFingerprint", hex_or_null(shown.office_fingerprint()));
  json.set("officeNotAfter", time_from_s(shown.office_not_after_s()));
  json.set("addresses", Json::strings({shown.addresses().begin(), shown.addresses().end()}));
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
  return json;
}

std::string confirmation(const v1::PairShowResponse& shown) {
  if (shown.confirmed_ms() == 0) return "not yet";
  std::string text = to_rfc3339(from_unix_ms(shown.confirmed_ms())) + " by ";
  if (shown.confirmed_by_person() == 0) {
    text += "the user blod runs as";
  } else {
    text += "officer " + std::to_string(shown.confirmed_by_person());
    if (!shown.confirmed_by().empty()) text += " (" + safe(shown.confirmed_by()) + ")";
  }
  return text + ", " + safe(shown.confirmed_how());
}

std::string spoken_of(const std::string& bytes) {
  identity::Fingerprint fingerprint;
  return copy_exact(as_bytes(bytes), fingerprint) ? identity::spoken(fingerprint) : "unknown";
}

void tell(const v1::PairShowResponse& shown) {
  say(to_lines(shown.status()));
  if (!shown.why().empty()) say("Why:               " + safe(shown.why()));
  say("Our legal basis:   " + safe(shown.our_legal_basis()));
  if (shown.digits().empty()) return;
  std::string addresses;
  for (const auto& address : shown.addresses()) addresses += " " + safe(address);
  say("Their legal basis: " + safe(shown.their_legal_basis()));
  say("Authority:         " + spoken_of(shown.authority_fingerprint()));
  say("Office:            " + spoken_of(shown.office_fingerprint()) + ", valid until " +
      to_rfc3339(from_unix_s(shown.office_not_after_s())));
  say("Addresses:        " + (addresses.empty() ? " none; they dial us" : addresses));
  say("Confirmed:         " + confirmation(shown));
  if (shown.secret_number() > 0) {
    say("Pairing secret:    number " + std::to_string(shown.secret_number()) +
        (shown.secret_since_ms() == 0
             ? ", to be replaced when they are connected"
             : ", since " + to_rfc3339(from_unix_ms(shown.secret_since_ms()))));
  }
  say("Journals:          ours in generation " + std::to_string(shown.our_generation()) +
      ", theirs in " + std::to_string(shown.their_generation()));
  say("Digits:\n" + digits_in_lines(safe(shown.digits())));
}

}  // namespace

Outcome<ExitCode> run(const Globals& globals, const PairShow& args) {
  const auto counterpart = parse_office(args.counterpart);
  if (!counterpart) return counterpart.error();
  const auto officer = load_officer_if_named(globals);
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
