#include "journal/export.h"

namespace blo::journal {
namespace {

/// The note as carried, with the counterpart's cosignature after it.
std::string receipted_note(const ReceiptedCheckpoint& from,
                           const std::optional<NoteKey>& receipt_key) {
  Note note = from.checkpoint.note;
  if (from.receipt && receipt_key) {
    note.signatures.push_back(to_note_signature(*from.receipt, *receipt_key));
  }
  return note.encode();
}

}  // namespace

JournalExporter::JournalExporter(std::string folder, const FileSink& sink)
    : folder_(std::move(folder)), sink_(sink), tiles_(folder_, sink) {}

Result<void> JournalExporter::append(ByteView leaf) {
  if (leaf.size() > UINT16_MAX) return Error(JournalError::kMalformed, "entry too long");
  append_be(bundle_, static_cast<std::uint16_t>(leaf.size()));
  blo::append(bundle_, leaf);
  if (auto written = tiles_.append(leaf_hash(leaf)); !written) return written;
  return ++bundle_entries_ == kTileWidth ? flush_bundle() : Result<void>();
}

Result<void> JournalExporter::flush_bundle() {
  const std::string path = folder_ + "/tile/entries/" + tile_path(bundles_, bundle_entries_);
  if (auto written = sink_(path, bundle_); !written) return written;
  bundle_.clear();
  bundle_entries_ = 0;
  ++bundles_;
  return {};
}

Result<void> JournalExporter::write_certificates(const ExportCertificates& certificates) {
  const auto journal_key = certificates.journal.details().verify_key(identity::KeyUse::kJournal);
  const auto origin = Origin::parse(certificates.journal.details().subject);
  if (!journal_key || !origin || origin->is_trail() == certificates.counterpart.has_value()) {
    return Error(JournalError::kMalformed, "an export's certificates");
  }
  std::optional<NoteKey> receipt_key;
  if (const auto& counterpart = certificates.counterpart) {
    const auto key = counterpart->office.details().verify_key(identity::KeyUse::kReceipt);
    if (!key) return Error(JournalError::kMalformed, "an export's certificates");
    receipt_key = receipt_note_key(origin->network, origin->to, *key);
  }
  const std::string policy = export_policy(journal_note_key(*origin, *journal_key), receipt_key);
  if (auto written = sink_(folder_ + "/policy", as_bytes(policy)); !written) return written;
  std::string pem;
  for (const auto* certificate :
       {&certificates.authority, &certificates.office, &certificates.journal}) {
    pem += certificate->pem();
  }
  if (const auto& counterpart = certificates.counterpart) {
    pem += counterpart->authority.pem() + counterpart->office.pem();
  }
  return sink_(folder_ + "/certificates.pem", as_bytes(pem));
}

Result<void> JournalExporter::finish(const std::vector<ReceiptedCheckpoint>& checkpoints,
                                     const std::optional<NoteKey>& receipt_key) {
  if (checkpoints.empty()) return Error(JournalError::kMalformed, "a journal without checkpoint");
  const Checkpoint& newest = checkpoints.back().checkpoint.checkpoint;
  if (newest.size != tiles_.size() || newest.root != tiles_.root()) {
    return Error(JournalError::kRootMismatch,
                 newest.origin.text() + " at size " + std::to_string(newest.size));
  }
  if (bundle_entries_ > 0) {
    if (auto written = flush_bundle(); !written) return written;
  }
  if (auto written = tiles_.finish(); !written) return written;
  if (auto written = add_receipts(checkpoints, receipt_key); !written) return written;
  if (receipts_in_file_ > 0) {
    if (auto written = flush_receipts(); !written) return written;
  }
  const std::string note = receipted_note(checkpoints.back(), receipt_key);
  return sink_(folder_ + "/checkpoint", as_bytes(note));
}

Result<void> JournalExporter::flush_receipts() {
  const std::string path = folder_ + "/receipts/" + tile_path(receipt_files_++);
  auto written = sink_(path, as_bytes(receipts_));
  receipts_.clear();
  receipts_in_file_ = 0;
  return written;
}

Result<void> JournalExporter::add_receipts(const std::vector<ReceiptedCheckpoint>& checkpoints,
                                           const std::optional<NoteKey>& receipt_key) {
  for (const ReceiptedCheckpoint& checkpoint : checkpoints) {
    if (!checkpoint.receipt) continue;
    receipts_ += receipted_note(checkpoint, receipt_key);
    receipts_ += kReceiptEnd;
    if (++receipts_in_file_ < kReceiptsPerFile) continue;
    if (auto written = flush_receipts(); !written) return written;
  }
  return {};
}

std::string export_folder(const Origin& origin) {
  std::string folder = origin.text();
  std::ranges::replace(folder, '/', '_');
  return folder;
}

std::string export_policy(const NoteKey& journal_key, const std::optional<NoteKey>& receipt_key) {
  const std::string log = "log " + journal_key.text() + "\n";
  if (!receipt_key) return log + "quorum none\n";
  return log + "witness counterpart " + receipt_key->text() + "\nquorum counterpart\n";
}

}  // namespace blo::journal
