#include "journal/error.h"

#include "base/error_category.h"

namespace blo::journal {
namespace {

const char* sentence(JournalError error) {
  switch (error) {
    case JournalError::kMalformed: return "this is not in the form the journal's formats give";
    case JournalError::kProofIndex: return "the index or the sizes are out of order";
    case JournalError::kProofLength: return "the proof is too short or too long";
    case JournalError::kRootMismatch: return "the tree hashes to another root";
    case JournalError::kNoKnownSignature: return "there is no signature by the key asked for";
    case JournalError::kBadSignature: return "the signature does not verify";
    case JournalError::kWrongOrigin: return "this belongs to another journal";
    case JournalError::kNoFork: return "both checkpoints may be of one journal";
    case JournalError::kNothingToCompare:
      return "no journal of a pairing is in both exports, so that there is nothing to compare: "
             "give two exports of one pairing (blo-audit diff compares audit trails)";
    case JournalError::kUnknownVersion: return "this version of the format is not known here";
  }
  return "unknown journal error";
}

}  // namespace

boost::system::error_code make_error_code(JournalError error) {
  static const ErrorCategory<JournalError, sentence> category("blo.journal");
  return {static_cast<int>(error), category};
}

}  // namespace blo::journal
