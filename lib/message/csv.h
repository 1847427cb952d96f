// Records of a CSV text (RFC 4180), one at a time, with the lines that each takes. Private to
// lib/message.
#ifndef BLO_MESSAGE_CSV_H
#define BLO_MESSAGE_CSV_H

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace blo::message {

struct CsvRecord {
  std::vector<std::string> cells;  // unquoted
  std::string flaw;           // "has a quote that is never closed"; then `cells` is the raw line
  std::size_t flaw_cell = 0;  // the cell it happened to, from 0
  std::uint64_t lines = 1;    // more where a cell has line ends
};

/// What a quoted cell may hold besides separators.
enum class CsvCells {
  kOneLine,   // a stray quote ends with its line and takes no other lines with it
  kManyLines  // line ends, too
};

/// Reads records that end with LF or CRLF. Cells may be quoted, and a quote inside is doubled.
/// Inside an unquoted cell quotes stand for themselves where they pair up. A record with broken
/// quoting ends with its line, so that the next one is read as it stands; so does one whose cell
/// would hold what looks like a whole record: a quote is missing before it.
class CsvReader {
 public:
  /// `text` must outlive the reader.
  CsvReader(std::string_view text, char separator, CsvCells cells)
      : rest_(text), separator_(separator), cells_(cells) {}

  [[nodiscard]] bool done() const { return rest_.empty(); }
  /// The next record; only while not done().
  [[nodiscard]] CsvRecord next();

 private:
  [[nodiscard]] std::string take_record(std::vector<std::string>& cells);
  [[nodiscard]] std::string take_cell(std::string& cell);

  std::string_view rest_;
  char separator_;
  CsvCells cells_;
  std::size_t columns_ = 0;  // of the first record
};

}  // namespace blo::message

#endif
