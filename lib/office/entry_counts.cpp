#include "office/entry_counts.h"

namespace blo::office {

EntryCounts count_entries(const Office& office) {
  EntryCounts counts;
  for (const auto& pair : office.pairs()) {
    for (const auto* row : pair->generations(true)) {
      counts.accepted += row->size();
      // A generation is closed once all of it has its receipt.
      if (row->id != pair->sent->row.id) counts.receipted += row->size();
    }
    if (pair->sent && pair->sent->head) counts.receipted += pair->sent->head->checkpoint.size;
    for (const auto* row : pair->generations(false)) {
      counts.received += row->size();
      counts.refused += row->refused;
    }
  }
  return counts;
}

EntryCounts between(const EntryCounts& before, const EntryCounts& now) {
  const auto grown = [](std::uint64_t from, std::uint64_t to) { return to - std::min(from, to); };
  return {grown(before.accepted, now.accepted), grown(before.received, now.received),
          grown(before.receipted, now.receipted), grown(before.refused, now.refused)};
}

std::string to_text(const EntryCounts& counts) {
  return "accepted " + std::to_string(counts.accepted) + ", received " +
         std::to_string(counts.received) + ", receipted " + std::to_string(counts.receipted) +
         ", refused " + std::to_string(counts.refused);
}

}  // namespace blo::office
