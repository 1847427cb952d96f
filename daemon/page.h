// The pages of lists as the control socket carries them: of blo.v1.Page, and of the rows answered.
#ifndef BLO_DAEMON_PAGE_H
#define BLO_DAEMON_PAGE_H

#include "base/page.h"
#include "base/result.h"
#include "office/error.h"

namespace blo::daemon {

/// What a client asks for. `parse` reads a key as the list's own `next` wrote it, from anything
/// that a client may send; whatever else comes is kMalformed.
template <class Key, class Wire, class Parse>
[[nodiscard]] Result<Page<Key>> read_page(const Wire& in, const Parse& parse) {
  if (in.after().empty()) return Page<Key>({}, in.rows());
  std::optional<Key> after;
  if (in.after().size() <= limits::kPageKeyBytesMax) after = parse(in.after());
  if (!after) return Error(office::OfficeError::kMalformed, "the row that a page stands behind");
  return Page<Key>(std::move(after), in.rows());
}

/// The rows of one answer, and where the next one begins. They are added in the list's order, until
/// one does not go in.
template <class Rows>
class PageAnswer {
 public:
  using Row = typename Rows::value_type;
  PageAnswer(std::size_t rows, Rows& out) : room_(rows), out_(out) {}

  /// False: the page is full, and this row is the next one's.
  [[nodiscard]] bool add(Row row, std::string key) {
    if (!room_.take(row.ByteSizeLong())) return false;
    *out_.Add() = std::move(row);
    last_ = std::move(key);
    return true;
  }
  /// The last row's key, where more follow; else empty.
  [[nodiscard]] std::string next() const { return room_.full() ? last_ : std::string(); }

 private:
  PageRoom room_;
  Rows& out_;
  std::string last_;
};

}  // namespace blo::daemon

#endif
