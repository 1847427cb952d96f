#include "office/retention.h"

#include <set>

#include "office/eraser.h"
#include "office/erasure.h"
#include "office/head_over.h"
#include "office/steps.h"

namespace blo::office {
namespace {

/// Erasures in one transaction: the daemon's other work waits for it.
constexpr std::size_t kErasedAtOnceMax = 500;

struct Doomed {
  const store::JournalRow* row;
  std::uint64_t index;
  std::uint32_t kind;
  const RetentionRule* rule;
  WallTime stamped;
  WallTime due;
  bool held;
};

const RetentionRule* rule_for(const RetentionRules& rules, std::uint32_t kind) {
  const auto found = std::ranges::find(rules, kind, &RetentionRule::kind);
  return found == rules.end() ? nullptr : &*found;
}

/// One pairing's messages whose time is over.
class Search {
 public:
  Search(store::Store& store, const Pair& pair, const RetentionRules& rules, WallTime now)
      : store_(store), pair_(pair), rules_(rules), now_(now) {
    for (const auto& rule : rules) shortest_ = std::min(shortest_, rule.kept);
  }

  Result<std::vector<Doomed>> run() {
    for (const bool sent : {true, false}) {
      for (const auto* row : pair_.generations(sent)) {
        if (const auto done = look_through(*row); !done) return done.error();
      }
    }
    return std::move(found_);
  }

 private:
  /// Entries of which the counterpart has none cannot be destroyed there.
  [[nodiscard]] std::uint64_t end_of(const store::JournalRow& row) const {
    const bool newest = row.sent && row.id == pair_.sent->row.id;
    if (!newest || !pair_.carries_messages()) return row.size();
    return pair_.sent->head ? pair_.sent->head->checkpoint.size : 0;
  }

  Result<void> look_through(const store::JournalRow& row) {
    std::optional<Error> failed;
    const std::uint64_t end = end_of(row);
    const auto read = store_.journals().messages_with_body(row, [&](store::StoredEntry stored) {
      if (stored.index >= end) return false;
      if (!stored.is_as_accepted()) return true;  // nobody knows any more when it is due
      const auto entry = journal::Entry::parse(stored.leaf);
      if (!entry) return false;
      const auto dated = date(row, stored.index, entry->stamp);
      if (!dated) {
        failed = dated.error();
        return false;
      }
      // What is not old enough is followed by what is newer, unless a clock was ahead there.
      if (now_ - dated->time < shortest_) return dated->received.has_value();
      const auto added = consider(row, stored);
      if (!added) failed = added.error();
      return added.has_value();
    });
    if (!read) return read;
    if (failed) return *failed;
    return {};
  }

  Result<void> consider(const store::JournalRow& row, const store::StoredEntry& stored) {
    if (journal::is_step(stored.facts.kind)) return consider_step(row, stored);
    const auto time = due_time(row, stored);
    if (!time) return time.error();
    if (!*time || **time > now_) return {};
    return add(row, stored, stored.facts.kind, **time);
  }

  /// An acted has the time of the message that it answers; an opened says nothing but that.
  Result<void> consider_step(const store::JournalRow& row, const store::StoredEntry& stored) {
    const auto envelope = erasable_in(stored);
    if (stored.facts.kind != static_cast<std::uint32_t>(journal::Kind::kActed) || !envelope)
      return {};
    const auto answered = find_answered(store_, pair_, !row.sent, *envelope->envelope->in_reply_to);
    if (!answered) return answered.error();
    if (!*answered) return {};
    const auto message = store_.journals().entry(*(*answered)->row, (*answered)->index);
    if (!message) return message.error();
    const auto time = due_time(*(*answered)->row, *message);
    if (!time) return time.error();
    if (!*time || **time > now_) return {};
    return add(row, stored, message->facts.kind, **time);
  }

  Result<void> add(const store::JournalRow& row, const store::StoredEntry& stored,
                   std::uint32_t ruled_as, WallTime due) {
    const auto what = erasable_in(stored);
    if (!what || !what->envelope || !seen_.emplace(row.id, stored.index).second) return {};
    const auto held = is_held(store_, pair_, row, *what);
    if (!held) return held.error();
    const auto entry = journal::Entry::parse(stored.leaf);
    const auto dated = date(row, stored.index, entry->stamp);
    if (!dated) return dated.error();
    found_.push_back({&row, stored.index, stored.facts.kind, rule_for(rules_, ruled_as),
                      dated->time, due, *held});
    if (journal::is_step(stored.facts.kind)) return {};
    return add_steps(what->envelope->message_id, ruled_as, due);
  }

