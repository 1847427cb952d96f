// blo officer list: who may speak for this office.
#include "base/hex.h"
#include "blo/v1/control.pb.h"
#include "commands.h"
#include "pages.h"
#include "wire_names.h"

namespace blo::cli {
namespace {

std::vector<std::string> roles_of(const v1::OfficerStatus& officer) {
  const auto names =
      role_names({officer.roles().data(), static_cast<std::size_t>(officer.roles_size())});
  return {names.begin(), names.end()};
}

std::string_view state_name(int state) {
  switch (state) {
    case v1::OFFICER_STATE_IN_FORCE: return "in-force";
    case v1::OFFICER_STATE_REPLACED: return "replaced";
    case v1::OFFICER_STATE_REVOKED: return "revoked";
    case v1::OFFICER_STATE_EXPIRED: return "expired";
    default: return "unknown";
  }
}

/// "expired, still reads until 2024-04-06T05:12:09Z"
std::string standing(const v1::OfficerStatus& officer) {
  std::string text(state_name(officer.state()));
  if (officer.state() != v1::OFFICER_STATE_EXPIRED || !officer.reads()) return text;
  return text + ", " +
         (officer.reads_until_s() == 0
              ? std::string("as the office's certificate is: still reads")
              : "still reads until " + to_rfc3339(from_unix_s(officer.reads_until_s())));
}

Json to_json(const v1::OfficerStatus& officer) {
  return Json::object(
      {{"person", officer.person()},
       {"name", officer.name()},
       {"agency", officer.agency()},
       {"state", state_name(officer.state())},
       {"statement", officer.statement()},
       {"roles", Json::strings(roles_of(officer))},
       {"fingerprint", to_hex(as_bytes(officer.fingerprint()))},
       {"notBefore", to_rfc3339(from_unix_s(officer.not_before_s()))},
       {"notAfter", to_rfc3339(from_unix_s(officer.not_after_s()))},
       {"reads", officer.reads()},
       {"readsUntil", officer.reads_until_s() == 0
                          ? Json()
                          : Json(to_rfc3339(from_unix_s(officer.reads_until_s())))}});
}

std::string to_line(const v1::OfficerStatus& officer) {
  const std::string who =
      officer.name().empty() ? "(name destroyed)" : officer.name() + " (" + officer.agency() + ")";
  std::string line = std::to_string(officer.person()) + "  " + standing(officer) + "  " + who;
  for (const std::string& role : roles_of(officer)) line += "  " + role;
  return line + "  until " + to_rfc3339(from_unix_s(officer.not_after_s())) + "  " +
         to_hex(as_bytes(officer.fingerprint())
                    .first(std::min<std::size_t>(8, officer.fingerprint().size())));
}

}  // namespace

Outcome<ExitCode> run(const Globals& globals, const OfficerList& args) {
  const auto officer = load_officer_if_needed(globals);
  if (!officer) return officer.error();
  auto daemon = Daemon::connect(globals, *officer ? &**officer : nullptr);
  if (!daemon) return daemon.error();
  v1::Request request;
  auto& in = *request.mutable_officer_list();
  in.set_all(args.all);
  ShownList list(globals);
  const auto listed =
      each_page(*daemon, request, *in.mutable_page(), v1::Response::kOfficerList,
                [&](const v1::Response& response) {
                  for (const auto& one : response.officer_list().officers())
                    list.add([&] { return to_json(one); }, [&] { return to_line(one); });
                  return response.officer_list().next();
                });
  if (!listed) return listed.error();
  list.end("officers", "No officers in force. An officer begins with: blo officer request.");
  return ExitCode::kOk;
}

}  // namespace blo::cli
