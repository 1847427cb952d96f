#include "office/eraser.h"

#include "office/writer.h"

namespace blo::office {
namespace {

journal::Erasure record_of(const Pair& pair, const Erased& one, std::uint64_t person) {
  const bool here = one.row->sent && one.row->id == pair.sent->row.id;
  return {one.index, one.rule, person, here ? 0 : one.row->origin.generation, !one.row->sent};
}

}  // namespace

Result<void> erase_bodies(store::Store& store, Pair& pair, const std::vector<Erased>& what,
                          std::uint64_t person, Now now) {
  if (what.empty()) return {};
  auto transaction = store.begin();
  if (!transaction) return transaction.error();
  Writer writer(store, pair.sent->row, now.wall, pair.receipted());
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
  return store.wipe_leftovers();
}

}  // namespace blo::office
