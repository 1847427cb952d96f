// Shows an export entry by entry, beside what its verification found: nothing is shown that was not
// verified first, and nothing that was found is left out.
#ifndef BLO_JOURNAL_SHOW_H
#define BLO_JOURNAL_SHOW_H

#include <memory>

#include "journal/entry_facts.h"
#include "journal/verify.h"

namespace blo::journal {

/// What stands against an entry: one of the findings about it.
struct Mark {
  FindingCode code;
  std::string what;
};

/// The counterpart's refusal of an entry.
struct ShownRefusal {
  Origin journal;
  std::uint64_t index;
  WallTime time;  // by the counterpart's clock
  RefusalReason reason;
  std::string flaw;  // what its own journal, too, has against the entry; empty: nothing
};

struct ShownEntry {
  std::uint64_t index = 0;
  Hash leaf_hash{};
  std::optional<WallTime> time;      // of its stamp; none: out of form
  bool unsure = false;               // the office was not sure of its clock
  std::optional<WallTime> received;  // of an entry whose stamp is later by more than a day: a claim
  std::string what;                  // "message", or a record's name
  Facts facts;
  std::vector<Mark> findings;
  std::optional<ShownRefusal> refused;
  std::optional<ReceiptedSize> receipt;  // the first valid one that covers it
  /// Of messages: what it answers and what it takes the place of, as far as that is in the export,
  /// and which opened and acted of the counterpart are about it.
  std::optional<MessageNumber> answers;
  std::optional<MessageNumber> supersedes;
  std::vector<Answer> answered_by;
};

/// All there is about one entry.
struct EntryDetails {
  ShownEntry entry;
  /// As details_of(), then `not_before` and `not_after`: what the counterpart's clock said of the
  /// newest entry of its own that this one names, and of the first receipt over it. Where that is
  /// not known, `why` says why.
  std::vector<FactGroup> groups;
  Bytes leaf;
};

struct VerifiedExport;

/// One export, verified when it is opened.
class ShownExport {
 public:
  /// `files` outlives it. Errors and memory as verify_export's, and 16 bytes for each receipt, 24
  /// for each message.
  [[nodiscard]] static Result<ShownExport> open(
      const ExportFiles& files, const std::vector<identity::Certificate>& authorities,
      const Executor& execute = run_inline);
  ShownExport(ShownExport&&) noexcept;
  ShownExport& operator=(ShownExport&&) noexcept;
  ~ShownExport();

  [[nodiscard]] const Verdict& verdict() const;
  /// Entries that were read; 0 for a journal that was not read or is not there.
  [[nodiscard]] std::uint64_t size(const Origin& origin) const;

  /// Every entry of a journal from `first` on, in order, read again: an entry that is no longer the
  /// one that was verified is an error.
  using EntrySink = std::function<void(const ShownEntry& entry)>;
  [[nodiscard]] Result<void> entries(const Origin& origin, std::uint64_t first,
                                     const EntrySink& sink);
  /// Needs index < size(origin).
  [[nodiscard]] Result<EntryDetails> entry(const Origin& origin, std::uint64_t index);

  /// What is kept of its verification.
  [[nodiscard]] VerifiedExport& kept() { return *kept_; }

 private:
  explicit ShownExport(std::unique_ptr<VerifiedExport> kept);

  std::unique_ptr<VerifiedExport> kept_;
};

}  // namespace blo::journal

#endif
