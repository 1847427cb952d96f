// Which message of an export answers which: what an opened, an acted or a reply is about, and what
// became of a message.
#ifndef BLO_JOURNAL_ANSWERS_H
#define BLO_JOURNAL_ANSWERS_H

#include <map>
#include <vector>

#include "crypto/short_hash.h"
#include "journal/entry.h"

namespace blo::journal {

struct JournalFacts;

/// An opened or acted about a message: one of the opposite journal that nothing stands against.
struct Answer {
  MessageNumber number;
  bool acted = false;  // else opened
};

class Answers {
 public:
  /// Reads the entries of all pair journals once more. Memory: 24 bytes a message. Errors are
  /// KeptTree's.
  [[nodiscard]] static Result<Answers> read(std::map<Origin, JournalFacts>& journals);

  /// The message under this id in the pairing that `origin` is of; none: it is not in the export.
  [[nodiscard]] std::optional<MessageNumber> message(const Origin& origin,
                                                     const MessageId& id) const;
  /// What answers the message under this id of the journal `origin`: the first of them.
  static constexpr std::size_t kAnswersMax = 16;
  [[nodiscard]] std::vector<Answer> to(const Origin& origin, const MessageId& id) const;

 private:
  /// A message by its own id, or an opened or acted by the id that it answers.
  struct Entry {
    std::uint64_t tag;
    std::uint64_t index;
    std::uint32_t journal;  // in origins_
    bool acted;
  };
  void add(const JournalFacts& facts, std::uint64_t index, ByteView leaf);
  [[nodiscard]] MessageNumber number_of(const Entry& entry) const;

  std::optional<crypto::ShortHash> tag_;  // of all journals
  std::vector<Origin> origins_;
  std::vector<Entry> messages_;  // by tag; opened and acted are none
  std::vector<Entry> steps_;     // by the tag of what they answer
};

}  // namespace blo::journal

#endif
