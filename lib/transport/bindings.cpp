#include "transport/bindings.h"

#include <algorithm>

namespace blo::transport {

void Bindings::failed(std::size_t place, const std::string& address, const std::string& why,
                      SteadyTime now) {
  const auto [entry, first] = waiting_.try_emplace(place);
  Waiting& waiting = entry->second;
  if (first) waiting.what = {address, why, now};
  waiting.what.why = why;
  waiting.wait = std::clamp(waiting.wait * 2, kFirst, kMax);
  waiting.next = now + waiting.wait;
}

std::vector<std::size_t> Bindings::due(SteadyTime now) const {
  std::vector<std::size_t> places;
  for (const auto& [place, waiting] : waiting_) {
    if (now >= waiting.next) places.push_back(place);
  }
  return places;
}

std::vector<Unbound> Bindings::unbound() const {
  std::vector<Unbound> all;
  all.reserve(waiting_.size());
  for (const auto& [place, waiting] : waiting_) all.push_back(waiting.what);
  return all;
}

}  // namespace blo::transport
