#include "control/client.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <limits>
#include <utility>

#include "base/descriptor.h"
#include "base/guarded_file.h"
#include "base/limits.h"
#include "base/wire.h"
#include "blo/v1/control.pb.h"

namespace blo::control {
namespace {

constexpr std::uint32_t kVersion = 1;

Error unreachable(const std::filesystem::path& socket, std::string_view why) {
  return {ControlError::kUnreachable, socket.string() + " (" + std::string(why) + ")"};
}

int poll_milliseconds(milliseconds time) {
  return static_cast<int>(
      std::clamp<std::int64_t>(time.count(), 0, std::numeric_limits<int>::max()));
}

/// Some bytes; none when `silence_max` passes. A wait that a signal broke off begins anew, save
/// where `interruption` is readable and no byte has come. poll() passes over a descriptor of -1.
Result<std::optional<Bytes>> read_some(int fd, milliseconds silence_max, int interruption) {
  std::array<pollfd, 2> ready{{{fd, POLLIN, 0}, {interruption, POLLIN, 0}}};
  int polled = 0;
  do {
    polled = ::poll(ready.data(), ready.size(), poll_milliseconds(silence_max));
  } while (polled < 0 && errno == EINTR);
  if (polled == 0) return std::optional<Bytes>();
  if (ready[0].revents == 0) return Error(ControlError::kInterrupted);
  Byte buffer[64 * 1024];
  ssize_t got = 0;
  do {
    got = ::recv(fd, buffer, sizeof buffer, 0);
  } while (got < 0 && errno == EINTR);
  if (got <= 0) return ControlError::kClosed;
  return std::optional(to_bytes(ByteView(buffer, static_cast<std::size_t>(got))));
}

Result<std::optional<Bytes>> next_frame(int fd, Deframer& deframer, milliseconds silence_max,
                                        int interruption = -1) {
  for (;;) {
    auto whole = deframer.next();
    if (!whole || *whole) return whole;
    const auto more = read_some(fd, silence_max, interruption);
    if (!more || !*more) return more;
    deframer.feed(**more);
  }
}

Result<DaemonGreeting> parse_greeting(ByteView bytes) {
  v1::Greeting message;
  if (!parse_wire(bytes, message)) return Error(ControlError::kMalformed, "greeting");
  if (message.version() != kVersion) {
    return Error(ControlError::kMalformed,
                 "greeting of version " + std::to_string(message.version()) +
                     " (this program speaks version " + std::to_string(kVersion) + ")");
  }
  const auto office = OfficeId::parse(message.office());
  if (!office) return Error(ControlError::kMalformed, "greeting, office");
  if (message.network() != v1::NETWORK_LIVE && message.network() != v1::NETWORK_EXERCISE) {
    return Error(ControlError::kMalformed, "greeting, network");
  }
  DaemonGreeting greeting{*office, static_cast<Network>(message.network()), {}};
  if (!copy_exact(as_bytes(message.nonce()), greeting.nonce)) {
    return Error(ControlError::kMalformed, "greeting, nonce");
  }
  return greeting;
}

constexpr std::size_t kPathBytesMax = sizeof(sockaddr_un::sun_path) - 1;

/// A home with a long path has a link to its socket, which connect() could not name.
Result<std::filesystem::path> short_path(const std::filesystem::path& path) {
  if (path.native().size() <= kPathBytesMax) return path;
  std::error_code failed;
  const auto target = std::filesystem::read_symlink(path, failed);
  if (!failed && target.is_absolute() && target.native().size() <= kPathBytesMax) return target;
  return Error(ControlError::kPathTooLong,
               path.string() + " (" + std::to_string(path.native().size()) + " bytes; at most " +
                   std::to_string(kPathBytesMax) + ")");
}

/// The send timeout also bounds connect() while the daemon's backlog is full.
Result<int> connect_short(const std::filesystem::path& path, milliseconds silence_max) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string text = path.string();
  std::memcpy(address.sun_path, text.c_str(), text.size() + 1);

