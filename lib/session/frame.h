// How messages follow one another on the stream, handshake and transport alike:
// `u16be length ‖ message`.
#ifndef BLO_SESSION_FRAME_H
#define BLO_SESSION_FRAME_H

#include <optional>

#include "base/bytes.h"

namespace blo::session {

inline constexpr std::size_t kLengthBytes = 2;

/// Appends length and `message` (at most limits::kNoiseMessageBytesMax bytes).
void append_framed(Bytes& to, ByteView message);

/// Received bytes, cut at the lengths. It judges no length: the session knows which it may have.
class FrameBuffer {
 public:
  void add(ByteView bytes);
  /// The length that the next message announces; nothing before both of its bytes are here.
  [[nodiscard]] std::optional<std::size_t> next_length() const;
  /// The next message once it is whole. The view ends with drop() or add().
  [[nodiscard]] std::optional<ByteView> next() const;
  /// Forgets the message that next() gives.
  void drop();
  void clear();

 private:
  [[nodiscard]] ByteView unread() const { return ByteView(bytes_).subspan(read_); }
  Bytes bytes_;
  std::size_t read_ = 0;
};

}  // namespace blo::session

#endif
