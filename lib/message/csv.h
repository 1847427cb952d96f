// Records of a CSV text (RFC 4180), one at a time. Private to lib/message.
#ifndef BLO_MESSAGE_CSV_H
#define BLO_MESSAGE_CSV_H

#include <string>
#include <string_view>
#include <vector>

namespace blo::message {

struct CsvRecord {
  std::vector<std::string> cells;  // unquoted
  std::string flaw;  // "has a quote that is never closed"; then `cells` is the raw line alone
  std::size_t flaw_cell = 0;  // the cell it happened to, from 0
};

/// Reads records that end with LF or CRLF. Cells may be quoted, a quote inside is doubled, and a
/// quoted cell may hold separators and line ends. A quote inside an unquoted cell stands for
/// itself. A record with broken quoting ends with its line, so that the next one is read as it
/// stands.
class CsvReader {
 public:
  /// `text` must outlive the reader.
  CsvReader(std::string_view text, char separator) : rest_(text), separator_(separator) {}

  [[nodiscard]] bool done() const { return rest_.empty(); }
  /// The next record; only while not done().
  [[nodiscard]] CsvRecord next();

 private:
  std::string_view rest_;
  char separator_;
};

}  // namespace blo::message

#endif
