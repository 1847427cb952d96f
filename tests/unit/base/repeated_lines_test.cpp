// Diagnostics count what repeats itself.
#include "base/repeated_lines.h"

#include <catch2/catch.hpp>

namespace blo::diag {
namespace {

constexpr SteadyTime kStart{milliseconds(1'000'000)};

}  // namespace

TEST_CASE("a line that repeats itself is written the first time and then with its count") {
  RepeatedLines lines;
  std::vector<std::string> written;
  for (int i = 0; i < 1000; ++i) {
    if (auto line = lines.note("connected", kStart + seconds(i))) written.push_back(*line);
  }
  CHECK(written == std::vector<std::string>{"connected", "connected (10 times in 1 min)",
                                            "connected (100 times in 2 min)",
                                            "connected (1000 times in 17 min)"});
}

TEST_CASE("lines that differ in their numbers alone are one") {
  RepeatedLines lines;
  CHECK(lines.note("silent for 91 s", kStart) == "silent for 91 s");
  CHECK_FALSE(lines.note("silent for 102 s", kStart));
  CHECK(lines.note("silent for ever", kStart));
}

TEST_CASE("after an hour a line is written again") {
  RepeatedLines lines;
  CHECK(lines.note("ended", kStart));
  CHECK_FALSE(lines.note("ended", kStart + RepeatedLines::kQuiet - seconds(1)));
  CHECK(lines.note("ended", kStart + RepeatedLines::kQuiet) == "ended");
}

TEST_CASE("whatever somebody says the lines written stay few") {
  RepeatedLines lines;
  std::size_t written = 0;
  for (int i = 0; i < 10'000; ++i) {
    // Another word each time, without a number in it.
    std::string word;
    for (int rest = i; rest > 0; rest /= 26) word += static_cast<char>('a' + rest % 26);
    if (lines.note(word, kStart)) ++written;
  }
  CHECK(written <= RepeatedLines::kTold + 5);
}

}  // namespace blo::diag
