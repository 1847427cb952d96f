#include "control/framing.h"

#include <catch2/catch.hpp>

#include "base/hex.h"
#include "base/limits.h"

namespace blo::control {
namespace {

// Each hex text below stands in docs/format/control.md.

TEST_CASE("a frame is its length in four bytes and the message") {
  CHECK(to_hex(frame(*from_hex("0a00")).value()) == "000000020a00");
  CHECK(to_hex(frame({}).value()) == "00000000");
}

TEST_CASE("a message comes out whole however its bytes are cut") {
  const Bytes message = to_bytes("a message of some length");
  Bytes stream = frame(message).value();
  append(stream, ByteView(frame(to_bytes("second")).value()));
  for (std::size_t cut = 1; cut < stream.size(); ++cut) {
    Deframer deframer(limits::kControlFrameBytesMax);
    std::vector<Bytes> taken;
    for (std::size_t at = 0; at < stream.size(); at += cut) {
      deframer.feed(ByteView(stream).subspan(at, std::min(cut, stream.size() - at)));
      for (;;) {
        const auto next = deframer.next();
        REQUIRE(next.has_value());
        if (!*next) break;
        taken.push_back(**next);
      }
    }
    REQUIRE(taken.size() == 2);
    CHECK(taken[0] == message);
    CHECK(taken[1] == to_bytes("second"));
  }
}

TEST_CASE("a message larger than any frame is an error") {
  CHECK(frame(Bytes(limits::kControlFrameBytesMax)).has_value());
  CHECK(frame(Bytes(limits::kControlFrameBytesMax + 1)).error() == ControlError::kTooLarge);
}

TEST_CASE("a message is not given out before its last byte") {
  const Bytes framed = frame(to_bytes("message")).value();
  Deframer deframer(limits::kControlFrameBytesMax);
  deframer.feed(ByteView(framed).first(framed.size() - 1));
  const auto early = deframer.next();
  REQUIRE(early.has_value());
  CHECK_FALSE(early->has_value());
  deframer.feed(ByteView(framed).last(1));
  const auto whole = deframer.next();
  REQUIRE(whole.has_value());
  CHECK(**whole == to_bytes("message"));
}

TEST_CASE("a length past the limit is refused with its fourth byte") {
  Bytes length;
  append_be(length, static_cast<std::uint32_t>(limits::kControlFrameBytesMax + 1));
  Deframer deframer(limits::kControlFrameBytesMax);
  deframer.feed(ByteView(length).first(3));
  CHECK(deframer.next().has_value());
  deframer.feed(ByteView(length).last(1));
  const auto refused = deframer.next();
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error() == ControlError::kTooLarge);

  Deframer at_limit(limits::kControlFrameBytesMax);
  length.clear();
  append_be(length, static_cast<std::uint32_t>(limits::kControlFrameBytesMax));
  at_limit.feed(length);
  CHECK(at_limit.next().has_value());
}

TEST_CASE("a frame that has not come holds no more than what has") {
  Bytes length;
  append_be(length, static_cast<std::uint32_t>(limits::kControlFrameBytesMax));
  Deframer deframer(limits::kControlFrameBytesMax);
  deframer.feed(length);
  deframer.feed(Bytes(1000, 7));
  CHECK(deframer.next().has_value());
  CHECK(deframer.held() == 1004);
}

TEST_CASE("what an officer signs is nonce then sequence then office then hash") {
  const Bytes nonce(32, 0x11);
  const Bytes hash(32, 0x22);
  CHECK(to_hex(request_bytes(nonce, 7, "UZ-OYBEK", hash)) ==
        "1111111111111111111111111111111111111111111111111111111111111111"
        "0000000000000007"
        "555a2d4f5942454b"
        "2222222222222222222222222222222222222222222222222222222222222222");
}

}  // namespace
}  // namespace blo::control
