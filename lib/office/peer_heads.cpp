// The heads of both journals, as both sides hold them: compared before anything is signed.
#include <ranges>

#include "journal/fork.h"
#include "office/peer.h"
#include "office/receipt_check.h"

namespace blo::office {
namespace {

/// A generation under the number of our newest one and another key: another copy of this store
/// began it.
bool names_another(const SentJournal& sent, const sync::Head& theirs) {
  return theirs.generation == sent.row.origin.generation && !theirs.certificate.empty() &&
         theirs.certificate != sent.row.certificate;
}

}  // namespace

/// The newest receipted one, which may be of the generation before: a counterpart that lost more
/// than that is shown its own receipt.
Result<sync::Head> Peer::our_head() {
  const SentJournal& sent = *pair_.sent;
  const auto head_of = [](const ReceiptedHead& head) {
    return sync::Head{head.checkpoint.origin.generation, head.checkpoint.size, head.note,
                      sync::HeadReceipt{head.receipt.time_s, head.receipt.signature}};
  };
  if (sent.head) return head_of(*sent.head);
  for (const auto& before : std::views::reverse(sent.earlier)) {
    auto stored = context_.store.journals().newest_head(before);
    if (!stored) return stored.error();
    if (!*stored) continue;
    const auto receipted = to_receipted(std::move(**stored), context_.keys);
    if (!receipted) return receipted.error();
    auto head = head_of(*receipted);
    head.certificate = before.certificate;
    return head;
  }
  sync::Head none;
  none.generation = sent.row.origin.generation;
  return none;
}

void Peer::send_heads() {
  sync::Heads heads;
  auto mine = our_head();
  if (!mine) return fail(mine.error(), sync::CloseReason::kDegraded);
  heads.mine = std::move(*mine);
  heads.yours.generation = pair_.received->row.origin.generation;
  if (const auto& head = pair_.received->head) {
    heads.yours.size = head->checkpoint.size;
    heads.yours.checkpoint = head->note;
    heads.yours.receipt = sync::HeadReceipt{head->receipt.time_s, head->receipt.signature};
    if (rewound_) heads.yours.certificate = pair_.received->row.certificate;
  }
  heads.recovers = pair_.row.recovery == store::Recovery::kRecovering;
  heads.runs_twice = runs_twice_;
  heads.announced = context_.own_addresses.announced;
  send(heads);
}

void Peer::on_heads(const sync::Heads& heads, Now now) {
  if (state_ != State::kHeads)
    return fail(sync::SyncError::kOutOfOrder, sync::CloseReason::kProtocol);
  if (heads.runs_twice) note_runs_twice(now);
  // Of two that lost something the one that has it again answers the other, and no more.
  const bool only_answers = pair_.row.recovery == store::Recovery::kRecovered && heads.recovers;
  if (!pair_.may_connect() && !only_answers) {
    if (pair_.row.recovery != store::Recovery::kRecovered)
      return fail(OfficeError::kFrozen, sync::CloseReason::kFrozen);
    // It waits for our own people's word: nobody is turned away for what they are or said.
    why_closed_ = "the pairing waits to be let go on: blo office recover";
    return close(sync::CloseReason::kFrozen);
  }
  const auto found = disagreement(heads, now);
  const auto is = [&found](OfficeError error) { return found && *found == error; };
  if (is(OfficeError::kForked)) {
    return freeze_forked(*found, heads, now);
  }
  if (is(OfficeError::kBehind) || pair_.row.recovery == store::Recovery::kRecovering)
    return recover(heads, found.value_or(OfficeError::kBehind), now);
  if (is(OfficeError::kRewound)) {
    const auto& ours = pair_.sent->head;
    raise(AlarmCode::kRewound, found->message() + " (" + pair_.counterpart().text() + ")",
          "Call them: they have put back an old store. It is given back what it lost, and nothing "
          "else is exchanged until they go on.",
          (ours ? ours->note : std::string()) + "%%\n" + heads.yours.checkpoint, now);
    state_ = State::kServing;
    recalled_ = now.steady;
    return;
  }
  if (is(OfficeError::kBadReceipt) || is(OfficeError::kClockNotBelieved))
    return refuse_receipt(*found, now);
  if (found) return fail(*found, sync::CloseReason::kProtocol);
  if (only_answers) {
    state_ = State::kServing;
    recalled_ = now.steady;
    return;
  }
  if (next_) {
    reader_.emplace(next_->origin, pair_.theirs->office);
    reader_->resume(0, pair_.received->row.stamps().at_next_generation(), {});
  } else {
    auto reader = reader_at_end(context_.store, pair_);
    if (!reader) return fail(reader.error(), sync::CloseReason::kDegraded);
    reader_ = std::move(*reader);
  }
  receiver_.emplace(reader_->next());
  sender_.emplace(sent_frontier_.size());
  receipted_frontier_ = sent_frontier_;
  const auto in_force = rotation_.session_began(secret_, now.wall);
  if (!in_force) return fail(in_force.error(), sync::CloseReason::kDegraded);
  if (!*in_force) return close(sync::CloseReason::kRenewed);
  state_ = State::kSync;
  of_use_since_ = now.steady;
  pair_.compared = true;
  addresses_ = heads.announced;
  take_announced(now);
  offer_secret_if_due(now);
  pump(now);
}

/// One that comes too soon after another is taken once the hour is over, where the session stands
/// then.
void Peer::take_announced(Now now) {
  if (state_ != State::kSync) return;
  const auto taken =
      office::take_announced(context_.store, pair_, addresses_, context_.own_addresses, now);
  if (!taken) fail(taken.error(), sync::CloseReason::kDegraded);
}

/// In one transaction; the alarm's evidence is the pairing's.
Result<void> Peer::freeze_with(const Alarm& alarm, const std::string& why, store::Recovery recovery,
                               Now now) {
  const auto raise = [&]() -> Result<void> {
    const auto raised = context_.alarms.raise_within(alarm, now);
    if (!raised) return raised.error();
    return {};
  };
  return freeze(context_.store, pair_, why, alarm.evidence, recovery, raise);
}

/// The proof that the journal's key signed two histories is kept with the alarm.
void Peer::freeze_forked(const Error& error, const sync::Heads& heads, Now now) {
  const std::string& who = pair_.counterpart().text();
  const std::string next_step =
      "Both security officers must compare the two journals before anything is sent again";
  const Alarm alarm{
      AlarmCode::kForked, who, "The pairing with " + who + " is frozen: " + error.message(),
      next_step + ".",
      fork_.empty() ? heads.mine.checkpoint + "%%\n" + heads.yours.checkpoint : fork_};
  const auto done =
      freeze_with(alarm, error.message() + ". " + next_step, store::Recovery::kNone, now);
  if (!done) store_failure_ = done.error();
  fail(error, sync::CloseReason::kFrozen);
}

/// Two checkpoints by one key: the newest receipted one, which the entries here give, and another
/// that they do not.
Error Peer::forked(const store::JournalRow& journal, const journal::SignedCheckpoint& theirs) {
  const Error error(OfficeError::kForked, "size " + std::to_string(theirs.checkpoint.size) +
                                              " of " + journal.origin.text());
  auto stored = context_.store.journals().newest_head(journal);
  if (!stored || !*stored) return error;
  const auto ours = to_receipted(std::move(**stored), context_.keys);
  auto note = ours ? journal::Note::parse(ours->note) : Result<journal::Note>(ours.error());
  const auto certificate = identity::Certificate::parse(journal.certificate);
  std::vector<journal::Hash> leaves;
  if (!note || !certificate) return error;
  const auto read = context_.store.journals().entries(
      journal, 0, ours->checkpoint.size, [&leaves](const store::StoredEntry& entry) {
        leaves.push_back(journal::leaf_hash(entry.leaf));
        return true;
      });
  if (!read) return error;
  const identity::PairingFile& from = journal.sent ? pair_.ours : *pair_.theirs;
  fork_ = journal::make_fork_proof(from.authority, from.office, *certificate,
                                   {ours->checkpoint, std::move(*note)}, theirs,
                                   [&leaves](std::uint64_t index) { return leaves[index]; })
              .encode();
  return error;
}

/// What stands between the two stores, the worst of it; none: the heads agree.
std::optional<Error> Peer::disagreement(const sync::Heads& heads, Now now) {
  const std::array<Result<void>, 2> both{rewound_ ? Result<void>() : compare_sent(heads.yours, now),
                                         compare_received(heads.mine)};
  std::optional<Error> found;
  for (const auto& one : both) {
    if (!one && !found) found = one.error();
  }
  for (const auto worst : {OfficeError::kForked, OfficeError::kBehind, OfficeError::kRewound}) {
    for (const auto& one : both) {
      if (!one && one.error() == worst) return one.error();
    }
  }
  return found;
}

/// What the counterpart says it holds of our journal, against our journal.
Result<void> Peer::compare_sent(const sync::Head& theirs, Now now) {
  auto& sent = *pair_.sent;
  const std::uint64_t receipted = sent.head ? sent.head->checkpoint.size : 0;
  if (!sent.earlier.empty() && theirs.generation == sent.earlier.back().origin.generation)
    return compare_closed(theirs);
  if (theirs.generation > sent.row.origin.generation || names_another(sent, theirs))
    return compare_later(theirs);
  if (theirs.generation != sent.row.origin.generation)
    return Error(OfficeError::kRewound, "generation " + theirs.generation.text());
  if (theirs.size == 0) {
    if (receipted > 0) return OfficeError::kRewound;
    return {};
  }
  // Only our own signature makes it a claim about our journal.
  const auto signed_head =
      journal::open_checkpoint(theirs.checkpoint, sent.row.origin, journal_key(sent.row));
  if (!signed_head) return signed_head.error();
  const auto& head = signed_head->checkpoint;
  if (head.size != theirs.size || !theirs.receipt)
    return Error(sync::SyncError::kMalformed, "head");
  if (head.size > sent.row.size())
    return Error(OfficeError::kBehind, "size " + std::to_string(head.size));
  auto frontier = frontier_at(context_.store, sent.row, head.size);
  if (!frontier) return frontier.error();
  // Beyond our newest receipt nothing here was ever signed: another copy of this store signed it.
  if (frontier->root() != head.root) {
    if (head.size <= receipted) return forked(sent.row, *signed_head);
    return Error(OfficeError::kBehind, "size " + std::to_string(head.size));
  }
  if (head.size < receipted)
    return Error(OfficeError::kRewound, "size " + std::to_string(head.size));
  sent_frontier_ = *frontier;
  if (head.size == receipted) return {};
  // The receipt was lost on the way; the counterpart gives the same one again.
  const journal::Cosignature receipt{theirs.receipt->time_s.unjudged(), theirs.receipt->signature};
  const auto fine = check_receipt(context_.store, pair_, sent.row, head.size,
                                  signed_head->note.text, receipt, context_.clock, now);
  if (!fine) return fine;
  const auto kept = keep_receipt(
      {head, bare_note(*signed_head, journal_key(sent.row)), std::move(*frontier), receipt}, now);
  if (kept) context_.clock.keep_receipt(receipt, now);
  return kept;
}

/// As compare_sent, for a generation of our journal that we know nothing of.
Result<void> Peer::compare_later(const sync::Head& theirs) {
  Origin origin = pair_.sent->row.origin;
  origin.generation = theirs.generation.unjudged();
  const auto certificate = identity::Certificate::parse(theirs.certificate);
  if (!certificate) return certificate.error();
  // Only our own office's word and our own signature make it a claim about our journal.
  const auto ours = identity::check_journal(pair_.ours.office, *certificate, origin);
  if (!ours) return ours;
  const auto key = certificate->details().verify_key(identity::KeyUse::kJournal);
  if (!key) return Error(sync::SyncError::kMalformed, "certificate");
  const auto head = journal::open_checkpoint(theirs.checkpoint, origin, *key);
  if (!head) return head.error();
  if (head->checkpoint.size != theirs.size) return Error(sync::SyncError::kMalformed, "head");
  // What it gave receipts for under the key here is not taken back by its word.
  const bool contradicts = names_another(*pair_.sent, theirs) && pair_.sent->head;
  return Error(contradicts ? OfficeError::kForked : OfficeError::kBehind,
               "generation " + theirs.generation.text());
}

/// As compare_sent, for a counterpart that has nothing of the newest generation yet.
Result<void> Peer::compare_closed(const sync::Head& theirs) {
  const store::JournalRow& before = pair_.sent->earlier.back();
  if (pair_.sent->head || (theirs.size == 0 && before.size() > 0)) return OfficeError::kRewound;
  if (theirs.size == 0) return {};  // it ended before anything was receipted
  const auto signed_head =
      journal::open_checkpoint(theirs.checkpoint, before.origin, journal_key(before));
  if (!signed_head) return signed_head.error();
  const auto& head = signed_head->checkpoint;
  const std::string size = "size " + std::to_string(head.size);
  if (head.size != theirs.size) return Error(sync::SyncError::kMalformed, "head");
  if (head.size > before.size()) return Error(OfficeError::kBehind, size);
  const auto frontier = frontier_at(context_.store, before, head.size);
  if (!frontier) return frontier.error();
  if (frontier->root() != head.root) return forked(before, *signed_head);
  if (head.size < before.size()) return Error(OfficeError::kRewound, size);
  return {};
}

struct Peer::HeadsJournal {
  const store::JournalRow* held;  // null: nothing of that generation
  Origin origin;
  crypto::VerifyKey key;
};

/// Whose head it is, by the certificate that is here or comes with it.
Result<Peer::HeadsJournal> Peer::journal_of_head(const sync::Head& theirs) const {
  Origin origin = pair_.received->row.origin;
  origin.generation = theirs.generation.unjudged();
  for (const auto* row : pair_.generations(false)) {
    if (row->origin == origin) return HeadsJournal{row, origin, journal_key(*row)};
  }
  const auto certificate = identity::Certificate::parse(
      theirs.certificate.empty() ? ByteView(announced_) : ByteView(theirs.certificate));
  if (!certificate) return certificate.error();
  const auto certified = identity::check_journal(pair_.theirs->office, *certificate, origin);
  if (!certified) return certified.error();
  const auto key = certificate->details().verify_key(identity::KeyUse::kJournal);
  if (!key) return Error(sync::SyncError::kMalformed, "certificate");
  return HeadsJournal{nullptr, origin, *key};
}

/// What the counterpart says its own journal is, against what we hold of it.
Result<void> Peer::compare_received(const sync::Head& theirs) {
  if (rewound_) return OfficeError::kRewound;
  // It has had no receipt yet; our own head tells it what we hold.
  if (theirs.size == 0) return check_next();
  const auto journal = journal_of_head(theirs);
  if (!journal) return journal.error();
  const auto signed_head =
      journal::open_checkpoint(theirs.checkpoint, journal->origin, journal->key);
  if (!signed_head) return signed_head.error();
  const auto& head = signed_head->checkpoint;
  if (head.size != theirs.size) return Error(sync::SyncError::kMalformed, "head");
  if (!theirs.receipt) return Error(sync::SyncError::kMalformed, "head");
  if (journal->held == nullptr || head.size > journal->held->size()) {
    // We gave a receipt and lost the entries, if the receipt is ours; else it is no claim at all.
    const journal::Cosignature receipt{theirs.receipt->time_s.unjudged(),
                                       theirs.receipt->signature};
    if (!journal::verify_cosignature(signed_head->note.text, receipt,
                                     context_.keys.receipt.verify_key())) {
      return Error(OfficeError::kBadReceipt, "it is said to be ours, which it is not");
    }
    return Error(OfficeError::kBehind, "their journal, generation " + theirs.generation.text() +
                                           ", size " + std::to_string(head.size));
  }
  const auto frontier = frontier_at(context_.store, *journal->held, head.size);
  if (!frontier) return frontier.error();
  if (frontier->root() != head.root) return forked(*journal->held, *signed_head);
  return check_next();
}

/// What comes next is of a generation that is here, or the one after.
Result<void> Peer::check_next() const {
  if (next_ || announced_ == pair_.received->row.certificate) return {};
  return Error(sync::SyncError::kMalformed, "a generation that nobody gave a receipt before");
}

}  // namespace blo::office
