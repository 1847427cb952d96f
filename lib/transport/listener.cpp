#include "transport/listener.h"

#include <algorithm>
#include <boost/asio/ip/v6_only.hpp>

#include "crypto/random.h"
#include "transport/address.h"
#include "transport/spawn.h"

namespace blo::transport {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

/// Descriptors and memory come back when other connections end; nobody is told when.
constexpr milliseconds kPauseAfterFailure{200};
constexpr auto kNever = asio::steady_timer::time_point::max();

std::size_t random_below(std::size_t limit) {
  return static_cast<std::size_t>(read_be<std::uint64_t>(crypto::random_array<8>()) % limit);
}

}  // namespace

Listener::Listener(Private /*unused*/, asio::any_io_executor executor, ListenOptions options,
                   LinkEvents& events)
    : executor_(std::move(executor)),
      options_(std::move(options)),
      events_(events),
      door_(options_.door, random_below),
      due_(executor_, kNever) {}

Listener::~Listener() = default;

Result<std::shared_ptr<Listener>> Listener::open(asio::any_io_executor executor,
                                                 ListenOptions options, LinkEvents& events) {
  auto listener =
      std::make_shared<Listener>(Private{}, std::move(executor), std::move(options), events);
  for (const std::string& address : listener->options_.addresses) {
    const auto endpoint = parse_endpoint(address);
    if (!endpoint) return endpoint.error();
    listener->wanted_.push_back(*endpoint);
  }
  const SteadyTime now = read_clocks().steady;
  for (std::size_t place = 0; place < listener->wanted_.size(); ++place) listener->take(place, now);
  asio::co_spawn(listener->executor_, watch(listener), end_of_coroutine);
  return listener;
}

Result<Listener::Bound> Listener::bind(const tcp::endpoint& endpoint) {
  Bound bound{tcp::acceptor(executor_), {}};
  tcp::acceptor& acceptor = bound.acceptor;
  boost::system::error_code code;
  acceptor.open(endpoint.protocol(), code);
  if (!code) acceptor.set_option(tcp::acceptor::reuse_address(true), code);
  if (!code && endpoint.address().is_v6()) acceptor.set_option(asio::ip::v6_only(true), code);
  if (!code) acceptor.bind(endpoint, code);
  if (!code) acceptor.listen(asio::socket_base::max_listen_connections, code);
  if (!code) bound.endpoint = acceptor.local_endpoint(code);
  if (code) return Error(TransportError::kListen, code.message());
  return bound;
}

bool Listener::take(std::size_t place, SteadyTime now) {
  auto bound = bind(wanted_[place]);
  if (!bound) {
    bindings_.failed(place, options_.addresses[place], bound.error().detail(), now);
    return false;
  }
  bindings_.bound(place);
  auto& acceptor = bound_.emplace(place, std::move(*bound)).first->second.acceptor;
  asio::co_spawn(executor_, accept_loop(shared_from_this(), acceptor), end_of_coroutine);
  return true;
}

bool Listener::try_again(SteadyTime now) {
  if (stopped_) return false;
  bool one_more = false;
  for (const std::size_t place : bindings_.due(now)) one_more = take(place, now) || one_more;
  return one_more;
}

std::vector<tcp::endpoint> Listener::endpoints() const {
  std::vector<tcp::endpoint> all;
  all.reserve(bound_.size());
  for (const auto& [place, bound] : bound_) all.push_back(bound.endpoint);
  return all;
}

asio::awaitable<void> Listener::accept_loop(std::shared_ptr<Listener> self,
                                            tcp::acceptor& acceptor) {
  asio::steady_timer pause(self->executor_);
  while (!self->stopped_) {
    tcp::endpoint from;
    auto [code, socket] = co_await acceptor.async_accept(self->executor_, from, kAsTuple);
    if (self->stopped_) co_return;
    if (!code) {
      ++self->counters_.accepted;
      self->admit(std::move(socket), from);
    } else if (code != asio::error::connection_aborted) {
      ++self->counters_.accept_failures;
      pause.expires_after(kPauseAfterFailure);
      co_await pause.async_wait(kAsTuple);
    }
  }
}

void Listener::admit(tcp::socket socket, const tcp::endpoint& from) {
  const SteadyTime now = read_clocks().steady;
  const Door::Caller caller = ++newest_;
  auto call = std::make_shared<Call>(std::move(socket), now);
  calls_.emplace(caller, call);
  give_way(door_.arrive(caller, network_of(from.address()), now));
  asio::co_spawn(executor_, hear(shared_from_this(), caller, std::move(call)), end_of_coroutine);
  watch_anew();
}

