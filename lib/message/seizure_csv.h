// The UNODC Individual Drug Seizures columns, row by row.
#ifndef BLO_MESSAGE_SEIZURE_CSV_H
#define BLO_MESSAGE_SEIZURE_CSV_H

#include <functional>

#include "message/message.h"

namespace blo::message {

/// One data row: content of a seizure notice, or why not. Rows are numbered as a spreadsheet
/// numbers them: the header is row 1.
struct SeizureRow {
  std::uint64_t row = 0;
  Result<Bytes> content = Bytes();
  /// The row's cells and how many equal rows stood before it, unambiguously joined: the same row of
  /// the same file always has the same identity, two equal rows of one file have different ones.
  /// The importer hashes it.
  Bytes identity;
};

/// Reads `;`- or `,`-separated UTF-8 (RFC 4180 quoting, byte order mark tolerated) with a header
/// row that names the UNODC columns. Calls `take` for every data row, good or bad. An error is one
/// of the whole file: no header, a required column missing, not UTF-8.
[[nodiscard]] Result<void> read_seizure_csv(std::string_view csv,
                                            const std::function<void(SeizureRow)>& take);

}  // namespace blo::message

#endif
