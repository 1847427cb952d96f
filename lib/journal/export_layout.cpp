#include "journal/export_layout.h"

namespace blo::journal {
namespace {

constexpr unsigned kLevelsMax = 8;         // 256^8 entries
constexpr std::size_t kPathCharsMax = 64;  // "tile/entries/x009/…/807.p/255" is shorter

/// The number in a tile path without a partial width; nothing unless tile_path() writes it so.
std::optional<std::uint64_t> parse_tile_path(std::string_view path) {
  std::string digits;
  for (const char c : path) {
    if (c >= '0' && c <= '9') digits += c;
  }
  const auto first = digits.find_first_not_of('0');
  const auto n = parse_decimal(first == digits.npos ? "0" : digits.substr(first));
  if (digits.empty() || !n || tile_path(*n) != path) return std::nullopt;
  return n;
}

/// Whether `path`, below a level's folder, is the tile that a tree of `size` has there.
bool is_tile(std::string_view path, std::uint64_t size, unsigned level) {
  const auto partial = path.find(".p/");
  const auto n = parse_tile_path(path.substr(0, partial));
  if (!n) return false;
  const std::uint64_t width = tile_width(size, level, *n);
  return width > 0 && tile_path(*n, width) == path;
}

bool take(std::string_view& path, std::string_view prefix) {
  if (!path.starts_with(prefix)) return false;
  path.remove_prefix(prefix.size());
  return true;
}

}  // namespace

std::optional<Origin> parse_export_folder(std::string_view name) {
  std::string text(name);
  std::ranges::replace(text, '_', '/');
  auto origin = Origin::parse(text);
  if (!origin || export_folder(*origin) != name) return std::nullopt;
  return origin;
}

bool is_left_by_system(std::string_view name) {
  constexpr std::array<std::string_view, 5> kNames = {"Thumbs.db", "desktop.ini", ".DS_Store",
                                                      "System Volume Information", "$RECYCLE.BIN"};
  return std::ranges::find(kNames, name) != kNames.end();
}

std::string left_by_system(const std::string& place) {
  return place + " was left by a system that showed the folder, and counts for nothing";
}

std::uint64_t tile_width(std::uint64_t size, unsigned level, std::uint64_t n) {
  if (level >= kLevelsMax) return 0;
  const std::uint64_t hashes = size >> (8 * level);
  const std::uint64_t full = hashes / kTileWidth;
  if (n < full) return kTileWidth;
  return n == full ? hashes % kTileWidth : 0;
}

bool belongs_to_export(std::string_view path, std::uint64_t size, std::uint64_t receipt_files) {
  if (path == "checkpoint" || path == "policy" || path == "certificates.pem") return true;
  if (take(path, "receipts/")) {
    const auto n = parse_tile_path(path);
    return n && *n < receipt_files;
  }
  if (!take(path, "tile/")) return false;
  if (take(path, "entries/")) return is_tile(path, size, 0);
  if (path.size() < 2 || path[0] < '0' || path[0] >= '0' + static_cast<char>(kLevelsMax) ||
      path[1] != '/') {
    return false;
  }
  return is_tile(path.substr(2), size, static_cast<unsigned>(path[0] - '0'));
}

bool may_lead_to_file(std::string_view path) {
  return path.size() <= kPathCharsMax &&
         (path == "tile" || path == "receipts" || path.starts_with("tile/") ||
          path.starts_with("receipts/"));
}

}  // namespace blo::journal
