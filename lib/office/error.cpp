#include "office/error.h"

#include "base/error_category.h"

namespace blo::office {
namespace {

const char* sentence(OfficeError error) {
  switch (error) {
    case OfficeError::kMalformed: return "this is out of form";
    case OfficeError::kUnknownCounterpart: return "this office is not paired with that one";
    case OfficeError::kNotInvited: return "this office has made no pairing file for that one yet";
    case OfficeError::kUnconfirmed: return "the pairing is not confirmed yet";
    case OfficeError::kFrozen: return "the pairing is frozen";
    case OfficeError::kWrongOffice: return "this names another office or network than this one";
    case OfficeError::kUnknownOfficer: return "no officer of this office has that certificate";
    case OfficeError::kNotAuthorised: return "the officer is not authorised for this";
    case OfficeError::kBadSignature: return "the officer's signature does not hold";
    case OfficeError::kMismatch: return "content and envelope do not agree";
    case OfficeError::kExpired: return "the message has expired already";
    case OfficeError::kDuplicate: return "another message has this id";
    case OfficeError::kNotFound: return "there is no such message";
    case OfficeError::kAlreadyPaired: return "the pairing has gone further than that already";
    case OfficeError::kWrongDigits: return "the digits differ: these are not the same two files";
    case OfficeError::kHeadMismatch:
      return "the checkpoint does not match the entries that came with it";
    case OfficeError::kBehind:
      return "the counterpart holds more of our journal than this store does";
    case OfficeError::kForked: return "two signed checkpoints of one journal contradict each other";
    case OfficeError::kRewound:
      return "the counterpart holds less of our journal than it gave receipts for";
    case OfficeError::kClockSkew:
      return "the clocks differ by more than a day; check this machine's clock, and ask the "
             "counterpart to check theirs";
    case OfficeError::kNotInForce: return "the officer's certificate is not in force";
    case OfficeError::kUnknownPerson: return "no officer of this office has that person number";
    case OfficeError::kKeyInUse: return "these keys belong to another counterpart already";
    case OfficeError::kEnded: return "the pairing is over";
    case OfficeError::kChangedKey:
      return "this file has other keys than the ones this office is paired with";
    case OfficeError::kNoLegalBasis:
      return "a pairing cites the agreement under which the two offices exchange";
    case OfficeError::kTooOften: return "a day has no more of these";
    case OfficeError::kOtherOffers:
      return "the office with the smaller id offers a new pairing secret, and that is the other "
             "one";
    case OfficeError::kNoValidTime:
      return "by this machine's clock the office's certificate does not hold, so nothing is "
             "entered "
             "into its journals";
    case OfficeError::kUnknownAlarm: return "no alarm of that number is open";
    case OfficeError::kOldStatement: return "a newer statement counts already";
    case OfficeError::kRevoked: return "this has been revoked before";
    case OfficeError::kNotRevoked: return "the officer has not been revoked";
    case OfficeError::kUnknownDraft: return "there is no such draft";
    case OfficeError::kRejected: return "the draft was rejected already";
    case OfficeError::kOwnDraft:
      return "author and releaser are one person: a second officer must release it";
    case OfficeError::kAuthorGone:
      return "the certificate its author signed it with is not in force any more";
    case OfficeError::kDraftsFull: return "too many drafts wait";
    case OfficeError::kUnreceipted: return "entries have no receipt yet";
    case OfficeError::kNotBehind: return "nothing is to be recovered";
    case OfficeError::kNotRecovered: return "not everything has been given back yet";
    case OfficeError::kNoReceipt: return "no receipt of the counterpart covers it yet";
    case OfficeError::kErased: return "its content is not here: it was erased, or never opened";
    case OfficeError::kHeld: return "a legal hold keeps it already";
    case OfficeError::kNotHeld: return "no legal hold keeps it";
    case OfficeError::kNoRules: return "this office has no rules of retention";
    case OfficeError::kMayBeErased:
      return "what was lost is not here yet, and some of this may have been erased since";
    case OfficeError::kUnentered:
      return "there is no room to enter this into the audit trail, and what it gives away must "
             "stand there";
    case OfficeError::kPairAgain:
      return "a first pairing and pairing again each have files of their own";
    case OfficeError::kOfficerOver: return "the officer's certificate is over";
    case OfficeError::kOfficeOver:
      return "this office's certificate is over: nothing is sent, received or changed any more, "
             "and what is here is read, exported and backed up";
    case OfficeError::kClockNotBelieved:
      return "this machine's clock may be wrong, and this is dated by it";
    case OfficeError::kDateUnproven:
      return "nothing is destroyed by a date for which this machine's clock alone speaks";
    case OfficeError::kWrongDate:
      return "the date typed is further than a day from what this machine's clock says";
    case OfficeError::kNothingAhead: return "no erasure waits there for its time";
    case OfficeError::kPurposeNeeded:
      return "the policy asks for the purpose of reading this pairing's messages";
    case OfficeError::kBadReceipt: return "the counterpart's receipt does not verify";
  }
  return "unknown office error";
}

}  // namespace

boost::system::error_code make_error_code(OfficeError error) {
  static const ErrorCategory<OfficeError, sentence> category("blo.office");
  return {static_cast<int>(error), category};
}

}  // namespace blo::office
