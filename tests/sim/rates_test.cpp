// What a counterpart may ask for how often, and how its batches are committed.
#include <catch2/catch.hpp>

#include "office/challenge.h"
#include "world.h"

namespace blo::sim {
namespace {

/// A line to a peer of `node`, on which a test says what it likes.
struct OpenLine : office::Line {
  void send_frame(ByteView plaintext) override {
    heard.push_back(sync::parse_frame(plaintext).value());
  }
  void rekey_sending() override {}
  void rekey_receiving() override {}
  [[nodiscard]] bool rekey_due(SteadyTime) const override { return false; }
  void close() override { closed = true; }
  [[nodiscard]] std::size_t queued_bytes() const override { return queued; }

  template <class Frame>
  [[nodiscard]] auto count() const {
    return std::ranges::count_if(
        heard, [](const sync::Frame& one) { return std::holds_alternative<Frame>(one); });
  }

  std::vector<sync::Frame> heard;
  std::size_t queued = 0;
  bool closed = false;
};

/// Both peers, a frame at a time.
struct Session {
  explicit Session(World& of)
      : world(of),
        a(of.a.office->peer_context(of.a), of.a.pair(), line_a, of.a.secret(), of.a.now),
        b(of.b.office->peer_context(of.b), of.b.pair(), line_b, of.b.secret(), of.b.now) {
    a.activate(of.a.now);
    b.activate(of.b.now);
    pass_all();
  }
  /// Everything that is on its way arrives; batches at b stay with the test where `keep`.
  void pass_all(bool keep = false) {
    while (done_a < line_a.heard.size() || done_b < line_b.heard.size()) {
      if (done_a < line_a.heard.size()) {
        b.on_frame(sync::encode_frame(line_a.heard[done_a++]), world.b.now);
        if (!keep) work(b, world.b);
      }
      if (done_b < line_b.heard.size()) {
        a.on_frame(sync::encode_frame(line_b.heard[done_b++]), world.a.now);
        work(a, world.a);
      }
    }
  }
  static void work(office::Peer& peer, Node& node) {
    while (auto batch = peer.take_work()) {
      batch->judge(0, batch->size());
      peer.complete(std::move(*batch), node.now);
    }
  }

