#include "daemon/failure.h"

#include "backup/error.h"
#include "blo/v1/control.pb.h"
#include "control/error.h"
#include "daemon/home.h"
#include "identity/error.h"
#include "message/error.h"
#include "office/error.h"
#include "store/error.h"

namespace blo::daemon {
namespace {

using backup::BackupError;
using identity::IdentityError;
using message::MessageError;
using office::OfficeError;
using store::StoreError;

struct Row {
  boost::system::error_code code;
  v1::ExitCode exit_code;
  const char* reason;
  const char* next_step;
};

const std::vector<Row>& rows() {
  static const std::vector<Row> table = {
      {make_error_code(OfficeError::kUnknownCounterpart), v1::EXIT_CODE_NOT_FOUND,
       "unknown-counterpart", "See who this office is paired with: blo pair list."},
      {make_error_code(OfficeError::kNotFound), v1::EXIT_CODE_NOT_FOUND, "unknown-message",
       "Look the number up: blo inbox, blo outbox."},
      {make_error_code(OfficeError::kNotInForce), v1::EXIT_CODE_NOT_AUTHORISED, "not-in-force",
       "Use the newest certificate, or ask the administrator for one: blo officer list."},
      {make_error_code(OfficeError::kOfficerOver), v1::EXIT_CODE_NOT_AUTHORISED,
       "officer-certificate-over",
       "Renew it: blo officer request with a new name, then blo officer add REQUEST --person with "
       "the same number; blo officer list shows it."},
      {make_error_code(OfficeError::kOfficeOver), v1::EXIT_CODE_NOT_AUTHORISED,
       "office-certificate-over",
       "It cannot be renewed in a pairing. Check this machine's clock (timedatectl); if it is "
       "right, the office begins anew under a new id."},
      {make_error_code(OfficeError::kUnknownPerson), v1::EXIT_CODE_NOT_FOUND, "unknown-person",
       "Look the number up: blo officer list."},
      {make_error_code(OfficeError::kNoValidTime), v1::EXIT_CODE_REFUSED, "no-valid-time",
       "Check this machine's clock (timedatectl) and the certificate: blo office show."},
      {make_error_code(OfficeError::kUnknownAlarm), v1::EXIT_CODE_NOT_FOUND, "unknown-alarm",
       "Look the number up: blo alarms."},
      {make_error_code(OfficeError::kOldStatement), v1::EXIT_CODE_REFUSED, "old-statement",
       "Ask the authority for its newest statement, and how the older one came into your hands."},
      {make_error_code(OfficeError::kRevoked), v1::EXIT_CODE_REFUSED, "revoked-before",
       "It counts already: blo officer list --all, blo pair list."},
      {make_error_code(OfficeError::kNotRevoked), v1::EXIT_CODE_REFUSED, "not-revoked",
       "Revoke the officer first: blo officer revoke."},
      {make_error_code(OfficeError::kUnconfirmed), v1::EXIT_CODE_REFUSED, "unconfirmed-pairing",
       "Compare the digits by telephone, then: blo pair confirm."},
      {make_error_code(OfficeError::kNotInvited), v1::EXIT_CODE_NOT_FOUND, "not-invited",
       "Make this office's own file first: blo pair invite, or blo pair again where the two were "
       "paired before."},
      {make_error_code(OfficeError::kKeyInUse), v1::EXIT_CODE_REFUSED, "key-in-use",
       "Do not pair. Call both counterparts: one of them shows the other's keys as its own."},
      {make_error_code(OfficeError::kFrozen), v1::EXIT_CODE_REFUSED, "frozen-pairing",
       "Call the security officer; blo status says why it is frozen."},
      {make_error_code(OfficeError::kEnded), v1::EXIT_CODE_REFUSED, "ended-pairing",
       "It cannot be undone; what was exchanged can be read and exported."},
      {make_error_code(OfficeError::kChangedKey), v1::EXIT_CODE_REFUSED, "changed-key",
       "Do not pair. Call the counterpart on a number you knew before, and ask whether they have "
       "new keys: somebody may pose as them."},
      {make_error_code(OfficeError::kNoLegalBasis), v1::EXIT_CODE_USAGE, "no-legal-basis",
       "Give it with --legal-basis TEXT, or once for all pairings in blod.toml: legal_basis = "
       "\"…\"."},
      {make_error_code(OfficeError::kTooOften), v1::EXIT_CODE_REFUSED, "too-often",
       "Wait: room comes back over the day."},
      {make_error_code(OfficeError::kOtherOffers), v1::EXIT_CODE_REFUSED, "other-side-offers",
       "Ask the counterpart's security officer to type: blo pair rotate."},
      {make_error_code(OfficeError::kUnknownOfficer), v1::EXIT_CODE_NOT_AUTHORISED,
       "unknown-officer", "Ask the administrator to certify the officer: blo officer add."},
      {make_error_code(OfficeError::kNotAuthorised), v1::EXIT_CODE_NOT_AUTHORISED, "not-authorised",
       "Ask the administrator which role this needs: blo officer list."},
      {make_error_code(OfficeError::kBadSignature), v1::EXIT_CODE_NOT_AUTHORISED, "bad-signature",
       "Use the key the officer was certified with: blo --as NAME."},
      {make_error_code(OfficeError::kExpired), v1::EXIT_CODE_USAGE, "expired",
       "Check this machine's clock. Give a later --expires; a draft is rejected and drafted "
       "again."},
      {make_error_code(OfficeError::kMalformed), v1::EXIT_CODE_USAGE, "malformed",
       "See blo --help."},
      {make_error_code(OfficeError::kWrongOffice), v1::EXIT_CODE_USAGE, "wrong-office",
       "Check the office and the network named."},
      {make_error_code(OfficeError::kMismatch), v1::EXIT_CODE_USAGE, "mismatch",
       "Check that blo and blod are of the same release."},
      {make_error_code(OfficeError::kDuplicate), v1::EXIT_CODE_REFUSED, "duplicate",
       "It exists already."},
      {make_error_code(OfficeError::kPairAgain), v1::EXIT_CODE_REFUSED, "pair-again",
       "Where the two were paired before, both use blo pair again (with --from where the pairing "
       "is "
       "lost); where not, both use blo pair invite."},
      {make_error_code(OfficeError::kAlreadyPaired), v1::EXIT_CODE_REFUSED, "already-paired",
       "A pairing is not changed silently: call the counterpart first."},
      {make_error_code(OfficeError::kWrongDigits), v1::EXIT_CODE_REFUSED, "wrong-digits",
       "Do not confirm. Exchange both pairing files again, by hand if you can, and compare once "
       "more."},
      {make_error_code(OfficeError::kUnknownDraft), v1::EXIT_CODE_NOT_FOUND, "unknown-draft",
       "It may have been released: blo drafts, blo outbox."},
      {make_error_code(OfficeError::kRejected), v1::EXIT_CODE_REFUSED, "rejected-draft",
       "Its author corrects the message and sends it anew; blo drafts says why it was rejected."},
      {make_error_code(OfficeError::kOwnDraft), v1::EXIT_CODE_REFUSED, "own-draft",
       "Ask another officer with the role releaser."},
      {make_error_code(OfficeError::kAuthorGone), v1::EXIT_CODE_REFUSED, "author-not-in-force",
       "Reject it, and have it drafted again by an officer in force."},
      {make_error_code(OfficeError::kDraftsFull), v1::EXIT_CODE_REFUSED, "drafts-full",
       "Have drafts released or rejected first, or the pairing go on that they wait for: blo "
       "drafts, blo status."},
      {make_error_code(OfficeError::kPurposeNeeded), v1::EXIT_CODE_REFUSED, "purpose-needed",
       "Say in a sentence why you ask: --purpose 'reason'."},
      {make_error_code(OfficeError::kUnreceipted), v1::EXIT_CODE_REFUSED, "unreceipted",
       "Wait until the counterpart has them all: blo status."},
      {make_error_code(OfficeError::kNotBehind), v1::EXIT_CODE_REFUSED, "not-behind",
       "Nothing needs to be done: blo status says how the pairing stands."},
      {make_error_code(OfficeError::kNotRecovered), v1::EXIT_CODE_REFUSED, "not-recovered",
       "Wait until the counterpart is connected and has given everything back: blo status."},
      {make_error_code(OfficeError::kNoReceipt), v1::EXIT_CODE_NO_RECEIPT, "no-receipt",
       "Evidence rests on the counterpart's receipt. Try again when it has come: blo status."},
      {make_error_code(OfficeError::kErased), v1::EXIT_CODE_REFUSED, "no-content",
       "Evidence without the content proves the message all the same: leave out --disclose."},
      {make_error_code(OfficeError::kHeld), v1::EXIT_CODE_REFUSED, "held",
       "It is kept: blo hold list says why."},
      {make_error_code(OfficeError::kNotHeld), v1::EXIT_CODE_NOT_FOUND, "not-held",
       "Look the number up: blo hold list."},
      {make_error_code(OfficeError::kNoRules), v1::EXIT_CODE_REFUSED, "no-rules",
       "Write them into blod.toml, [retention], and start blod again: docs/operating.md."},
      {make_error_code(OfficeError::kClockNotBelieved), v1::EXIT_CODE_REFUSED, "clock-not-believed",
       "Look at a watch and at `date -u`, set the clock right if it is wrong (timedatectl "
       "set-time), then type today's date: blo clock confirm YYYY-MM-DD."},
      {make_error_code(OfficeError::kDateUnproven), v1::EXIT_CODE_REFUSED, "date-unproven",
       "Connect with a counterpart, or let an administrator or a security officer look at a "
       "calendar and type today's date: blo clock confirm YYYY-MM-DD."},
      {make_error_code(OfficeError::kWrongDate), v1::EXIT_CODE_REFUSED, "wrong-date",
       "Set the machine's clock right first (timedatectl set-time), then type today's date again."},
      {make_error_code(OfficeError::kNothingAhead), v1::EXIT_CODE_NOT_FOUND, "nothing-ahead",
       "It is destroyed already, or waits for nothing: blo show."},
      {make_error_code(OfficeError::kMayBeErased), v1::EXIT_CODE_REFUSED, "may-be-erased",
       "It can be read when the counterpart has been reached: blo status."},
      {make_error_code(control::ControlError::kTooMany), v1::EXIT_CODE_REFUSED,
       "too-many-followers", "End a blo inbox --follow that nobody looks at any more."},
      {make_error_code(control::ControlError::kAnswerTooLarge), v1::EXIT_CODE_REFUSED,
       "answer-too-large",
       "Ask for less: one counterpart, a smaller --count; or look at an export."},
      {make_error_code(HomeError::kUnsealedKey), v1::EXIT_CODE_REFUSED, "unsealed-key",
       "Leave --with-office-key away, and keep a copy of office.key where you keep the backup "
       "key."},
      {make_error_code(HomeError::kBackingUp), v1::EXIT_CODE_REFUSED, "backup-under-way",
       "Wait until it is written."},
      {make_error_code(BackupError::kWrongKey), v1::EXIT_CODE_USAGE, "unusable-recipient",
       "Make a backup key anew: blo backup create-key."},
      {make_error_code(StoreError::kCorrupt), v1::EXIT_CODE_DEGRADED, "store-damaged",
       "Copy the whole home away, and see docs/operating.md, \"The store is damaged\"."},
      {make_error_code(StoreError::kFull), v1::EXIT_CODE_DEGRADED, "store-full",
       "Make space on the store's disk; reading still works."},
      {make_error_code(OfficeError::kUnentered), v1::EXIT_CODE_DEGRADED, "unentered",
       "Make space on the store's disk and ask again; blo status says why there is none. blo inbox "
       "and blo show work meanwhile."},
      {make_error_code(StoreError::kReadOnly), v1::EXIT_CODE_DEGRADED, "store-read-only",
       "Find out why (dmesg), and make the file system writable: mount -o remount,rw; reading "
       "still works."},
      {make_error_code(MessageError::kUnknownKind), v1::EXIT_CODE_USAGE, "unknown-kind",
       "Check that blo and blod are of the same release."},
      {make_error_code(MessageError::kMissingField), v1::EXIT_CODE_USAGE, "missing-field",
       "Add the field named."},
      {make_error_code(MessageError::kBadValue), v1::EXIT_CODE_USAGE, "bad-value",
       "Correct the field named."},
      {make_error_code(MessageError::kTooLarge), v1::EXIT_CODE_USAGE, "too-large", "Shorten it."},
      {make_error_code(MessageError::kMalformed), v1::EXIT_CODE_USAGE, "malformed-content",
       "Correct the message."},
      {make_error_code(MessageError::kUnknownField), v1::EXIT_CODE_USAGE, "unknown-field",
       "Remove the field named."},
  };
  return table;
}

}  // namespace

void write_failure(const Error& error, v1::Failure& out) {
  out.set_sentence(error.message() + ".");
  for (const Row& row : rows()) {
    if (row.code != error.code()) continue;
    out.set_exit_code(row.exit_code);
    out.set_reason(row.reason);
    out.set_next_step(row.next_step);
    return;
  }
  const bool untrusted =
      error.code().category() == make_error_code(IdentityError::kMalformed).category();
  out.set_exit_code(untrusted ? v1::EXIT_CODE_REFUSED : v1::EXIT_CODE_FAILED);
  out.set_reason(untrusted ? "untrusted-identity" : "failed");
  out.set_next_step(untrusted ? "Ask whoever made the file for a correct one."
                              : "Look at the daemon's diagnostics: journalctl -u blod.");
}

}  // namespace blo::daemon
