#include "control/client.h"

#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <thread>

#include "base/descriptor.h"
#include "base/hex.h"
#include "base/limits.h"

namespace blo::control {
namespace {

constexpr milliseconds kLong{20'000};
constexpr milliseconds kShort{20};

/// The greeting of docs/format/control.md: version 1, UZ-OYBEK, exercise, nonce 11…11.
const std::string kGreeting =
    "080112"
    "08555a2d4f5942454b"
    "1802"
    "2220"
    "1111111111111111111111111111111111111111111111111111111111111111";

/// One end of a connection, for the test's side.
class Peer {
 public:
  explicit Peer(int fd) : fd_(fd) {}
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;
  ~Peer() { ::close(fd_); }

  void send(ByteView bytes) const {
    // The client may hang up first; that is then what the test looks at.
    static_cast<void>(::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL));
  }
  void send_frame(const std::string& hex) const { send(frame(*from_hex(hex)).value()); }

  /// The next frame's message; empty when the client hung up.
  Bytes take() {
    for (;;) {
      const auto next = deframer_.next();
      if (!next) return {};
      if (*next) return **next;
      Byte buffer[4096];
      const ssize_t got = ::recv(fd_, buffer, sizeof buffer, 0);
      if (got <= 0) return {};
      deframer_.feed(ByteView(buffer, static_cast<std::size_t>(got)));
    }
  }

 private:
  int fd_;
  Deframer deframer_{limits::kControlFrameBytesMax};
};

/// A control socket in a folder of its own, served once by a function on a thread.
class FakeDaemon {
 public:
  explicit FakeDaemon(std::function<void(Peer&)> serve) {
    char folder[] = "/tmp/blo-control-XXXXXX";
    REQUIRE(::mkdtemp(folder) != nullptr);
    folder_ = folder;
    listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path().c_str(), sizeof address.sun_path - 1);
    REQUIRE(::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(::listen(listener_, 1) == 0);
    thread_ = std::thread([listener = listener_, serve = std::move(serve)] {
      const int fd = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
      if (fd < 0) return;
      Peer peer(fd);
      serve(peer);
    });
  }
  FakeDaemon(const FakeDaemon&) = delete;
  FakeDaemon& operator=(const FakeDaemon&) = delete;
  ~FakeDaemon() {
    ::shutdown(listener_, SHUT_RDWR);  // frees an accept that nobody answered
    thread_.join();
    ::close(listener_);
    std::filesystem::remove_all(folder_);
  }
  [[nodiscard]] std::filesystem::path path() const { return folder_ / "control.sock"; }

