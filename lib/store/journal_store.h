// Journals in the store: entries, bodies beside them, and the heads with their receipts.
#ifndef BLO_STORE_JOURNAL_STORE_H
#define BLO_STORE_JOURNAL_STORE_H

#include <functional>
#include <optional>

#include "base/wait_clock.h"
#include "journal/across/refusals.h"
#include "journal/checkpoint.h"
#include "journal/entry.h"
#include "store/database.h"
#include "store/record_index.h"

namespace blo::store {

/// A journal's row as of some transaction: a value. Change a copy inside the transaction and keep
/// it once that has committed.
struct JournalRow {
  std::int64_t id = 0;
  std::int64_t pairing = 0;  // 0: the audit trail
  Origin origin;
  bool sent;  // ours, or the counterpart's
  Bytes certificate;
  journal::Frontier frontier;  // of all entries
  journal::Stamp last_stamp;   // the newest time that bounds what follows, and the head in force
  std::uint64_t refused = 0;
  // Of a journal that is received: since when its stamps name that head, and what it refuses there.
  journal::HeadRun run = {};
  journal::RefusalRun refusing = {};

  [[nodiscard]] std::uint64_t size() const { return frontier.size(); }
  [[nodiscard]] journal::StampsInForce stamps() const { return {last_stamp, run}; }
};

/// The kind under which an audit trail's acts are kept, so that they are listed as messages are.
/// Envelopes' kinds are smaller.
inline constexpr std::uint32_t kActKind = 0x8000'0000;

/// What is known of an entry besides its leaf.
struct EntryFacts {
  std::uint32_t kind = 0;               // 0: a record
  std::optional<MessageId> message_id;  // of a message that has used it up
  std::optional<journal::RefusalReason> refusal;
};

struct StoredEntry {
  std::uint64_t index;
  Bytes leaf;
  EntryFacts facts;
  /// The beginning of the leaf's hash as it was accepted; empty: none, of an entry from before.
  Bytes check = {};
  /// Root of the largest complete subtree that ends with it; none: from before, or not read (by
  /// entries() alone it is).
  std::optional<journal::Hash> subtree = {};

  /// The leaf is the one that was accepted, where that is known. A flipped bit that is signed over
  /// is a second history.
  [[nodiscard]] bool is_as_accepted() const;
};
/// kCorrupt for an entry that is not what was accepted.
[[nodiscard]] Result<void> check_read_back(const StoredEntry& entry, const JournalRow& journal);

/// A body as it rests, with its content key unwrapped; both empty when the entry has none.
struct StoredBody {
  Bytes sealed;
  std::optional<crypto::Key> content_key;
};

/// A checkpoint under a receipt, with the tree's frontier at its size.
struct StoredHead {
  std::uint64_t size;
  std::string note;  // the checkpoint as signed, without the cosignature
  journal::Frontier frontier;
  std::uint64_t receipt_time_s;
  /// Theirs on a journal we sent. Ours on one we received is made when asked for.
  std::optional<crypto::Signature> receipt_signature;
  /// On a journal we sent: when it came here. Its sizes grow with it. Written, and not read back.
  WaitTime kept = {};
};

/// Entries [from, end) of a journal; as many of them as there are.
struct Span {
  std::uint64_t from = 0;
  std::uint64_t end = UINT64_MAX;
};

/// Every call that writes belongs inside a Transaction.
class JournalStore {
 public:
  JournalStore(Database& database, const crypto::Key& store_key);

  [[nodiscard]] Result<JournalRow> create(std::int64_t pairing, const Origin& origin, bool sent,
                                          ByteView certificate, const crypto::Key* signing_seed);
  /// Both directions, each generation after the one before.
  [[nodiscard]] Result<std::vector<JournalRow>> of_pairing(std::int64_t pairing);
  /// The audit trail's generations.
  [[nodiscard]] Result<std::vector<JournalRow>> trails();
  /// Every journal there is.
  [[nodiscard]] Result<std::vector<JournalRow>> all();
  [[nodiscard]] Result<crypto::Key> signing_seed(const JournalRow& journal);
  /// Nothing will be signed for this journal any more.
  [[nodiscard]] Result<void> destroy_seed(const JournalRow& journal);

