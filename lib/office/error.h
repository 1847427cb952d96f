// Why the office does not do what it was asked.
#ifndef BLO_OFFICE_ERROR_H
#define BLO_OFFICE_ERROR_H

#include "base/error.h"

namespace blo::office {

enum class OfficeError {
  kMalformed = 1,
  kUnknownCounterpart,  // no pairing with that office
  kNotInvited,          // a pairing file from an office for which this one has made none
  kUnconfirmed,         // the pairing's digits have not been confirmed
  kFrozen,              // the pairing is frozen; people must act
  kWrongOffice,         // from another office than this one, or the other network
  kUnknownOfficer,      // no officer of this office has that certificate
  kNotAuthorised,       // the officer's roles or validity do not allow it
  kBadSignature,
  kMismatch,   // content and commitment or size do not agree
  kExpired,    // the message is over before it is sent
  kDuplicate,  // the message id was used for another message
  kNotFound,
  kAlreadyPaired,
  kWrongDigits,
  kHeadMismatch,  // a checkpoint that is not one of the entries that came with it
  kBehind,        // the counterpart holds more of our journal than we do
  kForked,        // two signed checkpoints of one journal contradict each other
  kRewound,       // the counterpart holds less of our journal than it gave receipts for
  kBadReceipt,
  kClockSkew,      // this machine's clock and the counterpart's differ by more than a day
  kNotInForce,     // the officer's certificate was replaced, revoked, or is not valid now
  kUnknownPerson,  // no officer of this office has that number
  kKeyInUse,       // a pairing file with the keys of another counterpart
  kEnded,          // the pairing is over
  kChangedKey,     // a pairing file with other keys than the counterpart is paired with
  kNoLegalBasis,   // an invitation that cites none
  kTooOften,       // as many as a day may have
  kOtherOffers,    // the counterpart's office begins this, not ours
  kNoValidTime,    // by this machine's clock the office's certificate does not hold
  kUnknownAlarm,   // no alarm of that number is open
  kOldStatement,   // an older numbered statement than the one that counts
  kRevoked,        // the officer or office has been revoked before
  kNotRevoked,     // only a revoked officer is forgotten
  kUnknownDraft,
  kRejected,       // the draft was rejected before
  kOwnDraft,       // author and releaser are one person
  kAuthorGone,     // the draft's author may not send any more
  kDraftsFull,     // too many drafts wait
  kPurposeNeeded,  // the pairing's policy asks why its messages are read
  kUnreceipted,    // entries still wait for the counterpart's receipt
  kNotBehind,      // nothing of the pairing is to be recovered
  kNotRecovered,   // the counterpart has not given everything back yet
  kNoReceipt,      // what is to be proven is under no receipt yet
  kErased,         // the content is not here any more, or never was
  kHeld,           // a legal hold keeps the message already
  kNotHeld,        // no legal hold keeps the message
  kNoRules,        // retention without rules
  kMayBeErased,    // until what was lost is here again, nobody knows what has been erased since
  kUnentered,      // it only reads, and the audit trail has no room to say so
  kPairAgain,      // a pairing file to pair again with, where a first one is due, or the other way
  kOfficerOver,    // the officer's certificate is over for what was asked
  kOfficeOver,     // the office's own certificate is over, and with it all that does more than read
  kClockNotBelieved,  // this machine's clock may be wrong, and the act needs the time
  kDateUnproven,      // contents would be destroyed by a date that this machine alone vouches for
  kWrongDate,         // the date typed is further than a day from the clock's
  kNothingAhead,      // no erasure waits there for its time
};
[[nodiscard]] boost::system::error_code make_error_code(OfficeError error);

}  // namespace blo::office

template <>
struct boost::system::is_error_code_enum<blo::office::OfficeError> : std::true_type {};

#endif
