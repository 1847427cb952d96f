#include "office/head_over.h"

#include "journal/across/claims.h"

namespace blo::office {

Result<std::optional<ReceiptedHead>> head_over(store::Store& store, const OfficeKeys& keys,
                                               const store::JournalRow& journal,
                                               std::uint64_t index) {
  auto stored = store.journals().covering_head(journal, index);
  if (!stored) return stored.error();
  if (!*stored) return std::optional<ReceiptedHead>();
  auto head = to_receipted(std::move(**stored), keys);
  if (!head) return head.error();
  return std::optional(std::move(*head));
}

Result<Dated> date_entry(store::Store& store, const store::JournalRow& journal, std::uint64_t index,
                         WallTime stamped) {
  const auto head = store.journals().covering_head(journal, index);
  if (!head) return head.error();
  const bool receipted = *head && journal.pairing != 0;
  if (!receipted) return Dated{stamped};
  const WallTime received = from_unix_s((*head)->receipt_time_s);
  return journal::is_claim(stamped, received) ? Dated{received, received} : Dated{stamped};
}

Result<WallTime> date_start(store::Store& store, const store::JournalRow& journal) {
  if (journal.size() == 0) return WallTime{};
  const auto stored = store.journals().entry(journal, 0);
  if (!stored) return stored.error();
  const auto first = journal::Entry::parse(stored->leaf);
  if (!first) return WallTime{};
  const auto dated = date_entry(store, journal, 0, first->stamp.time);
  return dated ? Result<WallTime>(dated->time) : dated.error();
}

}  // namespace blo::office
