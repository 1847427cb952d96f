// What an opened says besides who opened what: nothing. Every other field of it is derived, so that
// it carries nothing past the officers who would have to read it. docs/format/entry.md has the
// derivation.
#ifndef BLO_JOURNAL_OPENED_H
#define BLO_JOURNAL_OPENED_H

#include "journal/entry.h"
#include "seal/body.h"

namespace blo::journal {

/// Content of every opened, as lib/message encodes it.
inline constexpr std::array<Byte, 2> kOpenedContent = {0x62, 0x00};

/// The fields that are derived, beside the salt of the body.
struct OpenedFields {
  MessageId message_id;
  Precedence precedence;
  WallTime created;
  seal::Salt salt;
  Hash commitment;
  std::uint64_t padded_bytes;
};

/// Of the opened by which a person at `from` answers the message `answered` of `to`.
[[nodiscard]] OpenedFields derive_opened(Network network, const OfficeId& from, const OfficeId& to,
                                         const MessageId& answered, std::uint64_t person);

/// Whether `envelope`, an opened that answers something, is the one of that person.
[[nodiscard]] bool is_derived(const Envelope& envelope, std::uint64_t person);

}  // namespace blo::journal

#endif
