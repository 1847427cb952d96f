// An open session: frames, rekeying, and what happens to frames on a hostile line.
#include "session/session.h"

#include <catch2/catch.hpp>

#include "session_pair.h"

namespace blo::session {
namespace {

Bytes frame_of(std::uint64_t number) {
  Bytes frame;
  append_be(frame, number);
  return frame;
}

TEST_CASE("frames of every allowed size arrive in order and both ways") {
  OpenPair pair;
  const std::vector<Bytes> frames{
      {1}, Bytes(15, 2), Bytes(16, 3), Bytes(20'000, 4), Bytes(limits::kFramePlaintextBytesMax, 5)};
  for (int round = 0; round < 2; ++round) {
    Session& from = round == 0 ? pair.dialler : pair.responder;
    Session& to = round == 0 ? pair.responder : pair.dialler;
    for (const Bytes& frame : frames) REQUIRE(ok(from.send(frame)));
    REQUIRE(ok(pass(from, to)));
    CHECK(read_frames(to) == frames);
  }
}

TEST_CASE("a frame that is empty or too long is not sent and the session stays") {
  OpenPair pair;
  CHECK(fails_with(pair.dialler.send({}), SessionError::kFrameSize));
  CHECK(fails_with(pair.dialler.send(Bytes(limits::kFramePlaintextBytesMax + 1)),
                   SessionError::kFrameSize));
  CHECK(pair.dialler.to_send().empty());
  REQUIRE(ok(pair.dialler.send(Bytes{1})));
  REQUIRE(ok(pass(pair.dialler, pair.responder)));
  CHECK(read_frames(pair.responder) == std::vector<Bytes>{{1}});
}

TEST_CASE("frames are read whatever the portions they come in") {
  for (const std::size_t portion : {1U, 2U, 5U, 26U, 1000U}) {
    OpenPair pair;
    std::vector<Bytes> sent;
    for (std::uint64_t i = 0; i < 20; ++i) {
      sent.push_back(frame_of(i));
      REQUIRE(ok(pair.dialler.send(sent.back())));
    }
    const Bytes stream = take_output(pair.dialler);
    std::vector<Bytes> read;
    for (std::size_t at = 0; at < stream.size(); at += portion) {
      REQUIRE(ok(pair.responder.receive(
          ByteView(stream).subspan(at, std::min(portion, stream.size() - at)))));
      for (Bytes& frame : read_frames(pair.responder)) read.push_back(std::move(frame));
    }
    CHECK(read == sent);
  }
}

TEST_CASE("frames that come together with message 3 are read") {
  Session dialler = dialling();
  Session responder = answering();
  REQUIRE(ok(pass(dialler, responder)));
  REQUIRE(ok(pass(responder, dialler)));
  REQUIRE(ok(dialler.send(Bytes{42})));
  REQUIRE(ok(pass(dialler, responder)));
  REQUIRE(responder.open());
  CHECK(read_frames(responder) == std::vector<Bytes>{{42}});
}

TEST_CASE("nothing is read before the session is open") {
  Session responder = answering();
  CHECK_FALSE(responder.next_frame().value());
}

TEST_CASE("a frame cut at any byte is not given out") {
  OpenPair pair;
  REQUIRE(ok(pair.dialler.send(frame_of(1))));
  const Bytes stream = take_output(pair.dialler);
  for (const Byte byte : stream) {
    CHECK_FALSE(pair.responder.next_frame().value());
    REQUIRE(ok(pair.responder.receive(Bytes{byte})));
  }
  CHECK(read_frames(pair.responder) == std::vector<Bytes>{frame_of(1)});
}

TEST_CASE("a flipped bit ends the session after the frames before it") {
  const std::size_t size = 2 + 8 + limits::kTagBytes;
  for (std::size_t at = 2; at < size; ++at) {
    OpenPair pair;
    REQUIRE(ok(pair.dialler.send(frame_of(1))));
    REQUIRE(ok(pair.dialler.send(frame_of(2))));
    REQUIRE(ok(pair.dialler.send(frame_of(3))));
    REQUIRE(ok(pair.responder.send(frame_of(9))));
    Bytes stream = take_output(pair.dialler);
    stream[size + at] ^= static_cast<Byte>(1U << (at % 8));
    REQUIRE(ok(pair.responder.receive(stream)));
    CHECK(read_frames(pair.responder) == std::vector<Bytes>{frame_of(1)});
    CHECK(fails_with(pair.responder.next_frame(), SessionError::kCiphertext));
    CHECK(pair.responder.state() == Session::State::kFailed);
    CHECK(pair.responder.to_send().empty());
    CHECK(pair.responder.peer() == pair_of(kDialler).public_key);
  }
}

TEST_CASE("a length that holds no byte and tag ends the session at once") {
  for (Byte length = 0; length <= limits::kTagBytes; ++length) {
    OpenPair pair;
    REQUIRE(ok(pair.responder.receive(Bytes{0, length})));
    CHECK(fails_with(pair.responder.next_frame(), SessionError::kFrameSize));
    CHECK(fails_with(pair.responder.receive(Bytes{1}), SessionError::kFrameSize));
  }
}

TEST_CASE("a frame repeated or left out or out of order ends the session") {
  // Which of the frames 0, 1, 2 arrive; the last of them is the one out of place.
  const std::vector<std::vector<std::size_t>> orders{{0, 0}, {1}, {0, 2}, {0, 1, 0}};
  for (const auto& order : orders) {
    OpenPair pair;
    std::vector<Bytes> frames;
    for (std::uint64_t i = 0; i < 3; ++i) {
      REQUIRE(ok(pair.dialler.send(frame_of(i))));
      frames.push_back(take_output(pair.dialler));
    }
    for (std::size_t i = 0; i < order.size(); ++i) {
      REQUIRE(ok(pair.responder.receive(frames[order[i]])));
      const auto frame = pair.responder.next_frame();
      CHECK(frame.has_value() == (i + 1 < order.size()));
    }
    CHECK(fails_with(pair.responder.next_frame(), SessionError::kCiphertext));
  }
}

TEST_CASE("a frame sent back to its sender ends the session") {
  OpenPair pair;
  REQUIRE(ok(pair.dialler.send(frame_of(1))));
  REQUIRE(ok(pair.dialler.receive(take_output(pair.dialler))));
  CHECK(fails_with(pair.dialler.next_frame(), SessionError::kCiphertext));
}

TEST_CASE("a frame of one session means nothing in another between the same offices") {
  OpenPair first;
  OpenPair second;
  CHECK(first.dialler.handshake_hash() != second.dialler.handshake_hash());
  REQUIRE(ok(first.dialler.send(frame_of(1))));
  REQUIRE(ok(pass(first.dialler, second.responder)));
  CHECK(fails_with(second.responder.next_frame(), SessionError::kCiphertext));
}

TEST_CASE("both directions rekey in mid-stream") {
  OpenPair pair;
  const Bytes announcement{0xff};
  for (int round = 0; round < 2; ++round) {
    Session& from = round == 0 ? pair.dialler : pair.responder;
    Session& to = round == 0 ? pair.responder : pair.dialler;
    REQUIRE(ok(from.send(frame_of(1))));
    REQUIRE(ok(from.send(announcement)));
    from.rekey_sending(kStart);
    REQUIRE(ok(from.send(frame_of(2))));
    REQUIRE(ok(from.send(announcement)));
    from.rekey_sending(kStart);
    REQUIRE(ok(from.send(frame_of(3))));
    REQUIRE(ok(pass(from, to)));  // all at once: frames are opened as they are read
    std::vector<Bytes> read;
    for (;;) {
      auto frame = to.next_frame();
      REQUIRE(ok(frame));
      if (!*frame) break;
      if (**frame == announcement) {
        to.rekey_receiving();
      } else {
        read.push_back(**frame);
      }
    }
    CHECK(read == std::vector<Bytes>{frame_of(1), frame_of(2), frame_of(3)});
  }
}

TEST_CASE("a rekey that only one side makes ends the session") {
  OpenPair pair;
  pair.dialler.rekey_sending(kStart);
  REQUIRE(ok(pair.dialler.send(frame_of(1))));
  REQUIRE(ok(pass(pair.dialler, pair.responder)));
  CHECK(fails_with(pair.responder.next_frame(), SessionError::kCiphertext));
}

TEST_CASE("a rekey is due after so many frames or so long and not before") {
  OpenPair pair;
  CHECK_FALSE(pair.dialler.rekey_due(kStart + limits::kRekeyTime - milliseconds(1)));
  CHECK(pair.dialler.rekey_due(kStart + limits::kRekeyTime));
  const SteadyTime later = kStart + limits::kRekeyTime;
  pair.dialler.rekey_sending(later);
  CHECK_FALSE(pair.dialler.rekey_due(later));
  for (std::uint64_t i = 0; i < limits::kRekeyMessages; ++i) {
    CHECK_FALSE(pair.dialler.rekey_due(later));
    REQUIRE(ok(pair.dialler.send(Bytes{1})));
    (void)take_output(pair.dialler);
  }
  CHECK(pair.dialler.rekey_due(later));
  pair.dialler.rekey_sending(later);
  CHECK_FALSE(pair.dialler.rekey_due(later));
  CHECK(pair.dialler.rekey_due(later + limits::kRekeyTime));
}

TEST_CASE("bytes to send stay until they are said to have gone") {
  OpenPair pair;
  REQUIRE(ok(pair.dialler.send(frame_of(1))));
  const Bytes first = to_bytes(pair.dialler.to_send());
  REQUIRE(ok(pair.dialler.send(frame_of(2))));
  const Bytes both = to_bytes(pair.dialler.to_send());
  REQUIRE(both.size() == 2 * first.size());
  CHECK(equal(ByteView(both).first(first.size()), first));
  for (const Byte byte : both) {
    REQUIRE_FALSE(pair.dialler.to_send().empty());
    CHECK(pair.dialler.to_send()[0] == byte);
    pair.dialler.sent(1);
  }
  CHECK(pair.dialler.to_send().empty());
}

TEST_CASE("a peer that does not read ends the session before the queue passes its limit") {
  OpenPair pair;
  const Bytes frame(limits::kFramePlaintextBytesMax, 1);
  std::size_t queued = 0;
  for (;;) {
    const auto sent = pair.dialler.send(frame);
    if (!sent) {
      CHECK(sent.error() == SessionError::kQueueFull);
      break;
    }
    REQUIRE(pair.dialler.to_send().size() > queued);
    queued = pair.dialler.to_send().size();
    REQUIRE(queued <= limits::kSendQueueBytesMax);
  }
  CHECK(queued + 2 + limits::kNoiseMessageBytesMax > limits::kSendQueueBytesMax);
  CHECK(pair.dialler.to_send().empty());
  CHECK(pair.dialler.state() == Session::State::kFailed);
}

}  // namespace
}  // namespace blo::session
