#include "base/limits.h"
#include "office/clock_doubt.h"
#include "office/office.h"

namespace blo::office {
namespace {

using std::chrono::days;

constexpr std::array<int, 3> kDaysAhead = {7, 30, 60};

std::string date_of(WallTime time) { return to_rfc3339(time).substr(0, 10); }

}  // namespace

Result<void> Office::announce_expiry(const std::string& whose, const identity::Certificate& of,
                                     const std::string& next_step, Now now) {
  const WallTime end = of.details().not_after;
  if (end <= now.wall) return {};  // what it means then is said where it is used
  for (const int ahead : kDaysAhead) {
    if (end - now.wall > days(ahead)) continue;
    const auto raised = alarms_.raise(
        {AlarmCode::kCertificateExpires,
         whose + " until " + date_of(end) + " (" + std::to_string(ahead) + " days)",
         "The certificate of " + whose + " ends on " + to_rfc3339(end), next_step, ""},
        now);
    if (!raised) return raised.error();
    return {};
  }
  return {};
}

Result<void> Office::watch_clock(Now now) {
  // A clock that was not believed, and is now, was set right.
  if (clock_before_ && !clock_doubt(keys_, clock_before_->wall).empty() &&
      clock_doubt(keys_, now.wall).empty())
    clock_before_.reset();
  const Now before = clock_before_.value_or(now);
  const auto jump = (now.wall - before.wall) - (now.steady - before.steady);
  if (const auto kept = clock_.watch(now); !kept) return kept;
  if (!clock_before_ || std::chrono::abs(jump) > limits::kClockSkewMax) clock_before_ = now;
  if (std::chrono::abs(jump) <= limits::kClockSkewMax) return {};
  const auto raised = alarms_.raise(
      {AlarmCode::kClockSkew, keys_.id.text(),
       "This machine's clock jumped: it now says " + to_rfc3339(now.wall) + ", and should say " +
           to_rfc3339(now.wall - jump) + " unless the machine slept",
       "Check the clock (timedatectl); what is sent under a wrong one stays dated so.", ""},
      now);
  if (!raised) return raised.error();
  return {};
}

Result<void> Office::announce_expiries(Now now) {
  if (!clock_.believed(now)) return {};
  const std::string us = "office " + keys_.id.text();
  const std::string renewed = "A pairing ends with it: plan its successor with the counterpart.";
  auto done = announce_expiry("authority " + keys_.authority.details().subject, keys_.authority,
                              "Ask the authority how it goes on.", now);
  if (done) done = announce_expiry(us, keys_.certificate, renewed, now);
  for (const auto& pair : pairs_) {
    if (!done || !pair->carries_messages()) continue;
    done =
        announce_expiry("office " + pair->counterpart().text(), pair->theirs->office, renewed, now);
  }
  for (const auto& officer : officers_.all()) {
    if (!done || !officers_.in_force(officer, now.wall)) continue;
    const std::string number = std::to_string(officer.person);
    done =
        announce_expiry("officer " + number, officer.certificate,
                        "Certify a new key: blo officer add REQUEST --person " + number + ".", now);
  }
  return done;
}

}  // namespace blo::office
