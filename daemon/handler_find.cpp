#include "blo/v1/control.pb.h"
#include "daemon/handler.h"

namespace blo::daemon {
namespace {

/// More of them nobody reads.
constexpr std::size_t kNumbersNamedMax = 6;

/// Messages that stand at one place of their journals.
struct Standing {
  std::vector<MessageNumber> messages;
  std::vector<MessageNumber> steps;  // what only says that another was opened or acted upon
};

/// Of one direction of a pairing, the newest generation first. Of each generation one entry is
/// looked at, and no content.
Result<void> add_standing(office::Office& office, const office::Pair& pair, bool sent,
                          std::uint64_t index, Standing& found) {
  const auto generations = pair.generations(sent);
  for (auto row = generations.rbegin(); row != generations.rend(); ++row) {
    const auto& journal = **row;
    if (index >= journal.size()) continue;
    const auto entry = office.store().journals().entry(journal, index);
    if (!entry) return entry.error();
    if (entry->facts.kind == 0) continue;
    auto& among = journal::is_step(entry->facts.kind) ? found.steps : found.messages;
    among.push_back({journal.origin.from, journal.origin.to, journal.origin.generation, index});
  }
  return {};
}

}  // namespace

Answer Handler::find(const v1::FindRequest& in) {
  if (!in.counterpart().empty()) {
    if (const auto pair = find_pair(in.counterpart()); !pair) return fail(pair.error());
  }
  Standing found;
  for (const auto& pair : office_.pairs()) {
    if (!in.counterpart().empty() && pair->counterpart().text() != in.counterpart()) continue;
    for (const auto direction : {v1::DIRECTION_RECEIVED, v1::DIRECTION_SENT}) {
      if (in.direction() != v1::DIRECTION_UNSPECIFIED && in.direction() != direction) continue;
      const auto added =
          add_standing(office_, *pair, direction == v1::DIRECTION_SENT, in.index(), found);
      if (!added) return fail(added.error());
    }
  }
  const auto& meant = found.messages.empty() ? found.steps : found.messages;
  v1::Response response;
  auto& out = *response.mutable_find();
  for (const auto& number : meant) {
    if (static_cast<std::size_t>(out.numbers_size()) == kNumbersNamedMax) break;
    out.add_numbers(number.text());
  }
  out.set_more(meant.size() - static_cast<std::size_t>(out.numbers_size()));
  return last(std::move(response));
}

}  // namespace blo::daemon
