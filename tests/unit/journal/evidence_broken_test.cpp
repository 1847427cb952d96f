// Evidence in which every signature is somebody's, and what it says is wrong.
#include <catch2/catch.hpp>

#include "evidence_world.h"

namespace blo::journal {
namespace {

using Codes = std::vector<std::string>;

identity::Revocation revoked_office(const TestOffice& office, const TestOffice& by,
                                    std::uint64_t statement) {
  identity::RevocationDetails details;
  details.kind = identity::CertificateKind::kOffice;
  details.subject = office.id.text();
  details.statement = statement;
  details.time = kStart;
  details.issuer = office.authority.fingerprint();
  return identity::Revocation::issue(details,
                                     by.authority_keys.signing_key(identity::KeyUse::kAuthority));
}

/// Fotehobod's journal goes on with this record, and the evidence shows it.
Evidence with_record(EvidenceWorld& world, const Record& record,
                     const std::optional<std::pair<std::uint32_t, std::uint64_t>>& names = {}) {
  if (names) {
    world.back.stamp.generation = names->first;
    world.back.stamp.size = names->second;
    world.back.stamp.root = Hash{1};
  }
  world.back.append(record);
  Evidence evidence = world.evidence();
  evidence.opposite = {prove(world.back, {0, 2, 3}, 4)};
  evidence.opposite[0].consistency = consistent_from(world.back, 3, 4);
  return evidence;
}

}  // namespace

TEST_CASE("evidence: an entry that lies elsewhere or nowhere under the checkpoint") {
  const EvidenceWorld world;
  Evidence evidence = world.evidence();
  auto& entry = evidence.journal.entries[4];
  const auto check = [&] { CHECK(codes(world.judged(evidence)) == Codes{"E-PROOF"}); };
  SECTION("another index") {
    evidence.journal.entries.resize(5);
    entry.index = evidence.index = 5;
    check();
  }
  SECTION("a proof too short") {
    entry.proof.pop_back();
    check();
  }
  SECTION("a proof too long") {
    entry.proof.push_back(Hash{});
    check();
  }
  SECTION("another leaf") {
    entry.leaf = world.back.leaves[2];
    check();
  }
  SECTION("past the checkpoint") {
    evidence.journal = prove(world.there, {0, 1, 2, 3}, 4, world.receipt);
    evidence.journal.entries.push_back(world.evidence().journal.entries[4]);
    check();
  }
}

TEST_CASE("evidence: a checkpoint that another key signed or that is of another journal") {
  const EvidenceWorld world;
  Evidence evidence = world.evidence();
  const TestJournal other(world.uz, world.tj);
  TestJournal forged(world.uz, world.tj);
  forged.leaves = world.there.leaves;
  const auto check = [&](const char* code = "E-CHECKPOINT") {
    CHECK(codes(world.judged(evidence)) == Codes{code});
  };
  SECTION("another journal key") {
    evidence.journal = prove(forged, {0, 1, 2, 3, 4, 5}, 6);
    check("E-CHECKPOINT-KEY");
  }
  SECTION("of the opposite journal") {
    evidence.journal.checkpoint = prove(world.back, {0}, 3).checkpoint;
    check("E-SUBJECT");
    const auto verdict = world.judged(evidence);
    CHECK(verdict.findings.at(0).where == "journal/checkpoint");
    CHECK(verdict.findings.at(0).what ==
          "the checkpoint is of live/TJ-FOTEHOBOD/UZ-OYBEK/1, and the journal's certificate in "
          "entry 0 of live/UZ-OYBEK/TJ-FOTEHOBOD/1");
  }
  SECTION("a third line") {
    evidence.journal.checkpoint +=
        evidence.journal.checkpoint.substr(evidence.journal.checkpoint.rfind("\xE2\x80\x94 "));
    check();
  }
  SECTION("somebody else's line") {
    evidence.journal.checkpoint += "\xE2\x80\x94 somebody AAAAAAAA\n";
    check();
  }
}

TEST_CASE("evidence: a receipt by another key") {
  const EvidenceWorld world;
  Evidence evidence = world.evidence();
  Note note = *Note::parse(prove(world.there, {0}, 6).checkpoint);
  const TestOffice stranger("TJ-FOTEHOBOD");
  const auto& key = stranger.keys.signing_key(identity::KeyUse::kReceipt);
  const auto cosignature = cosign_note(note.text, to_unix_s(world.receipt), key);
  const auto check = [&] {
    evidence.journal.checkpoint = note.encode();
    CHECK(codes(world.judged(evidence)) == Codes{"E-RECEIPT-KEY"});
  };
  SECTION("under its own id") {
    note.signatures.push_back(to_note_signature(
        cosignature, receipt_note_key(Network::kLive, world.tj.id, key.verify_key())));
    check();
  }
  SECTION("under the id of the one expected") {
    note.signatures.push_back(to_note_signature(cosignature, world.there.receipt_key()));
    check();
  }
}

TEST_CASE("evidence: a receiver who is somebody else") {
  const EvidenceWorld world;
  Evidence evidence = world.evidence();
  SECTION("the sender's own office") {
    evidence.receiver_authority = world.uz.authority.bytes();
    evidence.receiver_office = world.uz.office.bytes();
    CHECK(codes(world.judged(evidence)) == Codes{"E-SUBJECT"});
  }
  SECTION("an office of that name that its authority did not certify") {
    const TestOffice stranger("TJ-FOTEHOBOD");
    evidence.receiver_office = stranger.office.bytes();
    CHECK_FALSE(world.judged(evidence).verified());
  }
  SECTION("no certificate at all") {
    evidence.receiver_office = to_bytes("office");
    CHECK(codes(world.judged(evidence)) == Codes{"E-CERTIFICATE-FORM", "E-SUBJECT"});
  }
}

TEST_CASE("evidence: a message whose signature or authority does not hold") {
  EvidenceWorld world;
  TestJournal journal(world.uz, world.tj);
  journal.start();
  journal.introduce(world.karimov);
  std::string expected;
  const auto check = [&] {
    Evidence evidence = world.evidence();
    evidence.index = 2;
    evidence.journal = prove(journal, {0, 1, 2}, 3, world.receipt);
    evidence.opposite.clear();
    CHECK(codes(world.judged(evidence)) == Codes{expected});
  };
  SECTION("another officer's signature") {
    journal.append(journal.envelope(world.karimov, 1), world.nazarova.key);
    expected = "E-SIGNATURE";
    check();
  }
  SECTION("an officer nobody introduced") {
    journal.message(world.nazarova);
    expected = "E-OFFICER";
    check();
  }
  SECTION("a record") {
    journal.introduce(world.nazarova);
    expected = "E-NO-MESSAGE";
    check();
  }
}

TEST_CASE("evidence: a stamp that names a head the opposite journal never had") {
  const EvidenceWorld world;
  Evidence evidence = world.evidence();
  const auto check = [&] { CHECK(codes(world.judged(evidence)) == Codes{"E-INTERLOCK"}); };
  SECTION("a journal that went another way") {
    TestJournal other(world.tj, world.uz);
    other.start();
    other.introduce(world.rahimov);
    other.message(world.rahimov, 10);
    evidence.opposite = {prove(other, {0, 2}, 3)};
    check();
  }
  SECTION("a consistency proof where none is needed") {
    evidence.opposite[0].consistency.push_back(Hash{});
    check();
  }
  SECTION("a checkpoint of fewer entries than it names") {
    evidence.opposite = {prove(world.back, {0, 1}, 2)};
    check();
  }
}

TEST_CASE("evidence: a refusal by the receiver is shown and one of another entry is found") {
  EvidenceWorld world;
  const Hash message = leaf_hash(world.there.leaves[4]);
  name_all_of(world.there, world.back);
  SECTION("of the message") {
    const auto verdict =
        world.judged(with_record(world, Refusal{1, 4, message, RefusalReason::kMismatch}));
    CHECK(verdict.verified());
    REQUIRE(verdict.refusal.has_value());
    CHECK(verdict.refusal->reason == RefusalReason::kMismatch);
    CHECK(verdict.refusal->place.index == 3);
    CHECK(verdict.after.has_value());
  }
  SECTION("of the message, after the next receipt, or as if it were an erasure of what is held") {
    const auto reason = GENERATE(RefusalReason::kMismatch, RefusalReason::kHeld);
    ++world.back.stamp.size;
    CHECK(codes(world.judged(with_record(world, Refusal{1, 4, message, reason}))) ==
          Codes{"E-REFUSAL"});
  }
  SECTION("of another leaf under its number") {
    CHECK(codes(world.judged(with_record(
              world, Refusal{1, 4, Hash{1}, RefusalReason::kMismatch}))) == Codes{"E-REFUSAL"});
  }
  SECTION("of another message") {
    CHECK_FALSE(world.judged(with_record(world, Refusal{1, 3, Hash{1}, RefusalReason::kMismatch}))
                    .refusal.has_value());
  }
}

TEST_CASE("evidence: a refusal does not stand in for a signature that nobody gave") {
  EvidenceWorld world;
  TestJournal journal(world.uz, world.tj);
  journal.start();
  journal.introduce(world.karimov);
  journal.append(journal.envelope(world.karimov, 1), world.nazarova.key);
  name_all_of(journal, world.back);
  world.back.append(Refusal{1, 2, leaf_hash(journal.leaves[2]), RefusalReason::kUnauthorised});
  Evidence evidence = world.evidence();
  evidence.index = 2;
  evidence.journal = prove(journal, {0, 1, 2}, 3, world.receipt);
  evidence.opposite = {prove(world.back, {0, 3}, 4)};
  const auto verdict = world.judged(evidence);
  CHECK(codes(verdict) == Codes{"E-SIGNATURE"});
  CHECK_FALSE(verdict.author.has_value());
  REQUIRE(verdict.notes.size() == 1);
  CHECK_THAT(verdict.notes[0], Catch::StartsWith("its receiver refused it: "));
}

TEST_CASE("evidence: an opposite entry whose stamp goes back dates nothing") {
  EvidenceWorld world;
  TestJournal back(world.tj, world.uz);
  back.start();
  back.introduce(world.rahimov);
  back.stamp.time = kStart - seconds(3'600);
  back.message(world.rahimov, 10);
  back.checkpoint(kStart);
  TestJournal journal(world.uz, world.tj);
  journal.start();
  journal.introduce(world.karimov);
  journal.has_receipted(back);
  journal.message(world.karimov);
  Evidence evidence = world.evidence();
  evidence.index = 2;
  evidence.journal = prove(journal, {0, 1, 2}, 3, world.receipt);
  evidence.opposite = {prove(back, {0, 1, 2}, 3)};
  const auto verdict = world.judged(evidence);
  CHECK(verdict.verified());
  CHECK_FALSE(verdict.after.has_value());
}

TEST_CASE("evidence: a receipt older than what the message names is said") {
  EvidenceWorld world;
  const auto contradicts = [&](WallTime receipt) {
    world.receipt = receipt;
    const auto verdict = world.judged(world.evidence());
    CHECK(verdict.verified());
    return !verdict.notes.empty();
  };
  CHECK_FALSE(contradicts(kStart + seconds(3)));  // when that entry was entered
  CHECK(contradicts(kStart + seconds(2)));
}

TEST_CASE("evidence: a revocation of the sender's office cuts where it stands") {
  EvidenceWorld world;
  const auto record = [&](const TestOffice& by, std::uint64_t statement) {
    return Record(RevocationRecord{revoked_office(world.uz, by, statement).bytes()});
  };
  SECTION("before the message") {
    const auto verdict =
        world.judged(with_record(world, record(world.uz, 2), std::pair(1U, std::uint64_t{4})));
    CHECK(codes(verdict) == Codes{"E-REVOKED"});
  }
  SECTION("before anything was receipted") {
    CHECK(codes(world.judged(with_record(world, record(world.uz, 2)))) == Codes{"E-REVOKED"});
  }
  SECTION("after the message") {
    const auto verdict =
        world.judged(with_record(world, record(world.uz, 2), std::pair(1U, std::uint64_t{5})));
    CHECK(verdict.verified());
    CHECK(verdict.notes.size() == 1);
  }
  SECTION("an older statement") {
    CHECK(world.judged(with_record(world, record(world.uz, 1))).verified());
  }
  SECTION("not its authority's") {
    CHECK(codes(world.judged(with_record(world, record(world.tj, 2)))) == Codes{"E-REVOCATION"});
  }
}

TEST_CASE("evidence: an officer who was revoked before the message") {
  EvidenceWorld world;
  TestJournal journal(world.uz, world.tj);
  journal.start();
  journal.introduce(world.karimov);
  const auto revocation = Entry::parse(world.there.leaves[5]);
  journal.append(*parse_record(std::get<Bytes>(revocation->what)));
  journal.message(world.karimov);
  Evidence evidence = world.evidence();
  evidence.index = 3;
  evidence.journal = prove(journal, {0, 1, 2, 3}, 4, world.receipt);
  evidence.opposite.clear();
  CHECK(codes(world.judged(evidence)) == Codes{"E-REVOKED-OFFICER"});
  // Left out, nobody could tell: docs/format/evidence.md says on whose word that rests.
  evidence.journal = prove(journal, {0, 1, 3}, 4, world.receipt);
  CHECK(world.judged(evidence).verified());
}

}  // namespace blo::journal