  /// Appends one entry and advances `journal`; save() writes the row back once for many. `record`:
  /// what the leaf holds where it holds a record in form. What it says of other entries is kept in
  /// index(), where the record `counts`.
  [[nodiscard]] Result<void> append(JournalRow& journal, ByteView leaf,
                                    const journal::Hash& leaf_hash, const EntryFacts& facts,
                                    const journal::Record* record, bool counts = true);
  [[nodiscard]] RecordIndex& index() { return index_; }
  [[nodiscard]] Result<void> put_body(const JournalRow& journal, std::uint64_t index,
                                      ByteView sealed, const crypto::Key& content_key);
  [[nodiscard]] Result<bool> has_body(const JournalRow& journal, std::uint64_t index);
  /// The body and its content key are gone; nothing happens where there is none.
  [[nodiscard]] Result<void> erase_body(const JournalRow& journal, std::uint64_t index);
  [[nodiscard]] Result<void> save(const JournalRow& journal);
  /// The journal ends at `size` again: entries from there on, with all that hangs on them, are
  /// gone. `journal.frontier` and its last stamp are the caller's to set before save().
  [[nodiscard]] Result<void> cut(const JournalRow& journal, std::uint64_t size);
  /// There was no such journal: its row, its key and all of its entries are gone.
  [[nodiscard]] Result<void> remove(const JournalRow& journal);

  [[nodiscard]] Result<StoredEntry> entry(const JournalRow& journal, std::uint64_t index);
  /// Root of the journal's first `size` entries; needs size <= journal.size(). None: some of them
  /// were stored before subtrees were.
  [[nodiscard]] Result<std::optional<journal::Hash>> root_at(const JournalRow& journal,
                                                             std::uint64_t size);
  /// The tree of the first `size` entries as it is noted beside them; none as with root_at().
  [[nodiscard]] Result<std::optional<journal::Frontier>> noted_tree(const JournalRow& journal,
                                                                    std::uint64_t size);
  /// What an opening can afford: the journal begins and ends where its row says; its tree is the
  /// one noted beside the entries; all after the newest head, or of the audit trail the newest
  /// entries, hash into it; none of the newest is missing; no receipt and no signature is over more
  /// than it holds. What lies under a receipt is a scrub's to find. It reads a number of rows that
  /// grows with the logarithm of the size, and what lies after the newest head. kCorrupt says what
  /// does not hold.
  [[nodiscard]] Result<void> check_ends(const JournalRow& journal);
  [[nodiscard]] Result<StoredBody> body(const JournalRow& journal, std::uint64_t index);
  /// The first entry from `from` on that is there.
  [[nodiscard]] Result<std::optional<std::uint64_t>> next_there(const JournalRow& journal,
                                                                std::uint64_t from);
  /// How often a journal was cut or removed, in this run.
  [[nodiscard]] std::uint64_t cuts() const { return cuts_; }
  /// Entries [from, to) in order, with their checks and subtrees, until `take` returns false.
  [[nodiscard]] Result<void> entries(const JournalRow& journal, std::uint64_t from,
                                     std::uint64_t to,
                                     const std::function<bool(StoredEntry)>& take);
  /// Messages whose body is here, in order, until `take` returns false.
  [[nodiscard]] Result<void> messages_with_body(const JournalRow& journal,
                                                const std::function<bool(StoredEntry)>& take);
  /// Records of one kind from entry `from` on, in order.
  [[nodiscard]] Result<std::vector<StoredEntry>> records(const JournalRow& journal, RecordKind kind,
                                                         std::uint64_t from = 0);
  /// The newest of a kind that was accepted.
  [[nodiscard]] Result<std::optional<StoredEntry>> newest_record(const JournalRow& journal,
                                                                 RecordKind kind);
  /// Entries of the counterpart's that are refused here, and of which our journal does not say so.
  [[nodiscard]] Result<std::vector<StoredEntry>> refused_unsaid(const JournalRow& journal);
  /// Whether a list has what says "opened" and "acted", too.
  enum class Steps { kLeftOut, kListed };
  /// Messages of a span, newest first.
  [[nodiscard]] Result<std::vector<StoredEntry>> newest_messages(const JournalRow& journal,
                                                                 const Span& span,
                                                                 std::size_t count,
                                                                 Steps steps = Steps::kListed);
  /// How many there are; no more than `count_max`.
  [[nodiscard]] Result<std::uint64_t> count_messages(const JournalRow& journal, const Span& span,
                                                     std::uint64_t count_max,
                                                     Steps steps = Steps::kListed);
  /// Where a message of this pairing lies: journal id and index.
  [[nodiscard]] Result<std::optional<std::pair<std::int64_t, std::uint64_t>>> find_message(
      std::int64_t pairing, const MessageId& id);

