#include <catch2/catch.hpp>

#include "evidence_world.h"

namespace blo::journal {
namespace {

using Codes = std::vector<std::string>;

}  // namespace

TEST_CASE("evidence of a message says who and when and what proves it") {
  const EvidenceWorld world;
  const auto verdict = world.judged(world.evidence());
  CHECK(codes(verdict) == Codes());
  REQUIRE(verdict.verified());
  CHECK(verdict.number->text() == "UZ-OYBEK/TJ-FOTEHOBOD/4");
  REQUIRE(verdict.author.has_value());
  CHECK(verdict.author->person == 7);
  CHECK(verdict.author->introduced == 1);
  CHECK(verdict.author->ended == 5);
  REQUIRE(verdict.releaser.has_value());
  CHECK(verdict.releaser->introduced == 3);
  CHECK_FALSE(verdict.releaser->ended.has_value());
  CHECK(verdict.release_required);
  CHECK(verdict.receipt == world.receipt);
  REQUIRE(verdict.after.has_value());
  CHECK(verdict.after->place.index == 2);
  CHECK(verdict.after->time == kStart + seconds(3));
  CHECK(verdict.content == Content::kNotDisclosed);
  CHECK(verdict.notes.empty());
}

TEST_CASE("evidence is written and read back as it was") {
  const EvidenceWorld world;
  Evidence evidence = world.evidence();
  evidence.journal.entries[4].disclosed = Disclosed{world.salt, world.content};
  const Bytes bytes = evidence.encode();
  const auto parsed = Evidence::parse(bytes);
  REQUIRE(parsed.has_value());
  CHECK(parsed->encode() == bytes);
  CHECK(parsed->message().leaf == world.there.leaves[4]);
}

TEST_CASE("no altered byte of an evidence goes unseen") {
  const EvidenceWorld world;
  Evidence evidence = world.evidence();
  evidence.journal.entries[4].disclosed = Disclosed{world.salt, world.content};
  const Bytes bytes = evidence.encode();
  REQUIRE(verify_evidence(bytes, {world.uz.authority, world.tj.authority}).verified());
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    Bytes altered = bytes;
    altered[at] ^= static_cast<Byte>(1U << (at % 8));
    CAPTURE(at, bytes.size());
    CHECK_FALSE(verify_evidence(altered, {world.uz.authority, world.tj.authority}).verified());
  }
}

TEST_CASE("evidence cut short or longer than its end is out of form") {
  const EvidenceWorld world;
  Bytes bytes = world.evidence().encode();
  for (std::size_t size = 0; size < bytes.size(); size += 7) {
    CHECK_FALSE(Evidence::parse(ByteView(bytes).first(size)).has_value());
  }
  bytes.push_back(0);
  CHECK_FALSE(Evidence::parse(bytes).has_value());
}

