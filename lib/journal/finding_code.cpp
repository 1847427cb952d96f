#include "journal/finding_code.h"

#include "base/file.h"
#include "identity/error.h"
#include "journal/error.h"

namespace blo::journal {

std::string_view to_string(FindingCode code) {
  switch (code) {
    case FindingCode::kMissing: return "E-MISSING";
    case FindingCode::kUnreadable: return "E-UNREADABLE";
    case FindingCode::kLink: return "E-LINK";
    case FindingCode::kExtraFile: return "E-EXTRA";
    case FindingCode::kPolicyFile: return "E-POLICY";
    case FindingCode::kBundle: return "E-BUNDLE";
    case FindingCode::kUntrustedAuthority: return "E-UNTRUSTED";
    case FindingCode::kCertificateForm: return "E-CERTIFICATE-FORM";
    case FindingCode::kCertificateKind: return "E-CERTIFICATE-KIND";
    case FindingCode::kCertificate: return "E-CERTIFICATE";
    case FindingCode::kSubject: return "E-SUBJECT";
    case FindingCode::kNetwork: return "E-NETWORK";
    case FindingCode::kValidity: return "E-VALIDITY";
    case FindingCode::kCheckpoint: return "E-CHECKPOINT";
    case FindingCode::kOrigin: return "E-ORIGIN";
    case FindingCode::kCheckpointKey: return "E-CHECKPOINT-KEY";
    case FindingCode::kRoot: return "E-ROOT";
    case FindingCode::kTile: return "E-TILE";
    case FindingCode::kReceipt: return "E-RECEIPT";
    case FindingCode::kReceiptKey: return "E-RECEIPT-KEY";
    case FindingCode::kReceiptRoot: return "E-RECEIPT-ROOT";
    case FindingCode::kReceiptSize: return "E-RECEIPT-SIZE";
    case FindingCode::kReceiptOrder: return "E-RECEIPT-ORDER";
    case FindingCode::kReceiptTime: return "E-RECEIPT-TIME";
    case FindingCode::kReceiptMissing: return "E-RECEIPT-MISSING";
    case FindingCode::kMalformed: return "E-MALFORMED";
    case FindingCode::kOversize: return "E-OVERSIZE";
    case FindingCode::kStamp: return "E-STAMP";
    case FindingCode::kStart: return "E-START";
    case FindingCode::kMisplaced: return "E-MISPLACED";
    case FindingCode::kMisaddressed: return "E-MISADDRESSED";
    case FindingCode::kOfficer: return "E-OFFICER";
    case FindingCode::kReplacedOfficer: return "E-REPLACED-OFFICER";
    case FindingCode::kRevokedOfficer: return "E-REVOKED-OFFICER";
    case FindingCode::kRole: return "E-ROLE";
    case FindingCode::kSelfRelease: return "E-SELF-RELEASE";
    case FindingCode::kRelease: return "E-RELEASE";
    case FindingCode::kKind: return "E-KIND";
    case FindingCode::kSignature: return "E-SIGNATURE";
    case FindingCode::kDuplicate: return "E-DUPLICATE";
    case FindingCode::kStatement: return "E-STATEMENT";
    case FindingCode::kRevocation: return "E-REVOCATION";
    case FindingCode::kErasure: return "E-ERASURE";
    case FindingCode::kAct: return "E-ACT";
    case FindingCode::kInterlock: return "E-INTERLOCK";
    case FindingCode::kRefusal: return "E-REFUSAL";
    case FindingCode::kGeneration: return "E-GENERATION";
    case FindingCode::kRevoked: return "E-REVOKED";
    case FindingCode::kTrailHead: return "E-TRAIL";
    case FindingCode::kChallenge: return "E-CHALLENGE";
    case FindingCode::kEvidence: return "E-EVIDENCE";
    case FindingCode::kProof: return "E-PROOF";
    case FindingCode::kContent: return "E-CONTENT";
    case FindingCode::kNoMessage: return "E-NO-MESSAGE";
    case FindingCode::kFork: return "E-FORK";
    case FindingCode::kWithheld: return "E-WITHHELD";
    case FindingCode::kReceiptTwice: return "E-RECEIPT-TWICE";
    case FindingCode::kLost: return "E-LOST";
    case FindingCode::kDiffers: return "E-DIFFERS";
  }
  return "E-UNKNOWN";
}

FindingCode file_finding(const Error& error) {
  if (error == FileError::kNotFound) return FindingCode::kMissing;
  if (error == FileError::kNotRegular) return FindingCode::kLink;
  return FindingCode::kUnreadable;
}

FindingCode certificate_finding(const Error& error) {
  using identity::IdentityError;
  if (error == IdentityError::kMalformed || error == IdentityError::kWeakKey) {
    return FindingCode::kCertificateForm;
  }
  if (error == IdentityError::kWrongKind) return FindingCode::kCertificateKind;
  if (error == IdentityError::kWrongSubject) return FindingCode::kSubject;
  if (error == IdentityError::kWrongNetwork) return FindingCode::kNetwork;
  if (error == IdentityError::kNotYetValid || error == IdentityError::kExpired) {
    return FindingCode::kValidity;
  }
  return FindingCode::kCertificate;
}

FindingCode note_finding(const Error& error, FindingCode form, FindingCode key) {
  if (error == JournalError::kWrongOrigin) return FindingCode::kOrigin;
  const bool unsigned_note =
      error == JournalError::kNoKnownSignature || error == JournalError::kBadSignature;
  return unsigned_note ? key : form;
}

}  // namespace blo::journal
