// A blocking client of the daemon's control socket; POSIX calls alone, one thread.
#ifndef BLO_CONTROL_CLIENT_H
#define BLO_CONTROL_CLIENT_H

#include <array>
#include <filesystem>

#include "base/clock.h"
#include "base/ids.h"
#include "control/framing.h"

namespace blo::control {

inline constexpr std::size_t kNonceBytes = 32;

/// What the daemon says first on every connection.
struct DaemonGreeting {
  OfficeId office;
  Network network;
  std::array<Byte, kNonceBytes> nonce;
};

/// One connection. Moves, never copies; closes when it goes.
class Client {
 public:
  /// Connects, looks who listens, and takes the greeting, waiting at most `silence_max` for each
  /// step. Who listens must be root, this process's user, or who owns the folder of `socket`, an
  /// office's home: its daemon's user. Else kStranger, and nothing is said.
  /// Where `socket` is longer than a socket's path can be and is a link, what it leads to is
  /// connected to; else kPathTooLong.
  /// Other errors: kUnreachable (with the reason of the system), kForbidden, kClosed, kMalformed
  /// (no greeting of version 1).
  [[nodiscard]] static Result<Client> connect(const std::filesystem::path& socket,
                                              milliseconds silence_max);
  Client(Client&& other) noexcept;
  Client& operator=(Client&& other) noexcept;
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client();

  [[nodiscard]] const DaemonGreeting& greeting() const { return greeting_; }

  /// What an officer signs (after the purpose's prefix) for the request sent next.
  [[nodiscard]] Bytes bytes_to_sign(ByteView request_hash) const;

  /// Sends one encoded Request. `officer` (a fingerprint) and `signature` are both empty when the
  /// request stands on the Unix user alone. Errors: kTooLarge (nothing was sent), kClosed.
  [[nodiscard]] Result<void> send(ByteView request, ByteView officer, ByteView signature);

  /// The next encoded Response; nothing when `silence_max` passes without a byte. The wait for
  /// more ends, too, once `interruption` is readable; -1: there is no such descriptor.
  /// Errors: kClosed, kTooLarge, kInterrupted (what has come so far is kept for the next call).
  [[nodiscard]] Result<std::optional<Bytes>> receive(milliseconds silence_max,
                                                     int interruption = -1);

  /// The Unix user who listens, by the kernel's word: who the daemon runs as.
  [[nodiscard]] std::uint32_t listener() const { return listener_; }

 private:
  Client(int socket, std::uint32_t listener, DaemonGreeting greeting);

  int socket_;
  std::uint32_t listener_;
  DaemonGreeting greeting_;
  Deframer deframer_;
  std::uint64_t sequence_ = 0;
};

}  // namespace blo::control

#endif
