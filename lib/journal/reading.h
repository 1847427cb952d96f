// What officers may still do whose certificate is over: read, and renew. The daemon judges a
// request by it and an auditor the act in the trail, with the same functions of values.
#ifndef BLO_JOURNAL_READING_H
#define BLO_JOURNAL_READING_H

#include <span>

#include "journal/entry.h"

namespace blo::journal {

/// How long an officer reads on after the end of the own certificate, while the office's lasts.
inline constexpr std::chrono::days kReadsAfterEnd{30};

/// What a request asks of its officer's certificate.
enum class ActNeeds : std::uint8_t {
  kInForce = 1,  // it sends, releases, certifies, or changes what the office does
  kRenewal,      // the next certificate of an officer who is here
  kReading       // it gives to read what is here, and changes nothing
};

/// Of a request by its number in blo.v1.Request, as an act names it. Whatever is not listed needs a
/// certificate in force.
[[nodiscard]] ActNeeds needs_of(std::uint32_t request);
/// All that are listed; docs/format/trail.md has the same.
struct ListedNeeds {
  std::uint32_t request;
  ActNeeds needs;
};
[[nodiscard]] std::span<const ListedNeeds> listed_needs();

/// When something is asked: the time it is judged at, and the earliest and the latest of what else
/// it may have been, of that and the newest time known before, and of an unsure act's own. A wrong
/// clock is far from one of them, so none alone shuts anybody out.
struct AskedAt {
  explicit AskedAt(WallTime judged) : time(judged), early(judged), late(judged) {}
  void may_be(WallTime other) {
    early = std::min(early, other);
    late = std::max(late, other);
  }
  WallTime time;
  WallTime early;
  WallTime late;
};

/// What validity leaves an officer, where the certificate was neither revoked nor replaced.
enum class Validity : std::uint8_t {
  kNone,        // it has not begun, or is over for longer than kReadsAfterEnd
  kOfficeOver,  // with the office's: reads, and the office has nothing else left
  kOwnOver,     // for at most kReadsAfterEnd, or by a clock that is ahead: reads and is renewed
  kInForce
};
/// Begun, and the office's end, count at the latest of the times, the officer's own end at the
/// earliest one: whoever was in force at the newest time known reads, however wrong the clock.
[[nodiscard]] Validity validity_of(const identity::CertificateDetails& officer,
                                   const identity::CertificateDetails& office, const AskedAt& at);
/// Whether that is enough for what a request needs.
[[nodiscard]] bool suffices(Validity validity, ActNeeds needs);

/// A record that a trail may hold after the end of its office's certificate: it tells of reading,
/// or is what acts stand on (a generation's start, officers, revocations).
[[nodiscard]] bool may_follow_end(const Record& record);

}  // namespace blo::journal

#endif
