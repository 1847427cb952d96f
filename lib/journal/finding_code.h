// The closed list of what a verifier can find. One code, one thing that is wrong, one party to ask.
#ifndef BLO_JOURNAL_FINDING_CODE_H
#define BLO_JOURNAL_FINDING_CODE_H

#include "base/error.h"

namespace blo::journal {

/// Stable codes; the text form (`E-ROOT`, …) is in docs/auditing.md and never changes meaning.
enum class FindingCode {
  // Files
  kMissing = 1,  // a file is not there
  kUnreadable,   // a file cannot be read, or is longer than one may be
  kLink,         // a link, folder or device in a file's place, or where nothing belongs
  kExtraFile,    // a file that does not belong to an export, or a folder without files
  kPolicyFile,   // the policy is not the one that the certificates give
  kBundle,       // an entry bundle ends early or goes on after its last entry
  // Certificates
  kUntrustedAuthority,  // no authority given vouches for an office
  kCertificateForm,     // a certificate, or the file of them, is out of form
  kCertificateKind,     // of another kind than belongs here
  kCertificate,         // its issuer did not sign it
  kSubject,             // of another office or journal
  kNetwork,             // of another network than the journal's
  kValidity,            // it was not valid then
  // The tree
  kCheckpoint,     // a checkpoint out of form
  kOrigin,         // a checkpoint of another journal
  kCheckpointKey,  // not signed by the journal's key
  kRoot,           // the entries hash to another root than the checkpoint's
  kTile,           // a tile differs from the entries
  // Receipts
  kReceipt,         // out of form
  kReceiptKey,      // not signed by the counterpart's receipt key
  kReceiptRoot,     // for another root than the entries give
  kReceiptSize,     // for more entries than there are
  kReceiptOrder,    // for fewer entries than the one before
  kReceiptTime,     // earlier than the one before
  kReceiptMissing,  // `receipts` has one that the checkpoint lacks
  // Entries: findings unless the counterpart has refused the entry
  kMalformed,        // entry, envelope or record out of form
  kOversize,         // longer than an entry may be
  kStamp,            // its stamp goes back
  kStart,            // entry 0 does not start this journal, or another entry starts one
  kMisplaced,        // a record or message that belongs into another sort of journal
  kMisaddressed,     // from or to are not the journal's
  kOfficer,          // nobody introduced the officer
  kReplacedOfficer,  // a newer certificate took the place of the officer's
  kRevokedOfficer,   // the officer was revoked before
  kRole,             // the officer's roles do not cover it
  kSelfRelease,      // author and releaser are one person
  kRelease,          // the policy in force asks for a release and there is none
  kKind,             // an unknown kind of message
  kSignature,        // an officer's signature does not hold
  kDuplicate,        // a message id twice
  kStatement,        // a numbered statement older than one before it
  kRevocation,       // a revocation that its issuer did not make, or of somebody else
  kErasure,          // of what cannot be erased
  kAct,              // a failed act that is none
  // Journals against each other
  kInterlock,   // a stamp names a head of the opposite journal that is not one
  kRefusal,     // a refusal names an entry that is not there, or another one
  kGeneration,  // one does not begin where the one before ended
  kRevoked,     // entries beyond the point at which the counterpart entered a revocation
  kTrailHead,   // a head of the audit trail that a pair journal names is none of it
  kChallenge,   // the auditor's challenge does not show a pairing complete up to it
  // Evidence of one message
  kEvidence,   // out of form
  kProof,      // an entry that does not lie under its checkpoint
  kContent,    // what is disclosed is not what was committed to
  kNoMessage,  // its number is that of an office record
  // Both offices' exports against each other
  kFork,          // one index holds two entries, each under the sender's signature
  kWithheld,      // an export lacks entries or receipts that are older than what it shows
  kReceiptTwice,  // two receipts of different times for one checkpoint, also in one export
  // An earlier and a later export against each other
  kLost,     // the later lacks entries or receipts that the earlier has
  kDiffers,  // they hold different entries, and not both are verified
};
[[nodiscard]] std::string_view to_string(FindingCode code);

/// By the FileError of a file that was not read.
[[nodiscard]] FindingCode file_finding(const Error& error);
/// By the IdentityError of a certificate that is not believed.
[[nodiscard]] FindingCode certificate_finding(const Error& error);
/// By the JournalError of a checkpoint's note: `key` where a signature is missing or does not hold,
/// `form` for what is not in form.
[[nodiscard]] FindingCode note_finding(const Error& error, FindingCode form, FindingCode key);

}  // namespace blo::journal

#endif
