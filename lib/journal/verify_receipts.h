// The receipts of one journal, judged against the tree as it grows.
#ifndef BLO_JOURNAL_VERIFY_RECEIPTS_H
#define BLO_JOURNAL_VERIFY_RECEIPTS_H

#include "journal/verify_journal.h"

namespace blo::journal {

/// Takes receipts in order while entries are appended, so that neither has to be kept.
class ReceiptChecker {
 public:
  /// `files`, `facts` and `newest`, the export's checkpoint, outlive the checker. Without a receipt
  /// key nothing is read or judged.
  ReceiptChecker(const ExportFiles& files, const Executor& execute, JournalFacts& facts,
                 const SignedCheckpoint& newest, NoteKey journal_key,
                 std::optional<NoteKey> receipt_key);

  /// The time of the smallest receipt over an entry that the tree does not have yet: of those in
  /// order whose signatures hold. Its root is compared when the tree has grown. Any index,
  /// ascending.
  [[nodiscard]] std::optional<WallTime> time_over(std::uint64_t index);

  /// Judges the receipts for the size the tree has now.
  void tree_grew(const Frontier& tree);
  /// After the last entry: what is left are receipts for more entries than the export has. Then
  /// takes the cosignature on the newest checkpoint, if that is one of this tree (`root_holds`).
  void finish(bool root_holds);

  /// Files of `receipts/` that were there.
  [[nodiscard]] std::uint64_t files() const { return files_read_; }

 private:
  struct Receipt {
    Checkpoint checkpoint;
    std::uint64_t time_s;
    std::uint64_t number = 0;
  };

  /// A receipt as carried, and what its signatures say.
  struct Opened {
    std::string_view note;
    Result<Receipt> receipt;
    FindingCode key;  // what it is when no known key signed
  };

  [[nodiscard]] const Receipt* next();
  bool look_further();
  [[nodiscard]] std::optional<FindingCode> flaw_of(const Receipt& receipt) const;
  [[nodiscard]] const std::optional<WallTime>& newest_time();
  bool read_file();
  void judge_file(const std::string& path);
  bool open_more();
  [[nodiscard]] Opened open(std::string_view note) const;
  bool in_order(const Receipt& receipt);
  void accept(const Receipt& receipt);
  void judge_unreceipted(const Error& error);

  const ExportFiles& export_;
  const Executor& execute_;
  JournalFacts& facts_;
  const SignedCheckpoint& newest_;
  NoteKey journal_key_;
  std::optional<NoteKey> receipt_key_;
  std::string text_;           // what is unread of the current file
  std::size_t at_ = 0;         // where it begins
  std::deque<Opened> opened_;  // what comes before that
  std::uint64_t files_read_ = 0;
  bool full_ = true;          // every file so far
  std::uint64_t number_ = 0;  // receipts read
  bool ended_ = false;
  std::deque<Receipt> ahead_;    // in order, for sizes that the tree does not have yet
  std::optional<Receipt> last_;  // that was in order
  std::optional<std::optional<WallTime>> newest_time_;  // on the checkpoint, once it was looked at
};

}  // namespace blo::journal

#endif
