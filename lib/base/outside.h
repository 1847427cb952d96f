// A number that somebody outside has said: it can be compared, and nothing else, until it has been.
#ifndef BLO_BASE_OUTSIDE_H
#define BLO_BASE_OUTSIDE_H

#include <compare>
#include <concepts>
#include <optional>
#include <string>

namespace blo {

/// What a peer's frame says an index, a size, a generation or a time is. There is no way from here
/// to a plain number but through a comparison with what it counts, so that none reaches an index,
/// an allocation, the store or a BLO_CHECK as it came.
template <std::unsigned_integral Number>
class Claimed {
 public:
  constexpr Claimed() = default;
  constexpr Claimed(Number said) : said_(said) {}
  template <std::unsigned_integral Other>
  requires(sizeof(Other) < sizeof(Number)) constexpr Claimed(Other said) : said_(said) {}

  /// An index among `count` things; nothing where it is beyond them.
  [[nodiscard]] constexpr std::optional<Number> below(Number count) const {
    return said_ < count ? std::optional(said_) : std::nullopt;
  }
  /// A size, or a place that may be the end, of what has `count`; nothing where it is beyond it.
  [[nodiscard]] constexpr std::optional<Number> at_most(Number count) const {
    return said_ <= count ? std::optional(said_) : std::nullopt;
  }
  /// As it was said, whatever it is: to put it into bytes, or under a signature that is about to be
  /// verified. tests/tidy lists the files that may.
  [[nodiscard]] constexpr Number unjudged() const { return said_; }
  /// For sentences.
  [[nodiscard]] std::string text() const { return std::to_string(said_); }

  friend constexpr bool operator==(Claimed, Claimed) = default;
  friend constexpr auto operator<=>(Claimed, Claimed) = default;

 private:
  Number said_ = 0;
};

}  // namespace blo

#endif
