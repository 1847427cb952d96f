#include "office/query.h"

namespace blo::office {
namespace {

constexpr std::uint64_t kEntriesPerStep = 512;

}  // namespace

ExportJob::ExportJob(Office& office, const Pair* pair, journal::FileSink sink)
    : office_(&office), pair_(pair), sink_(std::move(sink)) {}

Result<ExportJob> ExportJob::begin_trail(Office& office, journal::FileSink sink) {
  const auto head = office.trail().head();
  if (!head) return Error(OfficeError::kNotFound, "an audit trail");
  ExportJob job(office, nullptr, std::move(sink));
  for (const auto& earlier : office.trail().journal()->earlier) {
    const auto closed = office.store().journals().newest_head(earlier);
    if (!closed) return closed.error();
    if (!*closed) return Error(store::StoreError::kCorrupt, earlier.origin.text());
    auto note = journal::open_checkpoint((*closed)->note, earlier.origin, journal_key(earlier));
    if (!note) return note.error();
    job.parts_.push_back({earlier, (*closed)->size, {{std::move(*note), {}}}});
  }
  job.parts_.push_back({office.trail().journal()->row, head->checkpoint.size, {{*head, {}}}});
  return job;
}

Result<ExportJob> ExportJob::begin(Office& office, const Pair& pair, journal::FileSink sink) {
  if (!pair.sent || !pair.received)
    return Error(OfficeError::kUnconfirmed, pair.counterpart().text());
  ExportJob job(office, &pair, std::move(sink));
  for (const bool ours : {true, false}) {
    for (const auto* row : pair.generations(ours)) {
      if (const auto done = job.add(*row); !done) return done.error();
    }
  }
  return job;
}

/// Whether the entries below `size` of what we received refer to no more of our own journal than is
/// exported: their newest may have come before the receipt it refers to.
Result<bool> ExportJob::refers_within(const store::JournalRow& row, std::uint64_t size) {
  if (row.sent || size == 0) return true;
  const auto newest = office_->store().journals().entry(row, size - 1);
  if (!newest) return newest.error();
  const auto entry = journal::Entry::parse(newest->leaf);
  const std::uint32_t newest_sent = pair_->sent->row.origin.generation;
  return !entry || entry->stamp.generation < newest_sent || entry->stamp.size <= sent_size_;
}

Result<void> ExportJob::add(const store::JournalRow& row) {
  auto heads = office_->store().journals().heads(row);
  if (!heads) return heads.error();
  while (!heads->empty()) {
    const auto within = refers_within(row, heads->back().size);
    if (!within) return within.error();
    if (*within) break;
    heads->pop_back();
  }
  // Nobody will give a receipt for what stands last in an ended pairing: the revocation.
  const bool ended = row.sent && row.size() > 0 && pair_->sent->key &&
                     pair_->row.state == store::PairingState::kEnded &&
                     (heads->empty() || heads->back().size < row.size());
  const std::uint64_t size = ended ? row.size() : heads->empty() ? 0 : heads->back().size;
  if (row.sent) sent_size_ = size;
  if (row.size() > size) {
    notes_.push_back(row.origin.text() + ": " + std::to_string(row.size() - size) +
                     " newer entries have no receipt yet and are not in the export");
  }
  if (heads->empty() && !ended) {
    notes_.push_back(row.origin.text() +
                     ": nothing has a receipt yet, so there is nothing to export");
    return {};
  }
  Part part{row, size, {}};
  for (const auto& head : *heads) {
    auto receipted = to_receipted(head, office_->keys());
    if (!receipted) return receipted.error();
    auto note = journal::Note::parse(receipted->note);
    if (!note) return note.error();
    part.checkpoints.push_back({{receipted->checkpoint, std::move(*note)}, receipted->receipt});
  }
  if (ended) {
    part.checkpoints.push_back(
        {journal::sign_checkpoint({row.origin, size, row.frontier.root()}, *pair_->sent->key),
         std::nullopt});
  }
  parts_.push_back(std::move(part));
  return {};
}

Result<void> ExportJob::open_part() {
  const auto& row = parts_[part_].row;
  const auto journal = identity::Certificate::parse(row.certificate);
  if (!journal) return journal.error();
  folders_.push_back(journal::export_folder(row.origin));
  exporter_.emplace(folders_.back(), sink_);
  next_ = 0;
  if (pair_ == nullptr) {
    const auto& keys = office_->keys();
    return exporter_->write_certificates({keys.authority, keys.certificate, *journal, {}});
  }
  const auto& from = row.sent ? pair_->ours : *pair_->theirs;
  const auto& to = row.sent ? *pair_->theirs : pair_->ours;
  return exporter_->write_certificates(
      {from.authority, from.office, *journal, journal::ExportCounterpart{to.authority, to.office}});
}

Result<void> ExportJob::finish_part() {
  const auto& part = parts_[part_];
  std::optional<journal::NoteKey> name;
  if (pair_ != nullptr) {
    const auto& to = part.row.sent ? *pair_->theirs : pair_->ours;
    const auto key = to.office.details().verify_key(identity::KeyUse::kReceipt);
    BLO_CHECK(key.has_value());
    name = journal::receipt_note_key(part.row.origin.network, part.row.origin.to, *key);
  }
  const auto finished = exporter_->finish(part.checkpoints, name);
  exporter_.reset();
  ++part_;
  return finished;
}

Result<bool> ExportJob::step() {
  if (part_ == parts_.size()) return false;
  if (!exporter_) {
    if (const auto opened = open_part(); !opened) return opened.error();
  }
  const auto& part = parts_[part_];
  const std::uint64_t to = std::min(part.size, next_ + kEntriesPerStep);
  Result<void> appended;
  const auto read = office_->store().journals().entries(part.row, next_, to,
                                                        [&](const store::StoredEntry& entry) {
                                                          appended = exporter_->append(entry.leaf);
                                                          return appended.has_value();
                                                        });
  if (!read) return read.error();
  if (!appended) return appended.error();
  next_ = to;
  if (next_ < part.size) return true;
  if (const auto finished = finish_part(); !finished) return finished.error();
  return part_ < parts_.size();
}

}  // namespace blo::office
