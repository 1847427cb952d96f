// What records say of other entries is found by the entry, as soon as the record is appended.
#include "world.h"

namespace blo::store::test {
namespace {

using journal::RefusalReason;

Origin opposite() {
  Origin back = origin();
  std::swap(back.from, back.to);
  return back;
}

/// Two journals of one pairing, ours and the counterpart's, each of a few messages.
struct Pairing {
  explicit Pairing(const std::filesystem::path& path)
      : rows(path),
        ours(rows.make_journal()),
        theirs(
            rows.journals.create(rows.pairing, opposite(), false, as_bytes("certificate"), nullptr)
                .value()) {
    for (Byte i = 0; i < 5; ++i) {
      for (JournalRow* journal : {&ours, &theirs}) {
        MessageId id{};
        id.fill(static_cast<Byte>(i + (journal->sent ? 0 : 100)));
        REQUIRE(rows.append(*journal, "message", {1, id, {}}).has_value());
      }
    }
  }
  /// Index of the new entry.
  std::uint64_t say(JournalRow& in, const journal::Record& record, const EntryFacts& facts = {},
                    bool counts = true) {
    const Bytes leaf = journal::encode_record(record);
    REQUIRE(rows.journals.append(in, leaf, journal::leaf_hash(leaf), facts, &record, counts)
                .has_value());
    return in.size() - 1;
  }
  [[nodiscard]] std::optional<RefusalReason> refused(const JournalRow& row, std::uint64_t index) {
    const auto found = rows.journals.index().refusal_of(name_of(row, index)).value();
    return found ? std::optional(found->reason) : std::nullopt;
  }
  /// Journal and index of each.
  using Places = std::vector<std::pair<std::int64_t, std::uint64_t>>;
  [[nodiscard]] Places erased(const JournalRow& row, std::uint64_t index) {
    Places places;
    for (const auto& place : rows.journals.index().erasures_of(name_of(row, index)).value())
      places.emplace_back(place.journal, place.index);
    return places;
  }

