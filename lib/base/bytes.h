// Bytes owned, viewed and compared; big-endian integers.
#ifndef BLO_BASE_BYTES_H
#define BLO_BASE_BYTES_H

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace blo {

using Byte = std::uint8_t;
using Bytes = std::vector<Byte>;
using ByteView = std::span<const Byte>;

/// The characters of `text` as bytes; the text must outlive the view.
inline ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const Byte*>(text.data()), text.size()};
}

/// `bytes` as text, unchecked: the caller knows what it holds. The bytes must outlive the view.
inline std::string_view as_text(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline std::string to_string(ByteView bytes) { return std::string(as_text(bytes)); }
inline Bytes to_bytes(std::string_view text) { return {text.begin(), text.end()}; }
inline Bytes to_bytes(ByteView bytes) { return {bytes.begin(), bytes.end()}; }

inline void append(Bytes& to, ByteView more) { to.insert(to.end(), more.begin(), more.end()); }
inline void append(Bytes& to, std::string_view more) { append(to, as_bytes(more)); }

inline bool equal(ByteView a, ByteView b) { return std::ranges::equal(a, b); }

/// Appends `value` as `sizeof(T)` bytes, most significant first.
template <class T>
void append_be(Bytes& to, T value) {
  for (int shift = 8 * (static_cast<int>(sizeof(T)) - 1); shift >= 0; shift -= 8) {
    to.push_back(static_cast<Byte>(value >> shift));
  }
}

/// Reads `sizeof(T)` bytes, most significant first, from the start of `from` (which has at least
/// that many).
template <class T>
T read_be(ByteView from) {
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) value = static_cast<T>(value << 8U) | from[i];
  return value;
}

/// A fixed-size value copied from a view of exactly `N` bytes; false when the size differs.
template <std::size_t N>
[[nodiscard]] bool copy_exact(ByteView from, std::array<Byte, N>& to) {
  if (from.size() != N) return false;
  std::ranges::copy(from, to.begin());
  return true;
}

}  // namespace blo

#endif
