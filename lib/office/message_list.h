// Lists of messages that say what they leave out: the newest, before them what is urgent and that
// nobody has opened, and behind them what more there is, of each counterpart.
#ifndef BLO_OFFICE_MESSAGE_LIST_H
#define BLO_OFFICE_MESSAGE_LIST_H

#include <variant>

#include "office/query.h"

namespace blo::office {

/// A list's messages behind this number, or by their dates.
using ListBound = std::variant<MessageNumber, WallTime>;

struct ListQuery {
  Box box = Box::kReceived;
  std::optional<OfficeId> counterpart = {};  // none: every one
  store::JournalStore::Steps steps = store::JournalStore::Steps::kLeftOut;
  std::size_t limit = 50;  // messages
  /// Older than that: a number also says of which counterpart. A list before a number is that
  /// list's next page, and does not begin with what is urgent again.
  std::optional<ListBound> before = {};
  /// Not older than that date.
  std::optional<WallTime> since = {};
  /// Newer than these, one of a counterpart; all of those not named. Such a list is by age alone.
  std::vector<MessageNumber> newer_than = {};
  /// What nobody has opened alone, by precedence and then by age; `before` a number: behind that.
  bool unopened = false;
};

/// What the list leaves out, of one counterpart.
struct ListRest {
  const Pair* pair;
  std::uint64_t messages = 0;        // no more than limits::kListCountMax are counted
  store::UnopenedCounts unopened{};  // of those; likewise
  /// The next page stands before it; none: of those unopened alone nothing is shown yet.
  std::optional<MessageNumber> before;
};

struct MessageList {
  /// Those that nobody has opened first, by precedence; each part newest first.
  std::vector<MessageView> messages;
  std::vector<ListRest> rest;  // of those counterparts of which there is more
};

/// kMalformed: `before` is no number of a journal that the box is about, or two numbers are of one
/// counterpart. kUnknownCounterpart: it is not paired with.
[[nodiscard]] Result<MessageList> list_messages(Office& office, const ListQuery& query);

/// Of each counterpart the newest entry that is held: what is newer has not arrived yet.
[[nodiscard]] std::vector<MessageNumber> newest_received(const Office& office);

/// What nobody here has opened, of every counterpart; of each no more than limits::kListCountMax.
[[nodiscard]] Result<store::UnopenedCounts> count_unopened(Office& office);

}  // namespace blo::office

#endif
