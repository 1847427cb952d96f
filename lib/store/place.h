// Where an entry lies in the tables: journal id and index in one number. Private to lib/store.
#ifndef BLO_STORE_PLACE_H
#define BLO_STORE_PLACE_H

#include "store/journal_store.h"

namespace blo::store {

inline constexpr unsigned kIndexBits = 40;
inline constexpr std::uint64_t kIndexMax = (std::uint64_t{1} << kIndexBits) - 1;

[[nodiscard]] inline bool is_index(std::uint64_t number) { return number <= kIndexMax; }

/// None of an index that no journal can have: a statement it is bound to fails with kOutOfRange.
class Place {
 public:
  Place(const JournalRow& journal, std::uint64_t index) {
    if (!is_index(index)) return;
    number_ =
        static_cast<std::int64_t>((static_cast<std::uint64_t>(journal.id) << kIndexBits) | index);
  }
  [[nodiscard]] const std::optional<std::int64_t>& number() const { return number_; }

 private:
  std::optional<std::int64_t> number_;
};

[[nodiscard]] inline Place place_of(const JournalRow& journal, std::uint64_t index) {
  return {journal, index};
}

[[nodiscard]] inline std::uint64_t index_of(std::int64_t place) {
  return static_cast<std::uint64_t>(place) & kIndexMax;
}

/// Journal id and index.
[[nodiscard]] inline std::pair<std::int64_t, std::uint64_t> split(std::int64_t place) {
  return {place >> kIndexBits, index_of(place)};
}

}  // namespace blo::store

#endif
