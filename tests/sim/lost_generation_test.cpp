// Generations of which the counterpart knows nothing, or knows another: an old store comes back
// from every one, and a counterpart's word alone freezes nobody.
#include <catch2/catch.hpp>

#include "base/limits.h"
#include "old_store.h"

namespace blo::sim {
namespace {

using store::Recovery;

std::uint32_t sent_generation(Node& node) { return node.pair().sent->row.origin.generation; }

void check_goes_on(World& world) {
  world.a.say("afterwards");
  world.b.say("and an answer");
  world.converge();
  world.check_converged();
}

bool alarmed(Node& node, const std::string& code) {
  const auto alarms = node.office->alarms().list(true).value();
  return std::ranges::any_of(alarms, [&](const auto& one) { return one.code == code; });
}

/// A journal certificate by the office itself, and a head of that generation.
struct Claimed {
  Bytes certificate;
  sync::Head head;
};
Claimed claim(Node& node, std::uint32_t generation, std::uint64_t size) {
  Origin origin = node.pair().sent->row.origin;
  origin.generation = generation;
  const auto key = crypto::SigningKey::generate();
  const auto certificate =
      office::certify_journal(node.kit.keys(), origin, key.verify_key(), node.now);
  sync::Head head;
  head.generation = generation;
  head.size = size;
  if (size > 0) {
    head.checkpoint = journal::sign_checkpoint({origin, size, {}}, key).note.encode();
    head.receipt = sync::HeadReceipt{};
  }
  return {certificate.bytes(), head};
}

}  // namespace

TEST_CASE("a generation that the counterpart never received never was") {
  const bool said = GENERATE(false, true);
  World world;
  exchange(world, 2);
  renew(world, world.a);
  if (said) world.a.say("in a generation that never left");
  const auto backup = copy_of(world, world.a);
  put_back_from_backup(world, world.a, backup);
  give_back(world, world.a);
  CHECK_FALSE(signs(world.a));
  CHECK(sent_generation(world.a) == 1);
  world.a.restart();
  CHECK(go_on(world.a).reentered == (said ? 1 : 0));
  CHECK(sent_generation(world.a) == 2);
  CHECK_FALSE(alarmed(world.b, "key-changed"));
  check_goes_on(world);
}

TEST_CASE("a generation begun after a recovery and lost before it was sent never was") {
  World world;
  exchange(world, 1);
  const auto old = copy_of(world, world.a);
  exchange(world, 2);
  put_back(world, world.a, old);
  give_back(world, world.a);
  go_on(world.a);
  world.a.say("in a generation that never left");
  const auto backup = copy_of(world, world.a);
  for (int i = 0; i < 2; ++i) {
    put_back_from_backup(world, world.a, backup);
    give_back(world, world.a);
    go_on(world.a);
  }
  CHECK(sent_generation(world.a) == 2);
  check_goes_on(world);
}

TEST_CASE("an old store whose journal was renewed before any contact comes back") {
  World world;
  exchange(world, 1);
  const auto old = copy_of(world, world.a);
  exchange(world, 3);
  const auto size = world.a.sent_size();
  put_back(world, world.a, old);
  renew(world, world.a);
  world.a.say("in a generation that closed too early");
  give_back(world, world.a);
  CHECK_FALSE(signs(world.a));
  CHECK(sent_generation(world.a) == 1);
  CHECK(world.a.sent_size() == size);
  CHECK(go_on(world.a).reentered == 1);
  CHECK(sent_generation(world.a) == 2);
  check_goes_on(world);
}

TEST_CASE("one generation begun by two copies of a store is the one that was received") {
  World world;
  exchange(world, 1);
  const auto before = copy_of(world, world.a);
  renew(world, world.a);
  exchange(world, 2);
  const Bytes received = world.b.pair().received->row.certificate;
  put_back(world, world.a, before);
  renew(world, world.a);
  world.a.say("in another generation of that number");
  give_back(world, world.a);
  CHECK_FALSE((signs(world.a) || alarmed(world.b, "key-changed")));
  CHECK(alarmed(world.a, "behind"));
  CHECK(world.a.pair().sent->row.certificate == received);
  CHECK(go_on(world.a).reentered == 1);
  CHECK(sent_generation(world.a) == 3);
  check_goes_on(world);
}

TEST_CASE("a store from before an administrator's word is given that word's generation") {
  World world;
  exchange(world, 1);
  const auto old = copy_of(world, world.a);
  exchange(world, 2);
  put_back(world, world.a, old);
  give_back(world, world.a);
  const auto waiting = copy_of(world, world.a);
  go_on(world.a);
  exchange(world, 2);
  const Bytes received = world.b.pair().received->row.certificate;
  put_back(world, world.a, waiting);  // and the word is given again, with the counterpart away
  REQUIRE(world.a.office->recover(world.a.pair(), world.a.now).has_value());
  world.a.say("in another generation of that number");
  give_back(world, world.a);
  CHECK_FALSE((signs(world.a) || alarmed(world.b, "key-changed")));
  CHECK(world.a.pair().sent->row.certificate == received);
  CHECK(go_on(world.a).reentered == 1);
  check_goes_on(world);
}

TEST_CASE("a counterpart that takes back a generation it gave receipts for freezes the pairing") {
  World world;
  exchange(world, 1);
  renew(world, world.a);
  exchange(world, 1);
  world.cut();
  const auto another = claim(world.a, 2, 1);
  world.b.meddle = [&](sync::Frame& frame) {
    if (auto* heads = std::get_if<sync::Heads>(&frame)) {
      heads->yours = another.head;
      heads->yours.certificate = another.certificate;
    }
  };
  world.connect();
  world.run();
  CHECK(world.a.frozen());
  CHECK(recovery_of(world.a) == Recovery::kNone);
  CHECK(alarmed(world.a, "forked"));
  CHECK_FALSE(signs(world.a));
}

TEST_CASE("a counterpart's word that its journal went on freezes nothing") {
  const auto size = GENERATE(std::uint64_t{0}, std::uint64_t{3});
  World world;
  exchange(world, 2);
  world.cut();
  const auto far = claim(world.a, 9, size);
  world.a.meddle = [&](sync::Frame& frame) {
    if (auto* hello = std::get_if<sync::Hello>(&frame))
      hello->journal_certificate = far.certificate;
    if (auto* heads = std::get_if<sync::Heads>(&frame)) heads->mine = far.head;
  };
  world.connect();
  world.run();
  CHECK_FALSE(world.connected());
  CHECK_FALSE((world.b.frozen() || signs(world.b)));
  CHECK_FALSE(alarmed(world.b, "behind"));
  world.a.meddle = nullptr;
  check_goes_on(world);
}

TEST_CASE("an old store is shown its own receipt where the newest generation has none") {
  World world;
  exchange(world, 1);
  const auto old = copy_of(world, world.b);
  renew(world, world.a);
  world.a.say("all that was lost");
  world.converge();
  put_back(world, world.b, old);
  renew(world, world.a);
  world.a.say("under a key that nobody has seen");
  give_back(world, world.b);
  CHECK_FALSE(signs(world.b));
  CHECK(world.b.pair().received->row.origin.generation == 2);
  go_on(world.b);
  check_goes_on(world);
  CHECK(world.b.pair().received->row.origin.generation == 3);
}

TEST_CASE("our journal is not taken back with a hole between two generations") {
  World world;
  exchange(world, 1);
  const auto old = copy_of(world, world.a);
  exchange(world, 3);
  const auto end = world.a.sent_size();
  renew(world, world.a);
  exchange(world, 1);
  put_back(world, world.a, old);
  std::uint64_t asked = 0;
  world.b.meddle = [&](sync::Frame& frame) {
    if (const auto* begin = std::get_if<sync::RecallBegin>(&frame))
      asked = begin->generation == 1 && begin->mine == false ? begin->first.unjudged() : 0;
    if (asked + 1 != end) return;  // the first generation's last entry is kept back
    if (std::holds_alternative<sync::RecallEnd>(frame)) frame = sync::RecallEnd();
    if (std::holds_alternative<sync::Items>(frame)) frame = sync::Ping{7};
  };
  for (int i = 0; i < 6; ++i) {
    if (!world.connected()) world.connect();
    world.run();
  }
  CHECK(recovery_of(world.a) == Recovery::kRecovering);
  CHECK(sent_generation(world.a) == 1);
  CHECK(world.a.sent_size() == end - 1);
  world.b.meddle = nullptr;
  give_back(world, world.a);
  CHECK(sent_generation(world.a) == 2);
  go_on(world.a);
  check_goes_on(world);
}

TEST_CASE("two offices that both lost the newest generations still give each other the rest") {
  World world;
  exchange(world, 1);
  const auto old = copy_of(world, world.b);
  exchange(world, 1);
  renew(world, world.a);
  exchange(world, 1);
  const auto backup = copy_of(world, world.a);
  exchange(world, 1);
  put_back_from_backup(world, world.b, old);
  put_back_from_backup(world, world.a, backup);
  for (int i = 0; i < 20 && (recovery_of(world.a) != Recovery::kRecovered ||
                             recovery_of(world.b) != Recovery::kRecovered);
       ++i) {
    world.cut();
    world.connect(i % 2 == 0 ? world.a : world.b);
    world.run();
    CHECK_FALSE((signs(world.a) || signs(world.b)));
  }
  CHECK(recovery_of(world.a) == Recovery::kRecovered);
  CHECK(recovery_of(world.b) == Recovery::kRecovered);
  CHECK(world.b.pair().received->row.origin.generation == 2);
}

TEST_CASE("what waits for the next generation goes with the pairing") {
  World world;
  exchange(world, 1);
  const auto old = copy_of(world, world.a);
  exchange(world, 2);
  put_back(world, world.a, old);
  world.a.say("accepted since the backup");
  give_back(world, world.a);
  const auto id = world.a.pair().row.id;
  REQUIRE(world.a.office->store().stranded().count(id).value() == 1);
  REQUIRE(office::end(world.a.office->store(), world.a.pair(), "over", world.a.now).has_value());
  CHECK(world.a.office->store().stranded().count(id).value() == 0);
}

TEST_CASE("what two lost receipts covered is given back under the one after them") {
  World world;
  exchange(world, 1);
  const auto old = copy_of(world, world.b);
  for (int i = 0; i < 5'000; ++i) world.a.say("m");
  int receipts = 0;
  world.b.meddle = [&receipts](sync::Frame& frame) {
    if (std::holds_alternative<sync::Receipt>(frame) && ++receipts > 3) frame = sync::Ping{7};
  };
  world.connect();
  world.run();
  world.cut();
  world.b.meddle = nullptr;
  world.converge();
  const auto size = world.a.sent_size();
  const auto heads = world.a.office->store().journals().heads(world.a.pair().sent->row).value();
  std::uint64_t before = 0;
  std::uint64_t largest = 0;
  for (const auto& head : heads)
    largest = std::max(largest, head.size - std::exchange(before, head.size));
  CHECK(largest > limits::kBatchEntriesMax);
  put_back(world, world.b, old);
  give_back(world, world.b);
  CHECK(world.b.received_size() == size);
}

}  // namespace blo::sim