  Rows rows;
  JournalRow ours;
  JournalRow theirs;
};

journal::Refusal refusal(std::uint64_t index, RefusalReason reason, std::uint32_t generation = 1) {
  return {generation, index, {}, reason};
}

journal::Erasure erasure(std::uint64_t index, std::uint32_t generation = 0, bool received = false) {
  return {index, "rule", 1, generation, received};
}

TEST_CASE("a refusal is found by the entry it refuses and the first of them counts") {
  const Folder folder;
  Pairing pairing(folder.file());
  const auto at = pairing.say(pairing.theirs, refusal(2, RefusalReason::kDuplicate));
  pairing.say(pairing.theirs, refusal(2, RefusalReason::kMismatch));
  CHECK(pairing.refused(pairing.ours, 2) == RefusalReason::kDuplicate);
  CHECK_FALSE(pairing.refused(pairing.ours, 1));
  CHECK_FALSE(pairing.refused(pairing.theirs, 2));
  const auto found = pairing.rows.journals.index().refusal_of(name_of(pairing.ours, 2)).value();
  CHECK(found->record.journal == pairing.theirs.id);
  CHECK(found->record.index == at);
}

TEST_CASE("what a counterpart says of entries that are not here is not kept for when they are") {
  const Folder folder;
  Pairing pairing(folder.file());
  for (const std::uint64_t index : {5UL, 1UL << 40U, 1UL << 63U, ~0UL}) {
    pairing.say(pairing.theirs, refusal(index, RefusalReason::kDuplicate));
    pairing.say(pairing.theirs, erasure(index, 1, true));
  }
  pairing.say(pairing.theirs, refusal(2, RefusalReason::kDuplicate, 7));
  REQUIRE(pairing.rows.append(pairing.ours, "record").has_value());
  CHECK_FALSE(pairing.refused(pairing.ours, 5));
  CHECK(pairing.erased(pairing.ours, 5).empty());
}

TEST_CASE("what this office said of entries that it lost counts when they come back") {
  const Folder folder;
  Pairing pairing(folder.file());
  pairing.say(pairing.ours, refusal(40, RefusalReason::kUnopenable, 3));
  pairing.say(pairing.ours, erasure(41, 3, true));
  const EntryName refused{pairing.rows.pairing, false, 3, 40};
  const EntryName destroyed{pairing.rows.pairing, false, 3, 41};
  CHECK(pairing.rows.journals.index().refusal_of(refused).value());
  CHECK(pairing.rows.journals.index().erased_by_us(destroyed).value());
}

TEST_CASE("a record that was refused, or does not count, says nothing of other entries") {
  const Folder folder;
  Pairing pairing(folder.file());
  pairing.say(pairing.theirs, refusal(2, RefusalReason::kDuplicate),
              {0, {}, RefusalReason::kMalformed});
  pairing.say(pairing.theirs, refusal(3, RefusalReason::kDuplicate), {}, false);
  pairing.say(pairing.theirs, erasure(1), {0, {}, RefusalReason::kUnauthorised});
  CHECK_FALSE(pairing.refused(pairing.ours, 2));
  CHECK_FALSE(pairing.refused(pairing.ours, 3));
  CHECK(pairing.erased(pairing.theirs, 1).empty());
}

TEST_CASE("erasures are found by the entry, the first of each office") {
  const Folder folder;
  Pairing pairing(folder.file());
  const auto own = pairing.say(pairing.ours, erasure(1));
  pairing.say(pairing.ours, erasure(1, 1));
  const auto copy = pairing.say(pairing.theirs, erasure(1, 1, true));
  pairing.say(pairing.theirs, erasure(1, 1, true));
  using Places = Pairing::Places;
  CHECK(pairing.erased(pairing.ours, 1) ==
        Places{{pairing.ours.id, own}, {pairing.theirs.id, copy}});
  CHECK(pairing.erased(pairing.theirs, 1).empty());
  CHECK(pairing.rows.journals.index().erased_by_us(name_of(pairing.ours, 1)).value());
  CHECK_FALSE(pairing.rows.journals.index().erased_by_us(name_of(pairing.ours, 2)).value());
}

TEST_CASE("an erasure that a hold stopped waits until the body is erased") {
  const Folder folder;
  Pairing pairing(folder.file());
  const EntryFacts held{0, {}, RefusalReason::kHeld};
  const auto at = pairing.say(pairing.theirs, erasure(2), held);
  pairing.say(pairing.theirs, erasure(2), held);
  auto& journals = pairing.rows.journals;
  const auto waiting = journals.index().held(pairing.theirs).value();
  REQUIRE(waiting.size() == 1);
  CHECK(waiting[0].index == 2);
  CHECK(waiting[0].erasure.index == at);
  CHECK(journals.index().held(pairing.ours).value().empty());
  const auto is_held = [&](const JournalRow& journal, std::uint64_t index) {
    return journals.index().is_held(name_of(journal, index)).value();
  };
  CHECK(is_held(pairing.theirs, 2));
  CHECK_FALSE(is_held(pairing.theirs, 1));
  CHECK_FALSE(is_held(pairing.ours, 2));
  CHECK(pairing.erased(pairing.theirs, 2).empty());
  REQUIRE(journals.erase_body(pairing.theirs, 2).has_value());
  CHECK(journals.index().held(pairing.theirs).value().empty());
  CHECK_FALSE(is_held(pairing.theirs, 2));
}

TEST_CASE("a journal that is cut takes what it said, and what was said of it, along") {
  const Folder folder;
  Pairing pairing(folder.file());
  pairing.say(pairing.ours, erasure(1));
  pairing.say(pairing.ours, refusal(1, RefusalReason::kDuplicate));
  pairing.say(pairing.theirs, refusal(3, RefusalReason::kDuplicate));
  pairing.say(pairing.theirs, refusal(4, RefusalReason::kDuplicate));
  REQUIRE(pairing.rows.journals.cut(pairing.ours, 4).has_value());
  CHECK(pairing.erased(pairing.ours, 1).empty());
  CHECK_FALSE(pairing.refused(pairing.theirs, 1));
  CHECK(pairing.refused(pairing.ours, 3));
  CHECK_FALSE(pairing.refused(pairing.ours, 4));
}

TEST_CASE("refused entries of which our journal says nothing are found") {
  const Folder folder;
  Pairing pairing(folder.file());
  for (int i = 0; i < 2; ++i) {
    REQUIRE(pairing.rows.append(pairing.theirs, "refused", {0, {}, RefusalReason::kMalformed})
                .has_value());
  }
  pairing.say(pairing.ours, refusal(5, RefusalReason::kMalformed));
  const auto unsaid = pairing.rows.journals.refused_unsaid(pairing.theirs).value();
  REQUIRE(unsaid.size() == 1);
  CHECK(unsaid[0].index == 6);
  CHECK(unsaid[0].facts.refusal == RefusalReason::kMalformed);
}

TEST_CASE("records are listed by kind, and the newest of a kind is one that was accepted") {
  const Folder folder;
  Pairing pairing(folder.file());
  pairing.say(pairing.ours, journal::Policy{{}, true});
  pairing.say(pairing.ours, erasure(1));
  pairing.say(pairing.ours, journal::Policy{});
  pairing.say(pairing.ours, journal::Policy{{}, true}, {0, {}, RefusalReason::kUnauthorised});
  auto& journals = pairing.rows.journals;
  CHECK(journals.records(pairing.ours, RecordKind::kPolicy).value().size() == 3);
  CHECK(journals.records(pairing.ours, RecordKind::kPolicy, 6).value().size() == 2);
  CHECK(journals.records(pairing.theirs, RecordKind::kPolicy).value().empty());
  CHECK(journals.newest_record(pairing.ours, RecordKind::kPolicy).value()->index == 7);
  CHECK_FALSE(journals.newest_record(pairing.ours, RecordKind::kChallenge).value());
}

}  // namespace
}  // namespace blo::store::test
