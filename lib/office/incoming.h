// From a batch on the wire to a receipt: DESIGN's path of a message, step 4.
#ifndef BLO_OFFICE_INCOMING_H
#define BLO_OFFICE_INCOMING_H

#include <span>

#include "office/alarms.h"
#include "office/clock.h"
#include "office/erasure.h"
#include "office/writer.h"
#include "sync/receiver.h"

namespace blo::office {

/// kMalformed (SyncError): a body beside an entry that commits to none, or of another size than the
/// entry says. Beside what is out of form nothing is known to belong; it is refused without its
/// body.
[[nodiscard]] Result<void> check_body(const journal::ParsedLeaf& leaf, const sync::Item& item);

/// A batch between arrival and commit. A value: `judge` may run on any thread, in slices.
class IncomingBatch {
 public:
  /// What the head in the stamp of an entry is worth.
  using StampJudge = std::function<Result<journal::StampVerdict>(std::uint64_t index,
                                                                 const journal::Stamp& stamp)>;
  /// Reads the entries in order; the officers they introduce may speak at once. `receipt_s` is the
  /// time of the receipt that is given for the batch, or was given: every entry is judged by it,
  /// and the receipt bears no other. Errors are the judge's and check_body()'s.
  [[nodiscard]] static Result<IncomingBatch> read(journal::Reader& reader, sync::Batch batch,
                                                  std::uint64_t receipt_s,
                                                  const StampJudge& judge_stamp);

  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  /// Checks signatures, opens bodies, matches commitments and validates content of entries [from,
  /// to). Pure; slices of one batch may be judged at the same time.
  void judge(std::size_t from, std::size_t to);

 private:
  friend class Incoming;
  IncomingBatch(const Origin& origin, sync::Batch batch, std::uint64_t receipt_s);
  void judge_message(std::size_t i);
  void judge_name(std::size_t i);

  Origin origin_;
  std::uint64_t first_;
  std::vector<journal::ReadEntry> entries_;
  std::vector<sync::Item> items_;
  std::string checkpoint_;
  std::uint64_t receipt_s_;  // Unix seconds
  journal::StampsInForce stamps_after_;
  std::map<std::uint64_t, std::string> void_;  // refusals that count for nothing, and why
  std::optional<std::uint64_t> names_lost_;    // the first entry that names what we lost
  std::vector<std::uint64_t> two_contents_;  // entries under an id that stands over another content
};

/// The record by which an entry refuses something, whatever else is wrong with it; null: it holds
/// none. It is itself never refused by a record: two programs that disagree about anything would
/// refuse each other's refusals for ever.
[[nodiscard]] const journal::Refusal* refusal_in(const journal::ReadEntry& entry);

/// What committing a batch did.
struct Committed {
  std::uint32_t generation;
  std::uint64_t first;
  std::uint64_t end;
  journal::Cosignature receipt;
  std::uint64_t refusals;  // records added to our own journal
};

class Incoming {
 public:
  Incoming(store::Store& store, const OfficeKeys& keys, Alarms& alarms, Clock& clock);

  /// For consecutive batches: each checkpoint verified against the entries, everything stored with
  /// the receipts' sizes, roots and times and the refusal records, in one transaction; only then
  /// the cosignatures are made. kHeadMismatch and the like, of any of them, store nothing, and they
  /// may be tried one by one. The first batch of the next generation begins that, where its first
  /// entry says that the one before ended as it stands here.
  [[nodiscard]] Result<std::vector<Committed>> commit(Pair& pair, std::span<IncomingBatch> batches,
                                                      Now now);
  /// As commit, for entries that this office gave `receipt` for once and then lost. What it refused
  /// then is refused again; nothing new is signed or entered.
  [[nodiscard]] Result<void> take_back(Pair& pair, IncomingBatch batch,
                                       const journal::Cosignature& receipt, Now now);

