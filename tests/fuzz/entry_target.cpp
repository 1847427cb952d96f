// A journal's entries: a byte that says of which journal, then a bundle of them.
#include "journal/entry_facts.h"
#include "journal/kept_tree.h"
#include "target.h"

namespace blo::fuzz {
namespace {

/// There is one encoding of each.
void check_canonical(ByteView leaf) {
  const auto entry = journal::Entry::parse(leaf);
  if (!entry) return;
  BLO_CHECK(equal(entry->encode(), leaf));
  if (const auto* message = std::get_if<journal::SignedEnvelope>(&entry->what)) {
    const auto envelope = journal::Envelope::parse(message->envelope);
    if (envelope) BLO_CHECK(equal(envelope->encode(), message->envelope));
  } else {
    const auto& bytes = std::get<Bytes>(entry->what);
    const auto record = journal::parse_record(bytes);
    if (record) BLO_CHECK(equal(journal::encode_record(*record), bytes));
  }
}

void check_facts(const journal::ReadEntry& entry) {
  BLO_CHECK(!journal::name_of(entry).empty());
  const auto facts = journal::facts_of(entry);
  for (const auto& fact : facts) {
    if (const auto* text = std::get_if<std::string>(&fact.value)) BLO_CHECK(is_printable(*text));
  }
  BLO_CHECK(journal::details_of(entry).empty() == !entry.entry);
}

void run(ByteView bytes) {
  const auto origin = Origin::parse(take_number(bytes, 1) % 2 == 0 ? "live/UZ-OYBEK/TJ-FOTEHOBOD/1"
                                                                   : "live/UZ-OYBEK/trail/1");
  journal::Reader reader(*origin, certificates().at(1));
  ByteView rest;
  for (const ByteView leaf : journal::split_bundle(bytes, journal::kTileWidth, rest)) {
    check_canonical(leaf);
    const std::uint64_t index = reader.next();
    const auto before = reader.last_stamp();
    const auto entry = reader.read(journal::parse_leaf(leaf), journal::StampVerdict::kHolds);
    BLO_CHECK(entry.index == index && entry.leaf_hash == journal::leaf_hash(leaf));
    BLO_CHECK(entry.refusal.has_value() == entry.finding.has_value());
    BLO_CHECK(entry.refusal || entry.envelope.has_value() != entry.record.has_value());
    auto after = reader.last_stamp();
    if (origin->is_trail()) after.time = std::max(after.time, before.time);  // that may go back
    BLO_CHECK(after.follows(before));
    if (journal::check_signatures(entry) && !entry.refusal && entry.envelope)
      BLO_CHECK(entry.author != nullptr);
    check_facts(entry);
  }
}

}  // namespace
}  // namespace blo::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  blo::fuzz::run({data, size});
  return 0;
}
