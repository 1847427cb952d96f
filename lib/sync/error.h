// Why a counterpart's frames are not followed any further. All end the connection.
#ifndef BLO_SYNC_ERROR_H
#define BLO_SYNC_ERROR_H

#include "base/error.h"

namespace blo::sync {

enum class SyncError {
  kMalformed = 1,  // not a frame of this protocol, or its parts are out of form
  kUnknownFrame,   // a frame this version does not know
  kOutOfOrder,     // a frame that has no place here: data before hello, a gap, an answer to nothing
  kTooMuch,        // more entries or bytes than one batch may have
};
[[nodiscard]] boost::system::error_code make_error_code(SyncError error);

}  // namespace blo::sync

template <>
struct boost::system::is_error_code_enum<blo::sync::SyncError> : std::true_type {};

#endif