 private:
  /// The journal that a batch goes on with, before it.
  struct Target {
    store::JournalRow row;
    crypto::VerifyKey key;
    bool begins;  // the generation; it is not in the store yet
  };
  [[nodiscard]] static Result<Target> target_of(const Pair& pair, const IncomingBatch& batch);
  /// The batch's checkpoint, where it is one of the entries after `row`; else kHeadMismatch.
  [[nodiscard]] static Result<journal::SignedCheckpoint> open_head(const Target& target,
                                                                   const IncomingBatch& batch,
                                                                   journal::Frontier& frontier);
  [[nodiscard]] Result<void> begin_if_new(Target& target);
  /// A batch that is stored in a transaction that has not committed.
  struct Stored {
    Committed committed;  // without its receipt
    std::string note;     // that the receipt is for
    std::uint64_t time_s;
  };
  /// In the caller's transaction, and in the pair: what comes next goes on from there.
  [[nodiscard]] Result<Stored> store_batch(Pair& pair, IncomingBatch& batch, Now now);
  [[nodiscard]] Result<Committed> give_receipt(Pair& pair, const IncomingBatch& batch,
                                               Stored stored, Now now);
  [[nodiscard]] Result<void> judge_as_before(const Pair& pair, IncomingBatch& batch);
  [[nodiscard]] Result<void> mark_duplicates(Pair& pair, IncomingBatch& batch);
  [[nodiscard]] Result<Bytes> envelope_at(const Pair& pair, std::int64_t journal,
                                          std::uint64_t index);
  /// `own`: the journal that the batch goes on with. A legal hold stops what is named, whatever
  /// came of it before, unless this office destroyed it since: then the hold had been lifted.
  [[nodiscard]] Result<void> judge_erasures(const Pair& pair, const store::JournalRow& own,
                                            IncomingBatch& batch);
  [[nodiscard]] Result<std::optional<Erasable>> named_by(const Pair& pair,
                                                         const IncomingBatch& batch,
                                                         const store::JournalRow& own,
                                                         const journal::Erasure& erasure);
  [[nodiscard]] Result<void> judge_steps(const Pair& pair, IncomingBatch& batch);
  void judge_revocations(IncomingBatch& batch);
  /// What refuses something of ours out of its place counts for nothing from here on; `row` is the
  /// journal that the batch goes on with.
  [[nodiscard]] Result<void> judge_refusals(const Pair& pair, store::JournalRow& row,
                                            IncomingBatch& batch);
  [[nodiscard]] Result<bool> begins_in_loss(const store::JournalRow& row,
                                            const IncomingBatch& batch);
  [[nodiscard]] Result<journal::RefusedEntry> refused_by(const Pair& pair,
                                                         const journal::Refusal& refusal);
  [[nodiscard]] Result<void> store_entries(const Pair& pair, store::JournalRow& row,
                                           const IncomingBatch& batch, Now now);
  [[nodiscard]] Result<void> note_refusals(const Pair& pair, const IncomingBatch& batch);
  /// By a clock that says `time`: what is stamped more than a day after it waits.
  [[nodiscard]] Result<void> erase(const Pair& pair, const store::JournalRow& own,
                                   const IncomingBatch& batch, WallTime time);
  [[nodiscard]] static Result<std::uint64_t> enter_refusals(Writer& writer,
                                                            const IncomingBatch& batch);
  [[nodiscard]] Result<void> raise_alarms(const Pair& pair, const IncomingBatch& batch, Now now);
  [[nodiscard]] Result<void> raise_about_refusals(const Pair& pair, const IncomingBatch& batch,
                                                  Now now);
  [[nodiscard]] Result<void> raise_about_stamps(const Pair& pair, const IncomingBatch& batch,
                                                Now now);
  [[nodiscard]] Result<void> raise_lies(const Pair& pair, const IncomingBatch& batch, Now now);
  /// How the journal stands after the batch, its news being of the batch; null: as before.
  [[nodiscard]] static std::shared_ptr<Standing> standing_after(
      const std::shared_ptr<const Standing>& before, const IncomingBatch& batch);
  [[nodiscard]] Result<void> raise_news(const Pair& pair, const IncomingBatch& batch,
                                        Standing& standing, Now now);
  static void introduce(ReceivedJournal& received, const IncomingBatch& batch);
  [[nodiscard]] Result<void> raise_about_erasures(const Pair& pair, const IncomingBatch& batch,
                                                  Now now);
  [[nodiscard]] Result<void> forget_erased(Pair& pair, const IncomingBatch& batch, WallTime time);

  store::Store& store_;
  const OfficeKeys& keys_;
  Alarms& alarms_;
  Clock& clock_;
};

}  // namespace blo::office

#endif
