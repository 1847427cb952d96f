// Which log belongs to which database. SQLite puts any log that is whole over any database beside
// it: where one of the two was copied back alone, the result is of two times, and most of it reads
// well.
#ifndef BLO_STORE_LOG_MARK_H
#define BLO_STORE_LOG_MARK_H

#include <cstdint>
#include <filesystem>

#include "base/result.h"
#include "store/error.h"

namespace blo::store {

/// The four bytes of a database's header that are the application's (SQLite's user_version): the
/// schema's number in the lower eight bits, and above them a mark that goes on, and wraps.
///
///     even ── first transaction of a log ──► odd ── last before the log is moved ──► the next even
///
/// So what a log makes of its own database's mark is that mark and at most two more; of another's
/// it is less, or more than that. A mark that could not be written (the disk is full) lets one such
/// pair pass.
struct HeaderNumber {
  std::uint8_t schema = 0;
  std::uint32_t mark = 0;  // 23 bits

  [[nodiscard]] static HeaderNumber of(std::int64_t user_version);
  [[nodiscard]] std::int64_t user_version() const;
  [[nodiscard]] HeaderNumber log_begun() const;
  [[nodiscard]] HeaderNumber log_over() const;
};

/// `own`: the database's without its log; `both`: what the log makes of it.
[[nodiscard]] bool belong_together(HeaderNumber own, HeaderNumber both);

/// The number in the file itself, whatever its log says. kCorrupt: there is no header. Call it
/// before the database is opened: closing a file gives up every lock this process has on it.
[[nodiscard]] Result<HeaderNumber> own_number(const std::filesystem::path& database);

}  // namespace blo::store

#endif
