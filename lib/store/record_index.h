// What records say of other entries, found by the entry they speak of: a journal may have a million
// of them, and nobody reads them through to look at one message.
#ifndef BLO_STORE_RECORD_INDEX_H
#define BLO_STORE_RECORD_INDEX_H

#include <optional>
#include <vector>

#include "journal/entry.h"
#include "store/database.h"

namespace blo::store {

struct EntryFacts;
struct JournalRow;

/// Which record an entry holds: its field's number in blo.v1.Record.
enum class RecordKind : std::uint8_t {
  kGenerationStart = 1,
  kCertificate,
  kRefusal,
  kRevocation,
  kPolicy,
  kTrailHead,
  kAct,
  kActFailed,
  kPeerRefused,
  kErasure,
  kChallenge,
  kUnentered
};
[[nodiscard]] RecordKind kind_of(const journal::Record& record);

/// An entry as the two journals of a pairing name each other's, whether or not it is here.
struct EntryName {
  std::int64_t pairing;
  bool sent;  // of our journal, or of the counterpart's
  std::uint32_t generation;
  std::uint64_t index;
};
[[nodiscard]] EntryName name_of(const JournalRow& journal, std::uint64_t index);

/// Where a record lies: journal id and index.
struct RecordPlace {
  std::int64_t journal;
  std::uint64_t index;
};

/// Written by JournalStore::append() alone, so that no record is forgotten. Of each kind the first
/// record about an entry counts, of each of the two offices; what says the same again is not kept.
class RecordIndex {
 public:
  explicit RecordIndex(Database& database) : database_(database) {}

  struct RefusedBy {
    journal::RefusalReason reason;
    RecordPlace record;
  };
  /// The opposite office's refusal of an entry.
  [[nodiscard]] Result<std::optional<RefusedBy>> refusal_of(const EntryName& entry);
  /// The erasures of an entry's body, at most one of each office.
  [[nodiscard]] Result<std::vector<RecordPlace>> erasures_of(const EntryName& entry);
  [[nodiscard]] Result<bool> erased_by_us(const EntryName& entry);
  struct Held {
    std::uint64_t index;
    RecordPlace erasure;
  };
  /// Entries of `journal` whose erasure by the counterpart a legal hold stopped, and whose body has
  /// not been erased since.
  [[nodiscard]] Result<std::vector<Held>> held(const JournalRow& journal);
  /// Whether an entry is one of them.
  [[nodiscard]] Result<bool> is_held(const EntryName& entry);

 private:
  friend class JournalStore;
  [[nodiscard]] Result<void> note(const JournalRow& in, std::uint64_t at, const EntryFacts& facts,
                                  const journal::Record& record);
  [[nodiscard]] Result<bool> is_here(const EntryName& entry, const JournalRow& in);
  [[nodiscard]] Result<void> forget_held(const JournalRow& journal, std::uint64_t index);
  /// Records from `size` on, and what is said of entries from there on.
  [[nodiscard]] Result<void> cut(const JournalRow& journal, std::uint64_t size);

  Database& database_;
};

}  // namespace blo::store

#endif
