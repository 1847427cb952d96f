// Messages on their way out: content committed to, envelope signed by the officer.
#ifndef BLO_CLI_BLO_COMPOSE_H
#define BLO_CLI_BLO_COMPOSE_H

#include "crypto/hash.h"
#include "journal/entry.h"
#include "officer.h"

namespace blo::v1 {
class OutgoingMessage;
}

namespace blo::cli {

/// What stands in an envelope beside the content.
struct Addressing {
  Network network;
  OfficeId from;
  OfficeId to;
  std::uint32_t kind;
  journal::Precedence precedence = journal::Precedence::kRoutine;
  std::optional<WallTime> expires;
  std::optional<MessageId> in_reply_to;
};

/// 48 bits of Unix milliseconds and 80 random bits.
[[nodiscard]] MessageId new_message_id(WallTime now);

/// Fills in a message that is ready to be sent; `import_key` is left empty. Of an opened everything
/// follows from what it answers and its author. Failures: Signer::sign's.
[[nodiscard]] Outcome<void> compose(const Addressing& addressing, ByteView content,
                                    const Officer& author, WallTime now,
                                    v1::OutgoingMessage& message);

/// SHA-256("blo/import/v1\0" ‖ counterpart ‖ 0 ‖ row identity): the row that must not be sent
/// twice.
[[nodiscard]] crypto::Hash import_key(const OfficeId& counterpart, ByteView identity);

}  // namespace blo::cli

#endif
