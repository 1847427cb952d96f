#include "office/head_over.h"

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

}  // namespace blo::office
