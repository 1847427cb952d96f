// The fenced blocks of a page in docs/format that stand after "<!-- example: name -->".
#ifndef BLO_TESTS_UNIT_PAGE_H
#define BLO_TESTS_UNIT_PAGE_H

#include <catch2/catch.hpp>

#include "base/file.h"
#include "base/hex.h"

namespace blo::test {

class Page {
 public:
  explicit Page(const std::string& name) {
    const auto bytes = read_file(BLO_DOCS "/format/" + name, 1U << 20U);
    REQUIRE(bytes.has_value());
    text_ = blo::to_string(ByteView(*bytes));
  }
  [[nodiscard]] std::string example(const std::string& name) const {
    INFO(name);
    const auto mark = text_.find("<!-- example: " + name + " -->\n\n```\n");
    REQUIRE(mark != std::string::npos);
    const auto begin = text_.find("```\n", mark) + 4;
    const auto end = text_.find("```\n", begin);
    REQUIRE(end != std::string::npos);
    return text_.substr(begin, end - begin);
  }
  /// How many examples the page has, so that none goes unchecked.
  [[nodiscard]] std::size_t count() const {
    std::size_t found = 0;
    for (auto at = text_.find("<!-- example: "); at != std::string::npos;
         at = text_.find("<!-- example: ", at + 1)) {
      ++found;
    }
    return found;
  }

 private:
  std::string text_;
};

inline std::string hex_lines(ByteView bytes) {
  const std::string hex = to_hex(bytes);
  std::string lines;
  for (std::size_t at = 0; at < hex.size(); at += 64) lines += hex.substr(at, 64) + "\n";
  return lines;
}

/// first, first + 1, …
inline Bytes counting(Byte first, std::size_t size) {
  Bytes bytes;
  for (std::size_t i = 0; i < size; ++i) bytes.push_back(static_cast<Byte>(first + i));
  return bytes;
}

}  // namespace blo::test

#endif
