// The UNODC Individual Drug Seizures columns, row by row.
#ifndef BLO_MESSAGE_SEIZURE_CSV_H
#define BLO_MESSAGE_SEIZURE_CSV_H

#include <functional>

#include "message/message.h"

namespace blo::message {

enum class TableEncoding {
  kUnicode,     // UTF-8, or UTF-16 that begins with its byte order mark
  kWindows1251  // as Windows in Russian saves what is plain text
};

/// How a table is to be read, where the table itself does not tell.
struct TableForm {
  TableEncoding encoding = TableEncoding::kUnicode;
  bool multiline = false;  // a cell may hold line ends; else a quote ends with its line
};

/// One data row: content of a seizure notice, or why not. Rows are numbered as a spreadsheet
/// numbers them: the header is row 1.
struct SeizureRow {
  std::uint64_t row = 0;
  Result<Bytes> content = Bytes();
  /// Of a row with a content: that, and how many equal ones stood before it. The same notice of the
  /// same file always has the same identity, whatever stands in columns that nobody sends; two
  /// equal ones of one file have different ones. The importer hashes it.
  Bytes identity;
};

/// What became of the lines below the header: each row takes one, save for those here.
struct TableLines {
  std::uint64_t all = 0;
  std::uint64_t blank = 0;      // nothing but separators and blanks: no row
  std::uint64_t continued = 0;  // they go on with the row before
};

/// Reads a table of `;`, `,` or tabs (RFC 4180 quoting) with a header row that names the UNODC
/// columns. Days stand as 2024-03-07 or 07.03.2024, amounts with a point or, where no comma
/// separates cells, a comma. Calls `take` for every data row, good or bad. An error is one of the
/// whole file: no header, a required column missing, another encoding, what is wrong in every row.
[[nodiscard]] Result<TableLines> read_seizure_csv(std::string_view csv, const TableForm& form,
                                                  const std::function<void(SeizureRow)>& take);

}  // namespace blo::message

#endif
