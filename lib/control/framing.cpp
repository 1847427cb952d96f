#include "control/framing.h"

#include "base/limits.h"

namespace blo::control {

Result<Bytes> frame(ByteView message) {
  if (message.size() > limits::kControlFrameBytesMax) return ControlError::kTooLarge;
  Bytes framed;
  framed.reserve(4 + message.size());
  append_be(framed, static_cast<std::uint32_t>(message.size()));
  append(framed, message);
  return framed;
}

void Deframer::feed(ByteView bytes) {
  if (start_ > 0) {
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(start_));
    start_ = 0;
  }
  append(buffer_, bytes);
}

Result<std::optional<Bytes>> Deframer::next() {
  const auto rest = ByteView(buffer_).subspan(start_);
  if (rest.size() < 4) return std::optional<Bytes>();
  const std::size_t size = read_be<std::uint32_t>(rest);
  if (size > message_bytes_max_) return ControlError::kTooLarge;
  if (rest.size() < 4 + size) return std::optional<Bytes>();
  Bytes message = to_bytes(rest.subspan(4, size));
  start_ += 4 + size;
  if (held() == 0) {  // what one long message took is given back
    buffer_ = Bytes();
    start_ = 0;
  }
  return std::optional(std::move(message));
}

Bytes request_bytes(ByteView nonce, std::uint64_t sequence, std::string_view office,
                    ByteView request_hash) {
  Bytes bytes;
  append(bytes, nonce);
  append_be(bytes, sequence);
  append(bytes, office);
  append(bytes, request_hash);
  return bytes;
}

}  // namespace blo::control