  World& world;
  OpenLine line_a;
  OpenLine line_b;
  std::size_t done_a = 0;
  std::size_t done_b = 0;
  office::Peer a;
  office::Peer b;
};

}  // namespace

TEST_CASE("pings are answered one a second") {
  World world;
  Session session(world);
  const auto before = session.line_b.count<sync::Pong>();
  for (int i = 0; i < 1000; ++i) session.b.on_frame(sync::encode_frame(sync::Ping{7}), world.b.now);
  CHECK(session.line_b.count<sync::Pong>() - before == limits::kPingsAtOnce);
  world.pass(seconds(1));
  session.b.on_frame(sync::encode_frame(sync::Ping{7}), world.b.now);
  CHECK(session.line_b.count<sync::Pong>() - before == limits::kPingsAtOnce + 1);
  CHECK_FALSE(session.line_b.closed);
}

TEST_CASE("offers of a secret are answered one a minute over all sessions") {
  World world;
  // TJ-FOTEHOBOD has the smaller id: it offers, and UZ-OYBEK answers.
  int answers = 0;
  for (int times = 0; times < 3; ++times) {
    Session session(world);
    for (int i = 0; i < 100; ++i) {
      const std::uint64_t number = world.a.pair().row.secret_number + 1;
      session.a.on_frame(sync::encode_frame(sync::SecretOffer{number, {}}), world.a.now);
    }
    answers += static_cast<int>(session.line_a.count<sync::SecretAnswer>());
    CHECK_FALSE(session.line_a.closed);
  }
  CHECK(answers == static_cast<int>(limits::kSecretOffersAtOnce));
  world.pass(limits::kSecretOfferEvery);
  Session session(world);
  session.a.on_frame(
      sync::encode_frame(sync::SecretOffer{world.a.pair().row.secret_number + 1, {}}), world.a.now);
  CHECK(session.line_a.count<sync::SecretAnswer>() == 1);
}

TEST_CASE("an offer that was not answered is made again in the same session") {
  World world;
  Session session(world);
  REQUIRE(world.b.office->rotate(world.b.pair()).has_value());
  const auto lose = [&] { session.done_b = session.line_b.heard.size(); };
  session.b.tick(world.b.now);
  lose();
  CHECK(session.line_b.count<sync::SecretOffer>() == 1);
  const auto before = session.line_b.count<sync::SecretOffer>();
  world.pass(limits::kSecretOfferEvery);
  session.b.tick(world.b.now);
  CHECK(session.line_b.count<sync::SecretOffer>() == before + 1);
}

TEST_CASE("ten audit challenges a day are entered") {
  World world;
  int entered = 0;
  for (int i = 0; i < 30; ++i) {
    const auto done = office::enter_challenge(*world.a.office, world.a.pair(),
                                              "challenge " + std::to_string(i), world.a.now);
    if (done) ++entered;
    if (!done) CHECK(done.error() == office::OfficeError::kTooOften);
  }
  CHECK(entered == 10);
}

TEST_CASE("batches that wait together are committed together, each with its own receipt") {
  World world;
  world.a.say("the first");
  Session session(world);
  world.a.say("the second");
  session.a.pump(world.a.now);
  session.pass_all();
  const auto receipts = session.line_b.count<sync::Receipt>();
  const auto heads_before =
      world.b.office->store().journals().heads(world.b.pair().received->row).value().size();
  for (const char* text : {"the third", "the fourth"}) {
    world.a.hand_in(world.a.submission(alert(text)));
    session.a.pump(world.a.now);
  }
  session.pass_all(true);
  std::vector<office::IncomingBatch> batches;
  while (auto batch = session.b.take_work()) batches.push_back(std::move(*batch));
  REQUIRE(batches.size() == 2);
  const auto before = world.b.received_size();
  batches[0].judge(0, batches[0].size());
  session.b.complete(std::move(batches[0]), world.b.now, office::Peer::More::kWaits);
  // Nothing is given for what is not committed.
  CHECK(session.line_b.count<sync::Receipt>() == receipts);
  CHECK(world.b.received_size() == before);
  batches[1].judge(0, batches[1].size());
  session.b.complete(std::move(batches[1]), world.b.now, office::Peer::More::kWaits);
  CHECK(session.line_b.count<sync::Receipt>() == receipts + 2);
  CHECK(world.b.received_size() == before + 2);
  CHECK(world.b.office->store().journals().heads(world.b.pair().received->row).value().size() ==
        heads_before + 2);
  session.pass_all();
  CHECK(world.a.pair().sent->head->checkpoint.size == world.a.sent_size());
}

TEST_CASE("a batch waits fifty milliseconds for another one and no longer") {
  World world;
  Session session(world);
  world.a.hand_in(world.a.submission(alert("alone")));
  session.a.pump(world.a.now);
  session.pass_all(true);
  const auto receipts = session.line_b.count<sync::Receipt>();
  auto batch = session.b.take_work();
  REQUIRE(batch);
  batch->judge(0, batch->size());
  session.b.complete(std::move(*batch), world.b.now, office::Peer::More::kWaits);
  Now later = world.b.now;
  later.steady += limits::kCommitWaitMax - milliseconds(1);
  session.b.on_frame(sync::encode_frame(sync::Ping{1}), later);
  CHECK(session.line_b.count<sync::Receipt>() == receipts);
  later.steady += milliseconds(1);
  session.b.on_frame(sync::encode_frame(sync::Ping{2}), later);
  CHECK(session.line_b.count<sync::Receipt>() == receipts + 1);
}

TEST_CASE("of two batches the good one is kept where the one behind it does not hold") {
  World world;
  auto session = std::make_unique<Session>(world);
  world.a.hand_in(world.a.submission(alert("good")));
  session->a.pump(world.a.now);
  const auto good = world.a.sent_size();
  world.a.hand_in(world.a.submission(alert("bad")));
  session->a.pump(world.a.now);
  // The second checkpoint is another one than that of its entries.
  auto* end = std::get_if<sync::BatchEnd>(&session->line_a.heard.back());
  REQUIRE(end != nullptr);
  const auto& sent = *world.a.pair().sent;
  end->checkpoint =
      journal::sign_checkpoint({sent.row.origin, sent.row.size(), journal::Hash{1}}, *sent.key)
          .note.encode();
  REQUIRE(world.b.received_size() < good);
  session->pass_all(true);
  std::vector<office::IncomingBatch> batches;
  while (auto batch = session->b.take_work()) batches.push_back(std::move(*batch));
  REQUIRE(batches.size() == 2);
  for (auto& batch : batches) {
    batch.judge(0, batch.size());
    session->b.complete(std::move(batch), world.b.now, office::Peer::More::kWaits);
  }
  CHECK(session->line_b.closed);
  CHECK(world.b.received_size() == good);
  const auto root = world.b.pair().received->row.frontier.root();
  session.reset();  // it speaks for the office that ends now
  world.b.restart();
  CHECK(world.b.received_size() == good);
  CHECK(world.b.pair().received->row.frontier.root() == root);
}

TEST_CASE("a third batch before the first receipt ends the session") {
  World world;
  Session session(world);
  for (const char* text : {"one", "two"}) {
    world.a.hand_in(world.a.submission(alert(text)));
    session.a.pump(world.a.now);
  }
  session.pass_all(true);
  CHECK_FALSE(session.line_b.closed);
  const auto& sent = *world.a.pair().sent;
  const auto entry =
      world.a.office->store().journals().entry(sent.row, sent.row.size() - 1).value();
  session.b.on_frame(sync::encode_frame(sync::Items{sent.row.size(), {{{entry.leaf, {}, {}}, 0}}}),
                     world.b.now);
  session.b.on_frame(sync::encode_frame(sync::BatchEnd{"any"}), world.b.now);
  CHECK(session.line_b.closed);
  CHECK(session.b.turned_away() == "protocol");
}

TEST_CASE("a question before the last answer has left ends the session") {
  World world;
  world.a.say("something to give back");
  Session session(world);
  const auto ask = [&] {
    session.b.on_frame(sync::encode_frame(sync::Recall{false, 1, 0}), world.b.now);
  };
  ask();
  CHECK(session.line_b.count<sync::RecallEnd>() == 1);
  ask();
  CHECK(session.line_b.count<sync::RecallEnd>() == 2);
  session.line_b.queued = limits::kUnsentAnswerBytesMax + 1;
  ask();
  CHECK(session.line_b.count<sync::RecallEnd>() == 2);
  CHECK(session.line_b.closed);
}

}  // namespace blo::sim
