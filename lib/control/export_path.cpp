#include "control/export_path.h"

#include <algorithm>

namespace blo::control {
namespace {

constexpr std::size_t kPathCharactersMax = 255;
constexpr std::size_t kPartsMax = 12;

bool is_alphanumeric(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool is_part(std::string_view part) {
  return !part.empty() && is_alphanumeric(part.front()) && std::ranges::all_of(part, [](char c) {
    return is_alphanumeric(c) || c == '.' || c == '_' || c == '-';
  });
}

}  // namespace

std::vector<std::string> export_path_parts(std::string_view path) {
  if (path.size() > kPathCharactersMax) return {};
  std::vector<std::string> parts;
  for (;;) {
    const auto slash = path.find('/');
    const auto part = path.substr(0, slash);
    if (!is_part(part) || parts.size() == kPartsMax) return {};
    parts.emplace_back(part);
    if (slash == std::string_view::npos) return parts;
    path.remove_prefix(slash + 1);
  }
}

}  // namespace blo::control
