// A file descriptor that closes itself.
#ifndef BLO_BASE_DESCRIPTOR_H
#define BLO_BASE_DESCRIPTOR_H

#include <utility>

#include "base/bytes.h"

namespace blo {

class Descriptor {
 public:
  /// Takes over what open(2) and its like return, also where that is -1.
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor();

  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool ok() const { return fd_ >= 0; }
  /// Gives the descriptor away.
  [[nodiscard]] int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

/// All of it, whatever signals come; false, with errno, where that fails.
[[nodiscard]] bool write_all(int fd, ByteView bytes);

}  // namespace blo

#endif
