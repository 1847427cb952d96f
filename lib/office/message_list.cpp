#include "office/message_list.h"

#include "base/limits.h"

namespace blo::office {
namespace {

constexpr std::array kAllPrecedences{journal::Precedence::kFlash, journal::Precedence::kImmediate,
                                     journal::Precedence::kPriority, journal::Precedence::kRoutine};
/// What comes first in a list however old it is.
constexpr std::span<const journal::Precedence> kUrgent(kAllPrecedences.data(), 3);

std::size_t slot_of(journal::Precedence precedence) {
  return static_cast<std::size_t>(precedence) - 1;
}

/// A part of one generation of a journal.
struct Part {
  const store::JournalRow* row;
  store::Span span;
};

/// Of one pairing what a list is about: the newest generation first.
struct Source {
  const Pair* pair;
  std::vector<Part> parts;
  std::optional<MessageNumber> last;      // that is shown: what follows stands behind it
  std::optional<journal::Precedence> at;  // of `last`, in a list by precedence
};

/// What of a part stands before that message.
store::Span before(const Part& part, const std::optional<MessageNumber>& number) {
  store::Span span = part.span;
  if (!number) return span;
  const auto generation = part.row->origin.generation;
  if (generation > number->generation) span.end = span.from;
  if (generation == number->generation) span.end = std::min(span.end, number->index);
  return span;
}

bool is_in(const MessageNumber& number, const Part& part, const store::Span& span) {
  return number.from == part.row->origin.from && number.to == part.row->origin.to &&
         number.generation == part.row->origin.generation && number.index >= span.from &&
         number.index < span.end;
}

journal::Precedence precedence_of(const MessageView& view) {
  return view.envelope ? view.envelope->precedence : journal::Precedence::kRoutine;
}

/// Several lists, each of one pairing, as one of at most `count`: the newest first, and each list's
/// own order kept. `take` says whether a message counts.
template <class Take>
void merge(std::vector<std::vector<MessageView>>& lists, std::size_t count, const Take& take) {
  std::vector<std::size_t> next(lists.size(), 0);
  while (count > 0) {
    std::optional<std::size_t> newest;
    for (std::size_t i = 0; i < lists.size(); ++i) {
      if (next[i] == lists[i].size()) continue;
      if (!newest || lists[i][next[i]].dated() > lists[*newest][next[*newest]].dated()) newest = i;
    }
    if (!newest) return;
    if (take(*newest, lists[*newest][next[*newest]++])) --count;
  }
}

class Lister {
 public:
  Lister(Office& office, const ListQuery& query) : office_(office), query_(query) {}

  Result<MessageList> list() {
    if (const auto found = find_sources(); !found) return found.error();
    const auto listed = query_.unopened ? list_unopened() : list_by_age();
    if (!listed) return listed.error();
    if (query_.newer_than.empty()) {
      std::ranges::stable_sort(list_.messages, [](const MessageView& a, const MessageView& b) {
        return rank(a) > rank(b);
      });
    }
    for (const auto& source : sources_) {
      if (const auto counted = count_rest(source); !counted) return counted.error();
    }
    return std::move(list_);
  }

 private:
  /// What nobody has opened stands first, by precedence.
  static std::size_t rank(const MessageView& view) {
    return view.unopened ? slot_of(precedence_of(view)) + 1 : 0;
  }

  [[nodiscard]] const MessageNumber* before_number() const {
    return query_.before ? std::get_if<MessageNumber>(&*query_.before) : nullptr;
  }
  [[nodiscard]] bool sent() const { return query_.box == Box::kSent; }

  /// The office across the border of a number that belongs into the box.
  Result<OfficeId> counterpart_of(const MessageNumber& number) const {
    const auto& ours = sent() ? number.from : number.to;
    const auto& theirs = sent() ? number.to : number.from;
    if (ours != office_.keys().id) {
      return Error(OfficeError::kMalformed, number.text() + " is no message of this list: it was " +
                                                (sent() ? "not sent by " : "not sent to ") +
                                                office_.keys().id.text());
    }
    return theirs;
  }

  Result<void> find_sources() {
    std::optional<OfficeId> only = query_.counterpart;
    if (const auto* number = before_number()) {
      const auto named = counterpart_of(*number);
      if (!named) return named.error();
      if (only && *only != *named)
        return Error(OfficeError::kMalformed, number->text() + " is not of " + only->text());
      only = *named;
    }
    if (only && office_.find(*only) == nullptr)
      return Error(OfficeError::kUnknownCounterpart, only->text());
    std::map<OfficeId, MessageNumber> newer;
    for (const auto& number : query_.newer_than) {
      const auto named = counterpart_of(number);
      if (!named) return named.error();
      if (!newer.emplace(*named, number).second)
        return Error(OfficeError::kMalformed, "two positions of " + named->text());
    }
    for (const auto& pair : office_.pairs()) {
      if (only && pair->counterpart() != *only) continue;
      Source source{pair.get(), {}, {}, {}};
      const auto position = newer.find(pair->counterpart());
      const auto generations = pair->generations(sent());
      for (const auto* row : std::views::reverse(generations)) {
        auto span = span_of(*row, position == newer.end() ? nullptr : &position->second);
        if (!span) return span.error();
        if (span->from < span->end) source.parts.push_back({row, *span});
      }
      if (const auto* number = before_number()) {
        source.last = *number;
      }
      if (query_.unopened && source.last) {
        const auto at = precedence_at(*pair, *source.last);
        if (!at) return at.error();
        source.at = *at;
      }
      sources_.push_back(std::move(source));
    }
    return {};
  }