 private:
  std::filesystem::path folder_;
  int listener_ = -1;
  std::thread thread_;
};

TEST_CASE("a client reads who the daemon is") {
  const FakeDaemon daemon([](Peer& peer) { peer.send_frame(kGreeting); });
  const auto client = Client::connect(daemon.path(), kLong);
  REQUIRE(client.has_value());
  CHECK(client->greeting().office.text() == "UZ-OYBEK");
  CHECK(client->greeting().network == Network::kExercise);
  CHECK(to_hex(client->greeting().nonce) == std::string(64, '1'));
  CHECK(client->listener() == ::geteuid());
}

TEST_CASE("requests are framed and what is signed counts them") {
  std::vector<Bytes> taken;
  Bytes first;
  Bytes second;
  {
    const FakeDaemon daemon([&](Peer& peer) {
      peer.send_frame(kGreeting);
      taken.push_back(peer.take());
      taken.push_back(peer.take());
    });
    auto client = Client::connect(daemon.path(), kLong);
    REQUIRE(client.has_value());
    const Bytes hash(32, 0x22);
    first = client->bytes_to_sign(hash);
    REQUIRE(client->send(*from_hex("0a00"), {}, {}).has_value());
    second = client->bytes_to_sign(hash);
    REQUIRE(client->send(*from_hex("0a00"), to_bytes("who"), to_bytes("sig")).has_value());
  }
  REQUIRE(taken.size() == 2);
  // SignedRequest: request alone, then request, officer and signature.
  CHECK(to_hex(taken[0]) == "0a020a00");
  CHECK(to_hex(taken[1]) == "0a020a00120377686f1a03736967");
  CHECK(to_hex(ByteView(first).subspan(32, 8)) == "0000000000000000");
  CHECK(to_hex(ByteView(second).subspan(32, 8)) == "0000000000000001");
}

TEST_CASE("answers come out one by one and silence is no answer") {
  const FakeDaemon daemon([](Peer& peer) {
    peer.send_frame(kGreeting);
    static_cast<void>(peer.take());
    Bytes two = frame(to_bytes("one")).value();
    append(two, ByteView(frame(to_bytes("two")).value()));
    peer.send(two);
    static_cast<void>(peer.take());  // until the client hangs up
  });
  auto client = Client::connect(daemon.path(), kLong);
  REQUIRE(client.has_value());
  REQUIRE(client->send(to_bytes("?"), {}, {}).has_value());
  const auto one = client->receive(kLong);
  REQUIRE(one.has_value());
  CHECK(**one == to_bytes("one"));
  const auto two = client->receive(kLong);
  REQUIRE(two.has_value());
  CHECK(**two == to_bytes("two"));
  const auto silence = client->receive(kShort);
  REQUIRE(silence.has_value());
  CHECK_FALSE(silence->has_value());
}

TEST_CASE("a wait that is interrupted ends and loses nothing, and what has come is read before") {
  const FakeDaemon daemon([](Peer& peer) {
    peer.send_frame(kGreeting);
    static_cast<void>(peer.take());
    const Bytes first = frame(to_bytes("one")).value();
    peer.send(first);
    static_cast<void>(peer.take());
    const Bytes second = frame(to_bytes("two")).value();
    peer.send(ByteView(second).first(3));
    static_cast<void>(peer.take());
    peer.send(ByteView(second).subspan(3));
    static_cast<void>(peer.take());
  });
  auto client = Client::connect(daemon.path(), kLong);
  REQUIRE(client.has_value());
  const Descriptor interruption(::eventfd(1, EFD_CLOEXEC));
  REQUIRE(client->send(to_bytes("?"), {}, {}).has_value());
  CHECK(client->receive(kLong).value() == to_bytes("one"));
  const auto none = client->receive(kLong, interruption.get());
  REQUIRE_FALSE(none.has_value());
  CHECK(none.error() == ControlError::kInterrupted);
  REQUIRE(client->send(to_bytes("?"), {}, {}).has_value());
  CHECK_FALSE(client->receive(kShort).value().has_value());  // the beginning of it
  REQUIRE(client->send(to_bytes("?"), {}, {}).has_value());
  Result<std::optional<Bytes>> rest = ControlError::kInterrupted;
  while (!rest && rest.error() == ControlError::kInterrupted)
    rest = client->receive(kLong, interruption.get());
  REQUIRE(rest.has_value());
  CHECK(*rest == to_bytes("two"));
}

TEST_CASE("a daemon that hangs up in the middle of an answer is reported") {
  const FakeDaemon daemon([](Peer& peer) {
    peer.send_frame(kGreeting);
    const Bytes whole = frame(to_bytes("an answer")).value();
    peer.send(ByteView(whole).first(whole.size() - 1));
  });
  auto client = Client::connect(daemon.path(), kLong);
  REQUIRE(client.has_value());
  const auto answer = client->receive(kLong);
  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error() == ControlError::kClosed);
}

TEST_CASE("a request over the limit is refused and the next one still counts from there") {
  const FakeDaemon daemon([](Peer& peer) {
    peer.send_frame(kGreeting);
    static_cast<void>(peer.take());
  });
  auto client = Client::connect(daemon.path(), kLong);
  REQUIRE(client.has_value());
  const Bytes hash(32, 0);
  const Bytes before = client->bytes_to_sign(hash);
  const auto sent = client->send(Bytes(limits::kControlRequestBytesMax), {}, {});
  REQUIRE_FALSE(sent.has_value());
  CHECK(sent.error() == ControlError::kTooLarge);
  CHECK(client->bytes_to_sign(hash) == before);
}

TEST_CASE("a greeting out of form is refused") {
  const auto [what, hex] = GENERATE(table<std::string, std::string>({
      {"version 2", "0802" + kGreeting.substr(4)},
      {"no version", kGreeting.substr(4)},
      {"an office in lower case", "08011208757a2d4f5942454b" + kGreeting.substr(24)},
      {"a network that is none", kGreeting.substr(0, 26) + "03" + kGreeting.substr(28)},
      {"a short nonce", kGreeting.substr(0, 28) + "221f" + std::string(62, '1')},
      {"a cut field", kGreeting.substr(0, kGreeting.size() - 2)},
      {"nothing", ""},
  }));
  INFO(what);
  const FakeDaemon daemon([greeting = hex](Peer& peer) { peer.send_frame(greeting); });
  const auto client = Client::connect(daemon.path(), kLong);
  REQUIRE_FALSE(client.has_value());
  CHECK(client.error() == ControlError::kMalformed);
}

TEST_CASE("a daemon that accepts and says nothing is given up") {
  const FakeDaemon daemon([](Peer& peer) { static_cast<void>(peer.take()); });
  const auto client = Client::connect(daemon.path(), kShort);
  REQUIRE_FALSE(client.has_value());
  CHECK(client.error() == ControlError::kUnreachable);
}

TEST_CASE("a socket that is not there is unreachable and named") {
  const auto missing = Client::connect("/nonexistent/control.sock", kLong);
  REQUIRE_FALSE(missing.has_value());
  CHECK(missing.error() == ControlError::kUnreachable);
  CHECK(missing.error().message().find("/nonexistent/control.sock") != std::string::npos);
}

TEST_CASE(
    "a path too long for a socket is named with the limit unless it is a link to a short one") {
  const FakeDaemon daemon([](Peer& peer) { peer.send_frame(kGreeting); });
  const auto home = daemon.path().parent_path() / std::string(120, 'h');
  std::filesystem::create_directory(home);
  const auto link = home / "control.sock";
  const auto too_long = Client::connect(link, kLong);
  REQUIRE_FALSE(too_long.has_value());
  CHECK(too_long.error() == ControlError::kPathTooLong);
  CHECK(too_long.error().detail() ==
        link.string() + " (" + std::to_string(link.native().size()) + " bytes; at most 107)");
  std::filesystem::create_symlink(daemon.path(), link);
  CHECK(Client::connect(link, kLong).has_value());
}

}  // namespace
}  // namespace blo::control
