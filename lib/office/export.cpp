#include "office/query.h"

namespace blo::office {
namespace {

constexpr std::uint64_t kEntriesPerStep = 512;
constexpr std::size_t kHeadsPerStep = 64;  // of a journal we received, each costs a signature

/// Whether so much of the counterpart's journal is here.
bool is_here(const Pair& pair, const journal::Stamp& named) {
  if (named.generation == 0) return true;
  return std::ranges::any_of(pair.generations(false), [&](const store::JournalRow* row) {
    return row->origin.generation == named.generation && row->size() >= named.size;
  });
}

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

/// Our journal is given back before the counterpart's, so it may name more of that than is here by
/// now: an auditor would call it false. How much of it, up to a receipt, names nothing such.
Result<std::uint64_t> ExportJob::borne_out(const store::JournalRow& row, std::uint64_t size) {
  if (!row.sent || pair_->row.recovery != store::Recovery::kRecovering) return size;
  auto& journals = office_->store().journals();
  std::uint64_t first = 0;  // that names what is not here
  for (std::uint64_t end = size; first < end;) {
    const std::uint64_t middle = first + (end - first) / 2;
    const auto stored = journals.entry(row, middle);
    if (!stored) return stored.error();
    const auto entry = journal::Entry::parse(stored->leaf);
    if (!entry) return entry.error();
    if (is_here(*pair_, entry->stamp)) {
      first = middle + 1;
    } else {
      end = middle;
    }
  }
  if (first == size) return size;
  const auto head = journals.head_at_most(row, first);
  if (!head) return head.error();
  return *head ? (*head)->size : 0U;
}

/// Everything under a receipt, and of our own journal what the counterpart's refers to besides.
Result<void> ExportJob::add(const store::JournalRow& row) {
  const auto head = office_->store().journals().newest_head(row);
  if (!head) return head.error();
  const std::uint64_t all_receipted = *head ? (*head)->size : 0;
  const auto borne = borne_out(row, all_receipted);
  if (!borne) return borne.error();
  const std::uint64_t receipted = *borne;
  const auto named = named_size(row);
  if (!named) return named.error();
  // Nobody will give a receipt for what stands last in an ended pairing: the revocation.
  const bool ended = row.sent && pair_->sent->key && row.origin == pair_->sent->row.origin &&
                     pair_->row.state == store::PairingState::kEnded;
  const std::uint64_t size = ended ? row.size() : std::max(receipted, *named);
  if (receipted < all_receipted) {
    notes_.push_back(row.origin.text() + ": " + std::to_string(all_receipted - receipted) +
                     " entries name what " + row.origin.to.text() +
                     " has not given back yet and are not in the export");
  }
  const std::uint64_t known = std::max(size, all_receipted);
  if (row.size() > known) {
    notes_.push_back(row.origin.text() + ": " + std::to_string(row.size() - known) +
                     " newer entries have no receipt yet and are not in the export");
  }
  if (size == 0) {
    if (all_receipted == 0) {
      notes_.push_back(row.origin.text() +
                       ": nothing has a receipt yet, so there is nothing to export");
    }
    return {};
  }
  if (size > receipted && !ended) {
    notes_.push_back(row.origin.text() + ": " + std::to_string(size - receipted) +
                     " entries are in the export without a receipt: " + row.origin.to.text() +
                     " refers to them and has not sent one yet");
  }
  parts_.push_back({row, size, {}, receipted, 0});
  return {};
}

/// Some more of the part's receipts; false once the last of its checkpoints wait for the end.
Result<bool> ExportJob::add_checkpoints(Part& part) {
  if (part.with_receipt < part.with_receipts) {
    const auto added = exporter_->add_receipts(part.checkpoints, receipt_name(part));
    if (!added) return added.error();
    part.checkpoints.clear();
    const auto heads =
        office_->store().journals().heads(part.row, part.with_receipt, kHeadsPerStep);
    if (!heads) return heads.error();
    if (heads->empty()) return Error(store::StoreError::kCorrupt, part.row.origin.text());
    for (const auto& head : *heads) {
      if (head.size > part.with_receipts) break;
      auto receipted = to_receipted(head, office_->keys());
      if (!receipted) return receipted.error();
      auto note = journal::Note::parse(receipted->note);
      if (!note) return note.error();
      part.with_receipt = head.size;
      part.checkpoints.push_back({{receipted->checkpoint, std::move(*note)}, receipted->receipt});
    }
    return true;
  }
  if (pair_ == nullptr || part.size == part.with_receipts) return false;
  const auto frontier = frontier_at(office_->store(), part.row, part.size);
  if (!frontier) return frontier.error();
  part.checkpoints.push_back(
      {journal::sign_checkpoint({part.row.origin, part.size, frontier->root()}, *pair_->sent->key),
       std::nullopt});
  return false;
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

std::optional<journal::NoteKey> ExportJob::receipt_name(const Part& part) const {
  if (pair_ == nullptr) return std::nullopt;
  const auto& to = part.row.sent ? *pair_->theirs : pair_->ours;
  const auto key = to.office.details().verify_key(identity::KeyUse::kReceipt);
  BLO_CHECK(key.has_value());
  return journal::receipt_note_key(part.row.origin.network, part.row.origin.to, *key);
}

Result<void> ExportJob::finish_part() {
  const auto& part = parts_[part_];
  const auto finished = exporter_->finish(part.checkpoints, receipt_name(part));
  exporter_.reset();
  ++part_;
  return finished;
}

Result<bool> ExportJob::step() {
  if (part_ == parts_.size()) return false;
  if (!exporter_) {
    if (const auto opened = open_part(); !opened) return opened.error();
  }
  auto& part = parts_[part_];
  const std::uint64_t to = std::min(part.size, next_ + kEntriesPerStep);
  Result<void> appended;
  const auto read = office_->store().journals().entries(
      part.row, next_, to, [&](const store::StoredEntry& entry) {
        appended = store::check_read_back(entry, part.row);
        if (appended) appended = exporter_->append(entry.leaf);
        return appended.has_value();
      });
  if (!read) return read.error();
  if (!appended) return appended.error();
  next_ = to;
  if (next_ < part.size) return true;
  const auto more = add_checkpoints(part);
  if (!more) return more.error();
  if (*more) return true;
  if (const auto finished = finish_part(); !finished) return finished.error();
  return part_ < parts_.size();
}

}  // namespace blo::office
