// A counterpart that holds the right keys and lies, and a stranger that holds the wrong ones.
#include <catch2/catch.hpp>

#include "old_store.h"

namespace blo::sim {
namespace {

/// Lets the last batch's checkpoint be another; nothing of the batch may be stored then.
void check_checkpoint_refused(World& world, const std::function<void(std::string&)>& change) {
  world.converge();
  world.cut();
  world.a.say("under a wrong checkpoint");
  const auto before = world.b.received_size();
  const auto heads_before =
      world.b.office->store().journals().heads(world.b.pair().received->row).value().size();
  world.a.meddle = [&](sync::Frame& frame) {
    if (auto* end = std::get_if<sync::BatchEnd>(&frame)) change(end->checkpoint);
  };
  world.connect();
  world.run();
  CHECK_FALSE(world.connected());
  CHECK_FALSE(world.b.has<sync::Receipt>(true));
  CHECK(world.b.received_size() == before);
  world.b.restart();
  CHECK(world.b.received_size() == before);
  CHECK(world.b.office->store().journals().heads(world.b.pair().received->row).value().size() ==
        heads_before);

  world.a.meddle = nullptr;
  world.converge();
  world.check_converged();
}

/// A body where none belongs, and one of another size than its entry says.
const std::function<void(sync::Items::Part&)> kMisfits[] = {[](sync::Items::Part& part) {
                                                              if (!part.item.content_key.empty())
                                                                return;
                                                              part.item.content_key.assign(32, 7);
                                                              part.item.body.assign(40, 7);
                                                              part.body_bytes = 40;
                                                            },
                                                            [](sync::Items::Part& part) {
                                                              if (part.item.content_key.empty())
                                                                return;
                                                              part.item.body.push_back(7);
                                                              ++part.body_bytes;
                                                            }};

}  // namespace

TEST_CASE("a batch under a checkpoint with a wrong root stores nothing") {
  World world;
  check_checkpoint_refused(world, [&](std::string& checkpoint) {
    const auto& sent = *world.a.pair().sent;
    checkpoint =
        journal::sign_checkpoint({sent.row.origin, sent.row.size(), journal::Hash{1}}, *sent.key)
            .note.encode();
  });
}

TEST_CASE("a batch under a checkpoint of another key stores nothing") {
  World world;
  check_checkpoint_refused(world, [&](std::string& checkpoint) {
    const auto& row = world.a.pair().sent->row;
    checkpoint = journal::sign_checkpoint({row.origin, row.size(), row.frontier.root()},
                                          crypto::SigningKey::generate())
                     .note.encode();
  });
}

TEST_CASE("a batch under a checkpoint of the opposite journal stores nothing") {
  World world;
  check_checkpoint_refused(
      world, [&](std::string& checkpoint) { checkpoint = world.a.pair().received->head->note; });
}

TEST_CASE("a batch with a gap before it ends the connection") {
  World world;
  world.converge();
  world.cut();
  world.a.say("out of place");
  world.a.meddle = [](sync::Frame& frame) {
    if (auto* items = std::get_if<sync::Items>(&frame)) items->first = items->first.unjudged() + 1;
  };
  const auto before = world.b.received_size();
  world.connect();
  world.run();
  CHECK_FALSE(world.connected());
  CHECK(world.b.received_size() == before);
}

TEST_CASE("an altered leaf does not match the checkpoint and stores nothing") {
  World world;
  world.converge();
  world.cut();
  world.a.say("altered on the way");
  world.a.meddle = [](sync::Frame& frame) {
    if (auto* items = std::get_if<sync::Items>(&frame)) items->parts.back().item.entry.back() ^= 1U;
  };
  const auto before = world.b.received_size();
  world.connect();
  world.run();
  CHECK_FALSE(world.connected());
  CHECK(world.b.received_size() == before);
}

TEST_CASE("a receipt that does not verify leaves the message queued") {
  World world;
  const Said message = world.a.say("who confirms this");
  world.b.meddle = [](sync::Frame& frame) {
    if (auto* receipt = std::get_if<sync::Receipt>(&frame)) receipt->signature[0] ^= 1U;
  };
  world.connect();
  world.run();
  CHECK_FALSE(world.connected());
  CHECK(world.a.show(message.number).state == office::MessageState::kQueued);
  world.b.meddle = nullptr;
  world.converge();
  world.check_converged();
}

TEST_CASE("a receipt for a size that was never sent ends the connection") {
  World world;
  const Said message = world.a.say("who confirms this");
  world.b.meddle = [](sync::Frame& frame) {
    if (auto* receipt = std::get_if<sync::Receipt>(&frame))
      receipt->size = receipt->size.unjudged() + 1;
  };
  world.connect();
  world.run();
  CHECK_FALSE(world.connected());
  CHECK(world.a.show(message.number).state == office::MessageState::kQueued);
}

TEST_CASE("another certificate than the one paired with is refused in the hello") {
  for (const bool journal : {false, true}) {
    World world;
    const Kit stranger("UZ-TERMEZ");
    world.a.meddle = [&](sync::Frame& frame) {
      if (auto* hello = std::get_if<sync::Hello>(&frame)) {
        (journal ? hello->journal_certificate : hello->office_certificate) =
            stranger.certificate.bytes();
      }
    };
    world.a.say("not for you");
    world.connect();
    world.run();
    CHECK_FALSE(world.connected());
    CHECK_FALSE(world.b.has<sync::Heads>(true));
    CHECK(world.b.received_size() == 0);
    CHECK(world.b.why_closed.find("certificate") != std::string::npos);
  }
}

TEST_CASE("a hello of a later minor version is no reason to stop") {
  for (const std::uint32_t minor : {1U, 7U, UINT32_MAX}) {
    World world;
    world.a.meddle = [&](sync::Frame& frame) {
      if (auto* hello = std::get_if<sync::Hello>(&frame)) hello->minor = minor;
    };
    world.a.say("from a later version");
    world.b.say("from this one");
    world.converge();
    world.check_converged();
  }
}

TEST_CASE("a second hello ends the connection") {
  World world;
  world.a.meddle = [&](sync::Frame& frame) {
    if (std::holds_alternative<sync::Heads>(frame)) {
      frame = sync::Hello{0, world.a.pair().ours.office.bytes(),
                          world.a.pair().ours.journal.bytes(), 0, 0};
    }
  };
  world.connect();
  world.run();
  CHECK_FALSE(world.connected());
  CHECK(world.b.received_size() == 0);
}

TEST_CASE("a body that its entry does not commit to ends the session and stores nothing") {
  for (const auto& misfit : kMisfits) {
    World world;
    world.a.say("with a body of its own size");
    world.a.meddle = [&misfit](sync::Frame& frame) {
      auto* items = std::get_if<sync::Items>(&frame);
      if (items != nullptr) std::ranges::for_each(items->parts, misfit);
    };
    world.connect();
    world.run();
    CHECK_FALSE(world.connected());
    CHECK(world.b.turned_away == "protocol");
    CHECK(world.b.received_size() == 0);
    CHECK_FALSE(world.b.pair().received->head);
    world.a.meddle = nullptr;
    world.converge();
    world.check_converged();
  }
}

TEST_CASE("a body that its entry does not commit to is not taken when it is given back") {
  for (const auto& misfit : kMisfits) {
    for (const bool ours : {true, false}) {
      INFO((ours ? "of our own journal" : "of the counterpart's journal"));
      World world;
      const auto old = copy_of(world, world.a);
      exchange(world, 2);
      put_back(world, world.a, old);
      bool lies = false;
      world.b.meddle = [&](sync::Frame& frame) {
        if (const auto* begin = std::get_if<sync::RecallBegin>(&frame)) lies = begin->mine != ours;
        auto* items = std::get_if<sync::Items>(&frame);
        if (items != nullptr && lies) std::ranges::for_each(items->parts, misfit);
      };
      world.connect();
      world.run();
      CHECK_FALSE(world.connected());
      CHECK(recovery_of(world.a) == store::Recovery::kRecovering);
      CHECK(world.a.turned_away == "protocol");
      CHECK((ours ? world.a.sent_size() : world.a.received_size()) == 0);
      world.b.meddle = nullptr;
      give_back(world, world.a);
      go_on(world.a);
      world.converge();
      world.check_converged();
    }
  }
}

}  // namespace blo::sim
