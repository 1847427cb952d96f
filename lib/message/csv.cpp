#include "message/csv.h"

#include <algorithm>

namespace blo::message {
namespace {

/// A cell is at most a text of 4 KiB; past this the quote was never meant to open one.
constexpr std::size_t kQuotedBytesMax = 16 * 1024;

constexpr const char* kNeverClosed = "has a quote that is never closed";
constexpr const char* kNotOnItsLine =
    "has a quote that is not closed on its line; a table whose cells have line ends is imported "
    "with --multiline";

/// How many bytes at the beginning of `text` end a line: 0, 1 or 2.
std::size_t line_end(std::string_view text) {
  if (text.starts_with("\n")) return 1;
  return text.starts_with("\r\n") ? 2 : 0;
}

/// Reads a quoted cell at the beginning of `text` and takes it off; false where it does not end.
bool take_quoted(std::string_view& text, std::string& cell, CsvCells cells) {
  const std::size_t end = std::min(text.size(), kQuotedBytesMax);
  for (std::size_t at = 1; at < end; ++at) {
    if (text[at] == '\n' && cells == CsvCells::kOneLine) return false;
    if (text[at] != '"') {
      cell += text[at];
    } else if (at + 1 < text.size() && text[at + 1] == '"') {
      cell += text[at++];
    } else {
      text.remove_prefix(at + 1);
      return true;
    }
  }
  return false;
}

void take_plain(std::string_view& text, char separator, std::string& cell) {
  std::size_t at = 0;
  while (at < text.size() && text[at] != separator && line_end(text.substr(at, 2)) == 0) ++at;
  cell = text.substr(0, at);
  text.remove_prefix(at);
}

/// A line inside of it has as many separators as a record.
bool holds_a_record(std::string_view cell, char separator, std::size_t columns) {
  for (std::size_t end = cell.find('\n'); end != std::string_view::npos;) {
    cell.remove_prefix(end + 1);
    end = cell.find('\n');
    const auto line = cell.substr(0, end);
    if (std::ranges::count(line, separator) + 1 >= static_cast<std::ptrdiff_t>(columns))
      return true;
  }
  return false;
}

}  // namespace

/// The flaw, if there is one, leaves `rest_` anywhere.
std::string CsvReader::take_cell(std::string& cell) {
  if (!rest_.starts_with('"')) {
    take_plain(rest_, separator_, cell);
    return std::ranges::count(cell, '"') % 2 == 0 ? "" : "has a quote that opens nothing";
  }
  if (!take_quoted(rest_, cell, cells_))
    return cells_ == CsvCells::kOneLine ? kNotOnItsLine : kNeverClosed;
  if (columns_ > 1 && holds_a_record(cell, separator_, columns_))
    return "has a quote that takes the next rows into its cell";
  return {};
}

/// Takes one record with its line end off `rest_`.
std::string CsvReader::take_record(std::vector<std::string>& cells) {
  for (;;) {
    std::string& cell = cells.emplace_back();
    if (auto flaw = take_cell(cell); !flaw.empty()) return flaw;
    if (rest_.empty()) return {};
    if (const std::size_t end = line_end(rest_); end != 0) {
      rest_.remove_prefix(end);
      return {};
    }
    if (rest_[0] != separator_) {
      // A quote on a later line is another cell's.
      return cell.find('\n') == std::string::npos ? "goes on after its closing quote"
                                                  : kNeverClosed;
    }
    rest_.remove_prefix(1);
  }
}

CsvRecord CsvReader::next() {
  const std::string_view from = rest_;
  CsvRecord record;
  record.flaw = take_record(record.cells);
  if (!record.flaw.empty()) {
    record.flaw_cell = record.cells.size() - 1;
    const std::size_t end = std::min(from.find('\n'), from.size());
    rest_ = from.substr(std::min(end + 1, from.size()));
    record.cells = {std::string(from.substr(0, end))};
    return record;
  }
  if (columns_ == 0) columns_ = record.cells.size();
  const auto taken = from.substr(0, from.size() - rest_.size());
  const auto ends = static_cast<std::uint64_t>(std::ranges::count(taken, '\n'));
  record.lines = ends + (taken.ends_with('\n') ? 0 : 1);
  return record;
}

}  // namespace blo::message
