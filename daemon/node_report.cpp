// What the diagnostics say of the run as a whole: how the last one ended, and how much each hour
// brought.
#include "base/diag.h"
#include "daemon/node.h"

namespace blo::daemon {
namespace {

constexpr milliseconds kCountsToldEvery{60 * 60'000};
constexpr std::string_view kRunsMark = "runs";  // 1: a run has begun; 0: it has ended in order

Result<void> mark(store::Store& store, bool runs) {
  auto transaction = store.begin();
  if (!transaction) return transaction.error();
  if (const auto put = store.marks().put(kRunsMark, runs ? 1 : 0); !put) return put;
  return transaction->commit();
}

}  // namespace

void Node::tell_of_last_end() {
  const auto runs = office_.store().marks().find(kRunsMark);
  if (!runs) return note_store_failure(runs.error());
  if (*runs && **runs == 0) diag::info("the last run ended cleanly");
  if (*runs && **runs != 0) {
    diag::warning(
        "the last run did not end cleanly: blod was killed, or the machine lost power; what was "
        "accepted or receipted is in the store");
  }
  if (const auto marked = mark(office_.store(), true); !marked) note_store_failure(marked.error());
}

void Node::note_clean_end() {
  const auto marked = mark(office_.store(), false);
  if (!marked)
    diag::warning("the next run will not know that this one ended cleanly: " +
                  marked.error().message());
}

void Node::tell_of_counts(Now now) {
  if (!counts_) counts_ = {now.steady, office::count_entries(office_)};
  if (now.steady - counts_->since < kCountsToldEvery) return;
  const auto counts = office::count_entries(office_);
  diag::info("entries of the last hour: " +
             office::to_text(office::between(counts_->entries, counts)));
  counts_ = {now.steady, counts};
}

}  // namespace blo::daemon
