// The names of things: offices, networks, journals, messages. Each parses strictly and prints one
// way.
#ifndef BLO_BASE_IDS_H
#define BLO_BASE_IDS_H

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace blo {

/// `live` or `exercise`; nothing is valid in both. The values are the protobuf enum's.
enum class Network : std::uint8_t { kLive = 1, kExercise = 2 };

[[nodiscard]] std::string_view to_string(Network network);
[[nodiscard]] std::optional<Network> parse_network(std::string_view text);

/// `UZ-OYBEK`: ISO 3166-1 alpha-2, dash, 2–16 of `A-Z0-9`.
class OfficeId {
 public:
  [[nodiscard]] static std::optional<OfficeId> parse(std::string_view text);
  [[nodiscard]] const std::string& text() const { return text_; }
  /// The two letters of the country.
  [[nodiscard]] std::string_view country() const { return std::string_view(text_).substr(0, 2); }
  auto operator<=>(const OfficeId&) const = default;

 private:
  explicit OfficeId(std::string_view text) : text_(text) {}
  std::string text_;
};

/// Two letters A-Z: an authority's subject.
[[nodiscard]] bool is_country(std::string_view text);

/// Names one journal: everything `from` sent to `to` in one generation; or, where both are one
/// office, that office's audit trail.
/// Text form, also the checkpoint's origin line and key name: `live/UZ-OYBEK/TJ-FOTEHOBOD/1`,
/// `live/UZ-OYBEK/trail/1`.
struct Origin {
  Network network;
  OfficeId from;
  OfficeId to;
  std::uint32_t generation;

  [[nodiscard]] bool is_trail() const { return from == to; }

  [[nodiscard]] static std::optional<Origin> parse(std::string_view text);
  [[nodiscard]] std::string text() const;
  auto operator<=>(const Origin&) const = default;
};

/// How people name a message: its place in its journal. `UZ-OYBEK/TJ-FOTEHOBOD/1042`, or with the
/// generation where that isn't 1: `UZ-OYBEK/TJ-FOTEHOBOD/2/17`.
struct MessageNumber {
  OfficeId from;
  OfficeId to;
  std::uint32_t generation;
  std::uint64_t index;

  [[nodiscard]] static std::optional<MessageNumber> parse(std::string_view text);
  [[nodiscard]] std::string text() const;
  auto operator<=>(const MessageNumber&) const = default;
};

/// 48-bit milliseconds and 80 random bits; unique in a pairing across generations.
using MessageId = std::array<Byte, 16>;

/// Decimal without sign or leading zeros; nothing for anything else or past 2^64-1.
[[nodiscard]] std::optional<std::uint64_t> parse_decimal(std::string_view text);

}  // namespace blo

#endif
