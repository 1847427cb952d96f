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

/// How much of our newest generation the counterpart's stamps name: what it says that it receipted.
/// Those stamps were compared with our tree when they came, and a checkpoint of that size was
/// signed before, so the same one is signed again; 0: none can be.
Result<std::uint64_t> ExportJob::named_size(const store::JournalRow& row) {
  const auto& named = pair_->received->row.last_stamp;
  const bool newest = row.origin == pair_->sent->row.origin && pair_->sent->key &&
                      pair_->row.recovery == store::Recovery::kNone;
  if (!newest || named.generation != row.origin.generation || named.size > row.size()) return 0U;
  const auto frontier = frontier_at(office_->store(), row, named.size);
  if (!frontier) return frontier.error();
  return frontier->root() == named.root ? named.size : 0U;
}

/// Everything under a receipt, and of our own journal what the counterpart's refers to besides.
Result<void> ExportJob::add(const store::JournalRow& row) {
  const auto heads = office_->store().journals().heads(row);
  if (!heads) return heads.error();
  const std::uint64_t receipted = heads->empty() ? 0 : heads->back().size;
  const auto named = named_size(row);
  if (!named) return named.error();
  // Nobody will give a receipt for what stands last in an ended pairing: the revocation.
  const bool ended = row.sent && pair_->sent->key && row.origin == pair_->sent->row.origin &&
                     pair_->row.state == store::PairingState::kEnded;
  const std::uint64_t size = ended ? row.size() : std::max(receipted, *named);
  if (row.size() > size) {
    notes_.push_back(row.origin.text() + ": " + std::to_string(row.size() - size) +
                     " newer entries have no receipt yet and are not in the export");
  }
  if (size == 0) {
    notes_.push_back(row.origin.text() +
                     ": nothing has a receipt yet, so there is nothing to export");
    return {};
  }
  Part part{row, size, {}};
  for (const auto& head : *heads) {
    auto one = to_receipted(head, office_->keys());
    if (!one) return one.error();
    auto note = journal::Note::parse(one->note);
    if (!note) return note.error();
    part.checkpoints.push_back({{one->checkpoint, std::move(*note)}, one->receipt});
  }
  if (size > receipted) {
    if (!ended) {
      notes_.push_back(row.origin.text() + ": " + std::to_string(size - receipted) +
                       " entries are in the export without a receipt: " + row.origin.to.text() +
                       " refers to them and has not sent one yet");
    }
    const auto frontier = frontier_at(office_->store(), row, size);
    if (!frontier) return frontier.error();
    part.checkpoints.push_back(
        {journal::sign_checkpoint({row.origin, size, frontier->root()}, *pair_->sent->key),
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
