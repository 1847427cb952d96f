#include "daemon/page.h"

#include <catch2/catch.hpp>

namespace blo::daemon {
namespace {

/// As blo.v1.Page.
struct Asked {
  std::string behind;
  std::uint32_t at_most = 0;
  [[nodiscard]] const std::string& after() const { return behind; }
  [[nodiscard]] std::uint32_t rows() const { return at_most; }
};

std::optional<char> parse_letter(const std::string& text) {
  return text.size() == 1 ? std::optional(text.front()) : std::nullopt;
}

struct Row {
  std::size_t bytes;
  [[nodiscard]] std::size_t ByteSizeLong() const { return bytes; }
};

/// As a repeated field of an answer.
struct Rows {
  using value_type = Row;
  std::vector<Row> held;
  Row* Add() { return &held.emplace_back(); }
};

}  // namespace

TEST_CASE("a page begins behind a row that was named by its key and behind nothing else") {
  const auto read = [](Asked asked) { return read_page<char>(asked, parse_letter); };
  CHECK_FALSE(read({"", 3})->after());
  CHECK(read({"", 3})->rows() == 3);
  CHECK(read({"a", 0})->after() == 'a');
  CHECK(read({"a", UINT32_MAX})->rows() == limits::kPageRowsMax);
  CHECK(read({"ab", 3}).error() == office::OfficeError::kMalformed);
  bool looked_at = false;
  const auto long_key = read_page<char>(Asked{std::string(limits::kPageKeyBytesMax + 1, 'a'), 3},
                                        [&](const std::string&) -> std::optional<char> {
                                          looked_at = true;
                                          return 'a';
                                        });
  CHECK(long_key.error() == office::OfficeError::kMalformed);
  CHECK_FALSE(looked_at);
}

TEST_CASE("an answer names its last row where more follow and nothing where none do") {
  Rows rows;
  PageAnswer answer(2, rows);
  CHECK(answer.next().empty());
  CHECK(answer.add({10}, "a"));
  CHECK(answer.add({10}, "b"));
  CHECK(answer.next().empty());
  CHECK_FALSE(answer.add({10}, "c"));
  CHECK(answer.next() == "b");
  CHECK_FALSE(answer.add({10}, "d"));
  CHECK(answer.next() == "b");
  CHECK(rows.held.size() == 2);
}

TEST_CASE("an answer ends before the row that would make it too long") {
  Rows rows;
  PageAnswer answer(200, rows);
  CHECK(answer.add({2 * limits::kPageBytesMax}, "alone"));
  CHECK_FALSE(answer.add({1}, "b"));
  CHECK(answer.next() == "alone");
  CHECK(rows.held.size() == 1);
}

}  // namespace blo::daemon
