#include "office/scrub.h"

#include "store/kept_body.h"

namespace blo::office {
namespace {

std::string entry_clause(std::uint64_t index, const std::string& what) {
  return "entry " + std::to_string(index) + " (" + what + ")";
}

Alarm damaged(const store::JournalRow& row, const std::string& clause) {
  Alarm alarm{AlarmCode::kDamaged, row.origin.text(),
              "The store does not hold as it was accepted, of " + row.origin.text() + ": " + clause,
              "What is damaged is not shown, exported or sent. Copy the whole home away, then put "
              "the newest backup back: docs/operating.md, \"The store is damaged\".",
              ""};
  alarm.also = clause;
  return alarm;
}

/// Also where the disk fails to give it back: to end the daemon would end each pass at the same
/// place, and nobody would be told which.
bool is_unreadable(const Error& error) {
  return error == store::StoreError::kCorrupt || error == store::StoreError::kFailed;
}

}  // namespace

/// By the wall clock, but never later than a day after the start, whatever that clock says.
Result<SteadyTime> Scrub::first_due(Now now) {
  const auto last = store_.scrubbed();
  if (!last) return last.error();
  if (!*last || (*last)->ended > now.wall) return now.steady + kFirstAfter;
  const auto since = std::chrono::duration_cast<milliseconds>(now.wall - (*last)->ended);
  return now.steady + std::max(kFirstAfter, kEvery - std::min(since, kEvery));
}

Result<void> Scrub::begin(Now now) {
  auto rows = store_.journals().all();
  if (!rows) return rows.error();
  pass_ = Pass{store_.journals().cuts(), std::move(*rows), {}};
  due_ = now.steady + kEvery;
  return {};
}

Result<void> Scrub::finish(Now now) {
  auto transaction = store_.begin();
  if (!transaction) return transaction.error();
  const auto noted = store_.note_scrubbed({now.wall, pass_->entries, pass_->damaged});
  if (!noted) return noted;
  if (const auto done = transaction->commit(); !done) return done;
  pass_.reset();
  return {};
}

Result<void> Scrub::tick(Alarms& alarms, Now now) {
  if (store_.reads_only()) return {};
  if (!due_) {
    const auto due = first_due(now);
    if (!due) return due.error();
    due_ = *due;
  }
  if (!pass_ && now.steady < *due_) return {};
  // A journal that was cut goes on with other entries: what was read of it means nothing.
  if (!pass_ || pass_->cuts != store_.journals().cuts()) {
    if (const auto begun = begin(now); !begun) return begun;
  }
  const bool goes_on = pass_->reading.has_value();
  if (!goes_on && pass_->waiting.empty()) return finish(now);
  Slice slice;
  Reading reading = goes_on ? *pass_->reading : Reading{pass_->waiting.back()};
  const std::uint64_t before = reading.next;
  if (!goes_on) {
    if (const auto sought = seek_head(reading, slice); !sought) return sought;
  }
  if (const auto done = read(reading, slice); !done) return done;
  if (!slice.damaged.empty()) {
    auto transaction = store_.begin();
    if (!transaction) return transaction.error();
    for (const auto& clause : slice.damaged) {
      const auto raised = alarms.raise_within(damaged(reading.row, clause), now);
      if (!raised) return raised.error();
    }
    if (const auto done = transaction->commit(); !done) return done;
  }
  if (!goes_on) pass_->waiting.pop_back();
  pass_->entries += reading.next - before;
  pass_->damaged += slice.damaged.size();
  const bool over = reading.next == reading.row.size();
  pass_->reading = over ? std::nullopt : std::optional(std::move(reading));
  return {};
}

/// The smallest head over more than was read.
Result<void> Scrub::seek_head(Reading& reading, Slice& slice) {
  reading.explained = false;
  reading.head.reset();
  auto head = store_.journals().covering_head(reading.row, reading.next);
  if (!head && is_unreadable(head.error())) {
    slice.damaged.push_back("a receipt over more than " + std::to_string(reading.next) +
                            " entries (it cannot be read)");
    return {};
  }
  if (!head) return head.error();
  reading.head = std::move(*head);
  return {};
}

Result<void> Scrub::read(Reading& reading, Slice& slice) {
  if (!reading.tree) {
    auto noted = store_.journals().noted_tree(reading.row, reading.next);
    if (!noted) return noted.error();
    reading.tree = std::move(*noted);
  }
  const std::uint64_t to = std::min<std::uint64_t>(reading.row.size(), reading.next + kSliceRows);
  Result<void> looked;
  const auto read = store_.journals().entries(reading.row, reading.next, to,
                                              [&](const store::StoredEntry& entry) {
                                                looked = look_at(reading, entry, slice);
                                                return looked.has_value() && !slice.full();
                                              });
  if (!looked) return looked;
  if (!read && !is_unreadable(read.error())) return read;
  if (!read) {
    if (const auto done = pass_over(reading, slice); !done) return done;
  }
  if (reading.next == reading.row.size()) close(reading, slice);
  return {};
}

/// The entry is there.
Result<void> Scrub::look_at(Reading& reading, const store::StoredEntry& entry, Slice& slice) {
  ++slice.rows;
  slice.bytes += entry.leaf.size();
  ++reading.next;
  const auto hash = journal::leaf_hash(entry.leaf);
  bool as_accepted = entry.is_as_accepted();
  if (reading.tree) {
    reading.tree->append(hash);
    const bool as_noted = !entry.subtree || *entry.subtree == reading.tree->last_subtree();
    if (as_accepted && !as_noted && entry.check.empty()) as_accepted = false;
    if (as_accepted && !as_noted) {
      slice.damaged.push_back(entry_clause(entry.index, "the hash noted beside it"));
      reading.explained = true;
    }
  }
  if (!as_accepted) {
    slice.damaged.push_back(entry_clause(entry.index, "its leaf is another one"));
    reading.explained = true;
    auto noted = store_.journals().noted_tree(reading.row, reading.next);
    if (!noted) return noted.error();
    reading.tree = std::move(*noted);
    return compare_head(reading, slice);
  }
  const auto body = store_.journals().body(reading.row, entry.index);
  if (!body && !is_unreadable(body.error())) return body.error();
  if (body) slice.bytes += body->sealed.size();
  const auto kept = body ? store::check_body(entry.leaf, *body) : Result<void>(body.error());
  if (!kept) slice.damaged.push_back(entry_clause(entry.index, kept.error().detail()));
  return compare_head(reading, slice);
}

/// The entry is not there, nor can it be read: goes on with the next that is.
Result<void> Scrub::pass_over(Reading& reading, Slice& slice) {
  const std::uint64_t first = reading.next;
  const auto next = store_.journals().next_there(reading.row, first + 1);
  if (!next && !is_unreadable(next.error())) return next.error();
  const std::uint64_t end =
      next && *next ? std::min(**next, reading.row.size()) : reading.row.size();
  slice.damaged.push_back(end == first + 1
                              ? entry_clause(first, "it cannot be read")
                              : "entries " + std::to_string(first) + " to " +
                                    std::to_string(end - 1) + " (they cannot be read)");
  reading.next = end;
  reading.tree.reset();
  if (const auto sought = seek_head(reading, slice); !sought) return sought;
  reading.explained = true;
  return {};
}

/// What lies under a receipt is what was receipted. A leaf that is known to be damaged explains why
/// it is not.
Result<void> Scrub::compare_head(Reading& reading, Slice& slice) {
  if (!reading.head || reading.head->size != reading.next) return {};
  const bool other = reading.tree && reading.tree->encode() != reading.head->frontier.encode();
  if (other && !reading.explained) {
    slice.damaged.push_back("the receipt over " + std::to_string(reading.next) +
                            " entries (they are not those receipted)");
  }
  if (other || !reading.tree) {
    // Where no hashes are noted beside entries, what follows is compared with what the receipt
    // says.
    const auto noted = store_.journals().noted_tree(reading.row, reading.next);
    if (!noted) return noted.error();
    if (!*noted) reading.tree = reading.head->frontier;
  }
  return seek_head(reading, slice);
}

void Scrub::close(Reading& reading, Slice& slice) const {
  const bool other = reading.tree && reading.tree->encode() != reading.row.frontier.encode();
  if (!other || reading.explained) return;
  slice.damaged.push_back("its root (its " + std::to_string(reading.row.size()) +
                          " entries hash to another one)");
}

}  // namespace blo::office
