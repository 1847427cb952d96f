// How many entries went each way, in all pairings together.
#ifndef BLO_OFFICE_ENTRY_COUNTS_H
#define BLO_OFFICE_ENTRY_COUNTS_H

#include "office/office.h"

namespace blo::office {

struct EntryCounts {
  std::uint64_t accepted = 0;   // into our journals
  std::uint64_t received = 0;   // of the counterparts'
  std::uint64_t receipted = 0;  // of ours, by them
  std::uint64_t refused = 0;    // of those received

  friend bool operator==(const EntryCounts&, const EntryCounts&) = default;
};

/// As the journals are now, in all generations.
[[nodiscard]] EntryCounts count_entries(const Office& office);
/// What came between; nothing goes below 0.
[[nodiscard]] EntryCounts between(const EntryCounts& before, const EntryCounts& now);
/// "accepted 12, received 30, receipted 12, refused 1"
[[nodiscard]] std::string to_text(const EntryCounts& counts);

}  // namespace blo::office

#endif
