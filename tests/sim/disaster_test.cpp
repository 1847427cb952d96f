// What the worst moments leave behind is mended, too: deaths between two frames, lies told while a
// store is given back, and storms of all of it.
#include <catch2/catch.hpp>

#include "office/records.h"
#include "office/retention.h"
#include "old_store.h"

namespace blo::sim {
namespace {

using store::Recovery;

journal::Stamp stamp_at(Node& node, const store::JournalRow& row, std::uint64_t index) {
  const auto stored = node.office->store().journals().entry(row, index).value();
  return journal::Entry::parse(stored.leaf).value().stamp;
}

/// That our newest generation's stamps go on from those of the one before.
void check_start(Node& node) {
  const auto& before = node.pair().sent->earlier.back();
  CHECK(
      stamp_at(node, node.pair().sent->row, 0).follows(stamp_at(node, before, before.size() - 1)));
}

void settle(World& world) {
  const auto done = [&] {
    return !world.a.frozen() && !world.b.frozen() &&
           world.a.sent_size() == world.b.received_size() &&
           world.b.sent_size() == world.a.received_size() && world.a.pair().sent->head &&
           world.b.pair().sent->head &&
           world.a.pair().sent->head->checkpoint.size == world.a.sent_size() &&
           world.b.pair().sent->head->checkpoint.size == world.b.sent_size();
  };
  for (int i = 0; i < 40 && !done(); ++i) {
    world.cut();
    world.connect(i % 2 == 0 ? world.a : world.b);
    world.run();
    world.cut();
    for (Node* node : {&world.a, &world.b}) {
      if (recovery_of(*node) == Recovery::kRecovered)
        REQUIRE(node->office->recover(node->pair(), node->now).has_value());
    }
  }
  CHECK(done());
}
/// What an auditor would find in our journals by themselves.
void check_reads(Node& node) {
  for (const auto* row : node.pair().generations(true)) {
    journal::Reader reader(row->origin, node.kit.keys().certificate);
    REQUIRE(node.office->store()
                .journals()
                .entries(*row, 0, row->size(),
                         [&](store::StoredEntry stored) {
                           const auto entry = reader.read(journal::parse_leaf(stored.leaf),
                                                          journal::StampVerdict::kHolds);
                           INFO(row->origin.text()
                                << " entry " << entry.index << " " << entry.detail);
                           CHECK_FALSE(entry.refusal.has_value());
                           return true;
                         })
                .has_value());
  }
}
/// Messages, cuts, deaths, renewals and disks put back, in any order; then everybody comes to rest.
class Storm {
 public:
  /// `both`: copies of both offices' disks are put back; else of one's alone.
  Storm(std::uint64_t salt, bool both) : world_(salt), both_(both) {}

  void run() {
    for (int i = 0; i < 40; ++i) {
      happen(world_.random(2) == 0 ? world_.a : world_.b);
      if (world_.random(4) == 0) world_.pass(seconds(2));
    }
    settle(world_);
    for (Node* node : {&world_.a, &world_.b}) {
      check_reads(*node);
      for (const auto* row : node->pair().generations(false)) CHECK(row->refused == 0);
    }
  }

 private:
  void happen(Node& node) {
    const auto what = world_.random(12);
    if (what < 3) {
      if (node.pair().carries_messages()) node.say("something");
    } else if (what < 7) {
      connect(node);
    } else if (what == 7) {
      world_.cut();
      static_cast<void>(node.office->open_next_generation(node.pair(), node.now));
    } else if (what == 8) {
      if (&node == &world_.a || both_) copies(node).push_back(copy_of(world_, node));
    } else if (what == 9) {
      put_one_back(node);
    } else if (what == 10) {
      if (recovery_of(node) != Recovery::kRecovered) return;
      world_.cut();
      REQUIRE(node.office->recover(node.pair(), node.now).has_value());
    } else {
      world_.crash(node);
    }
  }

