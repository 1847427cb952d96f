#include "base/nearest.h"

#include <algorithm>

namespace blo {
namespace {

/// Nobody mistypes so long a word, and the table grows with its length.
constexpr std::size_t kWordBytesMax = 64;
constexpr std::size_t kBeginningBytesMin = 3;

std::size_t slips_max(std::size_t letters) {
  if (letters < kBeginningBytesMin) return 0;
  return letters < 7 ? 1 : letters < 11 ? 2 : 3;
}

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string mapped(std::string_view text, char (*map)(char)) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), map);
  return result;
}

std::size_t distance(const std::string& typed, const std::string& known) {
  if (typed.size() >= kBeginningBytesMin && known.size() > typed.size() &&
      known.starts_with(typed)) {
    return 1;
  }
  return slips_between(typed, known);
}

}  // namespace

std::string ascii_upper(std::string_view text) { return mapped(text, upper); }
std::string ascii_lower(std::string_view text) { return mapped(text, lower); }

std::size_t slips_between(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before_last.swap(last);
    last.swap(row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] =
          std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
  }
  return row[b.size()];
}

std::vector<std::string> nearest(std::string_view word, std::span<const std::string> known) {
  std::vector<std::string> found;
  if (word.size() > kWordBytesMax) return found;
  const std::string typed = ascii_lower(word);
  std::size_t least = slips_max(typed.size());
  for (const std::string& one : known) {
    if (one.size() > kWordBytesMax) continue;
    const std::size_t slips = distance(typed, ascii_lower(one));
    if (slips > least) continue;
    if (slips < least) found.clear();
    least = slips;
    found.push_back(one);
  }
  return found;
}

}  // namespace blo
