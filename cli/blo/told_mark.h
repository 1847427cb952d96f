// Which alarm was told last, so that whoever goes on tells none twice and loses none.
#ifndef BLO_CLI_BLO_TOLD_MARK_H
#define BLO_CLI_BLO_TOLD_MARK_H

#include "failure.h"
#include "layout.h"

namespace blo::cli {

/// A store that was put back from a backup counts its alarms anew: an alarm is that one by its
/// number and by when it was raised.
struct ToldMark {
  std::uint64_t number = 0;  // 0: none was told
  std::uint64_t raised_ms = 0;

  friend bool operator==(const ToldMark&, const ToldMark&) = default;
};

/// A file that is not there is one in which none was told.
[[nodiscard]] Outcome<ToldMark> read_told_mark(const std::filesystem::path& file);
[[nodiscard]] Outcome<void> write_told_mark(const std::filesystem::path& file,
                                            const ToldMark& mark);

}  // namespace blo::cli

#endif
