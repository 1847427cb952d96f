// Sends one message: shows what leaves, sends it, and waits for the receipt where asked.
#ifndef BLO_CLI_BLO_SENDING_H
#define BLO_CLI_BLO_SENDING_H

#include "arguments.h"
#include "base/bytes.h"
#include "compose.h"
#include "daemon.h"

namespace blo::v1 {
class SendOutcome;
}

namespace blo::cli {

/// Composes, signs and hands over one message: accepted or drafted.
[[nodiscard]] Outcome<v1::SendOutcome> send_one(Daemon& daemon, const Addressing& addressing,
                                                ByteView content, const Officer& author);

/// `kind` is a message kind, `content` validated content of it.
[[nodiscard]] Outcome<ExitCode> send_content(const Globals& globals, const Sending& sending,
                                             std::uint32_t kind, ByteView content);

/// The content of a JSON file, validated; the field or line at fault is named.
[[nodiscard]] Outcome<Bytes> content_of_file(const Path& path, std::uint32_t kind);

}  // namespace blo::cli

#endif
