// From a batch on the wire to a receipt: DESIGN's path of a message, step 4.
#ifndef BLO_OFFICE_INCOMING_H
#define BLO_OFFICE_INCOMING_H

#include "office/alarms.h"
#include "office/pair.h"
#include "sync/receiver.h"

namespace blo::office {

/// A batch between arrival and commit. A value: `judge` may run on any thread, in slices.
class IncomingBatch {
 public:
  /// Reads the entries in order; the officers they introduce may speak at once.
  IncomingBatch(journal::Reader& reader, sync::Batch batch);

  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  /// Checks signatures, opens bodies, matches commitments and validates content of entries [from,
  /// to). Pure; slices of one batch may be judged at the same time.
  void judge(std::size_t from, std::size_t to);

 private:
  friend class Incoming;
  void judge_message(std::size_t i);
  void judge_name(std::size_t i);

  std::uint64_t first_;
  std::vector<journal::ReadEntry> entries_;
  std::vector<sync::Item> items_;
  std::string checkpoint_;
  journal::Stamp stamp_after_;
};

/// What committing a batch did.
struct Committed {
  std::uint64_t first;
  std::uint64_t end;
  journal::Cosignature receipt;
  std::uint64_t refusals;  // records added to our own journal
};

class Incoming {
 public:
  Incoming(store::Store& store, const OfficeKeys& keys, Alarms& alarms);

  /// The checkpoint verified against the entries, everything stored with the receipt's size, root
  /// and time and the refusal records, in one transaction; only then the cosignature is made.
  /// kHeadMismatch and the like store nothing.
  [[nodiscard]] Result<Committed> commit(Pair& pair, IncomingBatch batch, Now now);

 private:
  [[nodiscard]] Result<void> mark_duplicates(Pair& pair, IncomingBatch& batch);
  [[nodiscard]] Result<void> raise_alarms(const Pair& pair, const IncomingBatch& batch, Now now);
  [[nodiscard]] Result<void> forget_erased(ReceivedJournal& received, const IncomingBatch& batch);
  [[nodiscard]] Result<void> erase(const store::JournalRow& row, const IncomingBatch& batch);
  [[nodiscard]] Result<store::JournalRow> store_entries(const Pair& pair,
                                                        const IncomingBatch& batch);

  store::Store& store_;
  const OfficeKeys& keys_;
  Alarms& alarms_;
};

}  // namespace blo::office

#endif
