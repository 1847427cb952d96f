#include "control/error.h"

#include "base/error_category.h"

namespace blo::control {
namespace {

const char* sentence(ControlError error) {
  switch (error) {
    case ControlError::kTooLarge: return "a control frame is larger than any request or answer";
    case ControlError::kMalformed: return "a control message is out of form";
    case ControlError::kUnreachable: return "the daemon does not answer on its control socket";
    case ControlError::kClosed: return "the daemon hung up before answering";
    case ControlError::kTooMany: return "this user follows as often as one user may";
    case ControlError::kAnswerTooLarge: return "the answer is larger than any answer may be";
    case ControlError::kStranger:
      return "who listens on the control socket is neither root nor this user nor the owner of its "
             "folder";
    case ControlError::kPathTooLong: return "this path is too long for a socket";
    case ControlError::kInterrupted: return "interrupted before the daemon had answered";
    case ControlError::kForbidden: return "the control socket is not open to this user";
  }
  return "unknown control error";
}

}  // namespace

boost::system::error_code make_error_code(ControlError error) {
  static const ErrorCategory<ControlError, sentence> category("blo.control");
  return {static_cast<int>(error), category};
}

}  // namespace blo::control
