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

/// What one caller can cheaply have many addresses of counts as one: an IPv6 /64.
asio::ip::address network_of(const asio::ip::address& address) {
  if (!address.is_v6()) return address;
  auto bytes = address.to_v6().to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), Byte{0});
  return asio::ip::address_v6(bytes);
}

std::size_t random_below(std::size_t limit) {
  return static_cast<std::size_t>(read_be<std::uint64_t>(crypto::random_array<8>()) % limit);
}

}  // namespace

Listener::Listener(Private /*unused*/, asio::any_io_executor executor, ListenOptions options,
                   LinkEvents& events)
    : executor_(std::move(executor)), options_(std::move(options)), events_(events) {}

Listener::~Listener() = default;

Result<std::shared_ptr<Listener>> Listener::open(asio::any_io_executor executor,
                                                 ListenOptions options, LinkEvents& events) {
  auto listener =
      std::make_shared<Listener>(Private{}, std::move(executor), std::move(options), events);
  for (const std::string& address : listener->options_.addresses) {
    const auto bound = listener->bind(address);
    if (!bound) return bound.error();
  }
  for (std::size_t i = 0; i < listener->acceptors_.size(); ++i) {
    asio::co_spawn(listener->executor_, accept_loop(listener, i), end_of_coroutine);
  }
  return listener;
}

Result<void> Listener::bind(const std::string& address) {
  const auto endpoint = parse_endpoint(address);
  if (!endpoint) return endpoint.error();
  tcp::acceptor acceptor(executor_);
  boost::system::error_code code;
  acceptor.open(endpoint->protocol(), code);
  if (!code) acceptor.set_option(tcp::acceptor::reuse_address(true), code);
  if (!code && endpoint->address().is_v6()) acceptor.set_option(asio::ip::v6_only(true), code);
  if (!code) acceptor.bind(*endpoint, code);
  if (!code) acceptor.listen(asio::socket_base::max_listen_connections, code);
  if (!code) endpoints_.push_back(acceptor.local_endpoint(code));
  if (code) return Error(TransportError::kListen, address + ", " + code.message());
  acceptors_.push_back(std::move(acceptor));
  return {};
}

asio::awaitable<void> Listener::accept_loop(std::shared_ptr<Listener> self, std::size_t index) {
  tcp::acceptor& acceptor = self->acceptors_[index];
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
  HalfOpen entry{nullptr, network_of(from.address())};
  if (!make_room(entry.network)) return;
  auto session = session::Session::answer(options_.answer(), read_clocks().steady);
  entry.link = std::make_shared<Link>(std::move(socket), std::move(session),
                                      static_cast<LinkEvents&>(*this));
  half_open_.push_back(entry);
  entry.link->start();
}

bool Listener::make_room(const asio::ip::address& network) {
  const auto here = std::ranges::count(half_open_, network, &HalfOpen::network);
  if (static_cast<std::size_t>(here) >= options_.half_open_per_address_max) {
    ++counters_.refused_address;
    return false;
  }
  const auto known = static_cast<std::size_t>(std::ranges::count_if(
      half_open_, [](const HalfOpen& entry) { return entry.link->caller_knows_us(); }));
  // Knowing our public key is no secret: of either kind a random one makes room.
  const std::size_t strangers = half_open_.size() - known;
  if (known >= options_.half_open_max) evict(true, known);
  if (strangers >= options_.half_open_max) evict(false, strangers);
  return true;
}

void Listener::evict(bool knows_us, std::size_t of) {
  std::size_t nth = random_below(of);
  const auto chosen = std::ranges::find_if(half_open_, [knows_us, &nth](const HalfOpen& entry) {
    return entry.link->caller_knows_us() == knows_us && nth-- == 0;
  });
  chosen->link->abandon();
  half_open_.erase(chosen);
  ++counters_.evicted;
}

void Listener::stop() {
  stopped_ = true;
  boost::system::error_code ignored;
  for (tcp::acceptor& acceptor : acceptors_) acceptor.close(ignored);
  for (const HalfOpen& entry : half_open_) entry.link->abandon();
  half_open_.clear();
}

std::shared_ptr<Link> Listener::release(const Link& link) {
  const auto entry =
      std::ranges::find(half_open_, &link, [](const HalfOpen& each) { return each.link.get(); });
  BLO_CHECK(entry != half_open_.end());
  auto held = std::move(entry->link);
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
