// Why a control connection ends.
#ifndef BLO_CONTROL_ERROR_H
#define BLO_CONTROL_ERROR_H

#include "base/bytes.h"
#include "base/error.h"

namespace blo::control {

enum class ControlError {
  kTooLarge = 1,    // a frame over the limit
  kMalformed,       // not a message of this protocol
  kUnreachable,     // nobody listens on the control socket
  kClosed,          // the other end hung up before answering
  kForbidden,       // the control socket is not open to this Unix user
  kTooMany,         // this Unix user has as many followers as it may
  kAnswerTooLarge,  // what was asked for does not fit into one answer
  kStranger,        // who listens on the control socket is not whom the office belongs to
  kPathTooLong,     // no socket can be named by a path so long
  kInterrupted      // whoever waits for the answer was told to stop
};
[[nodiscard]] boost::system::error_code make_error_code(ControlError error);

}  // namespace blo::control

template <>
struct boost::system::is_error_code_enum<blo::control::ControlError> : std::true_type {};

#endif
