#include "office/alarms.h"

#include "base/limits.h"
#include "base/utf8.h"

namespace blo::office {
namespace {

using std::chrono::days;

/// How long after its acknowledgement the same alarm is not raised again: a clock that is being put
/// right is met at every connection until it is; a certificate's day is announced once.
std::optional<milliseconds> quiet_time(AlarmCode code) {
  switch (code) {
    case AlarmCode::kClockSkew: return days(1);
    case AlarmCode::kCertificateExpires: return days(100 * 366);
    default: return std::nullopt;
  }
}

/// Each time is another act of the counterpart's; the others are conditions that last.
bool is_counted(AlarmCode code) {
  switch (code) {
    case AlarmCode::kOldStatement:
    case AlarmCode::kRefusedByCounterpart:
    case AlarmCode::kFalseStamp:
    case AlarmCode::kVoidRefusal:
    case AlarmCode::kBadReceipt:
    case AlarmCode::kForgedSignature:
    case AlarmCode::kTwoContents: return true;
    default: return false;
  }
}

}  // namespace

std::string_view to_string(AlarmCode code) {
  switch (code) {
    case AlarmCode::kCertificateExpires: return "certificate-expires";
    case AlarmCode::kClockSkew: return "clock-skew";
    case AlarmCode::kBehind: return "behind";
    case AlarmCode::kForked: return "forked";
    case AlarmCode::kRewound: return "rewound";
    case AlarmCode::kKeyChanged: return "key-changed";
    case AlarmCode::kOldStatement: return "old-statement";
    case AlarmCode::kRevokedOffice: return "revoked-office";
    case AlarmCode::kRestored: return "restored";
    case AlarmCode::kRefusedByCounterpart: return "refused-by-counterpart";
    case AlarmCode::kReceiptOverdue: return "receipt-overdue";
    case AlarmCode::kOpeningOverdue: return "opening-overdue";
    case AlarmCode::kOutcomeOverdue: return "outcome-overdue";
    case AlarmCode::kLost: return "lost";
    case AlarmCode::kFalseStamp: return "false-stamp";
    case AlarmCode::kNamesLost: return "names-lost";
    case AlarmCode::kVoidRefusal: return "void-refusal";
    case AlarmCode::kRunsTwice: return "runs-twice";
    case AlarmCode::kHoldsBack: return "holds-back";
    case AlarmCode::kHeldBack: return "held-back";
    case AlarmCode::kTakenAgain: return "taken-again";
    case AlarmCode::kBadReceipt: return "bad-receipt";
    case AlarmCode::kForgedSignature: return "forged-signature";
    case AlarmCode::kTwoContents: return "two-contents";
  }
  return "unknown";
}

Result<bool> Alarms::raise_within(const Alarm& alarm, Now now) {
  const auto quiet = quiet_time(alarm.code);
  const WallTime since = quiet ? now.wall - *quiet : WallTime::max();
  const auto stands = store_.alarms().stands(to_string(alarm.code), alarm.subject, since);
  if (!stands) return stands.error();
  if (*stands) {
    if (!is_counted(alarm.code)) return false;
    const auto counted =
        store_.alarms().count(to_string(alarm.code), alarm.subject, alarm.occurrences, now.wall);
    if (!counted) return counted.error();
    return false;
  }
  store::AlarmRow row;
  row.raised = now.wall;
  row.code = to_string(alarm.code);
  row.subject = alarm.subject;
  row.sentence = alarm.sentence;
  row.next_step = alarm.next_step;
  row.evidence = to_bytes(std::string_view(alarm.evidence));
  row.occurrences = alarm.occurrences;
  if (const auto id = store_.alarms().put(row); !id) return id.error();
  return true;
}

Result<bool> Alarms::raise(const Alarm& alarm, Now now) {
  auto transaction = store_.begin();
  if (!transaction) return transaction.error();
  const auto raised = raise_within(alarm, now);
  if (!raised) return raised;
  if (const auto done = transaction->commit(); !done) return done.error();
  return raised;
}

Result<std::vector<store::AlarmRow>> Alarms::list(bool all) { return store_.alarms().list(all); }

Result<std::uint64_t> Alarms::count_open() { return store_.alarms().count_open(); }

Result<void> Alarms::acknowledge(std::uint64_t id, std::uint64_t person,
                                 const std::string& sentence, Now now) {
  if (sentence.empty() || sentence.size() > limits::kSentenceBytesMax || !is_utf8(sentence)) {
    return Error(OfficeError::kMalformed, "the sentence: it has 1 to " +
                                              std::to_string(limits::kSentenceBytesMax) + " bytes");
  }
  auto transaction = store_.begin();
  if (!transaction) return transaction.error();
  const auto done = store_.alarms().acknowledge(id, {now.wall, person, sentence});
  if (!done && done.error() == store::StoreError::kNotFound) {
    return Error(OfficeError::kUnknownAlarm, std::to_string(id));
  }
  if (!done) return done;
  return transaction->commit();
}

}  // namespace blo::office
