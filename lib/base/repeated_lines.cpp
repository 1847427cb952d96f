#include "base/repeated_lines.h"

#include <algorithm>

namespace blo::diag {
namespace {

/// A line without its numbers.
std::string form_of(std::string_view line) {
  std::string form;
  for (const char c : line) {
    const bool digit = c >= '0' && c <= '9';
    if (!digit) form += c;
    if (digit && (form.empty() || form.back() != '#')) form += '#';
  }
  return form;
}

}  // namespace

std::optional<std::string> RepeatedLines::note(std::string_view line, SteadyTime now) {
  std::erase_if(seen_, [now](const auto& one) { return now - one.second.since >= kQuiet; });
  std::string form = form_of(line);
  if (!seen_.contains(form) && seen_.size() >= kTold) form.clear();
  auto& seen = seen_.try_emplace(std::move(form), Seen{now}).first->second;
  if (++seen.times != seen.tell_at) return std::nullopt;
  seen.tell_at *= 10;
  if (seen.times == 1) return std::string(line);
  const auto minutes = std::chrono::ceil<std::chrono::minutes>(now - seen.since);
  return std::string(line) + " (" + std::to_string(seen.times) + " times in " +
         std::to_string(std::max<std::int64_t>(minutes.count(), 1)) + " min)";
}

}  // namespace blo::diag
