#include "office/sessions.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace blo::office {
namespace {

/// Ascends with what is lost when it ends.
auto worth(const SessionFacts& session) {
  const int stage = session.ending ? 0 : session.heard_hello ? 2 : 1;
  return std::tuple(session.talks, stage, session.opened);
}

std::size_t least_of(std::span<const SessionFacts> sessions, const void* counterpart) {
  std::optional<std::size_t> least;
  for (std::size_t i = 0; i < sessions.size(); ++i) {
    if (sessions[i].counterpart != counterpart) continue;
    if (!least || worth(sessions[i]) < worth(sessions[*least])) least = i;
  }
  return *least;
}

}  // namespace

std::optional<std::size_t> gives_way(std::span<const SessionFacts> sessions,
                                     const SessionLimits& limits) {
  if (sessions.empty()) return std::nullopt;
  std::map<const void*, std::size_t> counts;
  for (const auto& session : sessions) ++counts[session.counterpart];
  const void* newcomer = sessions.back().counterpart;
  if (counts[newcomer] > limits.per_counterpart) return least_of(sessions, newcomer);
  if (sessions.size() <= limits.in_all) return std::nullopt;
  const auto most = std::ranges::max_element(counts, {}, [newcomer](const auto& one) {
    return std::pair(one.second, one.first == newcomer);
  });
  return least_of(sessions, most->first);
}

}  // namespace blo::office
