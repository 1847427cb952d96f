#include "office/query.h"
#include "office/records.h"
#include "seal/body.h"

namespace blo::office {
namespace {

constexpr std::size_t kChunk = 1'024;
/// An act's failure is entered right after it, or after what other officers did meanwhile.
constexpr std::uint64_t kFailureWithin = 64;

/// Empty where it was not kept, or is damaged.
Result<Bytes> request_of(Office& office, const store::JournalRow& row, std::uint64_t index,
                         ByteView bound) {
  auto body = office.store().journals().body(row, index);
  if (!body && body.error() == store::StoreError::kCorrupt) return Bytes();
  if (!body) return body.error();
  if (!body->content_key) return Bytes();
  auto opened = seal::open_body(*body->content_key, bound, body->sealed);
  return opened ? std::move(opened->content) : Bytes();
}

/// "A/B/17" of "A/B/17", and of "A/B/19 and 2 before it".
bool concerns(const std::string& subject, const std::string& number) {
  if (subject == number) return true;
  const auto last = MessageNumber::parse(subject.substr(0, subject.find(' ')));
  const auto wanted = MessageNumber::parse(number);
  const auto text = subject.find(" and ");
  if (!last || !wanted || text == subject.npos) return false;
  const auto rest = subject.substr(text + 5);
  const auto before = parse_decimal(rest.substr(0, rest.find(' ')));
  return before && last->from == wanted->from && last->to == wanted->to &&
         last->generation == wanted->generation && wanted->index <= last->index &&
         last->index - wanted->index <= *before;
}

/// In one generation of the trail.
class Search {
 public:
  Search(Office& office, const store::JournalRow& row, const ActFilter& filter)
      : office_(office), row_(row), filter_(filter) {}

  /// The act in `stored`, when it fits; remembers failures.
  Result<std::optional<ActView>> take(const store::StoredEntry& stored) {
    const std::optional<ActView> nothing;
    if (!stored.is_as_accepted()) return take_damaged(stored.index);
    const auto record = record_in(stored);
    const auto entry = journal::Entry::parse(stored.leaf);
    if (!record || !entry) return nothing;
    if (const auto* failed = std::get_if<journal::ActFailed>(&*record)) {
      failures_[failed->act] = failed->exit_code;
      return nothing;
    }
    if (const auto* peer = std::get_if<journal::PeerRefused>(&*record)) {
      return take_peer(stored.index, entry->stamp.time, *peer);
    }
    if (const auto* unentered = std::get_if<journal::Unentered>(&*record)) {
      return take_unentered(stored.index, entry->stamp.time, *unentered);
    }
    const auto* act = std::get_if<journal::Act>(&*record);
    if (act == nullptr) return nothing;
    ActView view;
    view.index = stored.index;
    view.time = entry->stamp.time;
    view.act = *act;
    const auto* officer = act->officer ? office_.officers().find(*act->officer) : nullptr;
    if (officer != nullptr) {
      view.person = officer->person;
      view.officer = officer->name.name;
    }
    if (filter_.person != 0 && view.person != filter_.person) return nothing;
    if (!filter_.message.empty() && !concerns(act->subject, filter_.message)) return nothing;
    const auto failed = failures_.find(stored.index);
    if (failed != failures_.end()) view.exit_code = failed->second;
    auto request = request_of(office_, row_, stored.index, entry->bound_bytes());
    if (!request) return request.error();
    view.request = std::move(*request);
    return std::optional(std::move(view));
  }

 private:
  std::optional<ActView> take_peer(std::uint64_t index, WallTime time,
                                   const journal::PeerRefused& peer) const {
    if (filter_.person != 0 || !filter_.message.empty()) return std::nullopt;
    ActView view;
    view.index = index;
    view.time = time;
    view.counterpart = true;
    view.act.subject = peer.counterpart + ": " + peer.reason;
    view.act.refused = true;
    return view;
  }

  std::optional<ActView> take_damaged(std::uint64_t index) const {
    if (filter_.person != 0 || !filter_.message.empty()) return std::nullopt;
    ActView view;
    view.index = index;
    view.damaged = true;
    return view;
  }

  /// Of any message: nobody knows which were read.
  std::optional<ActView> take_unentered(std::uint64_t index, WallTime time,
                                        const journal::Unentered& unentered) const {
    if (filter_.person != 0 && filter_.person != unentered.person) return std::nullopt;
    const auto* officer = office_.officers().newest(unentered.person);
    ActView view;
    view.index = index;
    view.time = time;
    view.unentered = true;
    view.person = unentered.person;
    if (officer != nullptr) view.officer = officer->name.name;
    view.act.subject = std::to_string(unentered.requests) + " from " + to_rfc3339(unentered.first) +
                       " to " + to_rfc3339(unentered.last);
    return view;
  }

  Office& office_;
  const store::JournalRow& row_;
  const ActFilter& filter_;
  std::map<std::uint64_t, std::uint32_t> failures_;
};

/// Its acts below `before` onto `found`, newest first; `searched` counts entries looked at. Gives
/// the oldest of them.
Result<std::uint64_t> list_generation(Office& office, const store::JournalRow& row,
                                      const ActFilter& filter, std::uint64_t before,
                                      std::size_t count, std::vector<ActView>& found,
                                      std::size_t& searched) {
  Search search(office, row, filter);
  const std::uint64_t end = std::min(before, row.size());
  std::uint64_t next = std::min(end + kFailureWithin, row.size());
  while (found.size() < count && searched < kTrailSearchedMax) {
    const auto entries = office.store().journals().newest_messages(row, {0, next}, kChunk);
    if (!entries) return entries.error();
    if (entries->empty()) return std::uint64_t{0};
    for (const auto& stored : *entries) {
      auto act = search.take(stored);
      if (!act) return act.error();
      if (*act && (*act)->index < end && found.size() < count) found.push_back(std::move(**act));
    }
    searched += entries->size();
    next = entries->back().index;
  }
  return next;
}

}  // namespace

Result<ActPage> list_acts(Office& office, const ActFilter& filter, std::uint64_t before,
                          std::size_t count) {
  ActPage page;
  auto& found = page.acts;
  if (!office.trail().journal()) return page;
  const SentJournal& trail = *office.trail().journal();
  std::vector<const store::JournalRow*> generations;
  for (const auto& earlier : trail.earlier) generations.push_back(&earlier);
  generations.push_back(&trail.row);
  std::uint64_t start = 0;  // of the generation, in the numbers that run through all
  for (const auto* row : generations) start += row->size();
  std::size_t searched = 0;
  while (!generations.empty() && found.size() <= count && searched < kTrailSearchedMax) {
    const store::JournalRow& row = *generations.back();
    generations.pop_back();
    start -= row.size();
    if (before <= start) continue;
    const std::size_t already = found.size();
    const auto oldest =
        list_generation(office, row, filter, before - start, count + 1, found, searched);
    if (!oldest) return oldest.error();
    for (std::size_t i = already; i < found.size(); ++i) found[i].index += start;
    page.next = start + *oldest;
  }
  if (found.size() > count) {  // one more was looked for, to know that there is one
    found.pop_back();
    page.next = found.empty() ? before : found.back().index;
  } else if (searched < kTrailSearchedMax) {
    page.next = 0;
  }
  return page;
}

}  // namespace blo::office
