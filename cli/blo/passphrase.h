// Passphrases: from a terminal without echo, or from a file; never from arguments or environment.
#ifndef BLO_CLI_BLO_PASSPHRASE_H
#define BLO_CLI_BLO_PASSPHRASE_H

#include <optional>

#include "arguments.h"
#include "base/bytes.h"
#include "failure.h"

namespace blo::cli {

/// A passphrase, or none; wiped when it goes.
class Passphrase {
 public:
  Passphrase() = default;
  explicit Passphrase(Bytes bytes) : bytes_(std::move(bytes)) {}
  Passphrase(Passphrase&&) = default;
  Passphrase& operator=(Passphrase&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  Passphrase(const Passphrase&) = delete;
  Passphrase& operator=(const Passphrase&) = delete;
  ~Passphrase();

  [[nodiscard]] std::optional<ByteView> view() const {
    return bytes_ ? std::optional<ByteView>(*bytes_) : std::nullopt;
  }

 private:
  std::optional<Bytes> bytes_;
};

/// For a key about to be made: asked for twice, or from --passphrase-file; none with
/// --no-passphrase. `whose` completes "Passphrase for …".
[[nodiscard]] Outcome<Passphrase> new_passphrase(const Globals& globals, bool no_passphrase,
                                                 const std::string& whose);
/// For a sealed key file that exists.
[[nodiscard]] Outcome<Passphrase> known_passphrase(const Globals& globals,
                                                   const std::string& whose);

/// One line typed at /dev/tty, shown while typed.
[[nodiscard]] Outcome<std::string> ask_line(const std::string& question);

}  // namespace blo::cli

#endif
