// The control socket's framing: u32be length ‖ message.
#ifndef BLO_CONTROL_FRAMING_H
#define BLO_CONTROL_FRAMING_H

#include <optional>

#include "base/result.h"
#include "control/error.h"

namespace blo::control {

/// `message` framed. kTooLarge: it is over limits::kControlFrameBytesMax, which what was asked for
/// may bring about.
[[nodiscard]] Result<Bytes> frame(ByteView message);

/// Takes bytes in any portions and gives whole messages. A length past the limit is an error before
/// anything is allocated for it, and no more is ever allocated than has come, twice over.
class Deframer {
 public:
  explicit Deframer(std::size_t message_bytes_max) : message_bytes_max_(message_bytes_max) {}
  void feed(ByteView bytes);
  [[nodiscard]] Result<std::optional<Bytes>> next();
  /// Bytes that came and were not given out.
  [[nodiscard]] std::size_t held() const { return buffer_.size() - start_; }

 private:
  std::size_t message_bytes_max_;
  Bytes buffer_;
  std::size_t start_ = 0;
};

/// What an officer signs for one request (after the purpose's prefix):
/// nonce[32] ‖ u64be sequence ‖ office id ‖ SHA-256(request)[32].
[[nodiscard]] Bytes request_bytes(ByteView nonce, std::uint64_t sequence, std::string_view office,
                                  ByteView request_hash);

}  // namespace blo::control

#endif
