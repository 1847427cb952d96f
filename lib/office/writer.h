// Appends to our own journal: every entry we make passes here, inside one store transaction.
#ifndef BLO_OFFICE_WRITER_H
#define BLO_OFFICE_WRITER_H

#include "office/entry_time.h"
#include "office/pair.h"

namespace blo::office {

/// Works on copies; `finish` writes the row, and the caller keeps the copies once its transaction
/// has committed.
class Writer {
 public:
  /// Nothing is entered that would be judged at a time at which the journal's certificate does not
  /// hold (kNoValidTime, from the first add). After its end a trail's takes what tells of reading
  /// (journal::may_follow_end). Stamps are made with entry_time() and the newest head of the
  /// opposite journal that stands in `receipted`.
  Writer(store::Store& store, const store::JournalRow& journal, const Dating& dating,
         const std::optional<journal::Checkpoint>& receipted);

  struct Body {
    Bytes sealed;
    crypto::Key content_key;
  };
  /// Index of the new entry.
  [[nodiscard]] Result<std::uint64_t> add_message(journal::SignedEnvelope message,
                                                  const journal::Envelope& envelope,
                                                  const Body& body);
  [[nodiscard]] Result<std::uint64_t> add_record(const journal::Record& record);
  /// What happened, into an audit trail; `body` may be none.
  [[nodiscard]] Result<std::uint64_t> add_act(const journal::Record& act, const Body* body);
  /// Introduces an officer, the name (where it was not erased) sealed beside the record.
  [[nodiscard]] Result<std::uint64_t> add_officer(const store::OfficerRow& officer);
  /// What is added from now on: after the first entry of a generation.
  void date(const Dating& dating);
  [[nodiscard]] Result<void> finish();

  [[nodiscard]] const store::JournalRow& row() const { return row_; }
  /// What the stamps are dated with. Needs that something was added.
  [[nodiscard]] const EntryTime& time() const { return *time_; }

 private:
  [[nodiscard]] Result<std::uint64_t> add(const journal::Entry& entry,
                                          const store::EntryFacts& facts, const Body* body,
                                          const journal::Record* record);
  [[nodiscard]] journal::Stamp stamp() const;

  store::Store& store_;
  store::JournalRow row_;
  Result<EntryTime> time_;
  std::optional<journal::Checkpoint> receipted_;
  bool valid_time_ = false;
  bool after_end_ = false;
};

}  // namespace blo::office

#endif
