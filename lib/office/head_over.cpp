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

}  // namespace blo::office
