#include "office/clock.h"

namespace blo::office {
namespace {

constexpr const char* kHowToConfirm =
    "Look at a watch and at `date -u`. Where the clock is wrong set it right (timedatectl "
    "set-time); then type today's date: blo clock confirm YYYY-MM-DD.";

/// A disk that is full stays so for a while.
constexpr milliseconds kTriedAgainAfter{60'000};

WallTime certified_from(const OfficeKeys& keys) {
  return std::max(keys.certificate.details().not_before, keys.authority.details().not_before);
}

std::string sentence_about(Believed believed, WallTime wall, WallTime known) {
  const std::string says = "This machine's clock says " + to_rfc3339(wall);
  switch (believed) {
    case Believed::kNo:
      return says +
             (wall < known ? ", and it was " + to_rfc3339(known) + " before"
                           : ", and the newest time this office knows is " + to_rfc3339(known) +
                                 ", more than 48 hours before") +
             "; neither NTP, nor a counterpart, nor a person has said that it is right";
    case Believed::kGoesOn: return says + ", at most 48 hours after the newest time known";
    case Believed::kInStep: return says + ", and NTP keeps it in step";
    case Believed::kSession: return says + ", and a counterpart's clock agrees";
    case Believed::kPerson: return says + ", and a person has said that it is right";
  }
  return says;
}

bool moved(WallTime from, WallTime to) { return to < from || to - from >= limits::kClockMarkEvery; }

}  // namespace

Clock::Clock(store::Store& store, const OfficeKeys& keys)
    : store_(store), belief_(certified_from(keys), {}), certified_from_(certified_from(keys)) {}

Result<void> Clock::load(OwnStamps own_stamps) {
  own_stamps_ = std::move(own_stamps);
  auto row = store_.clock().load();
  if (!row) return row.error();
  saved_ = *row;
  belief_ = ClockBelief(certified_from_, saved_);
  return {};
}

void Clock::look(Now now) {
  if (own_stamps_) own_stamps_([this](WallTime stamp) { belief_.add_own_stamp(stamp); });
  belief_.look(now);
}

bool Clock::believed(Now now) {
  look(now);
  return belief_.is_believed();
}

Result<void> Clock::check(Now now) {
  if (believed(now)) return {};
  return Error(OfficeError::kClockNotBelieved, to_rfc3339(now.wall));
}

WallTime Clock::judging_time(Now now) {
  look(now);
  return belief_.judging_time();
}

Result<MayDestroy> Clock::may_destroy(Now now) {
  if (const auto fine = check(now); !fine) return fine.error();
  if (const auto may = belief_.may_destroy()) return *may;
  return Error(OfficeError::kDateUnproven, to_rfc3339(now.wall));
}

ClockView Clock::view(Now now) {
  look(now);
  ClockView view;
  view.believed = belief_.believed();
  view.newest_known = belief_.newest_known();
  view.why = sentence_about(view.believed, now.wall, view.newest_known);
  if (!belief_.is_believed()) view.next_step = kHowToConfirm;
  view.may_destroy = belief_.may_destroy().has_value();
  view.waits = belief_.waits();
  if (view.may_destroy) return view;
  view.why_not = belief_.is_believed()
                     ? "no counterpart's clock was seen within a day of this machine's in the last "
                       "7 days, and no officer has typed the date today"
                     : "this machine's clock is not believed";
  return view;
}

void Clock::hear(const OfficeId& counterpart, WallTime theirs, Now now) {
  look(now);
  belief_.hear(counterpart.text(), theirs, now);
}

void Clock::keep_receipt(const journal::Cosignature& receipt, Now now) {
  look(now);
  belief_.keep_receipt(from_unix_s(receipt.time_s), now);
}

Result<void> Clock::confirm(const TypedDate& date, Now now) {
  look(now);
  if (!belief_.type(date, now)) return Error(OfficeError::kWrongDate, to_rfc3339(now.wall));
  return save();
}

Result<void> Clock::note_destroyed(bool all, Now now) {
  look(now);
  belief_.set_waits(!all);
  return save_is_due() ? save() : Result<void>();
}

Result<void> Clock::watch(Now now) {
  look(now);
  if (!save_is_due() || (failed_ && now.steady - *failed_ < kTriedAgainAfter)) return {};
  auto saved = save();
  failed_ = saved ? std::nullopt : std::optional(now.steady);
  return saved;
}

bool Clock::save_is_due() const {
  const auto& kept = belief_.kept();
  if (!saved_) return belief_.is_believed() || kept.waits;
  const bool vouched = kept.vouched && (!saved_->vouched || moved(*saved_->vouched, *kept.vouched));
  return vouched || moved(saved_->known, kept.known) || saved_->sure_until != kept.sure_until ||
         saved_->waits != kept.waits;
}

Result<void> Clock::save() {
  auto transaction = store_.begin();
  if (!transaction) return transaction.error();
  const store::ClockRow row = belief_.kept();
  if (const auto done = store_.clock().save(row); !done) return done;
  if (const auto done = transaction->commit(); !done) return done;
  saved_ = row;
  return {};
}

}  // namespace blo::office
