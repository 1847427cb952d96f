#include "daemon/node.h"

#include <sys/resource.h>

#include <thread>

#include "base/diag.h"
#include "base/limits.h"
#include "crypto/random.h"
#include "crypto/secret.h"
#include "daemon/ntp.h"
#include "office/ahead.h"
#include "office/dated_ahead.h"
#include "office/holds.h"
#include "office/retention.h"
#include "transport/dialer.h"
#include "transport/spawn.h"

namespace blo::daemon {
namespace {

namespace asio = boost::asio;

constexpr milliseconds kTick{200};
constexpr milliseconds kExpiriesEvery{60'000};
constexpr milliseconds kClockAskedEvery{10'000};
constexpr milliseconds kOverdueEvery{5'000};
constexpr milliseconds kAddressesNotedEvery{60'000};
constexpr milliseconds kTrailLookedAfterEvery{1'000};
/// A session that stays must answer within this when a second one has come.
constexpr milliseconds kChoiceTime{2'000};

std::size_t pool_threads() { return std::clamp(std::thread::hardware_concurrency(), 1U, 4U); }

/// As many as the process may have descriptors for.
std::size_t sessions_max() {
  rlimit descriptors{};
  if (::getrlimit(RLIMIT_NOFILE, &descriptors) != 0) return limits::kSessionsMin;
  return std::max<std::size_t>(descriptors.rlim_cur,
                               limits::kDescriptorsKept + limits::kSessionsMin) -
         limits::kDescriptorsKept;
}

}  // namespace

Node::Node(asio::io_context& loop, office::Office& office, WallTime started)
    : loop_(loop),
      office_(office),
      started_(started),
      pool_(pool_threads()),
      timer_(loop),
      session_limits_{limits::kSessionsPerPairMax, sessions_max()} {}

Node::~Node() {
  for (const auto& [link, connection] : connections_) {
    connection->detach();
    link->abandon();
  }
  for (auto& [pair, known] : acquaintances_) {
    if (known.link) known.link->abandon();
  }
  pool_.join();
}

Result<void> Node::start(const Config& config, Now now) {
  legal_basis_ = config.legal_basis;
  receipt_times_ = config.receipts;
  watch_limits_ = config.alarms;
  retention_ = config.retention;
  trust_ntp_ = config.trust_ntp;
  ntp_state_ = config.ntp_state;
  announce_ = config.announce;
  office_.set_quota(config.quota);
  const auto answer = [this] {
    return session::AnswerOptions(
        office_.keys().network, office_.keys().id, office_.keys().transport.clone(),
        [this](const crypto::DhPublic& caller) { return office_.psks(caller); });
  };
  if (!config.listen.empty()) {
    auto listener = transport::Listener::open(loop_.get_executor(), {config.listen, answer}, *this);
    if (!listener) return listener.error();
    listener_ = std::move(*listener);
  }
  note_own_addresses();
  if (const auto writes = office_.store().begin(); !writes) note_store_failure(writes.error());
  began_ = now.steady;
  tell_of_last_end();
  tell_of_counts(now);
  look_after_clock(now);
  look_after_trail(now);
  if (!office_.store().keeps_reserve()) {
    diag::warning(
        "the disk has no room for a reserve of the audit trail: when it is full, reading "
        "is counted and not entered");
  }
  office_.clock().set_in_step(trust_ntp_ && kept_in_step(now.wall, ntp_state_));
  note_clock(now);
  asio::co_spawn(loop_, tick_loop(*this), transport::end_of_coroutine);
  return {};
}

asio::awaitable<void> Node::tick_loop(Node& node) {
  while (!node.stopping_) {
    node.tick(read_clocks());
    node.timer_.expires_after(kTick);
    co_await node.timer_.async_wait(transport::kAsTuple);
  }
}

void Node::tick(Now now) {
  const auto connections =
      connections_;  // a peer that gives up changes the map later, by its event
  for (const auto& [link, connection] : connections) {
    connection->tick(now);
    look_at(*connection);
  }
  if (!clock_asked_ || now.steady - *clock_asked_ >= kClockAskedEvery) {
    clock_asked_ = now.steady;
    office_.clock().set_in_step(trust_ntp_ && kept_in_step(now.wall, ntp_state_));
    if (const auto told = office::tell_dated_ahead(office_, now); !told)
      note_store_failure(told.error());
  }
  if (const auto watched = office_.watch_clock(now); !watched) note_store_failure(watched.error());
  look_after_clock(now);
  note_clock(now);
  if (clock_doubt_.empty()) look_after_dates(now);
  look_after_waiting(now);
  look_after_surroundings(now);
  look_after_trail(now);
  look_after_listening(now);
  for (const auto& pair : office_.pairs()) pump(*pair);
  if (const auto read = office_.scrub(now); !read) note_store_failure(read.error());
  settle_choices(now);
  dial_due(now);
  const auto tidied = office_.store().tidy();
  if (!tidied) note_store_failure(tidied.error());
  tell_of_memory();
  tell_of_alarms();
  tell_of_counts(now);
}

void Node::look_after_dates(Now now) {
  if (!expiries_announced_ || now.steady - *expiries_announced_ >= kExpiriesEvery) {
    expiries_announced_ = now.steady;
    const auto announced = office_.announce_expiries(now);
    if (!announced) note_store_failure(announced.error());
    destroy_what_is_over(now);
  }
  if (const auto dated = office_.date_trail(now); !dated) note_store_failure(dated.error());
}

/// What goes by the steady clock alone.
void Node::look_after_waiting(Now now) {
  if (!addresses_noted_ || now.steady - *addresses_noted_ >= kAddressesNotedEvery) {
    addresses_noted_ = now.steady;
    note_own_addresses();
  }
  if (overdue_announced_ && now.steady - *overdue_announced_ < kOverdueEvery) return;
  overdue_announced_ = now.steady;
  const auto announced = office::announce_overdue(office_, receipt_times_, now);
  if (!announced) note_store_failure(announced.error());
}

/// Lifted holds (also of a pairing that was frozen meanwhile), what was ordered while a pairing
/// waited for its next generation, erasures whose date has come, and rejected drafts; where the
/// clock is enough to destroy by.
void Node::destroy_what_is_over(Now now) {
  for (const auto& pair : office_.pairs()) {
    const auto erased = office::erase_what_waits(office_, *pair, 0, now);
    if (!erased) note_store_failure(erased.error());
  }
  const auto may = office_.clock().may_destroy(now);
  if (!may) return;
  bool all = true;
  for (const auto& pair : office_.pairs()) {
    const auto carried_out = office::carry_out_orders(office_, *pair, now);
    all = all && carried_out;
    if (!carried_out) note_store_failure(carried_out.error());
  }
  const auto erased = office::erase_what_was_ahead(office_, now);
  if (!erased) note_store_failure(erased.error());
  const auto forgotten = office_.drafts().forget_rejected(*may, now);
  if (!forgotten) note_store_failure(forgotten.error());
  const auto noted = office_.clock().note_destroyed(all && erased && forgotten, now);
  if (!noted) note_store_failure(noted.error());
}

/// With the first tick; or later, when more keys are in use than could be locked.
void Node::tell_of_memory() {
  if (!memory_unlocked_why_.empty() || crypto::secrets_are_locked()) return;
  memory_unlocked_why_ =
      "keys can come to the disk with memory that is swapped out, for this system lets blod lock "
      "too little memory; set LimitMEMLOCK=64M in blod's unit (without systemd: ulimit -l 65536) "
      "and restart it";
  diag::warning(memory_unlocked_why_);
}

void Node::look_after_trail(Now now) {
  if (trail_looked_after_ && now.steady - *trail_looked_after_ < kTrailLookedAfterEvery) return;
  trail_looked_after_ = now.steady;
  // A disk that has no room for the reserve may have it another time; it is no failure meanwhile.
  if (!office_.store().keeps_reserve()) {
    static_cast<void>(office_.store().keep_reserve(office::kReserveBytes));
  }
  if (!office_.full_disk().has_counted() || clock_believed_ != true) return;
  const auto entered = office_.enter_unentered(now);
  if (!entered) return note_store_failure(entered.error());
  note_store_success();
}

void Node::stop(std::function<void()> done) {
  stopping_ = true;
  const auto counted = office_.full_disk().requests_counted();
  if (const auto entered = office_.enter_unentered(read_clocks(), store::Space::kReserve);
      !entered) {
    diag::error(std::to_string(counted) + " requests that only read are not in the audit trail: " +
                entered.error().message());
  }
  tell_of_alarms();
  stopped_ = std::move(done);
  timer_.cancel();
  if (listener_) listener_->stop();
  for (auto& [pair, known] : acquaintances_) {
    if (known.link) known.link->abandon();
    known.link.reset();
  }
  const auto connections = connections_;
  for (const auto& [link, connection] : connections)
    connection->peer().close(sync::CloseReason::kShutdown);
  if (connections_.empty() && stopped_) std::exchange(stopped_, nullptr)();
}

void Node::close_sessions(const office::Pair& pair, sync::CloseReason reason) {
  for (const auto& connection : connections_of(pair)) connection->peer().close(reason);
  auto& known = acquaintances_[&pair];
  if (!known.link) return;
  known.link->abandon();  // on its way: no event comes of it any more
  known.link.reset();
  known.dialling.given_up();
}

void Node::tick_soon(const office::Pair& pair) {
  const auto newest = syncing_connection(pair);
  if (!newest) return;
  newest->peer().tick(read_clocks());
  look_at(*newest);
}

void Node::pump(office::Pair& pair) {
  const auto newest = syncing_connection(pair);
  if (!newest) return;
  newest->peer().pump(read_clocks());
  look_at(*newest);
}

/// The newest: an older one may be dead without this side having noticed.
std::shared_ptr<Connection> Node::syncing_connection(const office::Pair& pair) const {
  std::shared_ptr<Connection> newest;
  for (const auto& connection : connections_of(pair)) {
    if (connection->syncing() && (!newest || newest->opened() < connection->opened())) {
      newest = connection;
    }
  }
  return newest;
}

void Node::look_at(Connection& connection) {
  if (const auto failure = connection.peer().take_store_failure()) note_store_failure(*failure);
}

bool Node::waits_for_clock(const office::Pair& pair) const {
  const auto connection = syncing_connection(pair);
  return connection && connection->peer().waits_for_clock();
}

bool Node::syncing(const office::Pair& pair) const { return syncing_connection(pair) != nullptr; }

transport::LinkCounters Node::counters(const office::Pair& pair) const {
  const auto connection = syncing_connection(pair);
  return connection ? connection->link().counters() : transport::LinkCounters();
}

const std::string& Node::last_failure(const office::Pair& pair) const {
  static const std::string none;
  const auto found = acquaintances_.find(&pair);
  return found == acquaintances_.end() ? none : found->second.last_error;
}

std::vector<std::shared_ptr<Connection>> Node::connections_of(const office::Pair& pair) const {
  std::vector<std::shared_ptr<Connection>> found;
  for (const auto& [link, connection] : connections_) {
    if (&connection->pair() == &pair) found.push_back(connection);
  }
  return found;
}

// --- sessions -----------------------------------------------------------------------------------

void Node::on_open(transport::Link& link) {
  office::Pair* pair = office_.find_by_transport_key(link.peer());
  if (pair == nullptr || stopping_)
    return link.close();  // frozen or stopped since the handshake began
  auto& known = acquaintances_[pair];
  const bool dialled = known.link.get() == &link;
  if (dialled) {
    known.link.reset();
    known.dialling.opened();
  }
  if (!dialled && !known.sessions.take(read_clocks().steady)) {
    tell(*pair, "too many sessions in a row from " + pair->counterpart().text(), read_clocks());
    return link.abandon();
  }
  known.address.begin_anew();
  auto connection = std::make_shared<Connection>(
      link.shared_from_this(), office_.peer_context(*this), *pair, dialled, link.psk_hash(),
      ++opened_, loop_.get_executor(), pool_);
  connections_.emplace(&link, connection);
  if (!known.turns) known.turns = std::make_shared<transport::Turns>(loop_.get_executor());
  link.set_turns(known.turns);
  tell(*pair, "connected with " + pair->counterpart().text() + " (" + link.remote() + ")",
       read_clocks());
  if (make_room(*connection)) choose(connection);
}

bool Node::make_room(const Connection& newest) {
  std::vector<std::shared_ptr<Connection>> all;
  all.reserve(connections_.size());
  for (const auto& [link, connection] : connections_) all.push_back(connection);
  std::ranges::sort(all, {}, [](const auto& each) { return each->opened(); });
  std::vector<office::SessionFacts> facts;
  facts.reserve(all.size());
  for (const auto& each : all) {
    facts.push_back({&each->pair(), each->opened(),
                     each->peer().state() == office::Peer::State::kClosed,
                     each->peer().heard_hello(), each->pair().talks == &each->peer()});
  }
  const auto place = office::gives_way(facts, session_limits_);
  if (!place) return true;
  const auto one_too_many = all[*place];
  connections_.erase(&one_too_many->link());
  one_too_many->detach();
  one_too_many->link().abandon();
  dial_again(*one_too_many, "there were too many", read_clocks());
  return one_too_many.get() != &newest;
}

/// Of two sessions the one dialled by the smaller office id stays if it is alive; only that side
/// closes the other. Of others the newest that talks.
void Node::choose(const std::shared_ptr<Connection>& newest) {
  const auto all = connections_of(newest->pair());
  if (all.size() == 1) return newest->peer().activate(read_clocks());
  if (newest->pair().counterpart() < office_.keys().id)
    return;  // the counterpart chooses: its Hello tells
  const auto ours = std::ranges::find_if(all, [](const auto& other) {
    return other->dialled() && other->peer().state() != office::Peer::State::kClosed;
  });
  // Another one goes on until this one shows that it is one to talk over: then it is replaced.
  if (newest->dialled() || ours == all.end()) return newest->peer().activate(read_clocks());
  (*ours)->peer().ping(read_clocks());
  newest->peer().hold();
  choices_.try_emplace(&newest->pair(), Choice{*ours, read_clocks().steady});
}

void Node::settle_choices(Now now) {
  for (auto choice = choices_.begin(); choice != choices_.end();) {
    const auto asked = choice->second.asked.lock();
    const bool alive = asked && asked->peer().state() != office::Peer::State::kClosed;
    const bool answered = alive && !asked->peer().awaits_answer();
    if (alive && !answered && now.steady - choice->second.since < kChoiceTime) {
      ++choice;
      continue;
    }
    if (alive && !answered) asked->peer().close(sync::CloseReason::kUnspecified);
    for (const auto& other : connections_of(*choice->first)) {
      if (other == asked) continue;
      if (answered) {
        other->peer().close(sync::CloseReason::kReplaced);
      } else {
        other->peer().activate(now);
      }
    }
    choice = choices_.erase(choice);
  }
}

void Node::on_frame(transport::Link& link, Bytes frame) {
  const auto found = connections_.find(&link);
  if (found == connections_.end()) return;
  const auto connection = found->second;
  connection->on_frame(frame);
  look_at(*connection);
}

void Node::on_drained(transport::Link& link) {
  const auto found = connections_.find(&link);
  if (found == connections_.end()) return;
  const auto connection = found->second;
  connection->on_drained();
  look_at(*connection);
}

void Node::on_closed(transport::Link& link, std::optional<Error> error) {
  const Now now = read_clocks();
  for (auto& [pair, known] : acquaintances_) {
    if (known.link.get() == &link) dial_failed(*pair, error ? error->message() : "closed", now);
  }
  const auto found = connections_.find(&link);
  if (found == connections_.end()) return;
  const auto connection = found->second;
  connections_.erase(found);
  connection->detach();
  const auto& pair = connection->pair();
  if (connection->dialled()) {
    auto& not_taken = acquaintances_[&pair].not_taken;
    not_taken = link.counters().frames_in > 0 ? 0 : not_taken + 1;
  }
  std::string why = connection->peer().why_closed();
  if (why.empty() && error) why = error->message();
  look_at(*connection);
  const auto reason = connection->peer().turned_away();
  if (!reason.empty() && clock_believed_ == true) {
    const auto entered =
        office_.trail().enter_refused_peer(pair.counterpart(), std::string(reason), now);
    if (!entered) note_store_failure(entered.error());
  }
  if (stopping_) {
    if (connections_.empty() && stopped_) std::exchange(stopped_, nullptr)();
    return;
  }
  dial_again(*connection, why, now);
  const auto rest = connections_of(pair);
  if (rest.size() == 1) rest.front()->peer().activate(now);
}

// --- what happened ------------------------------------------------------------------------------

void Node::arrived(const office::Pair& pair, std::uint64_t first, std::uint64_t end) {
  note_store_success();
  const auto followers = followers_;
  for (Follower* follower : followers) follower->arrived(pair, first, end);
}

void Node::policy_changed() {
  const auto followers = followers_;
  for (Follower* follower : followers) follower->policy_changed();
}

void Node::receipted(const office::Pair& pair, const office::ReceiptedHead& head) {
  note_store_success();
  const auto followers = followers_;
  for (Follower* follower : followers) follower->receipted(pair, head);
}

/// A disk that is full to the brim fails and writes by turns.
void Node::tell_of_store(const std::string& line) {
  if (const auto told = store_lines_.note(line, read_clocks().steady)) diag::error(*told);
}

void Node::note_store_success() {
  if (degraded_why_.empty()) return;
  tell_of_store("the store writes again");
  degraded_why_.clear();
  office_.full_disk().restore();
}

void Node::note_store_failure(const Error& error) {
  if (store::reads_go_on(error)) {
    if (degraded_why_.empty()) tell_of_store("degraded: " + error.message());
    degraded_why_ = error.message();
    return;
  }
  const bool io = error == store::StoreError::kFailed;
  if (!io) return tell_of_store(error.message());
  // After a failed write or sync the kernel may have dropped what was to be written: only a
  // restart, which reads the journal again, tells what is durable.
  diag::error("stopping: " + error.message());
  std::_Exit(1);
}

std::uint64_t Node::strangers() const {
  if (!listener_) return 0;
  const auto& counters = listener_->counters();
  return counters.failed + counters.timed_out + counters.seen + counters.gave_way;
}

}  // namespace blo::daemon
