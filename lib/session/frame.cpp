#include "session/frame.h"

#include "base/check.h"
#include "base/limits.h"

namespace blo::session {

void append_framed(Bytes& to, ByteView message) {
  BLO_CHECK(message.size() <= limits::kNoiseMessageBytesMax);
  append_be(to, static_cast<std::uint16_t>(message.size()));
  append(to, message);
}

void FrameBuffer::add(ByteView bytes) {
  bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(read_));
  read_ = 0;
  append(bytes_, bytes);
}

std::optional<std::size_t> FrameBuffer::next_length() const {
  if (unread().size() < kLengthBytes) return std::nullopt;
  return read_be<std::uint16_t>(unread());
}

std::optional<ByteView> FrameBuffer::next() const {
  const auto length = next_length();
  if (!length || unread().size() < kLengthBytes + *length) return std::nullopt;
  return unread().subspan(kLengthBytes, *length);
}

void FrameBuffer::drop() {
  const auto message = next();
  BLO_CHECK(message);
  read_ += kLengthBytes + message->size();
}

void FrameBuffer::clear() {
  bytes_.clear();
  read_ = 0;
}

}  // namespace blo::session
