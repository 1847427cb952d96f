#include "session/error.h"

#include "base/error_category.h"

namespace blo::session {
namespace {

const char* sentence(SessionError error) {
  switch (error) {
    case SessionError::kHandshake:
      return "the handshake does not verify: a key or the pairing secret differs, or this is not "
             "the "
             "office expected";
    case SessionError::kLowOrderKey: return "a key of the handshake is of low order";
    case SessionError::kFrameSize: return "a frame has a size that the protocol does not have";
    case SessionError::kCiphertext: return "a frame does not verify";
    case SessionError::kExhausted: return "the session has used up its counter";
    case SessionError::kTimeout: return "the handshake took too long";
    case SessionError::kQueueFull: return "the other side does not read what is sent to it";
  }
  return "unknown session error";
}

}  // namespace

boost::system::error_code make_error_code(SessionError error) {
  static const ErrorCategory<SessionError, sentence> category("blo.session");
  return {static_cast<int>(error), category};
}

}  // namespace blo::session
