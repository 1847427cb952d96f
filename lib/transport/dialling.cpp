#include "transport/dialling.h"

#include <algorithm>

namespace blo::transport {
namespace {

/// So many doublings are over the longest wait.
constexpr unsigned kStepsMax = 11;
static_assert(Dialling::kFirst * (1U << kStepsMax) >= Dialling::kMax);

}  // namespace

bool Dialling::due(SteadyTime now, Errand errand) const {
  if (errand == Errand::kNone || under_way_) return false;
  if (errand == Errand::kAnswer && last_ended_ && now - *last_ended_ < kMax) return false;
  return !next_ || now >= *next_;
}

void Dialling::wait_longer(SteadyTime now, std::uint32_t random) {
  const auto whole = std::min<milliseconds>(kMax, kFirst * (1LL << steps_));
  steps_ = std::min(steps_ + 1, kStepsMax);
  const auto half = static_cast<std::uint32_t>(whole.count() / 2);
  waited_ = milliseconds(half + random % (half + 1));
  next_ = now + waited_;
}

void Dialling::failed(SteadyTime now, std::uint32_t random) {
  under_way_ = false;
  wait_longer(now, random);
}

void Dialling::ended(SteadyTime now, const Ended& how, std::uint32_t random) {
  last_ended_ = now;
  if (how.of_use && *how.of_use >= kOfUse) {
    steps_ = 0;
  } else if (how.of_use && how.by_the_line && *how.of_use >= waited_) {
    steps_ /= 2;
  }
  wait_longer(now, random);
}

void Dialling::soon() {
  steps_ = 0;
  waited_ = milliseconds(0);
  next_.reset();
  last_ended_.reset();
}

milliseconds Dialling::wait(SteadyTime now) const {
  return next_ && *next_ > now ? *next_ - now : milliseconds(0);
}

}  // namespace blo::transport