  Result<store::Span> span_of(const store::JournalRow& row, const MessageNumber* newer_than) {
    std::optional<WallTime> time;
    if (query_.before && before_number() == nullptr) time = std::get<WallTime>(*query_.before);
    auto span = office_.store().journals().span_between(row, query_.since, time);
    if (!span || newer_than == nullptr) return span;
    if (row.origin.generation < newer_than->generation) span->from = span->end;
    if (row.origin.generation == newer_than->generation)
      span->from = std::max(span->from, newer_than->index + 1);
    return span;
  }

  /// Messages of one precedence that nobody has opened, behind what is shown.
  Result<std::vector<MessageView>> unopened_of(const Source& source, journal::Precedence precedence,
                                               const std::optional<MessageNumber>& behind,
                                               std::size_t count) {
    std::vector<MessageView> found;
    for (const auto& part : source.parts) {
      const auto span = before(part, behind);
      if (span.from >= span.end || found.size() == count) continue;
      const auto indices = office_.store().steps().unopened(*part.row, precedence, span.from,
                                                            span.end, count - found.size());
      if (!indices) return indices.error();
      std::vector<store::StoredEntry> entries;
      for (const auto index : *indices) {
        auto entry = office_.store().journals().entry(*part.row, index);
        if (!entry) return entry.error();
        entries.push_back(std::move(*entry));
      }
      auto views = view_messages(office_, *source.pair, *part.row, entries);
      if (!views) return views.error();
      std::ranges::move(*views, std::back_inserter(found));
    }
    return found;
  }

  /// Onto the list, of one precedence after the other, as long as there is room. `behind` says for
  /// a source and precedence behind which message.
  template <class Behind, class Shown>
  Result<void> add_unopened(std::span<const journal::Precedence> precedences, const Behind& behind,
                            const Shown& shown) {
    for (const auto precedence : precedences) {
      const std::size_t room = query_.limit - list_.messages.size();
      std::vector<std::vector<MessageView>> lists;
      for (const auto& source : sources_) {
        auto views = unopened_of(source, precedence, behind(source, precedence), room);
        if (!views) return views.error();
        lists.push_back(std::move(*views));
      }
      merge(lists, room, [&](std::size_t i, MessageView& view) {
        shown(sources_[i], view.number, precedence);
        list_.messages.push_back(std::move(view));
        return true;
      });
    }
    return {};
  }

  Result<void> list_unopened() {
    // Behind a number there is one source.
    const auto first = sources_.empty() ? std::nullopt : sources_.front().at;
    const auto from = std::ranges::find(kAllPrecedences, first.value_or(kAllPrecedences[0]));
    return add_unopened(
        {from, kAllPrecedences.end()},
        [&](const Source& source, journal::Precedence precedence) {
          return precedence == first ? source.last : std::optional<MessageNumber>();
        },
        [](Source& source, const MessageNumber& number, journal::Precedence precedence) {
          source.last = number;
          source.at = precedence;
        });
  }

  /// What is no message has none: then it is the last of all.
  Result<journal::Precedence> precedence_at(const Pair& pair, const MessageNumber& number) {
    for (const auto* row : pair.generations(sent())) {
      if (row->origin.generation != number.generation || number.index >= row->size()) continue;
      const auto stored = office_.store().journals().entry(*row, number.index);
      if (!stored) return stored.error();
      const auto views = view_messages(office_, pair, *row, {*stored});
      if (!views) return views.error();
      return precedence_of(views->front());
    }
    return Error(OfficeError::kNotFound, number.text());
  }

  Result<void> list_by_age() {
    if (before_number() == nullptr && query_.newer_than.empty()) {
      const auto added = add_unopened(
          kUrgent,
          [](const Source&, journal::Precedence) { return std::optional<MessageNumber>(); },
          [&](const Source&, const MessageNumber& number, journal::Precedence) {
            shown_.insert(number);
          });
      if (!added) return added;
    }
    std::vector<std::vector<MessageView>> lists;
    for (const auto& source : sources_) {
      auto views = newest_of(source);
      if (!views) return views.error();
      lists.push_back(std::move(*views));
    }
    merge(lists, query_.limit - list_.messages.size(), [&](std::size_t i, MessageView& view) {
      sources_[i].last = view.number;
      if (shown_.contains(view.number)) return false;
      list_.messages.push_back(std::move(view));
      return true;
    });
    return {};
  }

