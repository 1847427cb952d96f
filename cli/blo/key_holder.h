// The key holder that `blo unlock` left in a terminal session, as the session's commands see it.
#ifndef BLO_CLI_BLO_KEY_HOLDER_H
#define BLO_CLI_BLO_KEY_HOLDER_H

#include "crypto/sign.h"
#include "holder_socket.h"

namespace blo::cli {

/// Each call is a connection of its own, to a process of the same user in the same session and no
/// other; whatever is not as it must be is as if there were no holder.
class KeyHolder {
 public:
  /// That of one officer in this session; nothing where there is no session, or no folder in which
  /// one could listen.
  [[nodiscard]] static std::optional<KeyHolder> of(const std::string& officer);

  /// One is there and holds the private half of this key.
  [[nodiscard]] bool holds(const crypto::VerifyKey& key) const;

  /// Its signature over the purpose's prefix ‖ bytes, which the caller verifies. Purposes:
  /// kEnvelope, kControlRequest; for others nothing is even asked.
  [[nodiscard]] std::optional<crypto::Signature> sign(crypto::Purpose purpose,
                                                      ByteView bytes) const;

  /// Ends it and waits until its process is gone. False where there was none.
  [[nodiscard]] bool end() const;

 private:
  KeyHolder(const HolderFolder& folder, const TerminalSession& session, const std::string& officer)
      : session_(session), address_(folder, session, officer) {}
  [[nodiscard]] bool ask(int socket, HolderAsks what, ByteView bytes, std::span<Byte> answer) const;
  [[nodiscard]] bool connect(int socket) const;

  TerminalSession session_;
  HolderAddress address_;
};

}  // namespace blo::cli

#endif
