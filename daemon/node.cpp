#include "daemon/node.h"

#include <thread>

#include "base/diag.h"
#include "base/limits.h"
#include "crypto/random.h"
#include "office/holds.h"
#include "transport/address.h"
#include "transport/dialer.h"
#include "transport/spawn.h"

namespace blo::daemon {
namespace {

namespace asio = boost::asio;

constexpr milliseconds kTick{200};
constexpr milliseconds kExpiriesEvery{60'000};
constexpr milliseconds kOverdueEvery{5'000};
constexpr milliseconds kFirstRedial{200};
constexpr milliseconds kRedialMax{5 * 60 * 1000};
/// A session that stays must answer within this when a second one has come.
constexpr milliseconds kChoiceTime{2'000};

/// Doubling with jitter: between half and all of it, so that two offices do not meet in step for
/// ever.
milliseconds redial_after(unsigned failures) {
  const auto doubled = kFirstRedial * (1LL << std::min(failures, 20U));
  const auto whole = std::min<milliseconds>(kRedialMax, doubled).count();
  const auto random = crypto::random_array<4>();
  return milliseconds(whole / 2 +
                      read_be<std::uint32_t>(random) % static_cast<std::uint32_t>(whole / 2 + 1));
}

std::size_t pool_threads() { return std::clamp(std::thread::hardware_concurrency(), 1U, 4U); }

}  // namespace

Node::Node(asio::io_context& loop, office::Office& office, WallTime started)
    : loop_(loop), office_(office), started_(started), pool_(pool_threads()), timer_(loop) {}

Node::~Node() {
  for (const auto& [link, connection] : connections_) {
    connection->detach();
    link->abandon();
  }
  for (auto& [pair, dialling] : dialling_) {
    if (dialling.link) dialling.link->abandon();
  }
  pool_.join();
}

Result<void> Node::start(const Config& config) {
  legal_basis_ = config.legal_basis;
  receipt_times_ = config.receipts;
  retention_ = config.retention;
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
  for (const auto& pair : office_.pairs()) {
    const auto done = office_.catch_up(*pair, read_clocks());
    if (!done) note_store_failure(done.error());
  }
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
    connection->peer().tick(now);
    look_at(*connection);
  }
  if (const auto watched = office_.watch_clock(now); !watched) note_store_failure(watched.error());
  if (!expiries_announced_ || now.steady - *expiries_announced_ >= kExpiriesEvery) {
    expiries_announced_ = now.steady;
    const auto announced = office_.announce_expiries(now);
    if (!announced) note_store_failure(announced.error());
    // A hold may have been lifted while the pairing was frozen.
    for (const auto& pair : office_.pairs()) {
      const auto erased = office::erase_what_waits(office_, *pair, 0, now);
      if (!erased) note_store_failure(erased.error());
    }
    const auto forgotten = office_.drafts().forget_rejected(now);
    if (!forgotten) note_store_failure(forgotten.error());
  }
  if (!overdue_announced_ || now.steady - *overdue_announced_ >= kOverdueEvery) {
    overdue_announced_ = now.steady;
    const auto announced = office::announce_overdue(office_, receipt_times_, now);
    if (!announced) note_store_failure(announced.error());
  }
  if (const auto dated = office_.date_trail(now); !dated) note_store_failure(dated.error());
  for (const auto& pair : office_.pairs()) pump(*pair);
  settle_choices(now);
  dial_due(now);
  const auto tidied = office_.store().tidy();
  if (!tidied) note_store_failure(tidied.error());
}

void Node::stop(std::function<void()> done) {
  stopping_ = true;
  stopped_ = std::move(done);
  timer_.cancel();
  if (listener_) listener_->stop();
  for (auto& [pair, dialling] : dialling_) {
    if (dialling.link) dialling.link->abandon();
    dialling.link.reset();
  }
  const auto connections = connections_;
  for (const auto& [link, connection] : connections)
    connection->peer().close(sync::CloseReason::kShutdown);
  if (connections_.empty() && stopped_) std::exchange(stopped_, nullptr)();
}

void Node::close_sessions(const office::Pair& pair, sync::CloseReason reason) {
  for (const auto& connection : connections_of(pair)) connection->peer().close(reason);
  auto& dialling = dialling_[&pair];
  if (!dialling.link) return;
  dialling.link->abandon();  // on its way: no event comes of it any more
  dialling.link.reset();
  dialling.under_way = false;
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

void Node::look_at(const Connection& connection) {
  if (const auto& failure = connection.peer().store_failure()) note_store_failure(*failure);
}

bool Node::syncing(const office::Pair& pair) const { return syncing_connection(pair) != nullptr; }

transport::LinkCounters Node::counters(const office::Pair& pair) const {
  const auto connection = syncing_connection(pair);
  return connection ? connection->link().counters() : transport::LinkCounters();
}

const std::string& Node::last_failure(const office::Pair& pair) const {
  static const std::string none;
  const auto found = dialling_.find(&pair);
  return found == dialling_.end() ? none : found->second.last_error;
}

std::vector<std::shared_ptr<Connection>> Node::connections_of(const office::Pair& pair) const {
  std::vector<std::shared_ptr<Connection>> found;
  for (const auto& [link, connection] : connections_) {
    if (&connection->pair() == &pair) found.push_back(connection);
  }
  return found;
}

// --- dialling -----------------------------------------------------------------------------------

void Node::dial_soon(const office::Pair& pair) {
  auto& dialling = dialling_[&pair];
  dialling.failures = 0;
  dialling.next = {};
}

void Node::dial_due(Now now) {
  for (const auto& pair : office_.pairs()) {
    if (!pair->may_connect() || pair->theirs->addresses.empty() || !connections_of(*pair).empty())
      continue;
    auto& dialling = dialling_[pair.get()];
    if (dialling.under_way || now.steady < dialling.next) continue;
    const auto secret = office_.store().pairings().secret(pair->row);
    const auto key = pair->theirs->office.details().dh_key(identity::KeyUse::kTransport);
    if (!secret || !key) continue;
    dialling.under_way = true;
    dialling.secret_number = pair->row.secret_number;
    const auto& addresses = pair->theirs->addresses;
    std::string address = addresses[dialling.address++ % addresses.size()];
    session::DialOptions options(office_.keys().network, pair->counterpart(), *key,
                                 office_.keys().transport.clone(), identity::noise_psk(*secret));
    asio::co_spawn(loop_, dial(*this, *pair, std::move(address), std::move(options)),
                   transport::end_of_coroutine);
  }
}

asio::awaitable<void> Node::dial(Node& node, office::Pair& pair, std::string address,
                                 session::DialOptions options) {
  auto link = co_await transport::dial(std::move(address), std::move(options), node);
  if (node.stopping_) {
    if (link) (*link)->abandon();
    co_return;
  }
  if (!link) {
    node.dial_failed(pair, link.error().message(), read_clocks());
    co_return;
  }
  node.dialling_[&pair].link = *link;
  (*link)->start();
}

void Node::dial_failed(const office::Pair& pair, const std::string& why, Now now) {
  auto& dialling = dialling_[&pair];
  dialling.under_way = false;
  dialling.link.reset();
  dialling.next = now.steady + redial_after(dialling.failures++);
  if (dialling.last_error != why)
    diag::info("no connection to " + pair.counterpart().text() + ": " + why);
  dialling.last_error = why;
}

// --- sessions -----------------------------------------------------------------------------------

void Node::on_open(transport::Link& link) {
  office::Pair* pair = office_.find_by_transport_key(link.peer());
  if (pair == nullptr || stopping_)
    return link.close();  // frozen or stopped since the handshake began
  auto& dialling = dialling_[pair];
  const bool dialled = dialling.link.get() == &link;
  if (dialled) {
    dialling.link.reset();
    dialling.under_way = false;
  }
  const std::uint64_t secret_number =
      dialled ? dialling.secret_number : office_.secret_number(link.peer(), link.psk_index());
  auto connection =
      std::make_shared<Connection>(link.shared_from_this(), office_.peer_context(*this), *pair,
                                   dialled, secret_number, ++opened_, loop_.get_executor(), pool_);
  connections_.emplace(&link, connection);
  diag::info("connected with " + pair->counterpart().text() + " (" + link.remote() + ")");
  choose(connection);
}

/// Of two sessions the one dialled by the smaller office id stays if it is alive; only that side
/// closes the other.
void Node::choose(const std::shared_ptr<Connection>& newest) {
  const auto all = connections_of(newest->pair());
  if (all.size() == 1) return newest->peer().activate(read_clocks());
  if (newest->pair().counterpart() < office_.keys().id)
    return;  // the counterpart chooses: its Hello tells
  for (const auto& other : all) {
    if (other == newest) continue;
    if (other->dialled() && !newest->dialled()) {
      other->peer().ping(read_clocks());
      newest->peer().hold();
      choices_.try_emplace(&newest->pair(), Choice{other, read_clocks().steady});
      continue;
    }
    other->peer().close(sync::CloseReason::kReplaced);
    newest->peer().activate(read_clocks());
  }
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

void Node::on_closed(transport::Link& link, std::optional<Error> error) {
  const Now now = read_clocks();
  for (auto& [pair, dialling] : dialling_) {
    if (dialling.link.get() == &link) dial_failed(*pair, error ? error->message() : "closed", now);
  }
  const auto found = connections_.find(&link);
  if (found == connections_.end()) return;
  const auto connection = found->second;
  connections_.erase(found);
  connection->detach();
  const auto& pair = connection->pair();
  std::string why = connection->peer().why_closed();
  if (why.empty() && error) why = error->message();
  diag::info("connection with " + pair.counterpart().text() + " ended: " + why);
  look_at(*connection);
  if (const auto reason = connection->peer().turned_away(); !reason.empty()) {
    const auto entered =
        office_.trail().enter_refused_peer(pair.counterpart(), std::string(reason), now);
    if (!entered) note_store_failure(entered.error());
  }
  if (stopping_) {
    if (connections_.empty() && stopped_) std::exchange(stopped_, nullptr)();
    return;
  }
  auto& dialling = dialling_[&pair];
  dialling.last_error = why;
  if (connection->peer().has_synced()) dialling.failures = 0;
  dialling.next = now.steady + redial_after(dialling.failures++);
  const auto rest = connections_of(pair);
  if (rest.size() == 1) rest.front()->peer().activate(now);
}

// --- what happened ------------------------------------------------------------------------------

void Node::arrived(const office::Pair& pair, std::uint64_t first, std::uint64_t end) {
  note_store_success();
  const auto followers = followers_;
  for (Follower* follower : followers) follower->arrived(pair, first, end);
}

void Node::receipted(const office::Pair& pair, const office::ReceiptedHead& head) {
  note_store_success();
  dialling_[&pair].failures = 0;
  const auto followers = followers_;
  for (Follower* follower : followers) follower->receipted(pair, head);
}

void Node::note_store_success() {
  if (!degraded_why_.empty()) diag::info("the store writes again");
  degraded_why_.clear();
}

void Node::note_store_failure(const Error& error) {
  if (error == store::StoreError::kFull) {
    if (degraded_why_.empty()) diag::error("degraded: " + error.message());
    degraded_why_ = error.message();
    return;
  }
  const bool io = error == store::StoreError::kFailed;
  if (!io) return diag::error(error.message());
  // After a failed write or sync the kernel may have dropped what was to be written: only a
  // restart, which reads the journal again, tells what is durable.
  diag::error("stopping: " + error.message());
  std::_Exit(1);
}

std::vector<std::string> Node::listening() const {
  std::vector<std::string> addresses;
  if (!listener_) return addresses;
  for (const auto& endpoint : listener_->endpoints())
    addresses.push_back(transport::to_string(endpoint));
  return addresses;
}

std::uint64_t Node::strangers() const {
  if (!listener_) return 0;
  const auto& counters = listener_->counters();
  return counters.failed + counters.timed_out + counters.refused_address + counters.evicted;
}

}  // namespace blo::daemon
