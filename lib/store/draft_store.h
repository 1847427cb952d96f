// Drafts: messages an officer has signed that are in no journal yet. They wait for a second
// officer, or for the next generation of their journal.
#ifndef BLO_STORE_DRAFT_STORE_H
#define BLO_STORE_DRAFT_STORE_H

#include "base/page.h"
#include "store/journal_store.h"

namespace blo::store {

/// Why a draft will not be sent.
struct Rejection {
  WallTime time;
  std::uint64_t person;  // 0: the office itself, for it may not be sent any more
  std::string reason;
};

/// A second officer's word.
struct DraftRelease {
  crypto::Hash releaser;  // fingerprint of the certificate
  crypto::Signature signature;
};

/// Everything but the content.
struct DraftRow {
  std::int64_t id = 0;  // its number, never given twice
  std::int64_t pairing = 0;
  WallTime drafted;
  std::uint64_t person = 0;  // the author
  MessageId message_id{};
  Bytes envelope;
  crypto::Signature signature{};
  Bytes import_key;  // keyed already; empty: none
  std::optional<Rejection> rejected;
  /// Waits for the next generation, at this place among those of its pairing; else for a release.
  std::optional<std::uint64_t> turn = {};
  std::optional<DraftRelease> release = {};
};

/// Contents rest as bodies do: sealed under a key of their own, which is wrapped under the store
/// key. Every call that writes belongs inside a Transaction.
class DraftStore {
 public:
  DraftStore(Database& database, const crypto::Key& store_key);

  /// Gives `draft` its number; where it has a turn, it is put behind those that wait already.
  [[nodiscard]] Result<void> put(DraftRow& draft, ByteView sealed, const crypto::Key& content_key);
  [[nodiscard]] Result<std::optional<DraftRow>> find(std::int64_t id);
  /// Of any pairing: message ids and import keys are used once.
  [[nodiscard]] Result<std::optional<DraftRow>> find_message(const MessageId& id);
  [[nodiscard]] Result<std::optional<DraftRow>> find_imported(ByteView key);
  /// Oldest first, what is sought for a page behind a number: those that wait, and those rejected
  /// at `rejected_from` or later.
  [[nodiscard]] Result<std::vector<DraftRow>> list(WallTime rejected_from,
                                                   const Page<std::int64_t>& page);
  /// Those not rejected.
  [[nodiscard]] Result<std::uint64_t> waiting();
  /// Of those, the ones that wait for a second officer.
  [[nodiscard]] Result<std::uint64_t> waiting_for_release();
  /// Of those, the ones that wait for the next generation of a pairing's journal.
  [[nodiscard]] Result<std::uint64_t> waiting_for_generation(std::int64_t pairing);
  /// The same, in the order in which they came to wait for it.
  [[nodiscard]] Result<std::vector<DraftRow>> of_next_generation(std::int64_t pairing);
  /// It waits for that from now on, behind the others.
  [[nodiscard]] Result<void> await_generation(const DraftRow& draft, const DraftRelease& release);
  /// It waits for a release (again); what released it does not count.
  [[nodiscard]] Result<void> await_release(const DraftRow& draft);
  /// Empty once the content is destroyed.
  [[nodiscard]] Result<StoredBody> body(const DraftRow& draft);

  [[nodiscard]] Result<void> remove(const DraftRow& draft);
  /// Destroys the content; envelope and reason stay.
  [[nodiscard]] Result<void> reject(const DraftRow& draft, const Rejection& rejection);
  /// The content stays, so that somebody may write it again; else as reject().
  [[nodiscard]] Result<void> leave_out(const DraftRow& draft, const Rejection& rejection);
  [[nodiscard]] Result<bool> any_rejected_before(WallTime time);
  [[nodiscard]] Result<void> remove_rejected_before(WallTime time);

 private:
  [[nodiscard]] Result<std::uint64_t> next_turn(std::int64_t pairing);
  [[nodiscard]] Result<std::vector<DraftRow>> read_all(Statement& select);

  Database& database_;
  const crypto::Key& store_key_;
};

}  // namespace blo::store

#endif
