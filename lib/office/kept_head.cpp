#include "office/kept_head.h"

namespace blo::office {
namespace {

Error corrupt(const std::string& what) { return {store::StoreError::kCorrupt, what}; }

}  // namespace

Result<void> check_kept_head(store::Store& store, const store::JournalRow& journal,
                             const crypto::VerifyKey* receipt_key) {
  const auto certificate = identity::Certificate::parse(journal.certificate);
  const auto key = certificate ? certificate->details().verify_key(identity::KeyUse::kJournal)
                               : std::optional<crypto::VerifyKey>();
  if (!key) return corrupt("its certificate");
  const auto kept = store.journals().newest_head(journal);
  if (!kept) return kept.error();
  if (!*kept) return {};
  const auto& head = **kept;
  const std::string size = std::to_string(head.size);
  const auto opened = journal::open_checkpoint(head.note, journal.origin, *key);
  if (!opened)
    return corrupt("its checkpoint over " + size + " entries: " + opened.error().message());
  if (opened->checkpoint.size != head.size || opened->checkpoint.root != head.frontier.root())
    return corrupt("its checkpoint over " + size + " entries is of another tree");
  if (receipt_key == nullptr) return {};
  const bool given =
      head.receipt_signature &&
      journal::verify_cosignature(opened->note.text, {head.receipt_time_s, *head.receipt_signature},
                                  *receipt_key);
  if (!given) return corrupt("the receipt over its " + size + " entries");
  return {};
}

}  // namespace blo::office
