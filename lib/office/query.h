// What officers read: lists, one message, an export. Nothing here changes anything.
#ifndef BLO_OFFICE_QUERY_H
#define BLO_OFFICE_QUERY_H

#include "journal/export.h"
#include "office/head_over.h"
#include "office/holds.h"

namespace blo::office {

/// The closed list of a message's states. Values are blo.v1.MessageState's.
enum class MessageState : std::uint8_t {
  kQueued = 1,
  kReceipted = 2,
  kRefused = 3,
  kReceived = 4,
  kOpened = 5,
  kActed = 6
};

/// An opened or acted that answers a message.
struct StepView {
  MessageNumber number;
  std::uint32_t kind;
  Dated stamped;
  Author officer;
  std::string outcome;  // of an acted: "hit"; empty where it was erased
  std::string text;     // raw
};
/// Of one message: what nobody reads is not looked up.
inline constexpr std::size_t kStepsShownMax = 100;

/// A record by which a message's content was destroyed.
struct ErasureView {
  OfficeId by;  // whose journal has the record
  Dated stamped;
  std::string rule;
  std::uint64_t person;  // who ordered it, of that office; 0: the office itself
  bool copy;             // the receiver's own copy alone
  bool waits = false;    // for its own date, and the content is here
};

struct MessageView {
  MessageNumber number;
  MessageState state;
  std::optional<journal::Envelope> envelope;  // none: a refused entry whose envelope is out of form
  journal::Stamp stamp;
  std::optional<journal::RefusalReason> refusal;
  std::optional<ReceiptedHead> receipt;      // the one that covers it
  Author author;                             // nobody where `unproven`
  std::optional<Author> releaser;            // where it carries a release
  std::optional<MessageNumber> in_reply_to;  // where what it answers is held
  std::optional<MessageNumber> supersedes;   // where what it takes the place of is held
  std::vector<StepView> steps;               // of show_message alone; oldest first
  Bytes content;                             // empty when refused, erased, withheld or damaged
  journal::Hash leaf_hash{};
  bool erased = false;    // accepted, and its content is not here any more
  bool held = false;      // by a legal hold
  bool unproven = false;  // no officer's signature over it was found to hold
  bool withheld = false;  // until what was lost is here again: it may have been erased since
  bool damaged = false;   // the store does not hold it as it was accepted: nothing of that is shown
  bool claim = false;     // its stamp is later than the receipt by more than a day
  bool unopened = false;  // nobody at the office that received it has opened it
  /// When it was made, as far as that is known.
  [[nodiscard]] WallTime dated() const {
    return claim ? from_unix_s(receipt->receipt.time_s) : stamp.time;
  }
  std::vector<ErasureView> erasures = {};  // of show_message alone; oldest first
  std::optional<HoldView> hold = {};       // of show_message alone
  std::string outcome = {};                // the newest of one that was acted upon: "hit"
};

enum class Box { kReceived, kSent };

/// Where a message stands in its direction.
struct Place {
  std::uint32_t generation = UINT32_MAX;
  std::uint64_t index = UINT64_MAX;
};

/// Messages of one pairing that stand before `before`, newest first.
[[nodiscard]] Result<std::vector<MessageView>> list_messages(
    Office& office, const Pair& pair, Box box, const Place& before, std::size_t count,
    store::JournalStore::Steps steps = store::JournalStore::Steps::kLeftOut);
/// As they are listed: messages among what a journal of the pairing holds.
[[nodiscard]] Result<std::vector<MessageView>> view_messages(
    Office& office, const Pair& pair, const store::JournalRow& row,
    const std::vector<store::StoredEntry>& entries);
/// kNotFound for another office's journal, a record, or an index past the end. kMayBeErased while
/// the pairing is given back what it lost.
[[nodiscard]] Result<MessageView> show_message(Office& office, const MessageNumber& number);
/// Messages [first, end) of what the counterpart sent: what just arrived.
[[nodiscard]] Result<std::vector<MessageView>> arrived_messages(Office& office, const Pair& pair,
                                                                std::uint64_t first,
                                                                std::uint64_t end);

/// One entry of the audit trail.
struct ActView {
  std::uint64_t index = 0;
  WallTime time;
  journal::Act act;
  std::uint64_t person = 0;     // 0: the Unix user alone, or nobody known
  std::string officer;          // empty where unknown or erased
  std::uint32_t exit_code = 0;  // 0: it was carried out, or refused
  bool counterpart = false;     // not an act: a counterpart was turned away, and why is in `act`
  // Not an act: the person's requests that were not entered one by one, as `act.subject` says.
  bool unentered = false;
  bool damaged = false;  // nobody knows any more what it was
  Bytes request;         // as it came; empty where it was not kept
};

struct ActFilter {
  std::uint64_t person = 0;  // 0: everybody
  std::string message;       // a number; empty: everything
};

struct ActPage {
  std::vector<ActView> acts;
  std::uint64_t next = 0;  // where to go on below; 0: there is nothing more that fits
};
/// At most `count` (from 1) acts below `before` that fit, newest first; their indexes run on from
/// one generation of the trail to the next. Looks at no more than kTrailSearchedMax entries, so
/// that a page may have none and not be the last.
inline constexpr std::size_t kTrailSearchedMax = 200'000;
[[nodiscard]] Result<ActPage> list_acts(Office& office, const ActFilter& filter,
                                        std::uint64_t before, std::size_t count);

/// Both directions of a pairing, or the audit trail, as they stood when it was made, written step
/// by step so that neither memory nor the daemon's time goes into one long answer.
class ExportJob {
 public:
  [[nodiscard]] static Result<ExportJob> begin(Office& office, const Pair& pair,
                                               journal::FileSink sink);
  /// kNotFound when nothing has been entered yet.
  [[nodiscard]] static Result<ExportJob> begin_trail(Office& office, journal::FileSink sink);
  /// Writes some more; false once all is written.
  [[nodiscard]] Result<bool> step();

  [[nodiscard]] const std::vector<std::string>& folders() const { return folders_; }
  /// What is not in it, and what is without a receipt: "2 newer entries have no receipt yet".
  [[nodiscard]] const std::vector<std::string>& notes() const { return notes_; }

 private:
  struct Part {
    store::JournalRow row;
    std::uint64_t size;
    std::vector<journal::ReceiptedCheckpoint> checkpoints;
    /// Checkpoints under receipts are exported up to the first size, and were up to the second, of
    /// which the last few are in `checkpoints`. After them comes one of the whole size, where that
    /// has no receipt.
    std::uint64_t with_receipts = 0;
    std::uint64_t with_receipt = 0;
  };
  ExportJob(Office& office, const Pair* pair, journal::FileSink sink);
  [[nodiscard]] Result<void> add(const store::JournalRow& row);
  [[nodiscard]] Result<std::uint64_t> named_size(const store::JournalRow& row);
  [[nodiscard]] Result<std::uint64_t> borne_out(const store::JournalRow& row, std::uint64_t size);
  [[nodiscard]] Result<void> open_part();
  [[nodiscard]] Result<bool> add_checkpoints(Part& part);
  [[nodiscard]] std::optional<journal::NoteKey> receipt_name(const Part& part) const;
  [[nodiscard]] Result<void> finish_part();

  Office* office_;
  const Pair* pair_;  // none: the trail
  journal::FileSink sink_;
  std::vector<Part> parts_;
  std::size_t part_ = 0;
  std::uint64_t next_ = 0;
  std::optional<journal::JournalExporter> exporter_;  // of the part under way
  std::vector<std::string> folders_;
  std::vector<std::string> notes_;
};

}  // namespace blo::office

#endif
