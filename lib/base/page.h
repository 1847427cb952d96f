// Lists are given page by page: no answer grows with what somebody can make many of.
#ifndef BLO_BASE_PAGE_H
#define BLO_BASE_PAGE_H

#include <algorithm>
#include <optional>

#include "base/limits.h"

namespace blo {

/// A part of a list: the rows behind the one of that key. A key is what a row keeps for ever and
/// what the list is ordered by, so that rows that come or go meanwhile move no other, and the row
/// itself need not be there any more.
template <class Key>
class Page {
 public:
  /// The first one.
  Page() = default;
  /// Of 1 to limits::kPageRowsMax rows; 0, and all that is more, gives as many as there may be.
  Page(std::optional<Key> after, std::size_t rows)
      : after_(std::move(after)),
        rows_(rows == 0 ? limits::kPageRowsMax : std::min(rows, limits::kPageRowsMax)) {}

  /// None: from the beginning.
  [[nodiscard]] const std::optional<Key>& after() const { return after_; }
  [[nodiscard]] std::size_t rows() const { return rows_; }
  /// What is looked up for it: one row more says that another page follows.
  [[nodiscard]] std::size_t rows_sought() const { return rows_ + 1; }

 private:
  std::optional<Key> after_;
  std::size_t rows_ = limits::kPageRowsMax;
};

/// What still goes into one page.
class PageRoom {
 public:
  explicit PageRoom(std::size_t rows) : rows_(rows) {}

  /// Whether a row of so many bytes goes in. The first always does, and after one that does not
  /// none does: a page has no gaps.
  [[nodiscard]] bool take(std::size_t bytes) {
    const bool first = taken_ == 0;
    const bool fits = taken_ < rows_ && bytes <= limits::kPageBytesMax - std::min(bytes_, kAll);
    full_ = full_ || (!first && !fits);
    if (full_) return false;
    ++taken_;
    bytes_ += std::min(bytes, kAll);
    return true;
  }
  /// A row did not go in: it begins the next page.
  [[nodiscard]] bool full() const { return full_; }

 private:
  static constexpr std::size_t kAll = limits::kPageBytesMax;
  std::size_t rows_;
  std::size_t taken_ = 0;
  std::size_t bytes_ = 0;
  bool full_ = false;
};

}  // namespace blo

#endif