  void connect(Node& node) {
    if (!world_.connected()) world_.connect(node);
    if (world_.random(3) == 0) world_.cut_after(200 + world_.random(12'000));
    world_.run();
    if (world_.random(2) == 0) world_.cut();
  }

  void put_one_back(Node& node) {
    auto& all = copies(node);
    if (all.empty()) return;
    const auto which = world_.random(all.size());
    const bool from_backup = world_.random(2) == 0;
    put_back(world_, node, all[which]);
    // In one line of time nobody has what was written after it any more.
    if (both_) all.resize(which + 1);
    if (!from_backup || !node.pair().carries_messages()) return;
    begin_recovery(node);
  }

  std::vector<std::vector<Bytes>>& copies(Node& node) {
    return &node == &world_.a ? copies_a_ : copies_b_;
  }

  World world_;
  bool both_;
  std::vector<std::vector<Bytes>> copies_a_;
  std::vector<std::vector<Bytes>> copies_b_;
};

}  // namespace

TEST_CASE("a machine that died between a refusal and its receipt comes back") {
  World world;
  const Said said = world.b.say("evidence");
  world.a.say("x");
  world.converge();
  REQUIRE(office::place_hold(*world.a.office, said.number, "a court", 1, world.a.now).has_value());
  const auto old = copy_of(world, world.a);
  const office::RetentionRules rules{{1, std::chrono::hours(1), "Act 12"}};
  const Now later{world.b.now.wall + std::chrono::hours(2), world.b.now.steady};
  REQUIRE(office::apply_retention(*world.b.office, rules, 100, 7, later)->erased >= 1);
  // The line breaks right before the receipt arrives.
  world.a.meddle = [](sync::Frame& frame) {
    if (std::holds_alternative<sync::Receipt>(frame)) frame = sync::Ping{7};
  };
  world.connect();
  world.run();
  world.a.meddle = nullptr;
  world.cut();
  put_back(world, world.a, old);
  give_back(world, world.a);
  go_on(world.a);
  for (int i = 0; i < 5; ++i) {
    world.cut();
    world.connect();
    world.run();
  }
  world.cut();
  CHECK(world.b.pair().received->row.origin.generation == 2);
  check_start(world.a);
}

TEST_CASE("a counterpart that keeps back its newest entries does not spoil our journal") {
  World world;
  exchange(world, 1);
  const auto old = copy_of(world, world.a);
  sync::Head older;
  older.generation = 1;
  const auto head = *world.b.pair().sent->head;
  older.size = head.checkpoint.size;
  older.checkpoint = head.note;
  older.receipt = sync::HeadReceipt{head.receipt.time_s, head.receipt.signature};
  exchange(world, 2);
  put_back(world, world.a, old);
  bool theirs = false;
  world.b.meddle = [&](sync::Frame& frame) {
    if (auto* heads = std::get_if<sync::Heads>(&frame)) heads->mine = older;
    if (const auto* begin = std::get_if<sync::RecallBegin>(&frame)) theirs = begin->mine;
    if (!theirs) return;
    if (std::holds_alternative<sync::RecallEnd>(frame)) frame = sync::RecallEnd();
    if (std::holds_alternative<sync::Items>(frame)) frame = sync::Ping{7};
  };
  give_back(world, world.a);
  world.b.meddle = nullptr;
  go_on(world.a);
  check_start(world.a);
  give_back(world, world.a);  // it is shown at last, and our own receipt with it
  go_on(world.a);
  world.cut();
  world.converge();
  CHECK(world.b.pair().received->row.origin.generation == 2);
}

TEST_CASE("a counterpart that forks while it gives back does not keep the office from starting") {
  World world;
  exchange(world, 2);
  renew(world, world.a);
  put_back_from_backup(world, world.a, copy_of(world, world.a));
  world.b.meddle = [&](sync::Frame& frame) {
    if (std::holds_alternative<sync::RecallBegin>(frame)) frame = sync::Close{};
  };
  world.connect();
  world.run();
  world.cut();
  REQUIRE(recovery_of(world.a) == Recovery::kRecovering);
  const auto& sent = *world.b.pair().sent;
  const auto lie = journal::sign_checkpoint(
      {sent.row.origin, sent.head->checkpoint.size, journal::Hash{1}}, *sent.key);
  world.b.meddle = [&](sync::Frame& frame) {
    if (auto* heads = std::get_if<sync::Heads>(&frame)) heads->mine.checkpoint = lie.note.encode();
  };
  world.connect();
  world.run();
  world.cut();
  CHECK(world.a.frozen());
  world.a.office.reset();
  const auto opened = office::Office::open(world.a.kit.keys(), world.a.path);
  CHECK(opened.has_value());
}

TEST_CASE("a message id that the counterpart has used does not keep a store from coming back") {
  World world;
  exchange(world, 1);
  const auto old = copy_of(world, world.a);
  const auto old_b = copy_of(world, world.b);
  const Said lost = world.a.say("lost with the disk");
  world.converge();
  const auto new_b = copy_of(world, world.b);
  put_back(world, world.a, old);
  put_back(world, world.b, old_b);  // B shows nothing of what it holds, and takes the id
  auto made = world.b.submission(alert("mine"));
  auto envelope = journal::Envelope::parse(made.envelope).value();
  envelope.message_id = lost.id;
  made.envelope = envelope.encode();
  made.signature = crypto::sign(crypto::Purpose::kEnvelope, world.b.kit.officer, {made.envelope});
  REQUIRE(world.b.office->outgoing()
              .accept(world.b.pair(), world.b.officer().certificate.fingerprint(), {made}, nullptr,
                      world.b.now)
              .front()
              .has_value());
  world.converge();
  put_back(world, world.b, new_b);  // now it shows it
  for (int i = 0; i < 6 && recovery_of(world.a) != Recovery::kRecovered; ++i) {
    world.connect();
    world.run();
    world.cut();
  }
  CHECK(recovery_of(world.a) == Recovery::kRecovered);
}

TEST_CASE("disasters in any order come to rest") {
  for (std::uint64_t salt = 0; salt < 40; ++salt) {
    CAPTURE(salt);
    Storm(salt, salt % 2 == 0).run();
  }
}

}  // namespace blo::sim
