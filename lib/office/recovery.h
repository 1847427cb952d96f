// This office lost entries that its counterpart holds: it asks for them, and takes them back as
// they were receipted. Nothing is signed meanwhile, nor afterwards in a generation that was lost.
#ifndef BLO_OFFICE_RECOVERY_H
#define BLO_OFFICE_RECOVERY_H

#include "office/incoming.h"
#include "office/officers.h"
#include "sync/receiver.h"

namespace blo::office {

/// One of our entries as the counterpart gave it back.
struct TakenBack;

/// One session's worth: what has been taken back is durable, and the next session goes on there.
/// First our journal, generation after generation, then the counterpart's.
class Recovery {
 public:
  /// `claimed`: what the counterpart says it holds, under our own signatures.
  Recovery(store::Store& store, const OfficeKeys& keys, Officers& officers, Incoming& incoming,
           Clock& clock, Pair& pair, sync::Heads claimed);

  /// Before the first question: what of our journal has no receipt leaves it, and waits for the
  /// next generation. A generation after another of which nothing has one never was: another copy
  /// of this store may have begun one of that number under another key.
  [[nodiscard]] Result<void> strand_unreceipted();
  /// What to ask next; none: all that was claimed is here again.
  [[nodiscard]] std::optional<sync::Recall> question() const;

  [[nodiscard]] Result<void> take(const sync::RecallBegin& begin);
  [[nodiscard]] Result<void> take(sync::Items items);
  [[nodiscard]] Result<void> take(sync::BodyChunk chunk);
  /// The answer is complete: verified and durable when this returns. kHeadMismatch, kBadReceipt and
  /// the like keep nothing of it.
  [[nodiscard]] Result<void> take(const sync::RecallEnd& end, Now now);

  /// Once no question is left: whether the counterpart gave back all that it claimed to hold.
  [[nodiscard]] bool complete() const;
  /// The counterpart has begun to answer: what comes from now on is the answer.
  [[nodiscard]] bool answered() const { return receiver_.has_value(); }

 private:
  [[nodiscard]] Result<void> strand(const store::JournalRow& row, std::uint64_t from);
  [[nodiscard]] Result<store::JournalRow> cut_to_receipt();
  [[nodiscard]] const store::JournalRow& newest() const;
  [[nodiscard]] Result<void> keep_ours(sync::Batch batch, const journal::Cosignature& receipt,
                                       Now now);
  [[nodiscard]] Result<void> keep_theirs(sync::Batch batch, const journal::Cosignature& receipt,
                                         Now now);
  [[nodiscard]] Result<void> apply(const store::JournalRow& row, const TakenBack& taken);

  store::Store& store_;
  const OfficeKeys& keys_;
  Officers& officers_;
  Incoming& incoming_;
  Clock& clock_;
  Pair& pair_;
  sync::Heads claimed_;
  enum class Phase { kOurs, kTheirs, kDone } phase_ = Phase::kOurs;
  bool next_generation_ = false;  // the newest one here is complete: ask for the one after it
  Bytes certificate_;             // of the generation being answered; empty: there is none
  std::optional<sync::Receiver> receiver_;
};

}  // namespace blo::office

#endif
