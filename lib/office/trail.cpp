#include "office/trail.h"

#include "crypto/random.h"
#include "office/kept_head.h"
#include "seal/body.h"

namespace blo::office {
namespace {

constexpr milliseconds kRefusalRepeatedAfter{60 * 60 * 1000};
/// Counterparts are few and reasons a closed list; this bounds what a mistake could make of it.
constexpr std::size_t kRefusalsRememberedMax = 4'096;

/// Seconds since 1970 fit until 2106; a trail goes through a handful of generations.
std::uint32_t number_by(Now now) { return static_cast<std::uint32_t>(to_unix_s(now.wall)); }

}  // namespace

Result<void> Trail::load() {
  auto rows = store_.journals().trails();
  if (!rows) return rows.error();
  if (rows->empty()) return {};
  for (const auto& generation : *rows) {
    const auto kept = check_kept_head(store_, generation, nullptr);
    if (!kept) return kept.error().within(generation.origin.text());
  }
  store::JournalRow row = std::move(rows->back());
  rows->pop_back();
  const auto seed = store_.journals().signing_seed(row);
  if (!seed) return seed.error();
  auto announced = announced_officers(store_, row);
  if (!announced) return announced.error();
  journal_.emplace(SentJournal{std::move(row),
                               crypto::SigningKey::from_seed(*seed),
                               std::move(*announced),
                               {},
                               {},
                               {},
                               {},
                               std::move(*rows)});
  return {};
}

Result<std::optional<WallTime>> Trail::begun() const {
  if (!journal_) return std::optional<WallTime>();
  const auto first = store_.journals().entry(journal_->row, 0);
  if (!first) return first.error();
  const auto entry = journal::Entry::parse(first->leaf);
  if (!entry) return entry.error();
  return std::optional(entry->stamp.time);
}

WallTime Trail::judged_at(Now now) const {
  if (!journal_) return now.wall;
  const auto time = entry_time(store_, journal_->row, clock_.dating(now));
  return time ? time->judged_at : now.wall;  // who enters by it is told of the error
}

Result<SentJournal> Trail::create(std::uint32_t generation, Now now) {
  const Origin origin{keys_.network, keys_.id, keys_.id, generation};
  auto key = crypto::SigningKey::generate();
  const auto certificate = certify_journal(keys_, origin, key.verify_key(), now);
  auto row = store_.journals().create(0, origin, true, certificate.bytes(), &key.seed());
  if (!row) return row.error();
  return SentJournal{std::move(*row), std::move(key), {}, {}, {}};
}

Result<void> Trail::Addition::begin() {
  if (writer_) return {};
  const Doubt doubt = trail_.journal_ && !trail_.begun_here_ ? trail_.doubted_() : Doubt::kNone;
  // Two homes put back from one backup are told apart by when they begin: the clock must tell.
  if (doubt == Doubt::kPutBack && !trail_.keys_.certificate.details().valid_at(now_.wall))
    return Error(OfficeError::kNoValidTime, to_rfc3339(now_.wall));
  if (doubt != Doubt::kNone) return begin_next_generation();
  if (trail_.journal_) return begin_writing(*trail_.journal_, std::nullopt);
  auto created = trail_.create(1, now_);
  if (!created) return created.error();
  begun_ = std::move(*created);
  return begin_writing(*begun_, std::nullopt);
}

Result<void> Trail::Addition::begin_next_generation() {
  if (!trail_.journal_) return {};
  const store::JournalRow& old = trail_.journal_->row;
  journal::ClosedGeneration before = closed(old);
  const std::uint32_t next = old.origin.generation + 1;
  const std::uint32_t generation = std::max(next, number_by(now_));
  if (generation != next) before.generation = old.origin.generation;
  return begin_following(generation, before);
}

Result<void> Trail::Addition::begin_after_loss() {
  const std::uint32_t generation = number_by(now_);
  if (trail_.journal_) {
    const store::JournalRow& old = trail_.journal_->row;
    return old.origin.generation < generation ? begin_following(generation, closed(old))
                                              : Result<void>();
  }
  auto created = trail_.create(generation, now_);
  if (!created) return created.error();
  begun_ = std::move(*created);
  return begin_writing(*begun_, journal::ClosedGeneration{0, journal::empty_root()});
}

Result<void> Trail::Addition::begin_following(std::uint32_t generation,
                                              journal::ClosedGeneration before) {
  const store::JournalRow& old = trail_.journal_->row;
  auto created = trail_.create(generation, now_);
  if (!created) return created.error();
  begun_ = std::move(*created);
  begun_->row.last_stamp = old.last_stamp;
  const auto dated = entry_time(trail_.store_, old, trail_.clock_.dating(now_));
  if (!dated) return dated.error();
  // What is unsure in it is judged by a sure time of the generation before, at which it begins.
  if (dated->unsure && old.last_stamp.time > WallTime{})
    begun_->row.last_stamp.time = dated->judged_at;
  begun_->earlier = trail_.journal_->earlier;
  begun_->earlier.push_back(old);
  // What an auditor is shown of it from now on, since its key goes.
  const auto head = trail_.head();
  store::JournalRow over = old;
  const auto kept = trail_.store_.journals().put_head(
      over, {old.size(), head->note.encode(), old.frontier, 0, {}});
  if (!kept) return kept;
  const auto done = trail_.store_.journals().destroy_seed(old);
  if (!done) return done;
  if (const auto begun = begin_writing(*begun_, before); !begun) return begun;
  for (const auto& revocation : trail_.officers_.revocations()) {
    const auto added = add(journal::RevocationRecord{revocation.bytes()});
    if (!added) return added.error();
  }
  return {};
}

Result<void> Trail::Addition::begin_writing(const SentJournal& journal,
                                            std::optional<journal::ClosedGeneration> previous) {
  announced_ = journal.announced;
  writer_.emplace(trail_.store_, journal.row, trail_.clock_.dating(now_), std::nullopt);
  if (!begun_) return {};
  const auto started = writer_->add_record(
      journal::GenerationStart{trail_.keys_.authority.bytes(), trail_.keys_.certificate.bytes(),
                               begun_->row.certificate, previous});
  if (!started) return started.error();
  writer_->date(trail_.clock_.dating(now_));
  return {};
}

Result<std::uint64_t> Trail::Addition::add(const TrailEntry& entry) {
  if (const auto begun = begin(); !begun) return begun.error();
  if (entry.officer != nullptr) {
    const auto fingerprint = entry.officer->certificate.fingerprint();
    if (!announced_.contains(fingerprint)) {
      const auto added = writer_->add_officer(*entry.officer);
      if (!added) return added.error();
      announced_.insert(fingerprint);
    }
  }
  if (entry.request.empty()) return writer_->add_act(entry.act, nullptr);
  journal::Act act = entry.act;
  act.padded_bytes = seal::padded_bytes(entry.request.size());
  Writer::Body body{{}, crypto::random_key()};
  body.sealed = seal::seal_body(body.content_key, journal::encode_record(act),
                                crypto::random_array<32>(), entry.request);
  return writer_->add_act(act, &body);
}

Result<std::uint64_t> Trail::Addition::add(const journal::ActFailed& failed) {
  if (const auto begun = begin(); !begun) return begun.error();
  return writer_->add_act(failed, nullptr);
}

Result<std::uint64_t> Trail::Addition::add(const journal::PeerRefused& refused) {
  if (const auto begun = begin(); !begun) return begun.error();
  return writer_->add_act(refused, nullptr);
}

Result<std::uint64_t> Trail::Addition::add(const journal::Unentered& unentered) {
  if (const auto begun = begin(); !begun) return begun.error();
  return writer_->add_act(unentered, nullptr);
}

Result<std::uint64_t> Trail::Addition::add(const journal::RevocationRecord& revocation) {
  if (const auto begun = begin(); !begun) return begun.error();
  return writer_->add_record(revocation);
}

Result<void> Trail::Addition::finish() {
  if (!writer_) return {};
  return writer_->finish();
}

void Trail::Addition::keep() {
  if (!writer_) return;
  if (begun_) {
    trail_.journal_ = std::move(begun_);
    trail_.begun_here_ = true;
  }
  trail_.journal_->row = writer_->row();
  trail_.journal_->announced = std::move(announced_);
}

template <class What>
Result<std::uint64_t> Trail::enter_alone(const What& what, Now now, store::Space space) {
  auto transaction = store_.begin(space);
  if (!transaction) return transaction.error();
  Addition addition(*this, now);
  const auto index = addition.add(what);
  if (!index) return index.error();
  if (const auto done = addition.finish(); !done) return done.error();
  if (const auto done = transaction->commit(); !done) return done.error();
  addition.keep();
  return *index;
}

Result<std::uint64_t> Trail::enter(const TrailEntry& entry, Now now, store::Space space) {
  return enter_alone(entry, now, space);
}

Result<void> Trail::enter(const journal::ActFailed& failed, Now now, store::Space space) {
  if (const auto index = enter_alone(failed, now, space); !index) return index.error();
  return {};
}

Result<void> Trail::enter_refused_peer(const OfficeId& counterpart, const std::string& reason,
                                       Now now) {
  const std::pair key{counterpart.text(), reason};
  const auto last = refused_.find(key);
  if (last != refused_.end() && now.steady - last->second < kRefusalRepeatedAfter) return {};
  if (last == refused_.end() && refused_.size() >= kRefusalsRememberedMax) return {};
  const auto index =
      enter_alone(journal::PeerRefused{counterpart.text(), reason}, now, store::Space::kFree);
  if (!index) return index.error();
  refused_[key] = now.steady;
  return {};
}

std::optional<journal::SignedCheckpoint> Trail::head() const {
  if (!journal_) return std::nullopt;
  const auto& row = journal_->row;
  return journal::sign_checkpoint({row.origin, row.size(), row.frontier.root()}, *journal_->key);
}

}  // namespace blo::office