  /// With the receipt of a journal that is ours what it makes a claim of what lies below the head:
  /// `journal.last_stamp` has the newest time that bounds what follows, here and in the row.
  [[nodiscard]] Result<void> put_head(JournalRow& journal, const StoredHead& head);
  /// The time in the stamp of the newest entry `index` of a pair journal bounds what follows.
  [[nodiscard]] Result<void> note_sure_time(const JournalRow& journal, std::uint64_t index,
                                            WallTime time);
  /// What was entered from one time on, and before another: behind the last entry that is surely
  /// older than `since`, below the first that is surely not older than `before`. What bears a time
  /// of which its office was not sure, or a claim, belongs to both sides of it.
  [[nodiscard]] Result<Span> span_between(const JournalRow& journal,
                                          const std::optional<WallTime>& since,
                                          const std::optional<WallTime>& before);
  /// Of these times in this generation the newest that is not later; where every one is later the
  /// newest of all; nothing where there is none. By them an entry is judged whose office was not
  /// sure of its clock.
  [[nodiscard]] Result<std::optional<WallTime>> authorising_time(const JournalRow& journal,
                                                                 WallTime time);
  /// As authorising_time() for entry `index`: the first entry with that time.
  [[nodiscard]] Result<std::optional<std::uint64_t>> authorising_entry(const JournalRow& journal,
                                                                       std::uint64_t index,
                                                                       WallTime time);
  /// Whether every entry that bears the newest time is under a receipt.
  [[nodiscard]] Result<bool> newest_time_is_receipted(const JournalRow& journal);
  /// The newest such time of a journal's direction up to its generation; day 0 where there is none.
  [[nodiscard]] Result<WallTime> newest_sure_time(const JournalRow& journal);
  [[nodiscard]] Result<std::optional<StoredHead>> newest_head(const JournalRow& journal);
  /// The newest head of at most `size` entries.
  [[nodiscard]] Result<std::optional<StoredHead>> head_at_most(const JournalRow& journal,
                                                               std::uint64_t size);
  /// Entries of ours that had a receipt here at `time`.
  [[nodiscard]] Result<std::uint64_t> head_by(const JournalRow& journal, WaitTime time);
  /// The smallest receipted head of more than `index` entries: the one that covers it.
  [[nodiscard]] Result<std::optional<StoredHead>> covering_head(const JournalRow& journal,
                                                                std::uint64_t index);
  /// The smallest heads of more than `above` entries, in order.
  [[nodiscard]] Result<std::vector<StoredHead>> heads(const JournalRow& journal,
                                                      std::uint64_t above = 0,
                                                      std::size_t count = SIZE_MAX);

  /// The key (already keyed) of the source row that an entry was made of; empty: of none.
  [[nodiscard]] Result<Bytes> import_key(const JournalRow& journal, std::uint64_t index);
  /// A source row sent before under this key (32 bytes, already keyed): its place.
  [[nodiscard]] Result<std::optional<std::pair<std::int64_t, std::uint64_t>>> find_imported(
      ByteView key);
  [[nodiscard]] Result<void> put_imported(ByteView key, const JournalRow& journal,
                                          std::uint64_t index);

 private:
  [[nodiscard]] Result<void> forget_claims(JournalRow& journal, const StoredHead& head);

  Database& database_;
  const crypto::Key& store_key_;
  RecordIndex index_;
  std::uint64_t cuts_ = 0;
};

}  // namespace blo::store

#endif
