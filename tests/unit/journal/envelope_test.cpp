#include <catch2/catch.hpp>

#include "base/limits.h"
#include "journal/entry.h"

namespace blo::journal {
namespace {

const WallTime kTime = from_unix_s(1'700'000'000);

Envelope sample() {
  return {Network::kLive,
          MessageId{1},
          *OfficeId::parse("UZ-OYBEK"),
          *OfficeId::parse("TJ-FOTEHOBOD"),
          Hash{2},
          1,
          Precedence::kFlash,
          kTime,
          kTime + seconds(60),
          Hash{3},
          256,
          {{Hash{4}, 65'536}},
          MessageId{5},
          MessageId{6}};
}

/// The field that a changed sample is refused for; empty where it is not.
template <class Change>
std::string refused_for(Change change) {
  Envelope envelope = sample();
  change(envelope);
  const auto parsed = Envelope::parse(envelope.encode());
  if (parsed) return {};
  CHECK(parsed.error() == JournalError::kMalformed);
  return parsed.error().detail();
}

}  // namespace

TEST_CASE("an envelope comes back as it was written") {
  const Bytes bytes = sample().encode();
  const auto parsed = Envelope::parse(bytes);
  REQUIRE(parsed.has_value());
  CHECK(parsed->encode() == bytes);
  CHECK(parsed->from.text() == "UZ-OYBEK");
  CHECK((parsed->precedence == Precedence::kFlash));
  CHECK((parsed->expires == kTime + seconds(60)));
  REQUIRE(parsed->attachments.size() == 1);
  CHECK(parsed->attachments[0].padded_bytes == 65'536);
  CHECK(parsed->in_reply_to == MessageId{5});
}

TEST_CASE("an envelope of a kind not known here parses") {
  CHECK(refused_for([](Envelope& e) { e.kind = 77; }).empty());
}

TEST_CASE("an envelope out of form is refused for the field") {
  CHECK(refused_for([](Envelope& e) { e.to = e.from; }) == "to");
  CHECK(refused_for([](Envelope& e) { e.network = static_cast<Network>(3); }) == "network");
  CHECK(refused_for([](Envelope& e) { e.kind = 0; }) == "kind");
  CHECK(refused_for([](Envelope& e) { e.kind = 0x80000000U; }) == "kind");
  CHECK(refused_for([](Envelope& e) { e.precedence = static_cast<Precedence>(5); }) ==
        "precedence");
  CHECK(refused_for([](Envelope& e) { e.created = from_unix_ms(253'402'300'800'000); }) ==
        "created");
  CHECK(refused_for([](Envelope& e) { e.expires = e.created; }) == "expires");
  CHECK(refused_for([](Envelope& e) { e.padded_bytes = 0; }) == "padded_bytes");
  CHECK(refused_for([](Envelope& e) { e.padded_bytes = limits::kBodyBytesMax + 1; }) ==
        "padded_bytes");
  CHECK(refused_for([](Envelope& e) { e.attachments.resize(65, e.attachments[0]); }) ==
        "attachments");
  CHECK(refused_for([](Envelope& e) { e.attachments[0].padded_bytes = 0; }) ==
        "attachments.padded_bytes");
  CHECK(refused_for([](Envelope& e) { e.attachments.resize(64, e.attachments[0]); }).empty());
}

TEST_CASE("an envelope cut anywhere is malformed") {
  const Bytes bytes = sample().encode();
  // The last fields may be absent: cut before one of them, the rest is an envelope.
  const std::size_t without_supersedes = bytes.size() - 18;
  const std::size_t without_reply = without_supersedes - 18;
  const std::size_t without_attachments = without_reply - 40;
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CAPTURE(size);
    const bool whole =
        size == without_supersedes || size == without_reply || size == without_attachments;
    CHECK(Envelope::parse(ByteView(bytes).first(size)).has_value() == whole);
  }
}

TEST_CASE("precedences have one name each") {
  for (const auto precedence :
       {Precedence::kRoutine, Precedence::kPriority, Precedence::kImmediate, Precedence::kFlash}) {
    CHECK((parse_precedence(to_string(precedence)) == precedence));
  }
  CHECK_FALSE(parse_precedence("FLASH").has_value());
  CHECK(to_string(Kind::kSeizureNotice) == "seizure");
}

}  // namespace blo::journal
