#include "journal/timeline.h"

#include "base/limits.h"
#include "journal/entry_facts.h"

namespace blo::journal {
namespace {

std::string by(const ReadEntry& entry) {
  if (!entry.author) return {};
  std::string text = ", by officer " + std::to_string(entry.author->certificate.details().person);
  if (entry.releaser) {
    text += ", released by officer " + std::to_string(entry.releaser->certificate.details().person);
  }
  return text;
}

std::string describe(const ReadEntry& entry, bool signatures_hold) {
  std::string text = "entry " + std::to_string(entry.index) + ": ";
  if (entry.envelope) {
    text += name_of_kind(entry.envelope->kind);
    text += ", " + std::string(to_string(entry.envelope->precedence)) + by(entry);
  } else if (entry.record) {
    text += std::string(name_of(*entry.record)) + by(entry);
  } else {
    text += "out of form";
  }
  if (entry.claim) text += ", dated " + to_rfc3339(entry.entry->stamp.time) + " by its office";
  if (entry.entry && entry.entry->stamp.unsure && !entry.claim)
    text += ", at about that time: its office's clock was not sure";
  if (entry.refusal) return text + " (does not hold)";
  return signatures_hold ? text : text + " (the signature does not hold)";
}

}  // namespace

void Timeline::add(const ReadEntry& entry, bool signatures_hold, const Stamp& last) {
  take(entry, last);
  TimelineRow row{entry.entry ? entry.dated() : last.time, describe(entry, signatures_hold),
                  entry.leaf_hash, entry.index};
  if (entry.envelope) row.answers = entry.envelope->in_reply_to;
  push(std::move(row));
}

/// Not before it was so: an unsure time may be any.
void Timeline::name_newly(const ReadEntry& entry, const NamedHead& head) {
  if (!entry.entry->stamp.unsure) {
    newly_named_.emplace_back(entry.dated(), head);
  } else if (entry.received) {
    newly_named_.emplace_back(std::max(entry.dated(), *entry.received), head);
  }
}

void Timeline::take(const ReadEntry& entry, const Stamp& last) {
  const NamedHead head{last.generation, last.size};
  if (keep_ == KeepReceipts::kAll && head != named_ && entry.entry) name_newly(entry, head);
  named_ = head;
  if (!entry.entry || !entry.received || entry.stamp == StampOrder::kTimeGoesBack) return;
  const WallTime there = std::min(entry.dated(), *entry.received);
  newest_ = std::max(newest_.value_or(there), there);
  while (!newly_named_.empty() &&
         *newest_ - newly_named_.front().first > limits::kSessionTimeMax + limits::kClockSkewMax) {
    long_named_ = newly_named_.front().second;
    newly_named_.pop_front();
  }
}

void Timeline::add_receipt(std::uint64_t size, const Hash& root, WallTime time) {
  const bool again = last_receipt_ && last_receipt_->size == size && last_receipt_->time == time;
  if (again) return;
  last_receipt_ = {size, time};
  const bool first = receipts_.empty() || receipts_.back().size != size;
  if (keep_ == KeepReceipts::kAll && first) receipts_.push_back({size, time});
  push({time, "receipt for the first " + std::to_string(size) + " entries", root});
}

void Timeline::push(TimelineRow row) {
  if (first_.size() < half_) {
    first_.push_back(std::move(row));
    return;
  }
  last_.push_back(std::move(row));
  if (last_.size() <= half_) return;
  last_.pop_front();
  ++left_out_;
}

std::vector<TimelineEvent> in_order(const Timelines& timelines) {
  std::vector<TimelineEvent> events;
  std::vector<std::pair<WallTime, std::size_t>> keys;  // and where the event stands
  for (const auto& [origin, timeline] : timelines.journals) {
    const std::size_t begin = events.size();
    for (const TimelineRow& row : timeline.first()) events.push_back({origin, &row, 0, row.time});
    if (timeline.left_out() > 0) {
      events.push_back({origin, nullptr, timeline.left_out(), timeline.first().back().time});
    }
    for (const TimelineRow& row : timeline.last()) events.push_back({origin, &row, 0, row.time});
    keys.resize(events.size());
    WallTime receipt = WallTime::max();  // the next over what is looked at
    for (std::size_t i = events.size(); i-- > begin;) {
      const TimelineEvent& event = events[i];
      if (event.row != nullptr && !event.row->entry) receipt = std::min(receipt, event.time);
      keys[i] = {std::min(event.time, receipt), i};
    }
  }
  std::ranges::sort(keys);
  std::vector<TimelineEvent> ordered;
  ordered.reserve(events.size());
  for (const auto& [time, at] : keys) ordered.push_back(events[at]);
  return ordered;
}

}  // namespace blo::journal
