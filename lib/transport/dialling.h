// When a counterpart is dialled: decisions about time, with no socket and no clock in them.
#ifndef BLO_TRANSPORT_DIALLING_H
#define BLO_TRANSPORT_DIALLING_H

#include <optional>

#include "base/clock.h"

namespace blo::transport {

/// What a session with the counterpart would bring now.
enum class Errand {
  kNone,      // nothing would be said
  kExchange,  // messages, or what this office lost and is given back
  kAnswer,    // this office has all it can get; the counterpart may ask for what it lost
};

/// How a session came to its end.
struct Ended {
  /// How long it was of use; none: the heads never agreed, and nothing was given back.
  std::optional<milliseconds> of_use;
  bool by_the_line = false;  // neither side decided it
};

/// When one counterpart is dialled. The wait doubles from kFirst to kMax, whatever became of each
/// attempt: a session that syncs and then ends is not yet one that works. Only one that was of use
/// for kOfUse lets it begin anew. A line that breaks, after it was of use for longer than was
/// waited for it, costs half of the steps, so that a bad line is used for about half of the time.
class Dialling {
 public:
  static constexpr milliseconds kFirst{200};
  static constexpr milliseconds kMax{5LL * 60 * 1000};
  static constexpr milliseconds kOfUse{60'000};

  [[nodiscard]] bool due(SteadyTime now, Errand errand) const;
  /// An attempt is under way until failed(), opened() or given_up().
  void began() { under_way_ = true; }
  void opened() { under_way_ = false; }
  void given_up() { under_way_ = false; }
  /// No session came of it. `random` decides between half of the wait and all of it, so that two
  /// offices do not meet in step for ever.
  void failed(SteadyTime now, std::uint32_t random);
  /// A session ended, whichever side had dialled.
  void ended(SteadyTime now, const Ended& how, std::uint32_t random);
  /// A person did something that a session may now be good for.
  void soon();

  /// Until the next attempt.
  [[nodiscard]] milliseconds wait(SteadyTime now) const;

 private:
  void wait_longer(SteadyTime now, std::uint32_t random);

  unsigned steps_ = 0;  // of doubling
  milliseconds waited_{0};
  std::optional<SteadyTime> next_;        // none: at once
  std::optional<SteadyTime> last_ended_;  // of a session
  bool under_way_ = false;
};

}  // namespace blo::transport

#endif
