#include "journal/entry.h"

#include <catch2/catch.hpp>

#include "base/limits.h"

namespace blo::journal {
namespace {

const WallTime kTime = from_unix_s(1'700'000'000);

Stamp stamp_of(std::uint32_t generation, std::uint64_t size, Byte root) {
  Stamp stamp{kTime, generation, size, {}};
  if (generation > 0) stamp.root[0] = root;
  return stamp;
}

Entry message_entry() {
  SignedEnvelope message{to_bytes("envelope"), {}, std::nullopt};
  message.signature[63] = 9;
  return {stamp_of(1, 5, 3), message};
}

Error error_of(const Bytes& leaf) { return Entry::parse(leaf).error(); }

}  // namespace

TEST_CASE("a message entry comes back as it was written") {
  Entry entry = message_entry();
  std::get<SignedEnvelope>(entry.what).release = Release{Hash{4}, {}};
  const Bytes leaf = entry.encode();
  const auto parsed = Entry::parse(leaf);
  REQUIRE(parsed.has_value());
  CHECK(parsed->encode() == leaf);
  CHECK(parsed->stamp.size == 5);
  const auto& message = std::get<SignedEnvelope>(parsed->what);
  CHECK(message.signature[63] == 9);
  REQUIRE(message.release.has_value());
  CHECK(message.release->officer == Hash{4});
  CHECK(equal(parsed->bound_bytes(), as_bytes("envelope")));
}

TEST_CASE("a record entry is bound by its record") {
  const Bytes record = encode_record(Record(Refusal{1, 2, Hash{3}, RefusalReason::kDuplicate}));
  const auto parsed = Entry::parse(Entry{stamp_of(0, 0, 0), record}.encode());
  REQUIRE(parsed.has_value());
  CHECK(equal(parsed->bound_bytes(), record));
  const auto back = parse_record(parsed->bound_bytes());
  REQUIRE(back.has_value());
  CHECK(std::get<Refusal>(*back).index == 2);
  CHECK(std::get<Refusal>(*back).reason == RefusalReason::kDuplicate);
}

TEST_CASE("every shortening and lengthening of an entry is malformed") {
  const Bytes leaf = message_entry().encode();
  for (std::size_t size = 0; size < leaf.size(); ++size) {
    CAPTURE(size);
    CHECK_FALSE(Entry::parse(ByteView(leaf).first(size)).has_value());
  }
  Bytes longer = leaf;
  append(longer, as_bytes("\x38\x01"));  // an unknown field
  CHECK(error_of(longer) == JournalError::kMalformed);
  CHECK(error_of(Bytes(limits::kEntryBytesMax + 1)) == JournalError::kMalformed);
}

TEST_CASE("an entry that is not canonical is malformed") {
  Bytes leaf = message_entry().encode();
  REQUIRE(leaf[0] == 0x08);
  REQUIRE(leaf[1] == 0x01);
  Bytes long_varint = {0x08, 0x81, 0x00};
  long_varint.insert(long_varint.end(), leaf.begin() + 2, leaf.end());
  CHECK(error_of(long_varint) == JournalError::kMalformed);
  Bytes twice = {0x08, 0x01};
  append(twice, leaf);
  CHECK(error_of(twice) == JournalError::kMalformed);
}

TEST_CASE("an entry of another version is told apart from a malformed one") {
  Bytes leaf = message_entry().encode();
  leaf[1] = 0x02;
  CHECK(error_of(leaf) == JournalError::kUnknownVersion);
}

TEST_CASE("a stamp that names no head has neither size nor root") {
  const auto parse = [](const Stamp& stamp) {
    return Entry::parse(Entry{stamp, to_bytes("r")}.encode());
  };
  CHECK(parse(stamp_of(0, 0, 0)).has_value());
  CHECK(parse(stamp_of(2, 1, 0)).has_value());
  CHECK_FALSE(parse(stamp_of(2, 0, 0)).has_value());
  CHECK_FALSE(parse(Stamp{from_unix_ms(253'402'300'800'000), 0, 0, {}}).has_value());
}

TEST_CASE("a stamp follows when no part goes back") {
  const Stamp earlier = stamp_of(1, 5, 3);
  CHECK(earlier.follows(earlier));
  CHECK(stamp_of(1, 6, 4).follows(earlier));
  CHECK(stamp_of(2, 1, 4).follows(earlier));
  CHECK(earlier.follows(stamp_of(0, 0, 0)));
  CHECK_FALSE(stamp_of(1, 4, 3).follows(earlier));
  CHECK_FALSE(stamp_of(1, 5, 4).follows(earlier));
  CHECK_FALSE(stamp_of(0, 0, 0).follows(earlier));
  Stamp before = earlier;
  before.time -= milliseconds(1);
  CHECK_FALSE(before.follows(earlier));
}

TEST_CASE("records out of form are malformed") {
  const auto malformed = [](const Record& record) {
    return parse_record(encode_record(record)).error() == JournalError::kMalformed;
  };
  CHECK(parse_record({}).error() == JournalError::kMalformed);
  CHECK(malformed(Refusal{0, 2, Hash{3}, RefusalReason::kDuplicate}));
  CHECK(malformed(Refusal{1, UINT64_MAX, Hash{3}, RefusalReason::kDuplicate}));
  CHECK(malformed(Refusal{1, 2, Hash{3}, static_cast<RefusalReason>(63)}));
  CHECK(malformed(Refusal{1, 2, Hash{3}, static_cast<RefusalReason>(0)}));
  CHECK(malformed(CertificateRecord{{}, 0}));
  CHECK(malformed(CertificateRecord{Bytes(limits::kCertificateBytesMax + 1), 0}));
  CHECK(malformed(CertificateRecord{Bytes(3), limits::kBodyBytesMax + 1}));
  CHECK(malformed(GenerationStart{Bytes(3), {}, Bytes(3)}));
  CHECK(malformed(GenerationStart{Bytes(3), Bytes(3), Bytes(3), ClosedGeneration{0, Hash{1}}}));
  CHECK(malformed(
      GenerationStart{Bytes(3), Bytes(3), Bytes(3), ClosedGeneration{UINT64_MAX, Hash{1}}}));
}

}  // namespace blo::journal