  Descriptor fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (fd.get() < 0) return unreachable(path, std::strerror(errno));
  const timeval timeout{silence_max.count() / 1000, silence_max.count() % 1000 * 1000};
  if (::setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout) != 0 ||
      ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    if (errno == EACCES || errno == EPERM) return Error(ControlError::kForbidden, text);
    return unreachable(path, std::strerror(errno));
  }
  return fd.release();
}

/// A connected socket.
Result<int> connect_socket(const std::filesystem::path& named, milliseconds silence_max) {
  const auto path = short_path(named);
  if (!path) return path.error();
  return connect_short(*path, silence_max);
}

/// The user who listens: the kernel's word, as of listen(2).
Result<std::uint32_t> check_listener(int fd, const std::filesystem::path& socket) {
  ucred listener{};
  socklen_t size = sizeof listener;
  if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &listener, &size) != 0)
    return unreachable(socket, std::strerror(errno));
  if (listener.uid == 0 || listener.uid == ::geteuid()) return listener.uid;
  const auto owned = check_folder_of(socket.parent_path(), listener.uid);
  if (owned) return listener.uid;
  return Error(ControlError::kStranger, socket.string() + ", user " + std::to_string(listener.uid) +
                                            "; " + owned.error().message());
}

}  // namespace

Result<Client> Client::connect(const std::filesystem::path& socket, milliseconds silence_max) {
  const auto connected = connect_socket(socket, silence_max);
  if (!connected) return connected.error();
  Descriptor fd(*connected);
  const auto listener = check_listener(fd.get(), socket);
  if (!listener) return listener.error();
  // The daemon speaks once and then waits, so no byte after the greeting can be lost here.
  Deframer deframer(limits::kControlFrameBytesMax);
  const auto first = next_frame(fd.get(), deframer, silence_max);
  if (!first) return first.error().within(socket.string());
  if (!*first) return unreachable(socket, "it accepts the connection and says nothing");
  auto greeting = parse_greeting(**first);
  if (!greeting) return greeting.error().within(socket.string());
  return Client(fd.release(), *listener, std::move(*greeting));
}

Client::Client(int socket, std::uint32_t listener, DaemonGreeting greeting)
    : socket_(socket),
      listener_(listener),
      greeting_(std::move(greeting)),
      deframer_(limits::kControlFrameBytesMax) {}

Client::Client(Client&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)),
      listener_(other.listener_),
      greeting_(std::move(other.greeting_)),
      deframer_(std::move(other.deframer_)),
      sequence_(other.sequence_) {}

Client& Client::operator=(Client&& other) noexcept {
  std::swap(socket_, other.socket_);
  std::swap(listener_, other.listener_);
  std::swap(greeting_, other.greeting_);
  std::swap(deframer_, other.deframer_);
  std::swap(sequence_, other.sequence_);
  return *this;
}

Client::~Client() {
  if (socket_ >= 0) ::close(socket_);
}

Bytes Client::bytes_to_sign(ByteView request_hash) const {
  return request_bytes(greeting_.nonce, sequence_, greeting_.office.text(), request_hash);
}

Result<void> Client::send(ByteView request, ByteView officer, ByteView signature) {
  v1::SignedRequest message;
  message.set_request(request.data(), request.size());
  message.set_officer(officer.data(), officer.size());
  message.set_signature(signature.data(), signature.size());
  if (message.ByteSizeLong() > limits::kControlRequestBytesMax) return ControlError::kTooLarge;
  const auto framed = frame(encode_wire(message));
  if (!framed) return framed.error();
  ByteView rest = *framed;
  while (!rest.empty()) {
    const ssize_t sent = ::send(socket_, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return ControlError::kClosed;
    rest = rest.subspan(static_cast<std::size_t>(sent));
  }
  ++sequence_;
  return {};
}

Result<std::optional<Bytes>> Client::receive(milliseconds silence_max, int interruption) {
  return next_frame(socket_, deframer_, silence_max, interruption);
}

}  // namespace blo::control
