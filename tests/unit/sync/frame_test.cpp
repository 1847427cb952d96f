#include "sync/frame.h"

#include <catch2/catch.hpp>

#include "base/limits.h"
#include "base/wire.h"
#include "blo/v1/sync.pb.h"

namespace blo::sync {
namespace {

std::array<Byte, 64> signature_of(Byte fill) {
  std::array<Byte, 64> signature{};
  signature.fill(fill);
  return signature;
}

bool malformed(const v1::Frame& frame) {
  const auto parsed = parse_frame(encode_wire(frame));
  return !parsed && parsed.error() == SyncError::kMalformed;
}

bool parses(const v1::Frame& frame) { return parse_frame(encode_wire(frame)).has_value(); }

template <class T>
T round_trip(const T& frame) {
  return std::get<T>(parse_frame(encode_frame(frame)).value());
}

v1::Frame with_item(std::size_t entry, std::size_t key, std::uint32_t body_bytes,
                    std::size_t body) {
  v1::Frame frame;
  auto& item = *frame.mutable_items()->add_items();
  item.set_entry(std::string(entry, 'e'));
  item.set_content_key(std::string(key, 'k'));
  item.set_body_bytes(body_bytes);
  item.set_body(std::string(body, 'b'));
  return frame;
}

}  // namespace

TEST_CASE("every frame survives its encoding") {
  const auto hello = round_trip(Hello{3, Bytes{1, 2}, Bytes{3}, 1'709'788'329'000, UINT64_MAX});
  CHECK(hello.start == UINT64_MAX);
  CHECK(hello.minor == 3);
  CHECK(hello.office_certificate == Bytes{1, 2});
  CHECK(hello.journal_certificate == Bytes{3});
  CHECK(hello.time_ms == 1'709'788'329'000);

  const auto heads = round_trip(
      Heads{{1, 7, "mine", HeadReceipt{5, signature_of(1)}}, {2, 0, "", {}}, false, true});
  CHECK(heads.runs_twice);
  CHECK_FALSE(heads.recovers);
  CHECK(heads.mine.size == 7);
  CHECK(heads.mine.checkpoint == "mine");
  CHECK(heads.mine.receipt->time_s == 5);
  CHECK(heads.mine.receipt->signature == signature_of(1));
  CHECK(heads.yours.generation == 2);
  CHECK_FALSE(heads.yours.receipt);
  CHECK(heads.announced.empty());
  const std::vector<IpEndpoint> announced{IpEndpoint::parse("192.0.2.1:7117").value(),
                                          IpEndpoint::parse("[2001:db8::1]:1").value()};
  CHECK(round_trip(Heads{{1, 0, "", {}}, {1, 0, "", {}}, false, false, announced}).announced ==
        announced);

  const auto items = round_trip(Items{9, {{{Bytes{1}, Bytes(32, 2), Bytes{3, 4}}, 5}}});
  CHECK(items.first == 9);
  REQUIRE(items.parts.size() == 1);
  CHECK(items.parts[0].item.entry == Bytes{1});
  CHECK(items.parts[0].item.content_key == Bytes(32, 2));
  CHECK(items.parts[0].item.body == Bytes{3, 4});
  CHECK(items.parts[0].body_bytes == 5);

  CHECK(round_trip(BodyChunk{Bytes{1, 2}}).data == Bytes{1, 2});
  CHECK(round_trip(BatchEnd{"note"}).checkpoint == "note");
  const auto receipt = round_trip(Receipt{1, 17, 18, signature_of(9)});
  CHECK(receipt.size == 17);
  CHECK(receipt.time_s == 18);
  CHECK(receipt.signature == signature_of(9));
  CHECK(round_trip(Ping{7}).token == 7);
  CHECK(round_trip(Pong{8}).token == 8);
  round_trip(Rekey());
  CHECK(round_trip(Close{CloseReason::kFrozen}).reason == CloseReason::kFrozen);
}

TEST_CASE("bytes that are no frame are refused") {
  CHECK(parse_frame({}).error() == SyncError::kUnknownFrame);
  CHECK(parse_frame(as_bytes("GET / HTTP/1.1\r\n")).error() == SyncError::kMalformed);
  const Bytes whole = encode_frame(Receipt{1, 17, 18, signature_of(9)});
  for (std::size_t size = 1; size < whole.size(); ++size)
    CHECK_FALSE(parse_frame(ByteView(whole).first(size)).has_value());
}

TEST_CASE("a frame of a later version is unknown and a later field of a known one passes") {
  const Bytes later{0xfa, 0x01, 0x00};  // field 31, empty
  CHECK(parse_frame(later).error() == SyncError::kUnknownFrame);
  Bytes ping = encode_frame(Ping{7});
  append(ping, later);
  CHECK(std::get<Ping>(parse_frame(ping).value()).token == 7);
}

TEST_CASE("heads state a checkpoint where there are entries and only there") {
  const auto frame = [](std::uint32_t generation, std::uint64_t size, const std::string& note,
                        const std::string& signature) {
    v1::Frame made;
    made.mutable_heads()->mutable_mine()->set_generation(1);
    auto& head = *made.mutable_heads()->mutable_yours();
    head.set_generation(generation);
    head.set_size(size);
    head.set_checkpoint(note);
    head.set_receipt_signature(signature);
    return made;
  };
  const std::string signature(64, 's');
  CHECK(parses(frame(1, 0, "", "")));
  CHECK(parses(frame(1, 5, "note", signature)));
  CHECK(malformed(frame(0, 5, "note", signature)));
  CHECK(malformed(frame(1, 5, "", signature)));
  CHECK(malformed(frame(1, 0, "note", "")));
  CHECK(malformed(frame(1, 0, "", signature)));
  CHECK(malformed(frame(1, 5, "note", signature.substr(1))));
  CHECK(malformed(frame(1, 5, std::string(limits::kNoteBytesMax + 1, 'n'), signature)));
}

TEST_CASE("announced addresses are four at most, each of 4 or 16 bytes with a port") {
  const auto announcing = [](std::size_t count, std::size_t bytes, std::uint32_t port) {
    v1::Frame made;
    made.mutable_heads()->mutable_mine()->set_generation(1);
    made.mutable_heads()->mutable_yours()->set_generation(1);
    for (std::size_t i = 0; i < count; ++i) {
      auto& one = *made.mutable_heads()->add_announced();
      one.set_address(std::string(bytes, '\xc0'));
      one.set_port(port);
    }
    return made;
  };
  CHECK(parses(announcing(0, 0, 0)));
  CHECK(parses(announcing(limits::kAddressesMax, 4, 1)));
  CHECK(parses(announcing(limits::kAddressesMax, 16, 65'535)));
  CHECK(malformed(announcing(limits::kAddressesMax + 1, 4, 7117)));
  for (const std::size_t bytes : {0U, 3U, 5U, 15U, 17U, 5'000U})
    CHECK(malformed(announcing(1, bytes, 7117)));
  for (const std::uint32_t port : {0U, 65'536U, UINT32_MAX})
    CHECK(malformed(announcing(1, 4, port)));
}

TEST_CASE("an item has a key of 32 bytes exactly when it has a body") {
  CHECK(parses(with_item(100, 0, 0, 0)));
  CHECK(parses(with_item(100, 32, 10, 10)));
  CHECK(parses(with_item(100, 32, 10, 0)));
  CHECK(malformed(with_item(100, 0, 10, 10)));
  CHECK(malformed(with_item(100, 31, 10, 10)));
  CHECK(malformed(with_item(100, 32, 0, 0)));
  CHECK(malformed(with_item(100, 32, 10, 11)));
}

TEST_CASE("items are bounded in size and number") {
  CHECK(parses(with_item(limits::kEntryBytesMax, 0, 0, 0)));
  CHECK(malformed(with_item(limits::kEntryBytesMax + 1, 0, 0, 0)));
  CHECK(parses(with_item(1, 32, limits::kBodyBytesMax, 1)));
  CHECK(malformed(with_item(1, 32, limits::kBodyBytesMax + 1, 1)));
  v1::Frame none;
  none.mutable_items();
  CHECK(malformed(none));
  v1::Frame many;
  for (std::size_t i = 0; i <= limits::kBatchEntriesMax; ++i)
    many.mutable_items()->add_items()->set_entry("e");
  CHECK(malformed(many));
  many.mutable_items()->mutable_items()->RemoveLast();
  CHECK(parses(many));
}

TEST_CASE("certificates and checkpoints and signatures out of size are refused") {
  v1::Frame hello;
  hello.mutable_hello()->set_office_certificate(std::string(limits::kCertificateBytesMax, 'c'));
  CHECK(parses(hello));
  hello.mutable_hello()->mutable_office_certificate()->push_back('c');
  CHECK(malformed(hello));
  v1::Frame end;
  end.mutable_batch_end()->set_checkpoint(std::string(limits::kNoteBytesMax + 1, 'n'));
  CHECK(malformed(end));
  v1::Frame receipt;
  receipt.mutable_receipt()->set_generation(1);
  receipt.mutable_receipt()->set_signature(std::string(63, 's'));
  CHECK(malformed(receipt));
  receipt.mutable_receipt()->set_signature(std::string(64, 's'));
  CHECK(parses(receipt));
  receipt.mutable_receipt()->set_generation(0);
  CHECK(malformed(receipt));
}

TEST_CASE("features and a minor version that nobody knows are passed over") {
  v1::Frame frame;
  auto& hello = *frame.mutable_hello();
  hello.set_minor(UINT32_MAX);
  for (const std::uint32_t feature : {1U, 77U, UINT32_MAX}) hello.add_features(feature);
  const auto parsed = parse_frame(encode_wire(frame));
  REQUIRE(parsed.has_value());
  CHECK(std::get<Hello>(*parsed).minor == UINT32_MAX);
}

TEST_CASE("a reason to close that is not known is no reason") {
  v1::Frame frame;
  frame.mutable_close()->set_reason(static_cast<v1::CloseReason>(99));
  CHECK(std::get<Close>(parse_frame(encode_wire(frame)).value()).reason ==
        CloseReason::kUnspecified);
  CHECK_FALSE(to_string(CloseReason::kAged).empty());
}

TEST_CASE("a wait of no time or of more than a day and an hour is out of form") {
  CHECK(round_trip(NotTaken{90'000}).wait_s == 90'000);
  for (const std::uint32_t wait_s : {0U, 90'001U, UINT32_MAX}) {
    v1::Frame frame;
    frame.mutable_not_taken()->set_wait_s(wait_s);
    CHECK(malformed(frame));
  }
}

}  // namespace blo::sync
