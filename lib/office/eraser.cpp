#include "office/eraser.h"

#include "office/office.h"
#include "office/records.h"
#include "office/writer.h"

namespace blo::office {
namespace {

journal::Erasure record_of(const Pair& pair, const Erased& one, std::uint64_t person) {
  const bool here = one.row->sent && one.row->id == pair.sent->row.id;
  return {one.index, one.rule, person, here ? 0 : one.row->origin.generation, !one.row->sent};
}

/// In memory, where what was erased is the name of one of the counterpart's officers.
Result<void> forget_names(store::Store& store, Pair& pair, const std::vector<Erased>& what) {
  for (const Erased& one : what) {
    if (one.row->sent) continue;
    const auto stored = store.journals().entry(*one.row, one.index);
    if (!stored) return stored.error();
    const auto certificate = stored->facts.kind == 0 ? introduced_in(*stored) : std::nullopt;
    if (!certificate) continue;
    const auto author = pair.received->authors.find(certificate->fingerprint());
    if (author != pair.received->authors.end()) author->second.name = {};
  }
  return {};
}

}  // namespace

Result<void> erase_bodies(Office& office, Pair& pair, const std::vector<Erased>& what,
                          const MayDestroy&, std::uint64_t person, Now now) {
  if (what.empty()) return {};
  store::Store& store = office.store();
  auto transaction = store.begin();
  if (!transaction) return transaction.error();
  Writer writer(store, pair.sent->row, office.clock().dating(now), pair.receipted());
  for (const Erased& one : what) {
    if (const auto done = store.journals().erase_body(*one.row, one.index); !done) return done;
    // Nobody can act any more on what is gone.
    if (const auto done = store.steps().note_done(*one.row, one.index); !done) return done;
    if (!pair.carries_messages()) continue;  // nothing is entered any more; the trail has the act
    const auto index = writer.add_record(record_of(pair, one, person));
    if (!index) return index.error();
  }
  if (const auto done = writer.finish(); !done) return done;
  if (const auto done = transaction->commit(); !done) return done;
  pair.sent->row = writer.row();
  if (const auto done = forget_names(store, pair, what); !done) return done;
  return store.wipe_leftovers();
}

}  // namespace blo::office
