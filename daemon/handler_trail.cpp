#include "base/limits.h"
#include "base/wire.h"
#include "blo/v1/control.pb.h"
#include "daemon/handler.h"
#include "daemon/permissions.h"

namespace blo::daemon {
namespace {

constexpr std::size_t kActsMax = 1'000;
constexpr std::size_t kActsUsual = 50;

/// The purpose stated in a request as it came; nothing where it was not kept.
std::string purpose_of(const Bytes& bytes) {
  v1::Request request;
  return parse_wire(bytes, request) ? request.purpose() : "";
}

void write_act(const office::ActView& view, v1::TrailAct& out) {
  const auto* permission = permission_of(view.act.request);
  out.set_index(view.index);
  out.set_time_ms(to_unix_ms(view.time));
  out.set_person(view.person);
  out.set_officer(view.officer);
  out.set_user(view.act.user);
  out.set_request(view.act.request);
  const char* what = permission == nullptr ? "unknown" : permission->name;
  if (view.counterpart) what = "counterpart turned away";
  if (view.unentered) what = "requests on a full disk";
  if (view.damaged) what = "damaged: not what was entered";
  out.set_what(what);
  out.set_subject(view.act.subject);
  out.set_refused(view.act.refused);
  out.set_counterpart(view.counterpart);
  out.set_exit_code(view.act.refused && !view.counterpart ? 4U : view.exit_code);
  out.set_purpose(purpose_of(view.request));
}

}  // namespace

Answer Handler::trail(const v1::TrailRequest& in) {
  if (!in.message().empty() && !MessageNumber::parse(in.message()))
    return fail(Error(office::OfficeError::kMalformed, "number '" + in.message() + "'"));
  if (in.person() != 0 && office_.officers().newest(in.person()) == nullptr)
    return fail(Error(office::OfficeError::kUnknownPerson, std::to_string(in.person())));
  const std::size_t limit =
      in.limit() == 0 ? kActsUsual : std::min<std::size_t>(in.limit(), kActsMax);
  const auto acts = office::list_acts(office_, {in.person(), in.message()},
                                      in.before() == 0 ? UINT64_MAX : in.before(), limit);
  if (!acts) return fail(acts.error());
  v1::Response response;
  response.mutable_trail()->set_next(acts->next);
  for (const auto& act : acts->acts) write_act(act, *response.mutable_trail()->add_acts());
  return last(std::move(response));
}

}  // namespace blo::daemon
