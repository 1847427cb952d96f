#include "office/scrub.h"

#include <catch2/catch.hpp>

#include "../../sim/world.h"
#include "office/eraser.h"
#include "office/evidence.h"
#include "office/retention.h"

namespace blo::office {
namespace {

using sim::Node;
using sim::World;

/// A pass from its beginning to its end; gives the number of slices.
std::size_t scrub(Office& office, Now now) {
  REQUIRE(office.scrub(now).has_value());  // when the first is due is told by the first call
  now.steady += Scrub::kFirstAfter;
  std::size_t slices = 0;
  do {
    REQUIRE(office.scrub(now).has_value());
    REQUIRE(++slices < 1'000);
  } while (office.scrubbing());
  return slices;
}

std::uint64_t entries_of(Office& office) {
  std::uint64_t entries = 0;
  for (const auto& row : office.store().journals().all().value()) entries += row.size();
  return entries;
}

std::vector<store::AlarmRow> damage_told(Office& office) {
  std::vector<store::AlarmRow> damage;
  for (auto& alarm : office.alarms().list(false).value()) {
    if (alarm.code == "damaged") damage.push_back(std::move(alarm));
  }
  return damage;
}

/// Two offices in step, each with so many messages of the other, and A's disk to be changed.
struct Fixture {
  World world;
  Node& node = world.a;
  std::vector<MessageNumber> theirs;
  explicit Fixture(int messages = 6) {
    for (int i = 0; i < messages; ++i) {
      world.a.say("ours " + std::to_string(i));
      theirs.push_back(world.b.say("theirs " + std::to_string(i)).number);
      if (i % 2 == 1) world.converge();
    }
    world.converge();
    world.cut();
  }
  Office& office() { return *node.office; }
  [[nodiscard]] std::int64_t place(const MessageNumber& number) {
    return (node.pair().received->row.id << 40U) + static_cast<std::int64_t>(number.index);
  }

  /// While the office is down.
  template <class Change>
  void change(const Change& change) {
    node.office.reset();
    {
      const auto database = store::Database::open(node.path).value();
      change(*database);
    }
    node.open();
  }
  void execute(const std::string& sql) {
    change([&](store::Database& database) { REQUIRE(database.execute(sql.c_str()).has_value()); });
  }
  /// One bit of what `select` gives for the place, put back by `update`.
  void flip(const char* select, const char* update, std::int64_t place) {
    change([&](store::Database& database) {
      Bytes bytes;
      {
        store::Statement read = database.prepare(select);
        REQUIRE(read.bind(place).step().value());
        bytes = to_bytes(read.blob(0));
      }
      bytes[bytes.size() / 2] ^= 1U;
      REQUIRE(database.prepare(update).bind(bytes).bind(place).run().has_value());
    });
  }
  void flip_leaf(const MessageNumber& number) {
    flip("SELECT leaf FROM entry WHERE place = ?", "UPDATE entry SET leaf = ? WHERE place = ?",
         place(number));
  }
  void flip_body(const MessageNumber& number) {
    flip("SELECT sealed FROM body WHERE place = ?", "UPDATE body SET sealed = ? WHERE place = ?",
         place(number));
  }
  /// One alarm about the counterpart's journal, which says so.
  void check_told(const std::string& what) {
    const auto damage = damage_told(office());
    REQUIRE(damage.size() == 1);
    CHECK(damage[0].subject == node.pair().received->row.origin.text());
    INFO(damage[0].sentence);
    CHECK(damage[0].sentence.find(what) != std::string::npos);
    CHECK(office().store().scrubbed().value()->damaged > 0);
  }
};

}  // namespace

TEST_CASE("a scrub reads every entry of every journal in slices and tells of nothing that holds") {
  Fixture at(150);
  Office& office = at.office();
  // What was destroyed is no fault, nor a body that never came.
  const auto& received = at.node.pair().received->row;
  const auto may = office.clock().may_destroy(at.node.now);
  REQUIRE(may.has_value());
  REQUIRE(erase_bodies(office, at.node.pair(), {{&received, at.theirs[3].index, "rule"}}, *may, 0,
                       at.node.now)
              .has_value());
  REQUIRE(office.store().scrubbed().value() == std::nullopt);
  const std::uint64_t entries = entries_of(office);
  REQUIRE(entries > 300);
  const std::size_t slices = scrub(office, at.node.now);
  CHECK(slices > entries / Scrub::kSliceRows);
  const auto done = office.store().scrubbed().value();
  REQUIRE(done.has_value());
  CHECK(done->entries == entries);
  CHECK(done->damaged == 0);
  CHECK(done->ended == at.node.now.wall);
  CHECK(office.alarms().list(true).value().empty());
}

TEST_CASE("a slice ends after a quarter of a mebibyte, too") {
  Fixture at(12);
  // Each of them alone is a slice, whatever it holds.
  at.execute("UPDATE body SET sealed = zeroblob(" + std::to_string(Scrub::kSliceBytes) + ")");
  REQUIRE(entries_of(at.office()) < Scrub::kSliceRows);
  const std::size_t slices = scrub(at.office(), at.node.now);
  const auto damaged = at.office().store().scrubbed().value()->damaged;
  REQUIRE(damaged > 20);
  CHECK(slices > damaged);
}

TEST_CASE("a leaf with a flipped bit is told, shown as damaged, and neither exported nor proven") {
  Fixture at;
  const auto& number = at.theirs[2];
  at.flip_leaf(number);
  const auto view = show_message(at.office(), number).value();
  CHECK(view.damaged);
  CHECK_FALSE(view.envelope.has_value());
  CHECK(view.content.empty());
  scrub(at.office(), at.node.now);
  at.check_told("entry " + std::to_string(number.index) + " (its leaf is another one)");
  CHECK(at.office().store().scrubbed().value()->damaged == 1);  // and nothing that follows it
  CHECK(EvidenceJob::begin(at.office(), number, false).error() == store::StoreError::kCorrupt);
  auto job = ExportJob::begin(at.office(), at.node.pair(), [](const std::string&, ByteView) {
               return Result<void>();
             }).value();
  Result<bool> step = true;
  while (step && *step) step = job.step();
  REQUIRE_FALSE(step.has_value());
  CHECK(step.error() == store::StoreError::kCorrupt);
}

TEST_CASE("a body with a flipped bit is told and shown as damaged among the others") {
  Fixture at;
  const auto& number = at.theirs[2];
  at.flip_body(number);
  const auto views = list_messages(at.office(), at.node.pair(), Box::kReceived, {}, 100).value();
  REQUIRE(views.size() == at.theirs.size());
  for (const auto& view : views) {
    CHECK(view.damaged == (view.number == number));
    CHECK(view.content.empty() == view.damaged);
    CHECK(view.envelope.has_value());
  }
  CHECK(EvidenceJob::begin(at.office(), number, true).error() == store::StoreError::kCorrupt);
  scrub(at.office(), at.node.now);
  at.check_told("entry " + std::to_string(number.index) + " (its content does not open)");
  CHECK(at.office().store().scrubbed().value()->damaged == 1);
}

TEST_CASE("what a scrub finds besides leaves and bodies") {
  Fixture at(8);
  const auto index = at.theirs[1].index;
  const std::string place = std::to_string(at.place(at.theirs[1]));
  SECTION("a wrapped key") {
    at.execute("UPDATE body SET wrapped_key = zeroblob(72) WHERE place = " + place);
    scrub(at.office(), at.node.now);
    at.check_told("entry " + std::to_string(index) + " (content key");
  }
  SECTION("a hash noted beside an entry") {
    // Not one of those that the journal's own tree is made of: that would be found at the opening.
    at.execute("UPDATE entry SET subtree = zeroblob(32) WHERE place = " + place);
    scrub(at.office(), at.node.now);
    at.check_told("entry " + std::to_string(index) + " (the hash noted beside it)");
  }
  SECTION("a receipt out of form") {
    at.execute("UPDATE head SET frontier = x'00' WHERE journal = " +
               std::to_string(at.node.pair().received->row.id) +
               " AND size = (SELECT min(size) FROM head WHERE journal = " +
               std::to_string(at.node.pair().received->row.id) + ")");
    scrub(at.office(), at.node.now);
    at.check_told("a receipt over more than 0 entries (it cannot be read)");
  }
  SECTION("an older receipt's tree") {
    at.execute(
        "UPDATE head SET frontier = "
        "CAST(substr(frontier, 1, 8) || zeroblob(length(frontier) - 8) AS BLOB) "
        "WHERE journal = " +
        std::to_string(at.node.pair().received->row.id) +
        " AND size = (SELECT min(size) FROM head WHERE journal = " +
        std::to_string(at.node.pair().received->row.id) + ")");
    scrub(at.office(), at.node.now);
    at.check_told("the receipt over ");
  }
  const auto scrubbed = at.office().store().scrubbed().value();
  REQUIRE(scrubbed.has_value());
  CHECK(scrubbed->damaged == 1);
  CHECK(scrubbed->entries == entries_of(at.office()));
}

TEST_CASE("a gap in a long journal is told and what follows it is read") {
  Fixture at(300);
  const auto first = at.theirs[10].index;
  const auto& row = at.node.pair().received->row;
  REQUIRE(row.size() > first + 280);
  const std::string places = "place >= " + std::to_string(at.place(at.theirs[10])) +
                             " AND place < " + std::to_string(at.place(at.theirs[10]) + 5);
  at.execute("PRAGMA foreign_keys=OFF; DELETE FROM body WHERE " + places +
             "; DELETE FROM entry WHERE " + places);
  at.flip_body(at.theirs[200]);
  scrub(at.office(), at.node.now);
  at.check_told("entries " + std::to_string(first) + " to " + std::to_string(first + 4) +
                " (they cannot be read)");
  at.check_told("entry " + std::to_string(at.theirs[200].index) + " (its content does not open)");
  CHECK(at.office().store().scrubbed().value()->entries == entries_of(at.office()));
}

TEST_CASE("the rules destroy nothing by a damaged entry's word, and all that is due beside it") {
  Fixture at;
  const RetentionRules rules{{1, std::chrono::hours(1), "Act 12"}};
  const Now later{at.node.now.wall + std::chrono::hours(2), at.node.now.steady};
  const auto due = preview_retention(at.office(), rules, 100, later).value().due;
  REQUIRE(due == 2 * at.theirs.size());
  at.flip_leaf(at.theirs[0]);
  CHECK(preview_retention(at.office(), rules, 100, later).value().due == due - 1);
}

TEST_CASE("a counterpart's officer whose name is damaged is one without a name") {
  Fixture at;
  REQUIRE(at.node.pair().received->authors.begin()->second.name.name == sim::kOfficerName);
  at.execute(
      "UPDATE body SET wrapped_key = zeroblob(72) WHERE place IN (SELECT place FROM entry "
      "WHERE kind = 0 AND place >> 40 = " +
      std::to_string(at.node.pair().received->row.id) + ")");
  CHECK(at.node.pair().received->authors.begin()->second.name.name.empty());
  CHECK_FALSE(show_message(at.office(), at.theirs[0]).value().damaged);
  scrub(at.office(), at.node.now);
  at.check_told("(content key");
}

TEST_CASE("what is damaged is told once, and again once it was acknowledged") {
  Fixture at;
  at.flip_body(at.theirs[0]);
  scrub(at.office(), at.node.now);
  const auto told = damage_told(at.office());
  REQUIRE(told.size() == 1);
  Now next{at.node.now.wall + std::chrono::days(1), at.node.now.steady + std::chrono::days(2)};
  scrub(at.office(), next);
  REQUIRE(damage_told(at.office()).size() == 1);
  CHECK(damage_told(at.office())[0].sentence == told[0].sentence);
  at.flip_body(at.theirs[1]);
  scrub(at.office(), {next.wall + std::chrono::days(2), next.steady});
  at.check_told("; entry " + std::to_string(at.theirs[1].index) + " (");
}

TEST_CASE("a scrub is due five minutes after a start, or a day after the last that ended") {
  Fixture at;
  const Now begun = at.node.now;
  const auto due_after = [&](const Now& start) {
    at.node.restart();
    Now now = start;
    REQUIRE(at.office().scrub(now).has_value());
    for (milliseconds waited{0};; waited += std::chrono::minutes(1)) {
      REQUIRE(waited <= Scrub::kEvery + std::chrono::hours(1));
      now.steady = start.steady + waited;
      REQUIRE(at.office().scrub(now).has_value());
      if (at.office().scrubbing()) return waited;
    }
  };
  CHECK(due_after(begun) == Scrub::kFirstAfter);
  at.node.restart();
  scrub(at.office(), begun);
  const auto ended = at.office().store().scrubbed().value()->ended;
  CHECK(due_after({ended + std::chrono::hours(10), begun.steady}) ==
        Scrub::kEvery - std::chrono::hours(10));
  CHECK(due_after({ended + std::chrono::days(3), begun.steady}) == Scrub::kFirstAfter);
  // A clock that was ahead, or is behind, keeps no scrub away.
  CHECK(due_after({ended - std::chrono::days(400), begun.steady}) == Scrub::kFirstAfter);
  CHECK(due_after({ended + std::chrono::days(400), begun.steady}) == Scrub::kFirstAfter);
}

TEST_CASE("an office does not open over a head that is not signed or a receipt not given") {
  Fixture at;
  const auto change = [&](const std::string& sql) {
    at.node.office.reset();
    const auto database = store::Database::open(at.node.path).value();
    REQUIRE(database->execute(sql.c_str()).has_value());
  };
  const std::string newest =
      " WHERE size = (SELECT max(size) FROM head AS all_of WHERE "
      "all_of.journal = head.journal) AND journal = " +
      std::to_string(at.node.pair().sent->row.id);
  std::string says;
  SECTION("the receipt") {
    says = "the receipt over its";
    change("UPDATE head SET receipt_signature = zeroblob(64)" + newest);
  }
  SECTION("its time") {
    says = "the receipt over its";
    change("UPDATE head SET receipt_time_s = receipt_time_s + 1" + newest);
  }
  SECTION("the checkpoint") {
    says = "its checkpoint over";
    change("UPDATE head SET note = replace(note, '/1', '/2')" + newest);
  }
  SECTION("the journal's certificate") {
    says = "its certificate";
    const auto id = std::to_string(at.node.pair().sent->row.id);
    change("UPDATE journal SET certificate = x'00' WHERE id = " + id);
  }
  const auto opened = Office::open(at.node.kit.keys(), at.node.path);
  REQUIRE_FALSE(opened.has_value());
  CHECK(opened.error() == store::StoreError::kCorrupt);
  INFO(opened.error().message());
  CHECK(opened.error().message().find(says) != std::string::npos);
  CHECK(opened.error().message().find("UZ-OYBEK/TJ-FOTEHOBOD/1") != std::string::npos);
}

}  // namespace blo::office
