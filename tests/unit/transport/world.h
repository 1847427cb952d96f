// One io_context with a listening office, diallers, and what they saw.
#ifndef BLO_TESTS_UNIT_TRANSPORT_WORLD_H
#define BLO_TESTS_UNIT_TRANSPORT_WORLD_H

#include <boost/asio/io_context.hpp>
#include <functional>
#include <map>

#include "transport/address.h"
#include "transport/dialer.h"
#include "transport/listener.h"
#include "transport/spawn.h"

namespace blo::transport {

inline crypto::DhKeyPair pair_of(Byte fill) {
  return crypto::DhKeyPair::from_secret(crypto::Key(ByteView(Bytes(32, fill))));
}

inline constexpr Byte kDialler = 0x11;
inline constexpr Byte kAnswerer = 0x22;
inline constexpr Byte kPsk = 0x33;

inline OfficeId answering_office() { return OfficeId::parse("TJ-FOTEHOBOD").value(); }

inline session::DialOptions dial_options() {
  return {Network::kLive, answering_office(), pair_of(kAnswerer).public_key, pair_of(kDialler),
          crypto::Key(ByteView(Bytes(32, kPsk)))};
}

inline session::AnswerOptions answer_options() {
  const auto lookup = [](const crypto::DhPublic& caller) {
    std::vector<crypto::Key> psks;
    if (caller == pair_of(kDialler).public_key) psks.emplace_back(ByteView(Bytes(32, kPsk)));
    return psks;
  };
  return {Network::kLive, answering_office(), pair_of(kAnswerer), lookup};
}

/// Keeps every link and frame it is told of. What a test wants to do at a frame it puts in `react`.
struct Recorder final : LinkEvents {
  std::vector<std::shared_ptr<Link>> opened;
  std::vector<Bytes> frames;
  int closed = 0;
  std::vector<std::optional<Error>> ends;
  std::function<void(Link&)> at_open = [](Link&) {};
  std::function<void(Link&, const Bytes&)> react = [](Link&, const Bytes&) {};

  void on_open(Link& link) override {
    opened.push_back(link.shared_from_this());
    at_open(link);
  }
  void on_frame(Link& link, Bytes frame) override {
    frames.push_back(frame);
    react(link, frame);
  }
  void on_closed(Link& /*link*/, std::optional<Error> error) override {
    ++closed;
    ends.push_back(std::move(error));
  }
};

struct World {
  boost::asio::io_context io;
  Recorder answerer;
  Recorder dialler;
  std::shared_ptr<Listener> listener;

  ~World() {
    if (listener) listener->stop();
  }

  static ListenOptions loopback() { return ListenOptions({"127.0.0.1:0"}, answer_options); }

  void listen(ListenOptions options = loopback()) {
    auto opened = Listener::open(io.get_executor(), std::move(options), answerer);
    BLO_CHECK(opened);
    listener = *opened;
  }

  [[nodiscard]] std::string address(std::size_t index = 0) const {
    return to_string(listener->endpoints()[index]);
  }

  /// Runs until `condition` holds; false when it does not within five seconds.
  template <class Condition>
  [[nodiscard]] bool run_until(Condition condition) {
    const auto end = std::chrono::steady_clock::now() + seconds(5);
    while (!condition()) {
      if (std::chrono::steady_clock::now() >= end) return false;
      io.restart();
      io.run_one_for(milliseconds(50));
    }
    return true;
  }

  Result<std::shared_ptr<Link>> dial_now(const std::string& to,
                                         session::DialOptions options = dial_options(),
                                         milliseconds time = milliseconds(2'000)) {
    std::optional<Result<std::shared_ptr<Link>>> result;
    auto dialling = store(to, std::move(options), dialler, time, result);
    boost::asio::co_spawn(io, std::move(dialling), end_of_coroutine);
    BLO_CHECK(run_until([&result] { return result.has_value(); }));
    return *result;
  }

  /// A link that is open on both sides.
  std::shared_ptr<Link> connect(std::size_t index = 0) {
    const std::size_t before = answerer.opened.size();
    auto link = dial_now(address(index));
    BLO_CHECK(link);
    (*link)->start();
    BLO_CHECK(run_until([&] { return answerer.opened.size() > before && (*link)->open(); }));
    return *link;
  }

 private:
  static boost::asio::awaitable<void> store(std::string to, session::DialOptions options,
                                            LinkEvents& events, milliseconds time,
                                            std::optional<Result<std::shared_ptr<Link>>>& result) {
    auto dialling = dial(std::move(to), std::move(options), events, time);
    result = co_await std::move(dialling);
  }
};

/// A plain TCP client on the test's own terms: blocking connect, non-blocking reads.
struct RawClient {
  explicit RawClient(World& world) : socket(world.io) {
    socket.connect(world.listener->endpoints()[0]);
    socket.non_blocking(true);
  }
  void write(ByteView bytes) {
    boost::asio::socket_base::message_flags none = 0;
    boost::system::error_code code;
    (void)socket.send(boost::asio::buffer(bytes.data(), bytes.size()), none, code);
  }
  /// Reads what is there; true once the other side has closed.
  bool closed() {
    Byte more[256];
    boost::system::error_code code;
    const std::size_t size = socket.read_some(boost::asio::buffer(more), code);
    received.insert(received.end(), more, more + size);
    return code && code != boost::asio::error::would_block;
  }
  boost::asio::ip::tcp::socket socket;
  Bytes received;
};

}  // namespace blo::transport

#endif
