// How many sessions may be open, and which one gives way.
#ifndef BLO_OFFICE_SESSIONS_H
#define BLO_OFFICE_SESSIONS_H

#include <cstdint>
#include <optional>
#include <span>

namespace blo::office {

/// What counts of an open session.
struct SessionFacts {
  const void* counterpart;  // the same for all of one
  std::uint64_t opened;     // ascends
  bool ending;              // this side has ended it; the other has not hung up yet
  bool heard_hello;
  bool talks;  // the one that compares and moves journals
};

struct SessionLimits {
  std::size_t per_counterpart;
  std::size_t in_all;
};

/// Where the new session, the last of `sessions`, is one too many: the place of the one that ends
/// at once. Of its own counterpart's where that has too many; else, where all together are too
/// many, of the counterpart's with the most, so that each of the others finds room. Among those
/// first one that is ending, then one without a Hello, then one that does not talk; the oldest of
/// them. One that talks never gives way.
[[nodiscard]] std::optional<std::size_t> gives_way(std::span<const SessionFacts> sessions,
                                                   const SessionLimits& limits);

}  // namespace blo::office

#endif
