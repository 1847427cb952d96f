// Which files an export has: the pure part of reading one.
#ifndef BLO_JOURNAL_EXPORT_LAYOUT_H
#define BLO_JOURNAL_EXPORT_LAYOUT_H

#include "journal/export.h"

namespace blo::journal {

/// The origin whose export_folder() is `name`; nothing for any other name.
[[nodiscard]] std::optional<Origin> parse_export_folder(std::string_view name);

/// What Windows and macOS leave in folders that somebody looked at, on a stick above all. It is no
/// part of an export and counts for nothing.
[[nodiscard]] bool is_left_by_system(std::string_view name);
/// The note of it.
[[nodiscard]] std::string left_by_system(const std::string& place);

/// Hashes (or entries) in tile `n` of `level` in a tree of `size`: 256, fewer in a partial one, 0
/// where there is no such tile.
[[nodiscard]] std::uint64_t tile_width(std::uint64_t size, unsigned level, std::uint64_t n);

/// Whether a journal's folder holds `path` (relative to it) when the journal has `size` entries and
/// `receipt_files` files of receipts.
[[nodiscard]] bool belongs_to_export(std::string_view path, std::uint64_t size,
                                     std::uint64_t receipt_files);

/// Whether `path` may be a folder on the way to such a file: a bound on where a search descends.
[[nodiscard]] bool may_lead_to_file(std::string_view path);

}  // namespace blo::journal

#endif
