// Why a connection was not made, or ended. What the session itself finds keeps its own code.
#ifndef BLO_TRANSPORT_ERROR_H
#define BLO_TRANSPORT_ERROR_H

#include "base/error.h"

namespace blo::transport {

enum class TransportError {
  kAddress = 1,  // not "host:port", "1.2.3.4:port" or "[v6]:port"
  kResolve,      // the name has no address, or the name servers do not answer
  kConnect,      // none of its addresses takes the connection
  kTimeout,      // none did in the time allowed
  kListen,       // an address to listen on cannot be had
  kRefused,      // closed by the other side during the handshake
  kNotAccepted,  // closed by the other side right after this side's last handshake message
  kClosed,       // closed by the other side
  kLost,         // the connection broke
  kStalled,      // the other side takes no bytes
};
[[nodiscard]] boost::system::error_code make_error_code(TransportError error);

}  // namespace blo::transport

template <>
struct boost::system::is_error_code_enum<blo::transport::TransportError> : std::true_type {};

#endif
