// What officers read: lists, one message, an export. Nothing here changes anything.
#ifndef BLO_OFFICE_QUERY_H
#define BLO_OFFICE_QUERY_H

#include "journal/export.h"
#include "office/office.h"

namespace blo::office {

/// The closed list of a message's states. Values are blo.v1.MessageState's.
enum class MessageState : std::uint8_t { kQueued = 1, kReceipted = 2, kRefused = 3, kReceived = 4 };

struct MessageView {
  MessageNumber number;
  MessageState state;
  std::optional<journal::Envelope> envelope;  // none: a refused entry whose envelope is out of form
  journal::Stamp stamp;
  std::optional<journal::RefusalReason> refusal;
  std::optional<ReceiptedHead> receipt;  // the one that covers it
  Author author;
  Bytes content;  // empty when refused or erased
  journal::Hash leaf_hash{};
};

enum class Box { kReceived, kSent };

/// Messages of one pairing below `before`, newest first.
[[nodiscard]] Result<std::vector<MessageView>> list_messages(Office& office, const Pair& pair,
                                                             Box box, std::uint64_t before,
                                                             std::size_t count);
/// kNotFound for another office's journal, a record, or an index past the end.
[[nodiscard]] Result<MessageView> show_message(Office& office, const MessageNumber& number);
/// Messages [first, end) of what the counterpart sent: what just arrived.
[[nodiscard]] Result<std::vector<MessageView>> arrived_messages(Office& office, const Pair& pair,
                                                                std::uint64_t first,
                                                                std::uint64_t end);

struct Exported {
  std::vector<std::string> folders;
  std::vector<std::string> notes;  // what is not in it
};
/// Both directions of a pairing, streamed to `sink`.
[[nodiscard]] Result<Exported> export_pair(Office& office, const Pair& pair,
                                           const journal::FileSink& sink);

}  // namespace blo::office

#endif
