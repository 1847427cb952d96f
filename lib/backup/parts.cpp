#include "backup/parts.h"

#include "base/limits.h"

namespace blo::backup {

Bytes part_heading(std::string_view name, std::uint64_t size) {
  Bytes heading{static_cast<Byte>(name.size())};
  append(heading, name);
  append_be(heading, size);
  return heading;
}

Result<bool> PartReader::take_heading() {
  if (buffer_.empty() || buffer_.size() < 1U + buffer_[0] + 8U) return false;
  const ByteView heading = ByteView(buffer_).first(1U + buffer_[0] + 8U);
  const std::string_view name = as_text(heading.subspan(1, buffer_[0]));
  while (next_ < kPartNames.size() && kPartNames[next_] != name) ++next_;
  if (next_ == kPartNames.size()) return Error(BackupError::kMalformed, "an unknown part");
  left_ = read_be<std::uint64_t>(heading.last(8));
  if (kPartNames[next_] != kStorePart && left_ > limits::kSmallFileBytesMax)
    return Error(BackupError::kMalformed, std::string(kPartNames[next_]));
  buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(heading.size()));
  in_part_ = true;
  return true;
}

Result<void> PartReader::feed(ByteView bytes) {
  append(buffer_, bytes);
  for (;;) {
    if (!in_part_) {
      const auto heading = take_heading();
      if (!heading) return heading.error();
      if (!*heading) return {};
    }
    const std::string_view name = kPartNames[next_];
    const auto here = static_cast<std::size_t>(std::min<std::uint64_t>(left_, buffer_.size()));
    if (name != kStorePart && here < left_) return {};
    const ByteView piece = ByteView(buffer_).first(here);
    const auto taken = name == kStorePart ? sink_.store(piece) : sink_.small(name, piece);
    if (!taken) return taken;
    left_ -= here;
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(here));
    if (left_ > 0) return {};
    in_part_ = false;
    ++next_;
  }
}

Result<void> PartReader::finish() const {
  if (next_ == kPartNames.size() && !in_part_ && buffer_.empty()) return {};
  return Error(BackupError::kMalformed, "it does not end with the store");
}

}  // namespace blo::backup
