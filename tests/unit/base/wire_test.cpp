#include "base/wire.h"

#include <catch2/catch.hpp>

#include "base/hex.h"
#include "base/limits.h"
#include "blo/v1/identity.pb.h"
#include "blo/v1/journal.pb.h"
#include "blo/v1/sync.pb.h"

namespace blo {
namespace {

template <class Message>
bool canonical(std::string_view hex) {
  const auto bytes = from_hex(hex);
  REQUIRE(bytes.has_value());
  Message message;
  return parse_canonical(*bytes, message);
}

template <class Message>
bool wire(std::string_view hex) {
  const auto bytes = from_hex(hex);
  REQUIRE(bytes.has_value());
  Message message;
  return parse_wire(*bytes, message);
}

/// A group of an unknown field, `depth` times inside itself.
std::string groups(int depth) {
  std::string hex;
  for (int i = 0; i < depth; ++i) hex += "7b";
  for (int i = 0; i < depth; ++i) hex += "7c";
  return hex;
}

TEST_CASE("What is encoded is canonical and comes back the same") {
  v1::Entry entry;
  entry.set_version(1);
  entry.mutable_stamp()->set_time_ms(1709788329123);
  entry.mutable_stamp()->set_root(std::string(32, '\xff'));
  entry.mutable_message()->set_envelope("envelope");
  v1::Entry again;
  REQUIRE(parse_canonical(encode_wire(entry), again));
  CHECK(again.SerializeAsString() == entry.SerializeAsString());
  CHECK(encode_wire(again) == encode_wire(entry));
  CHECK(encode_wire(v1::Entry()).empty());
  CHECK(canonical<v1::Entry>(""));
}

TEST_CASE("A field that is there twice is not canonical") {
  CHECK(canonical<v1::Ping>("0805"));
  CHECK_FALSE(canonical<v1::Ping>("08050805"));
  CHECK_FALSE(canonical<v1::Ping>("08040805"));
  CHECK(canonical<v1::Entry>("080112020801"));
  CHECK_FALSE(canonical<v1::Entry>("08011202080112021001"));  // a stamp in two pieces
  CHECK_FALSE(canonical<v1::Entry>("22016122016200"));        // two records
  CHECK_FALSE(canonical<v1::Entry>("1a00220161"));            // a message and a record
}

TEST_CASE("A default that is written out is not canonical") {
  CHECK_FALSE(canonical<v1::Ping>("0800"));
  CHECK_FALSE(canonical<v1::BodyChunk>("0a00"));
  CHECK_FALSE(canonical<v1::PublicKey>("08001201aa"));
}

TEST_CASE("A varint that is longer than it must be is not canonical") {
  CHECK(wire<v1::Ping>("088500"));
  CHECK_FALSE(canonical<v1::Ping>("088500"));         // the value
  CHECK_FALSE(canonical<v1::Ping>("880005"));         // the tag
  CHECK_FALSE(canonical<v1::BodyChunk>("0a8100aa"));  // the length
  CHECK_FALSE(canonical<v1::Stamp>("108180808010"));  // a uint32 past 32 bits
}

TEST_CASE("Fields out of order are not canonical") {
  CHECK(canonical<v1::Stamp>("08011002"));
  CHECK_FALSE(canonical<v1::Stamp>("10020801"));
}

TEST_CASE("A field that this version does not know is not canonical") {
  CHECK(wire<v1::Ping>("08051001"));
  CHECK_FALSE(canonical<v1::Ping>("08051001"));
  CHECK_FALSE(canonical<v1::Ping>("10010805"));
  CHECK_FALSE(canonical<v1::Ping>("0a0105"));             // a known number, another type
  CHECK_FALSE(canonical<v1::Entry>("1204080128010801"));  // inside a message inside
  CHECK_FALSE(canonical<v1::Ping>("0805" + groups(1)));
}

TEST_CASE("Repeated numbers stand together or are not canonical") {
  CHECK(canonical<v1::Hello>("12020102"));
  CHECK_FALSE(canonical<v1::Hello>("10011002"));      // each alone
  CHECK_FALSE(canonical<v1::Hello>("120101120102"));  // in two pieces
  CHECK_FALSE(canonical<v1::Hello>("1200"));          // none, written out
  CHECK(canonical<v1::Items>("12001200"));            // two empty messages are two messages
}

TEST_CASE("Truncated or trailing bytes are refused") {
  const Bytes whole = *from_hex("0801120a0801100118012202aabb2201cc");
  v1::Entry entry;
  REQUIRE(parse_canonical(whole, entry));
  for (std::size_t size = 1; size < whole.size(); ++size) {
    const ByteView start = ByteView(whole).first(size);
    v1::Entry part;
    // A cut between fields leaves a shorter message: valid, and not the same.
    if (parse_canonical(start, part)) CHECK(encode_wire(part) == to_bytes(start));
    if (size != 2 && size != 14) CHECK_FALSE(parse_wire(start, part));
  }
  CHECK_FALSE(wire<v1::Ping>("0805ff"));
  CHECK_FALSE(wire<v1::Ping>("080500"));
  CHECK_FALSE(wire<v1::Ping>("08057c"));                    // ends a group that none began
  CHECK_FALSE(wire<v1::Ping>("08ffffffffffffffffffff01"));  // eleven bytes of varint
  CHECK_FALSE(wire<v1::BodyChunk>("0affffffff0f00"));       // says it has 4 GiB
}

TEST_CASE("A string that is not UTF-8 is refused") {
  CHECK(wire<v1::OfficerName>("0a02c3a9"));
  CHECK_FALSE(wire<v1::OfficerName>("0a01ff"));
  CHECK_FALSE(wire<v1::OfficerName>("0a03eda080"));  // half a surrogate pair
}

TEST_CASE("Nesting deeper than the limit is refused") {
  CHECK(wire<v1::Ping>(groups(limits::kProtobufDepthMax)));
  CHECK_FALSE(wire<v1::Ping>(groups(limits::kProtobufDepthMax + 1)));
  CHECK_FALSE(wire<v1::Ping>(groups(10'000)));
}

TEST_CASE("Unknown fields are noticed at any depth") {
  const auto noticed = [](std::string_view hex) {
    v1::Frame frame;
    REQUIRE(parse_wire(*from_hex(hex), frame));
    return has_unknown_fields(frame);
  };
  CHECK_FALSE(noticed(""));
  CHECK_FALSE(noticed("3a020805"));
  CHECK(noticed("3a0208057801"));          // in the frame
  CHECK(noticed("3a0408057801"));          // in its ping
  CHECK(noticed("1a080801120278011200"));  // in the first of two items
  CHECK(noticed("1a080801120012027801"));  // in the second
  CHECK_FALSE(noticed("1a06080112001200"));
}

}  // namespace
}  // namespace blo
