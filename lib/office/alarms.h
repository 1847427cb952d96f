// Alarms: what happened that a person must look at. Durable, and open until an officer acknowledges
// it with a sentence.
#ifndef BLO_OFFICE_ALARMS_H
#define BLO_OFFICE_ALARMS_H

#include <map>
#include <span>

#include "office/error.h"
#include "store/store.h"

namespace blo::office {

/// A closed list; docs/operating.md says what each means and what to do.
enum class AlarmCode {
  kCertificateExpires = 1,  // within 60, 30 or 7 days
  kClockSkew,               // the clocks of both offices differ by more than a day
  kBehind,                  // our store is older than what was sent from it
  kForked,                  // two signed histories of one journal
  kRewound,                 // the counterpart's store is older than its receipts
  kKeyChanged,              // the counterpart shows another certificate than the one paired with
  kOldStatement,            // an older numbered statement about somebody was shown again
  kRevokedOffice,           // the counterpart's authority has revoked it
  kRestored,                // our store was put back from a backup
  kRefusedByCounterpart,    // the counterpart stored something of ours and did not accept it
  kReceiptOverdue,          // what we sent has no receipt in time
  kOpeningOverdue,          // it is stored there and nobody opened it in time
  kOutcomeOverdue,          // it was opened and nobody said in time what came of it
  kLost,                    // our store is lost, and a pairing is made again
  kFalseStamp,              // the counterpart's journal names a head that ours never had
  kNamesLost,               // it names more of ours than was given back
  kVoidRefusal,             // it refuses what it cannot refuse any more, or what is not there
  kRunsTwice,               // two daemons run under one office's keys
  kHoldsBack,               // this office takes no more of the counterpart's entries today
  kHeldBack,                // the counterpart takes no more of ours
  kTakenAgain,              // the one or the other is over
  kBadReceipt,              // a receipt that does not verify, or whose time cannot be true
  kForgedSignature,         // an officer's signature in the counterpart's journal does not hold
  kTwoContents,             // one message id with two contents in the counterpart's journal
  kOfficerIntroduced,       // somebody may speak who could not before: ours, or a counterpart's
  kPolicyWeakened,          // a policy asks for less than the one before it: ours, or theirs
  kArrivedExpired,          // what we sent was stored there after its time
  kUnentered,               // officers read while the store had no room to enter it
  kNotListening,            // an address to listen on is not to be had
  kDamaged,                 // our store does not hold any more what was accepted
  kClockDiffers,            // the clocks of both offices differ by more than 5 minutes
  kErasureAhead,            // the counterpart asks to destroy something by a date that is to come
  kDatedAhead,              // what is entered for the counterpart bears a date that is to come
  kUnread,                  // what the counterpart sent is here, and nobody opened it in time
  kDiskLow,                 // the disk that holds the store is nearly full
  kBackupOld,               // the newest backup is older than it should be
  kNoContact,               // nothing was heard of the counterpart for long
  kClockUnsure,             // this machine's clock has not been believed for long
};

/// Whoever an alarm may be about does not make it go away: what concerns keys, officers and a
/// counterpart's honesty is acknowledged by those who answer for them.
enum class AcknowledgedBy {
  kDuty,     // an operator, a releaser, a security officer or an administrator
  kSecurity  // a security officer or an administrator
};
/// How soon somebody must look.
enum class Severity {
  kWarning = 1,  // in working hours
  kCritical      // now: something does not go out, come in or hold
};
struct AlarmKind {
  AlarmCode code;
  std::string_view text;  // stable, for programs: "certificate-expires"
  AcknowledgedBy by;
  Severity severity;
};
/// Every code there is, in the order of the enum.
[[nodiscard]] std::span<const AlarmKind> alarm_kinds();
[[nodiscard]] std::string_view to_string(AlarmCode code);
/// Of an alarm as it lies in the store; of one that this version does not know, the stricter.
[[nodiscard]] AcknowledgedBy acknowledged_by(std::string_view code);
[[nodiscard]] Severity severity_of(std::string_view code);
[[nodiscard]] std::string_view to_string(Severity severity);  // "warning", "critical"

struct Alarm {
  AlarmCode code;
  std::string subject;  // an office, or "officer 7 …": with the code it names the alarm
  std::string sentence;
  std::string next_step;
  std::string evidence;           // signed statements alone; may be empty
  std::uint64_t occurrences = 1;  // of what it says
  // Of a code that is about several things: a clause about this one, which is added to the sentence
  // of an alarm that is open, so that each is named and there is still one alarm. It holds no name:
  // names can be forgotten, and alarms are kept.
  std::string also = {};
  // Of what can grow, in any unit: once acknowledged it is quiet until it has grown by
  // `another_after`. Larger than that itself; else it has none.
  struct Measure {
    std::uint64_t size = 0;
    std::uint64_t another_after = 0;
  } measure = {};
};

class Alarms {
 public:
  explicit Alarms(store::Store& store) : store_(store) {}

  /// No other is raised where one of that code and subject is open, or was acknowledged so recently
  /// that the same condition is not worth another (a code's own time; for most none). What a
  /// counterpart does again is counted in the open one. True: it is new.
  [[nodiscard]] Result<bool> raise(const Alarm& alarm, Now now);
  /// As raise, within the caller's transaction.
  [[nodiscard]] Result<bool> raise_within(const Alarm& alarm, Now now);

  /// What has a measure is over: when it comes again it is another alarm, however small.
  [[nodiscard]] Result<void> shrunk(AlarmCode code, const std::string& subject);

  /// Oldest first, what is sought for a page behind an alarm's number; `all`: acknowledged ones,
  /// too.
  [[nodiscard]] Result<std::vector<store::AlarmRow>> list(bool all,
                                                          const Page<std::uint64_t>& page = {});
  /// The next of what was raised and has not been told yet, oldest first; such as are open where
  /// nothing was ever told. What was raised within a transaction is here once that is committed.
  [[nodiscard]] Result<std::vector<store::AlarmRow>> untold();
  /// Up to that alarm's number all are told, by these alarms at least: an error says that the next
  /// run tells them again.
  [[nodiscard]] Result<void> mark_told(std::uint64_t id);
  /// Signed statements; empty where there are none.
  [[nodiscard]] Result<Bytes> evidence_of(const store::AlarmRow& alarm);
  [[nodiscard]] Result<std::uint64_t> count_open();
  [[nodiscard]] Result<std::map<std::string, std::uint64_t>> count_open_by_code();
  /// `sentence` of 1 to limits::kSentenceBytesMax bytes of UTF-8 (kMalformed). kUnknownAlarm: no
  /// such alarm is open. kNotAuthorised: one of its code is another officer's to acknowledge.
  [[nodiscard]] Result<void> acknowledge(std::uint64_t id, const store::OfficerRow& officer,
                                         const std::string& sentence, Now now);

 private:
  store::Store& store_;
  std::optional<std::uint64_t> told_;  // as far as it is known without the store
};

}  // namespace blo::office

#endif
