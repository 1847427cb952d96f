#include "base/page.h"

#include <catch2/catch.hpp>
#include <string>

namespace blo {

TEST_CASE("a page has at least one row and at most as many as there may be") {
  const auto rows = [](std::size_t asked) { return Page<int>({}, asked).rows(); };
  CHECK(rows(0) == limits::kPageRowsMax);
  CHECK(rows(1) == 1);
  CHECK(rows(limits::kPageRowsMax) == limits::kPageRowsMax);
  CHECK(rows(limits::kPageRowsMax + 1) == limits::kPageRowsMax);
  CHECK(rows(SIZE_MAX) == limits::kPageRowsMax);
  CHECK(Page<int>().rows() == limits::kPageRowsMax);
  CHECK_FALSE(Page<int>().after());
  CHECK(Page<int>(7, 3).after() == 7);
  CHECK(Page<int>(7, 3).rows_sought() == 4);  // the fourth says that there is another page
}

TEST_CASE("a page ends at its last row and has no gaps") {
  PageRoom room(2);
  CHECK(room.take(10));
  CHECK(room.take(10));
  CHECK_FALSE(room.full());  // nothing more has come
  CHECK_FALSE(room.take(10));
  CHECK(room.full());
  CHECK_FALSE(room.take(0));
}

TEST_CASE("a page ends before the row that would make it too long") {
  PageRoom room(100);
  CHECK(room.take(limits::kPageBytesMax - 1));
  CHECK_FALSE(room.take(2));
  CHECK(room.full());
  CHECK_FALSE(room.take(1));  // it would fit, and stands behind one that did not
  PageRoom exact(100);
  CHECK(exact.take(limits::kPageBytesMax - 1));
  CHECK(exact.take(1));
  CHECK_FALSE(exact.take(1));
}

TEST_CASE("a row of any length is a page of its own so that every list goes on") {
  for (const std::size_t bytes : {limits::kPageBytesMax, limits::kPageBytesMax + 1, SIZE_MAX}) {
    PageRoom room(100);
    CHECK(room.take(bytes));
    CHECK_FALSE(room.take(1));
    CHECK(room.full());
  }
}

}  // namespace blo
