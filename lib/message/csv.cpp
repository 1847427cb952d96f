#include "message/csv.h"

#include <algorithm>

namespace blo::message {
namespace {

/// A cell is at most a text of 4 KiB; past this the quote was never meant to open one.
constexpr std::size_t kQuotedBytesMax = 16 * 1024;

/// How many bytes at the beginning of `text` end a line: 0, 1 or 2.
std::size_t line_end(std::string_view text) {
  if (text.starts_with("\n")) return 1;
  return text.starts_with("\r\n") ? 2 : 0;
}

/// Reads a quoted cell at the beginning of `text` and takes it off; false where it does not end.
bool take_quoted(std::string_view& text, std::string& cell) {
  const std::size_t end = std::min(text.size(), kQuotedBytesMax);
  for (std::size_t at = 1; at < end; ++at) {
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

/// Takes one record with its line end off `text`; the flaw, if there is one, leaves `text`
/// anywhere.
std::string take_record(std::string_view& text, char separator, std::vector<std::string>& cells) {
  for (;;) {
    std::string& cell = cells.emplace_back();
    constexpr const char* kNeverClosed = "has a quote that is never closed";
    if (!text.starts_with('"')) {
      take_plain(text, separator, cell);
    } else if (!take_quoted(text, cell)) {
      return kNeverClosed;
    }
    if (text.empty()) return {};
    if (const std::size_t end = line_end(text); end != 0) {
      text.remove_prefix(end);
      return {};
    }
    if (text[0] != separator) {
      // A quote on a later line is another cell's.
      return cell.find('\n') == std::string::npos ? "goes on after its closing quote"
                                                  : kNeverClosed;
    }
    text.remove_prefix(1);
  }
}

}  // namespace

CsvRecord CsvReader::next() {
  const std::string_view from = rest_;
  CsvRecord record;
  record.flaw = take_record(rest_, separator_, record.cells);
  if (record.flaw.empty()) return record;
  record.flaw_cell = record.cells.size() - 1;
  const std::size_t end = std::min(from.find('\n'), from.size());
  rest_ = from.substr(std::min(end + 1, from.size()));
  record.cells = {std::string(from.substr(0, end))};
  return record;
}

}  // namespace blo::message