TEST_CASE("evidence with lists out of bounds or out of order is out of form") {
  const EvidenceWorld world;
  Evidence evidence = world.evidence();
  const auto check = [&] { CHECK_FALSE(Evidence::parse(evidence.encode()).has_value()); };
  SECTION("the message is entry 0") {
    evidence.index = 0;
    check();
  }
  SECTION("the message is not among the entries") {
    evidence.index = 17;
    check();
  }
  SECTION("no entry 0") {
    evidence.journal.entries.erase(evidence.journal.entries.begin());
    check();
  }
  SECTION("an entry twice") {
    evidence.journal.entries[2] = evidence.journal.entries[1];
    check();
  }
  SECTION("descending") {
    std::swap(evidence.journal.entries[1], evidence.journal.entries[2]);
    check();
  }
  SECTION("a proof too long") {
    evidence.journal.entries[0].proof.resize(kProofHashesMax + 1);
    check();
  }
  SECTION("an empty leaf") {
    evidence.journal.entries[1].leaf.clear();
    check();
  }
  SECTION("a leaf too long") {
    evidence.journal.entries[1].leaf.resize(UINT16_MAX + 1);
    check();
  }
  SECTION("too many journals") {
    evidence.opposite.resize(kEvidenceOppositeMax + 1, evidence.opposite[0]);
    check();
  }
  SECTION("no certificate") {
    evidence.receiver_office.clear();
    check();
  }
  SECTION("a checkpoint too long") {
    evidence.journal.checkpoint.resize(20'000, 'x');
    check();
  }
  SECTION("nothing disclosed under a salt") {
    evidence.journal.entries[4].disclosed = Disclosed{world.salt, {}};
    check();
  }
}

TEST_CASE("disclosed content counts when it is what was committed to") {
  const EvidenceWorld world;
  Evidence evidence = world.evidence();
  auto& entries = evidence.journal.entries;
  SECTION("it is") {
    entries[4].disclosed = Disclosed{world.salt, world.content};
    const auto verdict = world.judged(evidence);
    CHECK(verdict.verified());
    CHECK(verdict.content == Content::kMatches);
    CHECK(verdict.disclosed == world.content);
  }
  SECTION("another content") {
    entries[4].disclosed = Disclosed{world.salt, to_bytes("another")};
    const auto verdict = world.judged(evidence);
    CHECK(codes(verdict) == Codes{"E-CONTENT"});
    CHECK(verdict.content == Content::kDiffers);
    CHECK(verdict.disclosed.empty());
  }
  SECTION("another salt") {
    entries[4].disclosed = Disclosed{seal::Salt{6}, world.content};
    CHECK(codes(world.judged(evidence)) == Codes{"E-CONTENT"});
  }
  SECTION("a name that the certificate does not commit to") {
    entries[1].disclosed = Disclosed{world.salt, identity::OfficerName{"K", "Customs"}.encode()};
    CHECK(codes(world.judged(evidence)) == Codes{"E-CONTENT"});
  }
  SECTION("of an entry that has none") {
    entries[2].disclosed = Disclosed{world.salt, world.content};
    CHECK(codes(world.judged(evidence)) == Codes{"E-CONTENT"});
  }
  SECTION("in the opposite journal") {
    evidence.opposite[0].entries[1].disclosed = Disclosed{world.salt, world.content};
    CHECK(codes(world.judged(evidence)) == Codes{"E-CONTENT"});
  }
}

TEST_CASE("only the authorities given count for evidence") {
  const EvidenceWorld world;
  const Bytes bytes = world.evidence().encode();
  const TestOffice stranger("UZ-OYBEK");
  CHECK(codes(verify_evidence(bytes, {})) == Codes{"E-UNTRUSTED"});
  CHECK(codes(verify_evidence(bytes, {world.uz.authority})) == Codes{"E-UNTRUSTED"});
  CHECK(codes(verify_evidence(bytes, {stranger.authority, world.tj.authority})) ==
        Codes{"E-UNTRUSTED"});
}

TEST_CASE("what an evidence leaves out changes what it says and nothing else") {
  const EvidenceWorld world;
  Evidence evidence = world.evidence();
  SECTION("the receipt") {
    evidence.journal = prove(world.there, {0, 1, 2, 3, 4, 5}, 6);
    const auto verdict = world.judged(evidence);
    CHECK(verdict.verified());
    CHECK_FALSE(verdict.receipt.has_value());
    CHECK(verdict.notes.size() == 1);
  }
  SECTION("the opposite journal") {
    evidence.opposite.clear();
    const auto verdict = world.judged(evidence);
    CHECK(verdict.verified());
    CHECK_FALSE(verdict.after.has_value());
    CHECK(verdict.notes.size() == 1);
  }
  SECTION("the author's certificate") {
    evidence.journal = prove(world.there, {0, 2, 3, 4}, 6, world.receipt);
    CHECK(codes(world.judged(evidence)) == Codes{"E-OFFICER"});
  }
  SECTION("the releaser's certificate") {
    evidence.journal = prove(world.there, {0, 1, 2, 4}, 6, world.receipt);
    CHECK(codes(world.judged(evidence)) == Codes{"E-OFFICER"});
  }
}

}  // namespace blo::journal
