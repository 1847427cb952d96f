// What a command and its session's key holder have in common: the socket's name, who may stand at
// its ends, and the framing. docs/format/keyholder.md.
#ifndef BLO_CLI_BLO_HOLDER_SOCKET_H
#define BLO_CLI_BLO_HOLDER_SOCKET_H

#include <sys/socket.h>
#include <sys/un.h>

#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/descriptor.h"
#include "holder_folder.h"

namespace blo::cli {

/// First byte of a request.
enum class HolderAsks : Byte { kWhichKey = 1, kSignEnvelope, kSignControlRequest, kEnd };
/// First byte of a response.
enum class HolderSays : Byte { kDone = 0, kRefused = 1 };

/// asks ‖ u32be length; so many bytes follow.
inline constexpr std::size_t kHolderHeaderBytes = 5;
/// An envelope is at most 16 KiB, what is signed of a control request some hundred bytes.
inline constexpr std::size_t kHolderBytesMax = 32 * 1024;

/// One user in one terminal session, which is known by the process that leads it.
struct TerminalSession {
  uid_t user;
  pid_t leader;

  /// That of this process; nothing where it cannot be told.
  [[nodiscard]] static std::optional<TerminalSession> current();
  /// Whether the other end of a connected socket belongs to it. Of a listening holder that is the
  /// process that called listen().
  [[nodiscard]] bool has_peer(int socket) const;
};

/// "<leader>-<officer>" in the user's folder.
class HolderAddress {
 public:
  HolderAddress(const HolderFolder& folder, const TerminalSession& session,
                const std::string& officer);
  [[nodiscard]] const char* path() const { return address_.sun_path; }
  /// As bind(2) and connect(2).
  [[nodiscard]] bool bind(int socket) const;
  [[nodiscard]] bool connect(int socket) const;

 private:
  sockaddr_un address_{};
};

/// All of it within `time_max`; false when the other end is gone, silent or slow.
[[nodiscard]] bool send_within(int socket, ByteView bytes, milliseconds time_max);
[[nodiscard]] bool receive_within(int socket, std::span<Byte> bytes, milliseconds time_max);

/// As pidfd_open(2): becomes readable when the process ends.
[[nodiscard]] int open_process(pid_t process);

}  // namespace blo::cli

#endif
