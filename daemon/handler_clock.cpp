#include "blo/v1/control.pb.h"
#include "daemon/handler.h"
#include "daemon/node.h"
#include "office/ahead.h"
#include "office/clock_doubt.h"

namespace blo::daemon {

void Handler::write_clock(v1::ClockStatus& out) {
  const auto view = office_.clock().view(now_);
  out.set_believed(view.believed != office::Believed::kNo &&
                   office::clock_doubt(office_.keys(), now_.wall).empty());
  out.set_why(view.why);
  out.set_next_step(view.next_step);
  out.set_newest_known_ms(to_unix_ms(view.newest_known));
  out.set_may_destroy(view.may_destroy);
  out.set_may_not_why(view.why_not);
  if (view.waits) out.set_waits_since_ms(to_unix_ms(*view.waits));
}

Answer Handler::clock_confirm(const v1::ClockConfirmRequest& in) {
  const auto day = parse_date(in.date());
  if (!day) {
    return fail(Error(office::OfficeError::kMalformed,
                      "the date '" + in.date() + "' (for example 2026-11-30)"));
  }
  const auto confirmed = office_.clock().confirm({*day, person() != 0}, now_);
  if (!confirmed) return fail(confirmed.error());
  node_.note_clock(now_);
  return done("This machine's clock is believed: it says " + to_rfc3339(now_.wall) + "." +
              (person() != 0 ? " For a day, contents may be destroyed by it." : ""));
}

Answer Handler::erasure_allow(const v1::ErasureAllowRequest& in) {
  const auto number = MessageNumber::parse(in.what());
  const auto counterpart = OfficeId::parse(in.what());
  if (!number && !counterpart) {
    return fail(Error(office::OfficeError::kMalformed,
                      "'" + in.what() + "' (a counterpart, or a message's number)"));
  }
  const auto& us = office_.keys().id;
  const OfficeId from = number ? (number->from == us ? number->to : number->from) : *counterpart;
  const auto erased = office::let_ahead(office_, {from, number});
  if (!erased) return fail(erased.error());
  return done("Destroyed here: " + std::to_string(*erased) +
              (*erased == 1 ? " content." : " contents."));
}

}  // namespace blo::daemon