  /// As many as the list may have, behind what is shown: those that are shown first are among them.
  Result<std::vector<MessageView>> newest_of(const Source& source) {
    std::vector<MessageView> found;
    for (const auto& part : source.parts) {
      const auto span = before(part, source.last);
      if (span.from >= span.end || found.size() == query_.limit) continue;
      const auto entries = office_.store().journals().newest_messages(
          *part.row, span, query_.limit - found.size(), query_.steps);
      if (!entries) return entries.error();
      auto views = view_messages(office_, *source.pair, *part.row, *entries);
      if (!views) return views.error();
      std::ranges::move(*views, std::back_inserter(found));
    }
    return found;
  }

  /// Whatever of a source is neither shown nor before the next page.
  Result<void> count_rest(const Source& source) {
    ListRest rest{source.pair, 0, {}, source.last};
    for (const auto& part : source.parts) {
      const auto counted = query_.unopened ? count_unopened_behind(part, source, rest)
                                           : count_part(part, before(part, source.last), rest);
      if (!counted) return counted;
    }
    if (query_.unopened) {
      for (const auto count : rest.unopened) rest.messages += count;
    }
    constexpr std::uint64_t kMost = limits::kListCountMax;
    rest.messages = std::min(rest.messages, kMost);
    for (auto& count : rest.unopened) count = std::min(count, rest.messages);
    if (!query_.unopened && !rest.before && !source.parts.empty()) {
      // What is urgent left no room for what goes by age: that begins on the next page.
      const auto& newest = source.parts.front();
      rest.before = number_of(*newest.row, newest.span.end);
    }
    if (rest.messages > 0) list_.rest.push_back(std::move(rest));
    return {};
  }

  Result<void> count_part(const Part& part, const store::Span& span, ListRest& rest) {
    if (span.from >= span.end) return {};
    const std::uint64_t most = limits::kListCountMax + list_.messages.size();
    const auto messages =
        office_.store().journals().count_messages(*part.row, span, most, query_.steps);
    if (!messages) return messages.error();
    auto unopened = office_.store().steps().count_unopened(*part.row, span.from, span.end, most);
    if (!unopened) return unopened.error();
    rest.messages += *messages;
    for (const auto& view : list_.messages) {
      if (!is_in(view.number, part, span)) continue;
      --rest.messages;
      if (view.unopened) --(*unopened)[slot_of(precedence_of(view))];
    }
    for (std::size_t i = 0; i < unopened->size(); ++i) rest.unopened[i] += (*unopened)[i];
    return {};
  }

  /// Of the precedence that was reached what is older, of those below it all.
  Result<void> count_unopened_behind(const Part& part, const Source& source, ListRest& rest) {
    const auto all = office_.store().steps().count_unopened(*part.row, part.span.from,
                                                            part.span.end, limits::kListCountMax);
    if (!all) return all.error();
    const auto older = before(part, source.last);
    const auto behind = office_.store().steps().count_unopened(
        *part.row, older.from, std::max(older.from, older.end), limits::kListCountMax);
    if (!behind) return behind.error();
    for (const auto precedence : kAllPrecedences) {
      const auto slot = slot_of(precedence);
      if (source.at && precedence > *source.at) continue;
      rest.unopened[slot] += precedence == source.at ? (*behind)[slot] : (*all)[slot];
    }
    return {};
  }

  Office& office_;
  const ListQuery& query_;
  std::vector<Source> sources_;
  std::set<MessageNumber> shown_;  // before their turn by age
  MessageList list_;
};

}  // namespace

Result<MessageList> list_messages(Office& office, const ListQuery& query) {
  return Lister(office, query).list();
}

std::vector<MessageNumber> newest_received(const Office& office) {
  std::vector<MessageNumber> newest;
  for (const auto& pair : office.pairs()) {
    const auto generations = pair->generations(false);
    const auto row = std::ranges::find_if(std::views::reverse(generations),
                                          [](const auto* one) { return one->size() > 0; });
    if (row != std::views::reverse(generations).end())
      newest.push_back(number_of(**row, (*row)->size() - 1));
  }
  return newest;
}

Result<store::UnopenedCounts> count_unopened(Office& office) {
  store::UnopenedCounts sum{};
  for (const auto& pair : office.pairs()) {
    store::UnopenedCounts of_pair{};
    for (const auto* row : pair->generations(false)) {
      const auto counts =
          office.store().steps().count_unopened(*row, 0, row->size(), limits::kListCountMax);
      if (!counts) return counts.error();
      for (std::size_t i = 0; i < sum.size(); ++i) of_pair[i] += (*counts)[i];
    }
    for (std::size_t i = 0; i < sum.size(); ++i)
      sum[i] += std::min<std::uint64_t>(of_pair[i], limits::kListCountMax);
  }
  return sum;
}

}  // namespace blo::office
