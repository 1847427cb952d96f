#include "world.h"

#include <catch2/catch.hpp>

namespace blo::sim {
namespace {

constexpr std::size_t kStepsMax = 2'000'000;

}  // namespace

World::World(std::uint64_t salt, Clocks clocks)
    : random_(seed_from_environment() * 1'000'003 + salt),
      now_{kStart, SteadyTime(milliseconds(1'000'000))},
      now_of_b_(now_),
      a("UZ-OYBEK", folder_.path(), now_),
      b("TJ-FOTEHOBOD", folder_.path(), clocks == Clocks::kEach ? now_of_b_ : now_) {
  pair_offices();
}

void World::pair_offices() {
  const std::vector<std::string> addresses{"blo.example:4470"};
  const std::string basis = "Agreement of 2024-01-15";
  const auto ours = a.office->invite({b.kit.id, addresses, basis}, now_).value()->ours.bytes;
  const auto theirs = b.office->invite({a.kit.id, {}, basis}, now_).value()->ours.bytes;
  auto* at_a = a.office->accept(theirs, now_).value();
  auto* at_b = b.office->accept(ours, now_).value();
  BLO_CHECK(a.office->confirm(b.kit.id, {office::digits(*at_b), 0, "simulated"}, now_).has_value());
  BLO_CHECK(b.office->confirm(a.kit.id, {office::digits(*at_a), 0, "simulated"}, now_).has_value());
  for (Node* node : {&a, &b}) {
    const auto added = node->office->officers().add(node->kit.officer_request(),
                                                    {identity::Role::kOperator}, 365, 0, now_);
    BLO_CHECK(added.has_value());
  }
}

void World::connect(Node& dialler) {
  BLO_CHECK(!a.end && !b.end);
  Node& answerer = other(dialler);
  a.trace.clear();
  b.trace.clear();
  const auto& theirs = *dialler.pair().theirs;
  const auto transport = theirs.office.details().dh_key(identity::KeyUse::kTransport).value();
  auto psks = dialler.office->psks(transport);
  if (psks.empty()) return;  // over, or not confirmed: nobody dials
  dialler.end.emplace(session::Session::dial({kNetwork, answerer.kit.id, transport,
                                              dialler.kit.ring.dh_key(identity::KeyUse::kTransport),
                                              std::move(psks[dialler.not_taken % psks.size()])},
                                             now_.steady),
                      now_.steady);
  dialler.end->dialled = true;
  const auto lookup = [&answerer](const crypto::DhPublic& key) {
    return answerer.office->psks(key);
  };
  answerer.end.emplace(
      session::Session::answer({kNetwork, answerer.kit.id,
                                answerer.kit.ring.dh_key(identity::KeyUse::kTransport), lookup},
                               now_.steady),
      now_.steady);
}

void World::cut() {
  a.hang_up();
  b.hang_up();
  to_a_.clear();
  to_b_.clear();
  bytes_left_ = SIZE_MAX;
}

void World::crash(Node& node) {
  node.crash();
  cut();
}

std::vector<World::Event> World::ready() {
  std::vector<Event> events;
  for (Node* node : {&a, &b}) {
    if (!line_to(*node).empty() && line_to(*node).front().due <= now_.steady)
      events.push_back({Event::Kind::kDeliver, node});
    if (!node->end) continue;
    if (!node->end->session.to_send().empty()) {
      events.push_back({Event::Kind::kFlush, node});
    } else if (node->end->closing || node->end->session.failure()) {
      events.push_back({Event::Kind::kHangUp, node});
    }
    if (!node->end->work.empty()) events.push_back({Event::Kind::kWork, node});
  }
  return events;
}

bool World::step() {
  auto events = ready();
  if (events.empty()) {
    std::optional<SteadyTime> next;
    for (const auto* line : {&to_a_, &to_b_}) {
      if (!line->empty() && (!next || line->front().due < *next)) next = line->front().due;
    }
    if (!next) return false;
    advance(*next);
    events = ready();
  }
  happen(events[random(events.size())]);
  return true;
}

void World::happen(const Event& event) {
  switch (event.kind) {
    case Event::Kind::kFlush: return flush(*event.node);
    case Event::Kind::kWork: return event.node->do_work();
    case Event::Kind::kDeliver: return deliver(*event.node);
    case Event::Kind::kHangUp:
      event.node->hang_up();
      line_to(*event.node).clear();
      return put_on_line(other(*event.node), {});
  }
}

void World::put_on_line(Node& to, Bytes bytes) {
  if (weather.swallows) return;
  if (tapped != nullptr) append(*tapped, bytes);
  auto& line = line_to(to);
  const auto delay = milliseconds(1 + random(static_cast<std::uint64_t>(weather.latency_ms_max)));
  SteadyTime due = now_.steady + delay;
  if (!line.empty()) due = std::max(due, line.back().due);
  line.push_back({due, std::move(bytes)});
}

void World::flush(Node& node) {
  ByteView bytes = node.end->session.to_send();
  const std::size_t total = bytes.size();
  while (!bytes.empty()) {
    const std::size_t size = std::min(bytes.size(), 1 + random(weather.segment_bytes_max));
    put_on_line(other(node), to_bytes(bytes.first(size)));
    bytes = bytes.subspan(size);
  }
  node.end->session.sent(total);
}

void World::deliver(Node& node) {
  auto& line = line_to(node);
  Segment segment = std::move(line.front());
  line.pop_front();
  if (!node.end) return;
  if (segment.bytes.empty()) {
    node.hang_up();
    return line_to(other(node)).clear();
  }
  if (segment.bytes.size() > bytes_left_) segment.bytes.resize(bytes_left_);
  if (bytes_left_ != SIZE_MAX) bytes_left_ -= segment.bytes.size();
  const bool goes_on = segment.bytes.empty() || node.take(segment.bytes);
  if (bytes_left_ == 0) return cut();
  if (!goes_on) {
    node.hang_up();
    put_on_line(other(node), {});
  }
}

void World::advance(SteadyTime to) {
  while (now_.steady < to) {
    const auto whole = std::chrono::floor<seconds>(now_.steady) + seconds(1);
    const auto next = std::min(to, SteadyTime(whole));
    move_clocks(next - now_.steady);
    if (next != SteadyTime(whole)) continue;
    a.tick();
    b.tick();
  }
}

void World::move_clocks(milliseconds by) {
  for (Now* now : {&now_, &now_of_b_}) {
    now->wall += by;
    now->steady += by;
  }
}

std::size_t World::run() {
  std::size_t steps = 0;
  while (step()) BLO_CHECK(++steps < kStepsMax);
  return steps;
}

void World::pass(milliseconds time) {
  const SteadyTime until = now_.steady + time;
  run();
  while (now_.steady < until) {
    advance(std::min(until, now_.steady + seconds(1)));
    run();
  }
}

void World::off_for(milliseconds time) {
  cut();
  for (Node* node : {&a, &b}) node->office.reset();
  move_clocks(time);
  for (Node* node : {&a, &b}) node->open();
}

bool World::converged() {
  return a.sent_size() == b.received_size() && b.sent_size() == a.received_size() &&
         a.pair().sent->head && b.pair().sent->head &&
         a.pair().sent->head->checkpoint.size == a.sent_size() &&
         b.pair().sent->head->checkpoint.size == b.sent_size();
}

void World::converge() {
  for (int i = 0; i < 20 && !converged(); ++i) {
    if (!a.end && !b.end) connect();
    run();
  }
  REQUIRE(converged());
}

void World::check_direction(Node& from, Node& to) {
  const auto& sent = *from.pair().sent;
  const auto& received = *to.pair().received;
  REQUIRE(sent.row.size() == received.row.size());
  REQUIRE(sent.row.frontier.root() == received.row.frontier.root());
  REQUIRE((sent.head && received.head));
  REQUIRE(sent.head->checkpoint == received.head->checkpoint);
  REQUIRE(sent.head->note == received.head->note);
  REQUIRE(sent.head->receipt.time_s == received.head->receipt.time_s);
  REQUIRE(sent.head->receipt.signature == received.head->receipt.signature);

  const auto there =
      office::list_messages(*to.office, to.pair(), office::Box::kReceived, {}, 10'000).value();
  std::map<MessageId, std::size_t> times;
  for (const auto& view : there) {
    if (!view.refusal) ++times[view.envelope->message_id];
  }
  REQUIRE(times.size() == from.said.size());
  for (const Said& message : from.said) {
    REQUIRE(times[message.id] == 1);
    const auto here = from.show(message.number);
    const auto there_view = to.show(message.number);
    REQUIRE(here.state == office::MessageState::kReceipted);
    REQUIRE(there_view.state == office::MessageState::kReceived);
    REQUIRE((here.content == message.content && there_view.content == message.content));
    REQUIRE(here.leaf_hash == there_view.leaf_hash);
    REQUIRE(there_view.author.name.name == kOfficerName);
  }
  std::uint64_t next = 0;
  for (const auto& [first, last] : to.arrivals) {
    REQUIRE((first >= next && last > first));  // told of nothing twice
    next = last;
  }
}

void World::check_converged() {
  check_direction(a, b);
  check_direction(b, a);
}

}  // namespace blo::sim