  /// With a message goes what was said of it, however new that is.
  Result<void> add_steps(const MessageId& id, std::uint32_t ruled_as, WallTime due) {
    const auto steps = store_.steps().of(pair_.row.id, id, kStepsErasedMax);
    if (!steps) return steps.error();
    for (const auto& step : *steps) {
      if (step.kind != static_cast<std::uint32_t>(journal::Kind::kActed)) continue;
      const auto* row = pair_.find_journal(step.journal);
      if (row == nullptr || step.index >= end_of(*row)) continue;
      const auto stored = store_.journals().entry(*row, step.index);
      if (!stored) return stored.error();
      const auto body = store_.journals().has_body(*row, step.index);
      if (!body) return body.error();
      if (!*body) continue;
      if (const auto added = add(*row, *stored, ruled_as, due); !added) return added;
    }
    return {};
  }

  [[nodiscard]] Result<std::optional<WallTime>> due_time(const store::JournalRow& row,
                                                         const store::StoredEntry& stored) const {
    const auto* rule = rule_for(rules_, stored.facts.kind);
    const auto what = rule == nullptr ? std::nullopt : erasable_in(stored);
    if (!what || !what->envelope) return std::optional<WallTime>();
    const auto entry = journal::Entry::parse(stored.leaf);
    const auto dated = date(row, stored.index, entry->stamp);
    if (!dated) return dated.error();
    return std::optional(std::max(dated->time, what->envelope->expires.value_or(dated->time)) +
                         rule->kept);
  }

  /// A sure old stamp dates no later than it says, whatever its receipt; an unsure one may be any,
  /// and what has a receipt is no older than that.
  [[nodiscard]] Result<Dated> date(const store::JournalRow& row, std::uint64_t index,
                                   const journal::Stamp& stamp) const {
    if (!stamp.unsure && now_ - stamp.time >= shortest_) return Dated{stamp.time};
    if (!stamp.unsure) return date_entry(store_, row, index, stamp.time);
    const auto head = store_.journals().covering_head(row, index);
    if (!head) return head.error();
    if (!*head) return Dated{std::max(stamp.time, now_), now_};
    const WallTime received = from_unix_s((*head)->receipt_time_s);
    return Dated{received, received};
  }

