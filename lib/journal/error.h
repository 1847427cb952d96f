// Why a journal, or a part of one, is not believed.
#ifndef BLO_JOURNAL_ERROR_H
#define BLO_JOURNAL_ERROR_H

#include "base/error.h"

namespace blo::journal {

enum class JournalError {
  kMalformed = 1,     // not in the form docs/format gives
  kProofIndex,        // index or sizes out of order
  kProofLength,       // a proof too short or too long
  kRootMismatch,      // the tree hashes to another root
  kNoKnownSignature,  // no signature by a key asked for
  kBadSignature,      // a known key's signature does not verify
  kWrongOrigin,       // a checkpoint of another journal
  kUnknownVersion,
  kNoFork,            // both checkpoints may be of one journal
  kNothingToCompare,  // no journal of a pairing is in both exports
};
[[nodiscard]] boost::system::error_code make_error_code(JournalError error);

}  // namespace blo::journal

template <>
struct boost::system::is_error_code_enum<blo::journal::JournalError> : std::true_type {};

#endif
