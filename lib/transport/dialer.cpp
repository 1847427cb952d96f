#include "transport/dialer.h"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <vector>

#include "transport/address.h"
#include "transport/spawn.h"

namespace blo::transport {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

/// A name with more addresses than this is not an office's.
constexpr std::size_t kAddressesMax = 16;

SteadyTime steady_now() { return read_clocks().steady; }

/// A look-up that may take longer than its caller waits: getaddrinfo cannot be interrupted.
struct LookUp {
  explicit LookUp(const asio::any_io_executor& executor) : resolver(executor), done(executor) {}
  tcp::resolver resolver;
  asio::steady_timer done;  // cancelled when there is an answer
  bool answered = false;
  std::vector<tcp::endpoint> found;
};

asio::awaitable<void> look_up(std::shared_ptr<LookUp> work, HostPort target) {
  const std::string port = std::to_string(target.port);

  const auto [code, results] = co_await work->resolver.async_resolve(
      target.host, port, tcp::resolver::numeric_service, kAsTuple);
  if (!code) {
    for (const auto& result : results) work->found.push_back(result.endpoint());
  }
  work->answered = true;
  work->done.cancel();
}

/// The two families alternate, so that one that leads nowhere does not use up the time; within each
/// the resolver's order (RFC 6724) stays.
std::vector<tcp::endpoint> alternate(const std::vector<tcp::endpoint>& found) {
  std::vector<tcp::endpoint> same;
  std::vector<tcp::endpoint> other;
  for (const tcp::endpoint& endpoint : found) {
    (endpoint.protocol() == found.front().protocol() ? same : other).push_back(endpoint);
  }
  std::vector<tcp::endpoint> order;
  for (std::size_t i = 0; i < found.size() && order.size() < kAddressesMax; ++i) {
    if (i < same.size()) order.push_back(same[i]);
    if (i < other.size()) order.push_back(other[i]);
  }
  return order;
}

asio::awaitable<Result<std::vector<tcp::endpoint>>> endpoints_of(HostPort target,
                                                                 SteadyTime deadline) {
  boost::system::error_code code;
  const auto numeric = asio::ip::make_address(target.host, code);
  if (!code) {
    std::vector<tcp::endpoint> only(1, tcp::endpoint(numeric, target.port));
    co_return only;
  }
  const auto executor = co_await asio::this_coro::executor;
  auto work = std::make_shared<LookUp>(executor);
  asio::co_spawn(executor, look_up(work, std::move(target)), end_of_coroutine);
  while (!work->answered && steady_now() < deadline) {
    work->done.expires_at(deadline);
    co_await work->done.async_wait(kAsTuple);
  }
  if (!work->answered) co_return TransportError::kTimeout;
  if (work->found.empty()) co_return TransportError::kResolve;
  co_return alternate(work->found);
}

asio::awaitable<boost::system::error_code> connect(tcp::socket& socket, tcp::endpoint endpoint,
                                                   SteadyTime deadline) {
  using namespace asio::experimental::awaitable_operators;
  asio::steady_timer timer(socket.get_executor());
  timer.expires_at(deadline);
  auto connecting = socket.async_connect(endpoint, kAsTuple);
  auto waiting = timer.async_wait(kAsTuple);
  const auto outcome = co_await (std::move(connecting) || std::move(waiting));
  if (outcome.index() == 1) co_return asio::error::timed_out;
  co_return std::get<0>(std::get<0>(outcome));
}

}  // namespace

asio::awaitable<Result<std::shared_ptr<Link>>> dial(std::string address,
                                                    session::DialOptions options,
                                                    LinkEvents& events, milliseconds time) {
  const SteadyTime deadline = steady_now() + time;
  auto target = parse_host_port(address);
  if (!target) co_return target.error();
  auto looking_up = endpoints_of(std::move(*target), deadline);
  const auto endpoints = co_await std::move(looking_up);
  if (!endpoints) co_return endpoints.error().within(address);

  const auto executor = co_await asio::this_coro::executor;
  Error last(TransportError::kTimeout, address);
  for (std::size_t i = 0; i < endpoints->size(); ++i) {
    const SteadyTime now = steady_now();
    if (now >= deadline) break;
    const auto share = (deadline - now) / static_cast<int>(endpoints->size() - i);
    tcp::socket socket(executor);
    const auto code = co_await connect(socket, (*endpoints)[i], now + share);
    if (!code) {
      auto session = session::Session::dial(std::move(options), steady_now());
      co_return std::make_shared<Link>(std::move(socket), std::move(session), events);
    }
    if (code != asio::error::timed_out) {
      last = Error(TransportError::kConnect, address + ", " + code.message());
    }
  }
  co_return last;
}

}  // namespace blo::transport
