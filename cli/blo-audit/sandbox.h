// Once its inputs are open, this program needs nothing but to read beneath them and to write to
// what is open: it gives everything else away, so that a hostile export that finds a hole in it
// finds nothing behind it.
#ifndef BLO_CLI_BLO_AUDIT_SANDBOX_H
#define BLO_CLI_BLO_AUDIT_SANDBOX_H

#include <span>
#include <string_view>

namespace blo::audit {

/// What holds. Landlock: no file can be opened outside the folders. seccomp: no file can be opened
/// for writing, no socket, no other program or process, no new code; the attempt ends this process.
enum class Sandbox { kLandlockAndSeccomp, kLandlock, kSeccomp, kNone };
/// "landlock+seccomp", "landlock", "seccomp", "none".
[[nodiscard]] std::string_view to_string(Sandbox sandbox);

/// For ever, for this thread and all that it starts: call it before any other is started, with the
/// descriptors of the folders that are still to be read. What the kernel does not have is left out;
/// it never fails. In a build with sanitizers, which need more, it does nothing.
[[nodiscard]] Sandbox enter_sandbox(std::span<const int> folders);

/// Says on standard error what is missing, where something is.
void warn_of(Sandbox sandbox);

}  // namespace blo::audit

#endif
