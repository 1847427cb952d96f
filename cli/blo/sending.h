// Sends one message: shows what leaves, sends it, and waits for the receipt where asked.
#ifndef BLO_CLI_BLO_SENDING_H
#define BLO_CLI_BLO_SENDING_H

#include "arguments.h"
#include "base/bytes.h"
#include "failure.h"

namespace blo::cli {

/// `kind` is a message kind, `content` validated content of it.
[[nodiscard]] Outcome<ExitCode> send_content(const Globals& globals, const Sending& sending,
                                             std::uint32_t kind, ByteView content);

/// The content of a JSON file, validated; the field or line at fault is named.
[[nodiscard]] Outcome<Bytes> content_of_file(const Path& path, std::uint32_t kind);

}  // namespace blo::cli

#endif
