// Why a session ends. All are fatal to the session; none says anything to the peer.
#ifndef BLO_SESSION_ERROR_H
#define BLO_SESSION_ERROR_H

#include "base/error.h"

namespace blo::session {

enum class SessionError {
  kHandshake = 1,  // a handshake message does not verify: unknown peer, wrong PSK, garbage, replay
  kLowOrderKey,    // a key agreement gave the all-zero secret
  kFrameSize,      // a frame of length 0 or too small to hold a tag, or a handshake message of the
                   // wrong size
  kCiphertext,     // a transport message does not verify
  kExhausted,      // the nonce's last value
  kTimeout,        // the handshake took too long
  kQueueFull,      // the peer does not read
};
[[nodiscard]] boost::system::error_code make_error_code(SessionError error);

}  // namespace blo::session

template <>
struct boost::system::is_error_code_enum<blo::session::SessionError> : std::true_type {};

#endif
