// The key holder itself: a small process that stays in the terminal session and signs for its
// commands, until the time is over or the session ends.
#ifndef BLO_CLI_BLO_HOLDER_PROCESS_H
#define BLO_CLI_BLO_HOLDER_PROCESS_H

#include <memory>

#include "crypto/sign.h"
#include "failure.h"
#include "holder_socket.h"

namespace blo::cli {

/// Prepared in the process that will hold the key; one after the other, each once.
class HolderProcess {
 public:
  /// Takes the socket's name, watches the session's leader and begins to count the time. Failures:
  /// there is no folder for it, the name is taken, or the session is ending.
  [[nodiscard]] static Outcome<std::unique_ptr<HolderProcess>> prepare(
      const TerminalSession& session, const std::string& officer, seconds time);
  HolderProcess(const HolderProcess&) = delete;
  HolderProcess& operator=(const HolderProcess&) = delete;
  /// The name goes while the socket still listens: whoever finds it free may take it at once.
  ~HolderProcess();

  /// The standard three lead nowhere, and the terminal's signals go elsewhere.
  static void let_go_of_terminal();
  /// Signs for whoever is of the session. Ends when the time is over,
  /// the leader has ended, a command says so, or on SIGHUP, SIGINT, SIGTERM and SIGQUIT.
  void run(const crypto::SigningKey& key);

 private:
  HolderProcess(const TerminalSession& session, const HolderAddress& address, int listener,
                int leader, int timer, int signals)
      : session_(session),
        address_(address),
        listener_(listener),
        leader_(leader),
        timer_(timer),
        signals_(signals) {}

  enum class Next { kGoOn, kEnd };
  [[nodiscard]] Next serve(int connection, const crypto::SigningKey& key) const;

  TerminalSession session_;
  HolderAddress address_;
  Descriptor listener_;
  Descriptor leader_;
  Descriptor timer_;
  Descriptor signals_;
};

}  // namespace blo::cli

#endif
