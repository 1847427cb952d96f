// The handshake between a session and somebody who may be anybody: a script per attack.
#include <catch2/catch.hpp>

#include "session_pair.h"

namespace blo::session {
namespace {

using State = Session::State;

void check_silent(Session& session, SessionError code) {
  CHECK(session.state() == State::kFailed);
  REQUIRE(session.failure());
  CHECK(*session.failure() == code);
  CHECK(session.to_send().empty());
  CHECK_FALSE(session.deadline());
}

/// A session that is about to read handshake message `number`, and that message as it should be.
struct Scene {
  Session reader;
  Bytes message;
};

Scene before_message(int number) {
  Session dialler = dialling();
  Session responder = answering();
  Bytes first = take_output(dialler);
  if (number == 1) return {std::move(responder), std::move(first)};
  REQUIRE(ok(responder.receive(first)));
  Bytes second = take_output(responder);
  if (number == 2) return {std::move(dialler), std::move(second)};
  REQUIRE(ok(dialler.receive(second)));
  return {std::move(responder), take_output(dialler)};
}

TEST_CASE("two sessions open whatever the portions the bytes come in") {
  for (const std::size_t portion : {1U, 2U, 3U, 7U, 49U, 50U, 51U, 1000U}) {
    Session dialler = dialling();
    Session responder = answering();
    const auto pump = [portion](Session& from, Session& to) {
      const Bytes bytes = take_output(from);
      for (std::size_t at = 0; at < bytes.size(); at += portion) {
        REQUIRE(ok(to.receive(ByteView(bytes).subspan(at, std::min(portion, bytes.size() - at)))));
      }
    };
    pump(dialler, responder);
    CHECK(responder.state() == State::kWaitMessage3);
    CHECK(responder.caller_knows_us());
    pump(responder, dialler);
    pump(dialler, responder);
    REQUIRE(dialler.open());
    REQUIRE(responder.open());
    CHECK(dialler.peer() == pair_of(kResponder).public_key);
    CHECK(responder.peer() == pair_of(kDialler).public_key);
    CHECK(dialler.handshake_hash() == responder.handshake_hash());
    CHECK(dialler.psk_hash() == crypto::sha256(key_of(kPsk).view()));
    CHECK(responder.psk_hash() == dialler.psk_hash());
    CHECK_FALSE(dialler.deadline());
    CHECK_FALSE(responder.deadline());
  }
}

TEST_CASE("a handshake message cut short waits for the rest until the deadline") {
  for (const int number : {1, 2, 3}) {
    const std::size_t size = before_message(number).message.size();
    CHECK(size == (number == 3 ? 66U : 50U));
    for (std::size_t cut = 0; cut < size; ++cut) {
      Scene scene = before_message(number);
      const State before = scene.reader.state();
      REQUIRE(ok(scene.reader.receive(ByteView(scene.message).first(cut))));
      CHECK(scene.reader.state() == before);
      CHECK(scene.reader.to_send().empty());
      REQUIRE(scene.reader.deadline() == kStart + limits::kHandshakeTimeMax);
      REQUIRE(ok(scene.reader.tick(kStart + limits::kHandshakeTimeMax - milliseconds(1))));
      CHECK(fails_with(scene.reader.tick(kStart + limits::kHandshakeTimeMax),
                       SessionError::kTimeout));
      check_silent(scene.reader, SessionError::kTimeout);
      CHECK(fails_with(scene.reader.receive(ByteView(scene.message).subspan(cut)),
                       SessionError::kTimeout));
    }
  }
}

TEST_CASE("a flipped bit anywhere in the handshake ends it in silence") {
  for (const int number : {1, 2, 3}) {
    const std::size_t bits = before_message(number).message.size() * 8;
    for (std::size_t bit = 0; bit < bits; bit += 3) {  // every byte, and in turn every bit
      Scene scene = before_message(number);
      scene.message[bit / 8] ^= static_cast<Byte>(1U << (bit % 8));
      const auto code = bit / 8 < 2 ? SessionError::kFrameSize : SessionError::kHandshake;
      CHECK(fails_with(scene.reader.receive(scene.message), code));
      check_silent(scene.reader, code);
    }
  }
}

TEST_CASE("other protocols and wrong sizes are refused at the second byte") {
  for (const std::string_view greeting : {"GE", "\x16\x03", "SS"}) {
    Session responder = answering();
    CHECK(fails_with(responder.receive(as_bytes(greeting)), SessionError::kFrameSize));
    check_silent(responder, SessionError::kFrameSize);
    CHECK_FALSE(responder.caller_knows_us());
  }
  for (const Byte size : Bytes{0, 15, 16, 47, 49, 64, 255}) {
    Session responder = answering();
    REQUIRE(ok(responder.receive(Bytes{0})));
    CHECK(fails_with(responder.receive(Bytes(1, size)), SessionError::kFrameSize));
  }
}

TEST_CASE("a recording played again gets no further than message 2") {
  Session dialler = dialling();
  Session first = answering();
  const Bytes message_1 = take_output(dialler);
  REQUIRE(ok(first.receive(message_1)));
  const Bytes message_2 = take_output(first);
  REQUIRE(ok(dialler.receive(message_2)));
  const Bytes message_3 = take_output(dialler);
  REQUIRE(ok(first.receive(message_3)));
  REQUIRE(first.open());

  Session second = answering();
  REQUIRE(ok(second.receive(message_1)));
  CHECK(take_output(second) != message_2);
  CHECK(fails_with(second.receive(message_3), SessionError::kHandshake));
  check_silent(second, SessionError::kHandshake);

  Session redialler = dialling();
  (void)take_output(redialler);
  CHECK(fails_with(redialler.receive(message_2), SessionError::kHandshake));
}

TEST_CASE("a message sent back to its sender is refused") {
  Session dialler = dialling();
  const Bytes message_1 = take_output(dialler);
  CHECK(fails_with(dialler.receive(message_1), SessionError::kHandshake));
  check_silent(dialler, SessionError::kHandshake);

  Session responder = answering();
  REQUIRE(ok(responder.receive(message_1)));
  const Bytes message_2 = take_output(responder);
  CHECK(fails_with(responder.receive(message_2), SessionError::kFrameSize));
}

TEST_CASE("an office that calls itself is a stranger") {
  DialOptions options = dial_options();
  options.own_key = pair_of(kResponder);
  Session dialler = dialling(std::move(options));
  Session responder = answering();
  REQUIRE(ok(pass(dialler, responder)));
  REQUIRE(ok(pass(responder, dialler)));
  CHECK(fails_with(pass(dialler, responder), SessionError::kHandshake));
}

TEST_CASE("an unknown peer and a wrong secret look the same") {
  std::vector<std::string> seen;
  for (const bool unknown : {true, false}) {
    DialOptions options = dial_options();
    if (unknown) {
      options.own_key = pair_of(0x55);
    } else {
      options.psk = key_of(0x66);
    }
    Session dialler = dialling(std::move(options));
    Session responder = answering();
    REQUIRE(ok(pass(dialler, responder)));
    REQUIRE(ok(pass(responder, dialler)));
    CHECK(dialler.open());
    const auto refused = pass(dialler, responder);
    CHECK(fails_with(refused, SessionError::kHandshake));
    check_silent(responder, SessionError::kHandshake);
    seen.push_back(refused.error().message());
  }
  CHECK(seen[0] == seen[1]);
}

TEST_CASE("each of the secrets that two offices may have in common is accepted") {
  const std::vector<Byte> accepted{0x77, kPsk};
  for (std::size_t index = 0; index < accepted.size(); ++index) {
    DialOptions dial = dial_options();
    dial.psk = key_of(accepted[index]);
    Session dialler = dialling(std::move(dial));
    AnswerOptions answer = answer_options();
    answer.lookup = knows_dialler(accepted);
    Session responder = answering(std::move(answer));
    REQUIRE(ok(pass(dialler, responder)));
    REQUIRE(ok(pass(responder, dialler)));
    REQUIRE(ok(pass(dialler, responder)));
    CHECK(responder.psk_hash() == crypto::sha256(key_of(accepted[index]).view()));
    CHECK(dialler.handshake_hash() == responder.handshake_hash());
  }
}

TEST_CASE("another office or network or key is refused at message 1") {
  std::vector<DialOptions> wrong;
  for (int i = 0; i < 3; ++i) wrong.push_back(dial_options());
  wrong[0].responder = office("TJ-PANJAKENT");
  wrong[1].network = Network::kExercise;
  wrong[2].responder_key = pair_of(0x44).public_key;
  for (DialOptions& options : wrong) {
    Session dialler = dialling(std::move(options));
    Session responder = answering();
    CHECK(fails_with(pass(dialler, responder), SessionError::kHandshake));
    check_silent(responder, SessionError::kHandshake);
    CHECK_FALSE(responder.caller_knows_us());
  }
}

TEST_CASE("keys of low order are refused wherever they come from") {
  // 0, 1 and p - 1: each times any scalar is zero.
  std::vector<crypto::DhPublic> low_order(3, crypto::DhPublic{});
  low_order[1][0] = 1;
  low_order[2].fill(0xff);
  low_order[2][0] = 0xec;
  low_order[2][31] = 0x7f;
  for (const crypto::DhPublic& point : low_order) {
    DialOptions options = dial_options();
    options.responder_key = point;
    Session misled = dialling(std::move(options));
    check_silent(misled, SessionError::kLowOrderKey);
    CHECK(fails_with(misled.receive({}), SessionError::kLowOrderKey));

    Bytes message{0, 48};
    append(message, point);
    message.resize(2 + 48);
    Session responder = answering();
    CHECK(fails_with(responder.receive(message), SessionError::kLowOrderKey));
    check_silent(responder, SessionError::kLowOrderKey);

    Session dialler = dialling();
    CHECK(fails_with(dialler.receive(message), SessionError::kLowOrderKey));
    check_silent(dialler, SessionError::kLowOrderKey);

    const crypto::DhKeyPair own{key_of(kDialler), point};
    options = dial_options();
    options.own_key = own.clone();
    Session low_static = dialling(std::move(options));
    Session reader = answering();
    REQUIRE(ok(pass(low_static, reader)));
    REQUIRE(ok(pass(reader, low_static)));
    CHECK(fails_with(pass(low_static, reader), SessionError::kLowOrderKey));
  }
}

TEST_CASE("the first error is final and every later call repeats it") {
  Session responder = answering();
  REQUIRE_FALSE(ok(responder.receive(Bytes{9, 9})));
  CHECK(fails_with(responder.receive(Bytes{0, 48}), SessionError::kFrameSize));
  CHECK(fails_with(responder.next_frame(), SessionError::kFrameSize));
  CHECK(fails_with(responder.send(Bytes{1}), SessionError::kFrameSize));
  CHECK(fails_with(responder.tick(kStart), SessionError::kFrameSize));
  CHECK_FALSE(responder.rekey_due(kStart + limits::kRekeyTime));
}

TEST_CASE("the time for the handshake can be set and ends with it") {
  AnswerOptions options = answer_options();
  options.handshake_time = milliseconds(5);
  Session responder = answering(std::move(options));
  CHECK(responder.deadline() == kStart + milliseconds(5));

  OpenPair pair;
  CHECK(ok(pair.dialler.tick(kStart + limits::kSessionTimeMax)));
  CHECK(ok(pair.responder.tick(kStart + limits::kSessionTimeMax)));
}

}  // namespace
}  // namespace blo::session
