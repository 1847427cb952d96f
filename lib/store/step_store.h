// What became of messages: the opened and acted that answer them, what is still awaited of those we
// sent, and which of those we received nobody here has opened.
#ifndef BLO_STORE_STEP_STORE_H
#define BLO_STORE_STEP_STORE_H

#include <optional>

#include "base/wait_clock.h"
#include "store/journal_store.h"

namespace blo::store {

/// An opened or acted: where it lies.
struct StepPlace {
  std::uint32_t kind;
  std::int64_t journal;  // a row's id
  std::uint64_t index;
};

/// A message that is neither opened nor acted: sent, or received.
struct AwaitedMessage {
  journal::Precedence precedence;
  WaitTime since;  // when it was entered
  std::optional<WallTime> expires;
};

/// What may be overdue: of a message we sent its receipt, its opening there and an outcome; of one
/// that we received, that it is opened here.
enum class Awaited : std::uint8_t { kReceipt = 1, kOpening = 2, kOutcome = 3, kReading = 4 };

/// Messages of one precedence in one journal, of which something is overdue: in one of ours, save
/// for kReading.
struct OverdueQuery {
  Awaited what;
  journal::Precedence precedence;
  /// Only entries in [from, to): without a receipt, or with one for long enough.
  std::uint64_t from;
  std::uint64_t to;
  /// Entered (kReceipt, kReading) or opened (kOutcome) no later than this; any time for kOpening.
  WaitTime since;
  /// A message that is over by then is not waited for, save for its receipt. Nothing is kept of
  /// that: by another clock it is waited for again.
  WallTime now;
};
struct Overdue {
  std::uint64_t count = 0;
  std::uint64_t unannounced = 0;  // of those, not under an alarm yet
  std::uint64_t oldest = 0;       // index
};

/// Messages that nobody has opened, by precedence, routine first; of each no more than asked for.
using UnopenedCounts = std::array<std::uint64_t, 4>;

/// Messages that were stored by the counterpart when they were over.
struct ArrivedExpired {
  std::uint64_t count = 0;
  std::uint64_t oldest = 0;  // index
};

/// Every call that writes belongs inside a Transaction.
class StepStore {
 public:
  explicit StepStore(Database& database) : database_(database) {}

  /// Entry `index` is an opened or acted that answers `answered`.
  [[nodiscard]] Result<void> add(const JournalRow& journal, std::uint64_t index, std::uint32_t kind,
                                 const MessageId& answered);
  /// The first opened and the newest acted (at most `acted_max`) that answer it, oldest first.
  [[nodiscard]] Result<std::vector<StepPlace>> of(std::int64_t pairing, const MessageId& answered,
                                                  std::size_t acted_max);
  /// The first opened.
  [[nodiscard]] Result<std::optional<StepPlace>> opened(std::int64_t pairing,
                                                        const MessageId& answered);
  /// 0, kOpened or kActed: how far it has come.
  [[nodiscard]] Result<std::uint32_t> furthest(std::int64_t pairing, const MessageId& answered);

  /// Entry `index` is a message: of ours, whose receipt, opening and outcome are waited for; of the
  /// counterpart's, which waits to be opened here.
  [[nodiscard]] Result<void> await(const JournalRow& journal, std::uint64_t index,
                                   const AwaitedMessage& message);
  /// It was opened: its outcome is waited for since then. The first time counts.
  [[nodiscard]] Result<void> note_opened(const JournalRow& journal, std::uint64_t index,
                                         WaitTime since);
  /// Nothing more is waited for: it was acted upon, or refused; one of the counterpart's was
  /// opened.
  [[nodiscard]] Result<void> note_done(const JournalRow& journal, std::uint64_t index);

  [[nodiscard]] Result<Overdue> overdue(const JournalRow& journal, const OverdueQuery& query);
  /// They stand in an alarm.
  [[nodiscard]] Result<void> mark_announced(const JournalRow& journal, const OverdueQuery& query);

  /// Messages among entries [from, to) that nobody has opened at the office that received them,
  /// newest first.
  [[nodiscard]] Result<std::vector<std::uint64_t>> unopened(const JournalRow& journal,
                                                            journal::Precedence precedence,
                                                            std::uint64_t from, std::uint64_t to,
                                                            std::size_t count);
  [[nodiscard]] Result<bool> is_unopened(const JournalRow& journal, std::uint64_t index);
  /// Of each precedence at most `count_max`.
  [[nodiscard]] Result<UnopenedCounts> count_unopened(const JournalRow& journal, std::uint64_t from,
                                                      std::uint64_t to, std::uint64_t count_max);

  /// Of entries [from, to) of ours, which a receipt of `time` is the first to cover.
  [[nodiscard]] Result<ArrivedExpired> arrived_expired(const JournalRow& journal,
                                                       std::uint64_t from, std::uint64_t to,
                                                       WallTime time);

 private:
  Database& database_;
};

}  // namespace blo::store

#endif
