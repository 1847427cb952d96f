#include "transport/error.h"

#include "base/error_category.h"

namespace blo::transport {
namespace {

const char* sentence(TransportError error) {
  switch (error) {
    case TransportError::kAddress: return "not an address; write host:port or [v6 address]:port";
    case TransportError::kResolve: return "the name has no address, or no name server answers";
    case TransportError::kConnect: return "nothing takes the connection there";
    case TransportError::kTimeout: return "no connection in the time allowed";
    case TransportError::kListen: return "this address cannot be listened on";
    case TransportError::kRefused:
      return "the other side hung up during the handshake: it has another transport key or office "
             "id than expected, or is not an office";
    case TransportError::kNotAccepted:
      return "the other side hung up right after the handshake: it does not know this office's "
             "transport key, or the pairing secrets differ";
    case TransportError::kClosed: return "the other side closed the connection";
    case TransportError::kLost: return "the connection broke";
    case TransportError::kStalled: return "the other side takes no bytes";
  }
  return "unknown transport error";
}

}  // namespace

boost::system::error_code make_error_code(TransportError error) {
  static const ErrorCategory<TransportError, sentence> category("blo.transport");
  return {static_cast<int>(error), category};
}

}  // namespace blo::transport
