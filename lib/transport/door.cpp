#include "transport/door.h"

#include <algorithm>

#include "base/check.h"

namespace blo::transport {
namespace {

/// A bucket as one time: that at which it will be full again. Each token taken moves it on by the
/// time in which one comes back.
struct Bucket {
  SteadyTime full_at;
  milliseconds one_token;
  milliseconds all_tokens;

  Bucket(SteadyTime full, SteadyTime now, std::size_t at_once, std::size_t per_second)
      : full_at(std::max(full, now)),
        one_token(1'000 / static_cast<std::int64_t>(per_second)),
        all_tokens(one_token * static_cast<std::int64_t>(at_once)) {}
  [[nodiscard]] bool has_token(SteadyTime now) const {
    return full_at + one_token <= now + all_tokens;
  }
};

}  // namespace

boost::asio::ip::address network_of(const boost::asio::ip::address& address) {
  if (!address.is_v6()) return address;
  auto bytes = address.to_v6().to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), Byte{0});
  return boost::asio::ip::address_v6(bytes);
}

Door::Entry& Door::entry(Caller caller) {
  const auto found = std::ranges::find(callers_, caller, &Entry::caller);
  BLO_CHECK(found != callers_.end());
  return *found;
}

std::optional<Door::Caller> Door::make_room(State state, const Entry& newcomer,
                                            std::size_t of_network_max, std::size_t max) const {
  std::vector<Caller> neighbours;
  std::vector<Caller> all;
  for (const Entry& each : callers_) {
    if (each.state != state || each.caller == newcomer.caller) continue;
    all.push_back(each.caller);
    if (each.network == newcomer.network) neighbours.push_back(each.caller);
  }
  if (neighbours.size() >= of_network_max) return neighbours[chance_(neighbours.size())];
  if (all.size() >= max) return all[chance_(all.size())];
  return std::nullopt;
}

std::optional<Door::Caller> Door::arrive(Caller caller, const boost::asio::ip::address& network,
                                         SteadyTime now) {
  callers_.push_back({caller, network, now});
  return make_room(State::kSilent, callers_.back(), limits_.silent_per_network_max,
                   limits_.silent_max);
}

bool Door::take_token(const boost::asio::ip::address& network, SteadyTime now) {
  const auto known = full_at_.find(network);
  const Bucket own(known == full_at_.end() ? now : known->second, now, limits_.at_once,
                   limits_.per_second);
  const Bucket all(all_full_at_, now, limits_.at_once_of_all, limits_.per_second_of_all);
  if (!own.has_token(now) || !all.has_token(now)) return false;
  if (known == full_at_.end())
    std::erase_if(full_at_, [now](const auto& each) { return each.second <= now; });
  full_at_[network] = own.full_at + own.one_token;
  all_full_at_ = all.full_at + all.one_token;
  return true;
}

Door::Judgement Door::first_message(Caller caller, ByteView message, SteadyTime now) {
  Entry& found = entry(caller);
  found.message = tag_(message);
  if (seen(found.message)) return {Verdict::kSeen, std::nullopt};
  found.state = State::kWaiting;
  if (take_token(found.network, now)) return {Verdict::kLookAt, std::nullopt};
  return {Verdict::kWait,
          make_room(State::kWaiting, found, limits_.waiting_per_network_max, limits_.waiting_max)};
}

std::optional<Door::Drawn> Door::draw(SteadyTime now) {
  if (now < next_draw_) return std::nullopt;
  std::vector<const Entry*> waiting;
  for (const Entry& each : callers_) {
    if (each.state == State::kWaiting) waiting.push_back(&each);
  }
  if (waiting.empty()) return std::nullopt;
  const Entry& drawn = *waiting[chance_(waiting.size())];
  // One that goes unheard does not cost the others their turn.
  if (seen(drawn.message)) return Drawn{drawn.caller, Verdict::kSeen};
  next_draw_ = now + limits::kDrawEvery;
  return Drawn{drawn.caller, Verdict::kLookAt};
}

std::optional<Door::Caller> Door::verified(Caller caller) {
  Entry& found = entry(caller);
  remember(found.message);
  found.state = State::kHalfOpen;
  return make_room(State::kHalfOpen, found, limits_.half_open_per_network_max,
                   limits_.half_open_max);
}

void Door::leave(Caller caller) {
  std::erase_if(callers_, [caller](const Entry& each) { return each.caller == caller; });
}

std::vector<Door::Caller> Door::overdue(SteadyTime now) const {
  std::vector<Caller> found;
  for (const Entry& each : callers_) {
    if (each.state != State::kHalfOpen && now >= each.arrived + limits_.silence_max)
      found.push_back(each.caller);
  }
  return found;
}

std::optional<SteadyTime> Door::next() const {
  std::optional<SteadyTime> next;
  for (const Entry& each : callers_) {
    if (each.state == State::kHalfOpen) continue;
    SteadyTime at = each.arrived + limits_.silence_max;
    if (each.state == State::kWaiting) at = std::min(at, next_draw_);
    next = next ? std::min(*next, at) : at;
  }
  return next;
}

bool Door::seen(std::uint64_t message) const {
  return newest_.contains(message) || before_.contains(message);
}

void Door::remember(std::uint64_t message) {
  if (newest_.size() >= limits_.remembered_max) {
    before_.swap(newest_);
    newest_.clear();
  }
  newest_.insert(message);
}

}  // namespace blo::transport
