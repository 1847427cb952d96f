#include "office/alarms.h"

#include <algorithm>
#include <array>

#include "base/check.h"
#include "base/limits.h"
#include "base/utf8.h"

namespace blo::office {
namespace {

using std::chrono::days;

using enum AlarmCode;
using enum AcknowledgedBy;
using enum Severity;

constexpr std::array kKinds{
    AlarmKind{kCertificateExpires, "certificate-expires", kDuty, kWarning},
    AlarmKind{kClockSkew, "clock-skew", kDuty, kCritical},
    AlarmKind{kBehind, "behind", kDuty, kCritical},
    AlarmKind{kForked, "forked", kSecurity, kCritical},
    AlarmKind{kRewound, "rewound", kSecurity, kCritical},
    AlarmKind{kKeyChanged, "key-changed", kSecurity, kCritical},
    AlarmKind{kOldStatement, "old-statement", kSecurity, kWarning},
    AlarmKind{kRevokedOffice, "revoked-office", kSecurity, kCritical},
    AlarmKind{kRestored, "restored", kDuty, kWarning},
    AlarmKind{kRefusedByCounterpart, "refused-by-counterpart", kDuty, kCritical},
    AlarmKind{kReceiptOverdue, "receipt-overdue", kDuty, kCritical},
    AlarmKind{kOpeningOverdue, "opening-overdue", kDuty, kCritical},
    AlarmKind{kOutcomeOverdue, "outcome-overdue", kDuty, kWarning},
    AlarmKind{kLost, "lost", kDuty, kWarning},
    AlarmKind{kFalseStamp, "false-stamp", kSecurity, kCritical},
    AlarmKind{kNamesLost, "names-lost", kSecurity, kCritical},
    AlarmKind{kVoidRefusal, "void-refusal", kSecurity, kCritical},
    AlarmKind{kRunsTwice, "runs-twice", kSecurity, kCritical},
    AlarmKind{kHoldsBack, "holds-back", kDuty, kWarning},
    AlarmKind{kHeldBack, "held-back", kDuty, kWarning},
    AlarmKind{kTakenAgain, "taken-again", kDuty, kWarning},
    AlarmKind{kBadReceipt, "bad-receipt", kSecurity, kCritical},
    AlarmKind{kForgedSignature, "forged-signature", kSecurity, kCritical},
    AlarmKind{kTwoContents, "two-contents", kSecurity, kCritical},
    AlarmKind{kOfficerIntroduced, "officer-introduced", kSecurity, kWarning},
    AlarmKind{kPolicyWeakened, "policy-weakened", kSecurity, kWarning},
    AlarmKind{kArrivedExpired, "arrived-expired", kDuty, kWarning},
    AlarmKind{kUnentered, "unentered", kSecurity, kCritical},
    AlarmKind{kNotListening, "not-listening", kSecurity, kCritical},
    AlarmKind{kDamaged, "damaged", kSecurity, kCritical},
    AlarmKind{kClockDiffers, "clock-differs", kDuty, kWarning},
    AlarmKind{kErasureAhead, "erasure-ahead", kSecurity, kWarning},
    AlarmKind{kDatedAhead, "dated-ahead", kDuty, kWarning},
    AlarmKind{kUnread, "unread", kDuty, kCritical},
    AlarmKind{kDiskLow, "disk-low", kDuty, kWarning},
    AlarmKind{kBackupOld, "backup-old", kDuty, kWarning},
    AlarmKind{kNoContact, "no-contact", kDuty, kCritical},
    AlarmKind{kClockUnsure, "clock-unsure", kDuty, kCritical},
};

constexpr std::string_view kToldMark = "alarms told";

/// What a sentence that grows has at most; whoever is not named in it stands in blo pair show.
constexpr std::size_t kSentenceGrowsToBytes = 2'000;

/// How long after its acknowledgement the same alarm is not raised again: a clock that is being put
/// right is met at every connection until it is; a certificate's day is announced once.
std::optional<milliseconds> quiet_time(AlarmCode code) {
  switch (code) {
    case AlarmCode::kClockSkew: return days(1);
    case AlarmCode::kCertificateExpires: return days(100 * 366);
    default: return std::nullopt;
  }
}

/// Each time is another act of somebody's; the others are conditions that last.
bool is_counted(AlarmCode code) {
  switch (code) {
    case AlarmCode::kOldStatement:
    case AlarmCode::kRefusedByCounterpart:
    case AlarmCode::kFalseStamp:
    case AlarmCode::kVoidRefusal:
    case AlarmCode::kBadReceipt:
    case AlarmCode::kForgedSignature:
    case AlarmCode::kTwoContents:
    case AlarmCode::kOfficerIntroduced:
    case AlarmCode::kPolicyWeakened:
    case AlarmCode::kArrivedExpired:
    case AlarmCode::kErasureAhead:
    case AlarmCode::kUnentered: return true;
    default: return false;
  }
}

}  // namespace

std::span<const AlarmKind> alarm_kinds() { return kKinds; }

std::string_view to_string(AlarmCode code) {
  const auto* found = std::ranges::find(kKinds, code, &AlarmKind::code);
  BLO_CHECK(found != kKinds.end());  // a code is this program's own, and a test walks the table
  return found->text;
}

AcknowledgedBy acknowledged_by(std::string_view code) {
  const auto* found = std::ranges::find(kKinds, code, &AlarmKind::text);
  return found == kKinds.end() ? AcknowledgedBy::kSecurity : found->by;
}

Severity severity_of(std::string_view code) {
  const auto* found = std::ranges::find(kKinds, code, &AlarmKind::text);
  return found == kKinds.end() ? kCritical : found->severity;
}

std::string_view to_string(Severity severity) {
  return severity == kWarning ? "warning" : "critical";
}

Result<bool> Alarms::raise_within(const Alarm& alarm, Now now) {
  const auto quiet = quiet_time(alarm.code);
  // What was acknowledged under a clock that ran ahead keeps nothing quiet until that time comes.
  const WallTime since = quiet ? now.wall - *quiet : WallTime::max();
  const auto& [size, another_after] = alarm.measure;
  const auto stands = size > another_after
                          ? store_.alarms().stands_measured(to_string(alarm.code), alarm.subject,
                                                            size - another_after + 1)
                          : store_.alarms().stands(to_string(alarm.code), alarm.subject, since,
                                                   now.wall + limits::kClockSkewMax);
  if (!stands) return stands.error();
  if (*stands) {
    const std::string_view code = to_string(alarm.code);
    bool added = false;
    if (!alarm.also.empty()) {
      const auto more =
          store_.alarms().add_to_open(code, alarm.subject, alarm.also, kSentenceGrowsToBytes);
      if (!more) return more.error();
      added = *more;
    }
    if (!is_counted(alarm.code)) return added;
    const auto counted = store_.alarms().count(code, alarm.subject, alarm.occurrences, now.wall);
    if (!counted) return counted.error();
    return added;
  }
  store::AlarmRow row;
  row.raised = now.wall;
  row.code = to_string(alarm.code);
  row.subject = alarm.subject;
  row.sentence = alarm.sentence;
  row.next_step = alarm.next_step;
  row.occurrences = alarm.occurrences;
  row.measure = size;
  if (const auto id = store_.alarms().put(row, as_bytes(alarm.evidence)); !id) return id.error();
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

Result<void> Alarms::shrunk(AlarmCode code, const std::string& subject) {
  const auto any = store_.alarms().stands_measured(to_string(code), subject, 1);
  if (!any) return any.error();
  if (!*any) return {};
  auto transaction = store_.begin();
  if (!transaction) return transaction.error();
  const auto done = store_.alarms().forget_measure(to_string(code), subject);
  if (!done) return done;
  return transaction->commit();
}

Result<std::vector<store::AlarmRow>> Alarms::list(bool all, const Page<std::uint64_t>& page) {
  return store_.alarms().list(all, page);
}

Result<std::vector<store::AlarmRow>> Alarms::untold() {
  if (!told_) {
    const auto told = store_.marks().find(kToldMark);
    if (!told) return told.error();
    told_ = *told;
  }
  return store_.alarms().list(told_.has_value(), Page<std::uint64_t>(told_.value_or(0), 0));
}

Result<void> Alarms::mark_told(std::uint64_t id) {
  told_ = id;
  auto transaction = store_.begin();
  if (!transaction) return transaction.error();
  if (const auto done = store_.marks().put(kToldMark, id); !done) return done;
  return transaction->commit();
}

Result<Bytes> Alarms::evidence_of(const store::AlarmRow& alarm) {
  return store_.alarms().evidence_of(alarm);
}

Result<std::uint64_t> Alarms::count_open() { return store_.alarms().count_open(); }

Result<std::map<std::string, std::uint64_t>> Alarms::count_open_by_code() {
  return store_.alarms().count_open_by_code();
}

Result<void> Alarms::acknowledge(std::uint64_t id, const store::OfficerRow& officer,
                                 const std::string& sentence, Now now) {
  if (sentence.empty() || sentence.size() > limits::kSentenceBytesMax || !is_utf8(sentence)) {
    return Error(OfficeError::kMalformed, "the sentence: it has 1 to " +
                                              std::to_string(limits::kSentenceBytesMax) + " bytes");
  }
  const auto code = store_.alarms().open_code(id);
  const bool no_number = !code && code.error() == store::StoreError::kOutOfRange;
  if (!code && !no_number) return code.error();
  if (no_number || !*code) return Error(OfficeError::kUnknownAlarm, std::to_string(id));
  const auto& details = officer.certificate.details();
  const bool security = details.has_role(identity::Role::kSecurityOfficer) ||
                        details.has_role(identity::Role::kAdministrator);
  if (acknowledged_by(**code) == kSecurity && !security) {
    return Error(OfficeError::kNotAuthorised,
                 **code + " is acknowledged by a security officer or an administrator");
  }
  auto transaction = store_.begin();
  if (!transaction) return transaction.error();
  const auto done = store_.alarms().acknowledge(id, {now.wall, officer.person, sentence});
  if (!done && done.error() == store::StoreError::kNotFound) {
    return Error(OfficeError::kUnknownAlarm, std::to_string(id));
  }
  if (!done) return done;
  return transaction->commit();
}

}  // namespace blo::office