bool Listener::promising(const Call& call) {
  Bytes wanted;
  append_be(wanted, static_cast<std::uint16_t>(session::kMessage1Bytes));
  const std::size_t size = std::min(call.size, wanted.size());
  return equal(ByteView(call.said).first(size), ByteView(wanted).first(size));
}

asio::awaitable<void> Listener::hear(std::shared_ptr<Listener> self, Door::Caller caller,
                                     std::shared_ptr<Call> call) {
  while (call->size < call->said.size()) {
    const auto rest = asio::buffer(call->said) + call->size;
    const auto [code, size] = co_await call->socket.async_read_some(rest, kAsTuple);
    if (!self->calls_.contains(caller)) co_return;
    call->size += size;
    if (code || !promising(*call)) {
      ++self->counters_.failed;
      self->end(caller);
      co_return;
    }
  }
  self->on_first_message(caller, *call);
}

void Listener::on_first_message(Door::Caller caller, const Call& call) {
  const auto message = ByteView(call.said).subspan(session::kLengthBytes);
  const auto judged = door_.first_message(caller, message, read_clocks().steady);
  switch (judged.verdict) {
    case Door::Verdict::kLookAt: return look_at(caller);
    case Door::Verdict::kSeen: ++counters_.seen; return end(caller);
    case Door::Verdict::kWait: break;
  }
  give_way(judged.gives_way);
  watch_anew();
}

void Listener::look_at(Door::Caller caller) {
  const auto call = std::move(calls_.at(caller));
  calls_.erase(caller);
  ++counters_.looked_at;
  auto options = options_.answer();
  options.handshake_time = options_.door.silence_max;
  auto session = session::Session::answer(std::move(options), call->arrived);
  if (const auto verified = session.receive(call->said); !verified) {
    ++counters_.failed;
    return end(caller);
  }
  give_way(door_.verified(caller));
  auto link = std::make_shared<Link>(std::move(call->socket), std::move(session),
                                     static_cast<LinkEvents&>(*this), call->size);
  half_open_.emplace(caller, link);
  link->start();
}

void Listener::end(Door::Caller caller) {
  door_.leave(caller);
  if (const auto call = calls_.find(caller); call != calls_.end()) {
    boost::system::error_code ignored;
    call->second->socket.close(ignored);
    calls_.erase(call);
  }
  if (const auto link = half_open_.find(caller); link != half_open_.end()) {
    link->second->abandon();
    half_open_.erase(link);
  }
}

void Listener::give_way(std::optional<Door::Caller> caller) {
  if (!caller) return;
  ++counters_.gave_way;
  end(*caller);
}

void Listener::see_what_is_due(SteadyTime now) {
  for (const Door::Caller caller : door_.overdue(now)) {
    ++counters_.timed_out;
    end(caller);
  }
  while (const auto drawn = door_.draw(now)) {
    if (drawn->verdict == Door::Verdict::kLookAt) {
      look_at(drawn->caller);
    } else {
      ++counters_.seen;
      end(drawn->caller);
    }
  }
}

void Listener::watch_anew() {
  const auto next = door_.next();
  if (next && asio::steady_timer::time_point(*next) < due_.expiry()) due_.cancel();
}

asio::awaitable<void> Listener::watch(std::shared_ptr<Listener> self) {
  while (!self->stopped_) {
    self->see_what_is_due(read_clocks().steady);
    const auto next = self->door_.next();
    self->due_.expires_at(next ? asio::steady_timer::time_point(*next) : kNever);
    co_await self->due_.async_wait(kAsTuple);
  }
}

void Listener::stop() {
  stopped_ = true;
  boost::system::error_code ignored;
  for (auto& [place, bound] : bound_) bound.acceptor.close(ignored);
  while (!calls_.empty()) end(calls_.begin()->first);
  while (!half_open_.empty()) end(half_open_.begin()->first);
  due_.cancel();
}

std::shared_ptr<Link> Listener::release(const Link& link) {
  const auto entry =
      std::ranges::find(half_open_, &link, [](const auto& each) { return each.second.get(); });
  BLO_CHECK(entry != half_open_.end());
  auto held = std::move(entry->second);
  door_.leave(entry->first);
  half_open_.erase(entry);
  return held;
}

void Listener::on_open(Link& link) {
  const auto held = release(link);
  ++counters_.opened;
  held->set_events(events_);
  events_.on_open(*held);
}

void Listener::on_frame(Link& /*link*/, Bytes /*frame*/) { BLO_CHECK(false); }

void Listener::on_closed(Link& link, std::optional<Error> error) {
  const auto held = release(link);
  if (error && *error == session::SessionError::kTimeout) {
    ++counters_.timed_out;
    return;
  }
  ++counters_.failed;
  if (held->caller_knows_us()) ++counters_.failed_known;
}

}  // namespace blo::transport
