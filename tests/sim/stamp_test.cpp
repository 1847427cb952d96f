// Stamps that lie about the receiver's own journal: told, refused, and of no other effect.
#include <catch2/catch.hpp>

#include "forger.h"
#include "office/named_heads.h"
#include "old_store.h"
#include "store/database.h"

namespace blo::sim {
namespace {

using journal::RefusalReason;
using journal::Stamp;

/// Each says of the receiver's journal what never was.
std::vector<std::function<void(Stamp&)>> lies() {
  return {[](Stamp& stamp) { stamp.size += 1'000; }, [](Stamp& stamp) { stamp.root[0] ^= 1U; },
          [](Stamp& stamp) { ++stamp.generation; },
          [](Stamp& stamp) {
            stamp = {stamp.time, 77, 1, {}};
          },
          [](Stamp& stamp) { stamp.size = INT64_MAX; }};
}

bool names(const journal::JournalVerdict& journal, std::string_view text) {
  return std::ranges::any_of(journal.notes,
                             [&](const auto& note) { return note.find(text) != note.npos; });
}

bool misses(const journal::JournalVerdict& journal, std::string_view text) {
  return std::ranges::any_of(journal.missing,
                             [&](const auto& one) { return one.sentence.find(text) == 0; });
}

}  // namespace

TEST_CASE("stamps that lie about our journal are refused, move nothing, and our export verifies") {
  World world;
  exchange(world, 2);
  const auto lie = GENERATE(range(std::size_t{0}, lies().size()));
  Stamp stamp = next_stamp(world.a);
  lies()[lie](stamp);
  std::vector<MessageNumber> lied;
  for (int i = 0; i < 5; ++i) {
    lied.push_back(append_message(world.a, "under a lie " + std::to_string(i), stamp));
    world.a.say("the truth " + std::to_string(i));
  }
  const Stamp before = world.b.pair().received->row.last_stamp;
  world.converge();
  world.check_converged();
  for (const auto& number : lied) CHECK(world.b.show(number).refusal == RefusalReason::kFalseStamp);
  CHECK(world.b.pair().received->row.last_stamp.generation == before.generation);
  CHECK(world.b.pair().received->row.last_stamp.size < 20);
  CHECK(has_alarm(world.b, "false-stamp"));

  world.crash(world.b);
  exchange(world, 1);
  world.check_converged();
  const auto verdict = audit(world, world.b);
  CHECK(codes(verdict).empty());
  CHECK(verdict.journals.size() == 2);
  for (const auto& journal : verdict.journals) {
    const bool ours = journal.origin.from == world.b.kit.id;
    CHECK(journal.size == (ours ? world.b.sent_size() : world.b.received_size()));
    CHECK(journal.refused == (ours ? 0 : lied.size()));
    CHECK_FALSE(journal.absent);
  }
  // The liar's own export holds the refusals, too.
  CHECK(codes(audit(world, world.a)).empty());
}

TEST_CASE("a stamp that names less of our journal than one before it is malformed") {
  World world;
  exchange(world, 2);
  const Stamp earlier = next_stamp(world.a);
  exchange(world, 2);
  const auto number = append_message(world.a, "as if it had seen less", earlier);
  world.a.say("and on");
  world.converge();
  CHECK(world.a.show(number).refusal == RefusalReason::kMalformed);
  world.check_converged();
  CHECK(codes(audit(world, world.b)).empty());
}

TEST_CASE("a stamp that names what no checkpoint was signed for is no receipt's") {
  World world;
  exchange(world, 2);
  Stamp stamp = next_stamp(world.a);
  auto& store = world.b.office->store();
  REQUIRE(stamp.size == world.b.sent_size());
  office::NamedHeads all(store, world.b.pair(), stamp.size);
  CHECK(all.judge(stamp).value() == journal::StampVerdict::kHolds);
  office::NamedHeads fewer(store, world.b.pair(), stamp.size - 1);
  CHECK(fewer.judge(stamp).error() == office::OfficeError::kHeadMismatch);
  stamp.root[0] ^= 1U;  // not even a guess
  CHECK(fewer.judge(stamp).value() == journal::StampVerdict::kFalse);
}

TEST_CASE("the root of any size of a journal is read from its subtrees") {
  World world;
  exchange(world, 7);
  auto& journals = world.a.office->store().journals();
  const auto row = world.a.pair().sent->row;
  journal::Frontier frontier;
  std::vector<journal::Hash> roots{frontier.root()};
  REQUIRE(journals
              .entries(row, 0, row.size(),
                       [&](const store::StoredEntry& entry) {
                         frontier.append(journal::leaf_hash(entry.leaf));
                         roots.push_back(frontier.root());
                         return true;
                       })
              .has_value());
  REQUIRE(roots.size() > 8);
  for (std::uint64_t size = 0; size < roots.size(); ++size)
    CHECK(journals.root_at(row, size).value() == roots[size]);
  // Entries of a store from before have none, and are read instead.
  const Stamp stamp = next_stamp(world.b);
  world.cut();
  world.a.office.reset();
  REQUIRE(store::Database::open(world.a.path)
              .value()
              ->execute("UPDATE entry SET subtree = NULL")
              .has_value());
  world.a.open();
  CHECK_FALSE(world.a.office->store().journals().root_at(row, row.size()).value());
  office::NamedHeads named(world.a.office->store(), world.a.pair(), row.size());
  CHECK(named.judge(stamp).value() == journal::StampVerdict::kHolds);
}

TEST_CASE("an export holds what the counterpart refers to though its receipt is withheld") {
  World world;
  exchange(world, 1);
  world.a.meddle = [](sync::Frame& frame) {
    if (std::holds_alternative<sync::Receipt>(frame)) frame = sync::Ping{1};
  };
  world.cut();
  world.connect();
  world.run();
  world.b.say("received, and no receipt is given");
  world.run();
  const Said referring = world.a.say("which refers to it");
  world.run();
  REQUIRE(world.b.show(referring.number).state == office::MessageState::kReceived);
  const auto verdict = audit(world, world.b);
  CHECK(codes(verdict).empty());
  for (const auto& journal : verdict.journals) {
    if (journal.origin.from == world.a.kit.id) {
      CHECK(journal.size == world.b.received_size());
    } else {
      CHECK(journal.size == world.b.sent_size());
      CHECK(journal.receipted < journal.size);
      CHECK(misses(journal, "stamps of UZ-OYBEK say that it receipted the first"));
    }
  }
}

TEST_CASE("what a store has lost may be named, and is told") {
  World world;
  exchange(world, 1);
  const auto old = copy_of(world, world.b);
  exchange(world, 2);
  const auto given_back = world.b.sent_size() - 1;  // what the counterpart will show
  put_back(world, world.b, old);
  give_back(world, world.b);
  go_on(world.b);
  Stamp stamp = next_stamp(world.a);
  stamp.size = given_back + 7;
  const auto number = append_message(world.a, "more than was given back", stamp);
  world.converge();
  CHECK_FALSE(world.b.show(number).refusal.has_value());
  CHECK(has_alarm(world.b, "names-lost"));
  exchange(world, 1);
  const auto verdict = audit(world, world.b);
  CHECK(codes(verdict).empty());
  CHECK(std::ranges::any_of(verdict.journals, [](const auto& journal) {
    return names(journal, "which says that it lost the last of them");
  }));
}

TEST_CASE("what a counterpart says of our office or of our journal without right is refused") {
  World world;
  exchange(world, 1);
  const int kind = GENERATE(0, 1);
  journal::Record record = journal::Erasure{0, "of a record", 0, 1, true};
  if (kind == 1) {
    identity::RevocationDetails details;
    details.kind = identity::CertificateKind::kOffice;
    details.network = kNetwork;
    details.subject = world.b.kit.id.text();
    details.statement = to_unix_ms(world.a.now.wall);
    details.reason = identity::RevocationReason::kKeyStolen;
    details.time = world.a.now.wall;
    details.issuer = world.b.kit.authority.fingerprint();
    const auto forged = identity::Revocation::issue(details, crypto::SigningKey::generate());
    record = journal::RevocationRecord{forged.bytes()};
  }
  append_record(world.a, record, next_stamp(world.a));
  const auto before = world.b.sent_size();
  exchange(world, 1);
  CHECK(world.b.pair().received->row.refused == 1);
  CHECK(world.b.sent_size() == before + 2);  // a message, and the refusal
  world.check_converged();
  CHECK(codes(audit(world, world.b)).empty());
}

}  // namespace blo::sim
