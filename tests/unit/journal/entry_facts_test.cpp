#include "journal/entry_facts.h"

#include <catch2/catch.hpp>

#include "base/hex.h"
#include "world.h"

namespace blo::journal {
namespace {

/// A record as a reader gives it.
ReadEntry read(const Record& record) {
  ReadEntry entry;
  entry.entry = Entry{Stamp{kStart}, encode_record(record)};
  entry.record = record;
  return entry;
}

std::string text_of(const Facts& facts, const std::string& name) {
  for (const Fact& fact : facts) {
    if (fact.name != name) continue;
    if (const auto* number = std::get_if<std::uint64_t>(&fact.value))
      return std::to_string(*number);
    if (const auto* text = std::get_if<std::string>(&fact.value)) return *text;
    if (const auto* yes = std::get_if<bool>(&fact.value)) return *yes ? "yes" : "no";
    return std::get<std::vector<std::string>>(fact.value).at(0);
  }
  return "missing";
}

}  // namespace

TEST_CASE("what a record says is shown whatever sort it is of") {
  Hash hash{};
  hash[0] = 0xAB;
  const std::string hex = to_hex(hash);
  const auto said = [](const Record& record, const char* name) {
    return text_of(facts_of(read(record)), name);
  };
  CHECK(said(Refusal{1, 7, hash, RefusalReason::kDuplicate}, "leaf_hash") == hex);
  CHECK(said(Policy{{{2, Precedence::kFlash}}, true}, "release") == "seizure flash");
  CHECK(said(Policy{{{}}, false}, "release") == "any kind of any precedence");
  CHECK(said(TrailHead{hash}, "head") == hex);
  CHECK(said(ActFailed{4, 5}, "exit_code") == "5");
  CHECK(said(PeerRefused{"TJ-FOTEHOBOD", "too old"}, "reason") == "too old");
  CHECK(said(Erasure{3, "rule 4"}, "rule") == "rule 4");
  CHECK(said(Unentered{7, 112, from_unix_ms(0), from_unix_ms(1)}, "requests") == "112");
  CHECK(said(AuditChallenge{"a \\ text"}, "text") == "a \\x5c text");
  Act act;
  act.subject = "officer 3";
  act.refused = true;
  CHECK(said(act, "subject") == "officer 3");
  CHECK(said(act, "not_authorised") == "yes");
}

TEST_CASE("a certificate and a generation start are shown with their certificates") {
  const TestOffice uz("UZ-OYBEK"), tj("TJ-FOTEHOBOD");
  const TestJournal journal(uz, tj);
  const TestOfficer officer = uz.officer({42});
  const ReadEntry introduced = read(CertificateRecord{officer.certificate.bytes(), 64});
  CHECK(text_of(facts_of(introduced), "person") == "42");
  CHECK(text_of(facts_of(introduced), "certificate") == to_hex(officer.certificate.fingerprint()));
  const ReadEntry start =
      read(GenerationStart{uz.authority.bytes(), uz.office.bytes(), journal.certificate.bytes(),
                           ClosedGeneration{9, Hash{}}});
  CHECK(text_of(facts_of(start), "previous_size") == "9");
  std::vector<std::string> groups;
  for (const auto& [name, facts] : details_of(start)) groups.push_back(name);
  CHECK(groups == std::vector<std::string>{"stamp", "record", "authority_certificate",
                                           "office_certificate", "journal_certificate"});
}

TEST_CASE("what is out of form has no facts") {
  const ReadEntry entry;
  CHECK(name_of(entry) == "out of form");
  CHECK(facts_of(entry).empty());
  CHECK(details_of(entry).empty());
}

TEST_CASE("a kind of a newer version is named by its number") {
  CHECK(name_of_kind(1) == "alert");
  CHECK(name_of_kind(0) == "kind 0");
  CHECK(name_of_kind(5) == "kind 5");
}

}  // namespace blo::journal