  static constexpr std::size_t kStepsErasedMax = 10'000;
  store::Store& store_;
  const Pair& pair_;
  const RetentionRules& rules_;
  WallTime now_;
  milliseconds shortest_ = milliseconds::max();
  std::set<std::pair<std::int64_t, std::uint64_t>> seen_;
  std::vector<Doomed> found_;
};

Result<void> erase(Office& office, Pair& pair, const std::vector<Doomed>& doomed,
                   std::uint64_t person, RetentionReport& report, Now now) {
  if (std::ranges::all_of(doomed, &Doomed::held)) return {};
  const auto may = office.clock().may_destroy(now);
  if (!may) {
    const auto noted = office.clock().note_destroyed(false, now);
    return noted ? may.error() : noted.error();
  }
  std::vector<Erased> chunk;
  const auto carry_out = [&]() -> Result<void> {
    if (const auto done = erase_bodies(office, pair, chunk, *may, person, now); !done) return done;
    report.erased += chunk.size();
    chunk.clear();
    return {};
  };
  for (const Doomed& one : doomed) {
    if (one.held) continue;
    chunk.push_back({one.row, one.index, one.rule->basis});
    if (chunk.size() < kErasedAtOnceMax) continue;
    if (const auto done = carry_out(); !done) return done;
  }
  return carry_out();
}

void count(const std::vector<Doomed>& doomed, RetentionReport& report) {
  for (const Doomed& one : doomed) {
    ++(one.held ? report.held : report.due);
    const Origin& origin = one.row->origin;
    report.messages.push_back({{origin.from, origin.to, origin.generation, one.index},
                               one.row->sent,
                               one.kind,
                               one.stamped,
                               one.due,
                               one.held});
  }
}

/// Each rule for itself: a later order under the same rule takes the place of an earlier one.
Result<void> keep_order(store::Store& store, const Pair& pair, const RetentionRules& rules,
                        std::uint64_t person, Now now) {
  auto transaction = store.begin();
  if (!transaction) return transaction.error();
  for (const auto& rule : rules) {
    const auto put =
        store.orders().put({pair.row.id, rule.kind, rule.kept, rule.basis, now.wall, person});
    if (!put) return put;
  }
  return transaction->commit();
}

/// Those given with one request are listed as one.
Result<void> list_orders(store::Store& store, const Pair& pair, RetentionReport& report) {
  const auto orders = store.orders().of_pairing(pair.row.id);
  if (!orders) return orders.error();
  const store::OrderRow* before = nullptr;
  for (const auto& order : *orders) {
    const bool same =
        before != nullptr && before->ordered == order.ordered && before->person == order.person;
    before = &order;
    if (!same) report.ordered.push_back({pair.counterpart(), order.ordered, order.person});
  }
  return {};
}

enum class Then { kOnlyTell, kErase };

Result<RetentionReport> carry_out(Office& office, const RetentionRules& rules, Then then,
                                  std::size_t limit, std::uint64_t person, Now now) {
  if (rules.empty()) return OfficeError::kNoRules;
  RetentionReport report;
  std::vector<const Pair*> frozen;
  for (const auto& pair : office.pairs()) {
    if (!pair->sent) continue;
    if (pair->row.state == store::PairingState::kFrozen) {
      frozen.push_back(pair.get());
      continue;
    }
    const auto doomed = Search(office.store(), *pair, rules, now.wall).run();
    if (!doomed) return doomed.error();
    count(*doomed, report);
    if (then == Then::kOnlyTell) continue;
    if (const auto done = erase(office, *pair, *doomed, person, report, now); !done)
      return done.error();
    const auto waited = erase_what_waits(office, *pair, person, now);
    if (!waited) return waited.error();
    report.erased += *waited;
  }
  // Last, so that whoever is refused has ordered nothing.
  for (const Pair* pair : frozen) {
    report.left_out.push_back(pair->counterpart());
    if (then == Then::kErase && pair->awaits_generation()) {
      const auto kept = keep_order(office.store(), *pair, rules, person, now);
      if (!kept) return kept.error();
    }
    if (const auto listed = list_orders(office.store(), *pair, report); !listed)
      return listed.error();
  }
  std::ranges::stable_sort(report.messages, {}, &DueMessage::stamped);
  if (report.messages.size() > limit) report.messages.resize(limit, report.messages.front());
  return report;
}

}  // namespace

Result<RetentionReport> preview_retention(Office& office, const RetentionRules& rules,
                                          std::size_t limit, Now now) {
  return carry_out(office, rules, Then::kOnlyTell, limit, 0, now);
}

Result<RetentionReport> apply_retention(Office& office, const RetentionRules& rules,
                                        std::size_t limit, std::uint64_t person, Now now) {
  return carry_out(office, rules, Then::kErase, limit, person, now);
}

Result<void> carry_out_orders(Office& office, Pair& pair, Now now) {
  if (!pair.sent || pair.row.state == store::PairingState::kFrozen) return {};
  const auto orders = office.store().orders().of_pairing(pair.row.id);
  if (!orders) return orders.error();
  for (const auto& order : *orders) {
    const RetentionRules rules{{order.kind, order.kept, order.basis}};
    // Ordered by a clock that ran ahead, it lets go of what is due by now and no more.
    const auto doomed =
        Search(office.store(), pair, rules, std::min(order.ordered, now.wall)).run();
    if (!doomed) return doomed.error();
    RetentionReport report;
    if (const auto done = erase(office, pair, *doomed, order.person, report, now); !done)
      return done;
    auto transaction = office.store().begin();
    if (!transaction) return transaction.error();
    if (const auto done = office.store().orders().remove(order); !done) return done;
    if (const auto done = transaction->commit(); !done) return done;
  }
  return {};
}

}  // namespace blo::office
