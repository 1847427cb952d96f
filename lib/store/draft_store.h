// Drafts: messages an officer has signed and no second officer has released yet.
#ifndef BLO_STORE_DRAFT_STORE_H
#define BLO_STORE_DRAFT_STORE_H

#include "base/page.h"
#include "store/journal_store.h"

namespace blo::store {

/// Why a draft will not be sent.
struct Rejection {
  WallTime time;
  std::uint64_t person;
  std::string reason;
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
};

/// Contents rest as bodies do: sealed under a key of their own, which is wrapped under the store
/// key. Every call that writes belongs inside a Transaction.
class DraftStore {
 public:
  DraftStore(Database& database, const crypto::Key& store_key);

  /// Gives `draft` its number.
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
  /// Empty once the draft was rejected.
  [[nodiscard]] Result<StoredBody> body(const DraftRow& draft);

  [[nodiscard]] Result<void> remove(const DraftRow& draft);
  /// Destroys the content; envelope and reason stay.
  [[nodiscard]] Result<void> reject(const DraftRow& draft, const Rejection& rejection);
  [[nodiscard]] Result<bool> any_rejected_before(WallTime time);
  [[nodiscard]] Result<void> remove_rejected_before(WallTime time);

 private:
  Database& database_;
  const crypto::Key& store_key_;
};

}  // namespace blo::store

#endif
