#include "journal/verify.h"

#include <catch2/catch.hpp>
#include <fstream>

#include "identity/pem.h"
#include "journal/verify_journal.h"
#include "world.h"

namespace blo::journal {
namespace {

using Codes = std::vector<std::string>;

/// A pair's two journals with messages and receipts each way, as both offices would export them.
struct Pair {
  Pair() {
    there.start();
    there.introduce(officer);
    there.message(officer, 1);
    there.checkpoint(kStart + seconds(10));
    back.stamp.time = kStart + seconds(20);
    back.has_receipted(there);
    back.start();
    back.introduce(answering);
    back.message(answering, 11);
    back.checkpoint(kStart + seconds(30));
    there.stamp.time = kStart + seconds(40);
    there.has_receipted(back);
    there.message(officer, 2);
  }

  /// Signs and receipts what was appended since, writes both and verifies.
  Verdict verify() {
    there.checkpoint(kStart + seconds(500));
    back.checkpoint(kStart + seconds(600));
    write();
    return verify_written();
  }
  void write() {
    there.write(folder.sink());
    back.write(folder.sink());
  }
  [[nodiscard]] Verdict verify_written() const {
    auto verdict = verify_export(folder.path(), {uz.authority, tj.authority});
    REQUIRE(verdict.has_value());
    return std::move(*verdict);
  }
  [[nodiscard]] std::filesystem::path file(const std::string& name) const {
    return folder.path() / "live_UZ-OYBEK_TJ-FOTEHOBOD_1" / name;
  }

  TestOffice uz{"UZ-OYBEK"};
  TestOffice tj{"TJ-FOTEHOBOD"};
  TestJournal there{uz, tj};
  TestJournal back{tj, uz};
  TestOfficer officer = uz.officer();
  TestOfficer answering = tj.officer();
  TemporaryFolder folder;
};

Codes codes(const Verdict& verdict) {
  Codes found;
  for (const Finding& finding : verdict.findings) found.emplace_back(to_string(finding.code));
  std::ranges::sort(found);
  return found;
}

const JournalVerdict& journal_of(const Verdict& verdict, const TestJournal& journal) {
  const auto found = std::ranges::find(verdict.journals, journal.origin, &JournalVerdict::origin);
  BLO_CHECK(found != verdict.journals.end());
  return *found;
}

bool has_note(const JournalVerdict& journal, std::string_view text) {
  return std::ranges::any_of(journal.notes, [text](const std::string& note) {
    return note.find(text) != std::string::npos;
  });
}

/// Changes the byte at `offset`, from the end where it is negative.
void change(const std::filesystem::path& path, std::streamoff offset, int (*changed)(int)) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  const auto from = offset < 0 ? std::ios::end : std::ios::beg;
  file.seekg(offset, from);
  const int byte = file.get();
  REQUIRE(byte != std::char_traits<char>::eof());
  file.seekp(offset, from);
  file.put(static_cast<char>(changed(byte)));
}

/// Flips a bit of it.
void flip(const std::filesystem::path& path, std::streamoff offset) {
  change(path, offset, [](int byte) { return byte ^ 1; });
}

/// Puts another character of base64 in its place.
void alter_base64(const std::filesystem::path& path, std::streamoff offset) {
  change(path, offset, [](int byte) -> int { return byte == 'A' ? 'B' : 'A'; });
}

std::string read_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_text(const std::filesystem::path& path, std::string_view text) {
  std::ofstream(path, std::ios::binary) << text;
}

}  // namespace

TEST_CASE("valid: both journals of a pair are verified and counted") {
  Pair pair;
  const Verdict verdict = pair.verify();
  for (const Finding& finding : verdict.findings) UNSCOPED_INFO(finding.where + finding.what);
  CHECK(verdict.verified());
  REQUIRE(verdict.journals.size() == 2);
  const auto& there = journal_of(verdict, pair.there);
  CHECK(there.size == 4);
  CHECK(there.messages == 2);
  CHECK(there.records == 2);
  CHECK(there.officers == 1);
  CHECK(there.receipted == 4);
  CHECK(there.root == pair.there.tree.root());
  CHECK((there.first_receipt == kStart + seconds(10)));
  CHECK((there.last_receipt == kStart + seconds(500)));
  CHECK(there.notes.empty());
  CHECK(there.sender_authority.starts_with("UZ "));
  CHECK(there.counterpart_authority.starts_with("TJ "));
}

TEST_CASE("valid: a journal of several tiles is verified") {
  Pair pair;
  while (pair.there.leaves.size() < 600) pair.there.append(Record(Policy()));
  const Verdict verdict = pair.verify();
  CHECK(verdict.verified());
  CHECK(journal_of(verdict, pair.there).receipted == 600);
}

TEST_CASE("valid: entries without a receipt are a note") {
  Pair pair;
  pair.there.checkpoint(std::nullopt);
  pair.write();
  const Verdict verdict = pair.verify_written();
  CHECK(verdict.verified());
  CHECK(journal_of(verdict, pair.there).receipted == 3);
  CHECK(has_note(journal_of(verdict, pair.there),
                 "no receipt in this export covers entries from 3 on"));
}

TEST_CASE("receipts that the counterpart's stamps name and the export lacks are missing") {
  Pair pair;
  pair.there.checkpoints.clear();
  pair.there.checkpoint(std::nullopt);
  pair.write();
  const Verdict verdict = pair.verify_written();
  CHECK(verdict.outcome() == Outcome::kNotWhole);
  REQUIRE(verdict.missing().size() == 1);
  const Missing missing = verdict.missing().front();
  CHECK(missing.what == Missing::What::kReceipts);
  CHECK(missing.origin == pair.there.origin);
  CHECK(missing.size == 3);
  CHECK(missing.sentence ==
        "stamps of TJ-FOTEHOBOD say that it receipted the first 3 entries; this export has "
        "receipts for 0");
  CHECK(pair.verify().missing().empty());
}

TEST_CASE("a folder with more journals than an office can have is not verified") {
  const TestOffice uz("UZ-OYBEK");
  const TemporaryFolder folder;
  Origin origin{Network::kLive, uz.id, OfficeId::parse("TJ-FOTEHOBOD").value(), 1};
  for (; origin.generation <= 4'096; ++origin.generation)
    std::filesystem::create_directory(folder.path() / export_folder(origin));
  REQUIRE(verify_export(folder.path(), {uz.authority}).has_value());
  std::filesystem::create_directory(folder.path() / export_folder(origin));
  const auto refused = verify_export(folder.path(), {uz.authority});
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error() == FileError::kTooLarge);
}

TEST_CASE("one direction alone holds and says what is missing") {
  Pair pair;
  pair.there.checkpoint(kStart + seconds(500));
  pair.there.write(pair.folder.sink());
  const Verdict verdict = pair.verify_written();
  CHECK(verdict.outcome() == Outcome::kNotWhole);
  CHECK(verdict.holds());
  REQUIRE(verdict.missing().size() == 1);
  CHECK(verdict.missing().front().sentence ==
        "live/TJ-FOTEHOBOD/UZ-OYBEK/1 is not in this export: stamps from entry 3 on name it, and "
        "were not judged");
}

TEST_CASE("what the command line says is not there is told and leaves the verdict alone") {
  Pair pair;
  pair.there.checkpoint(kStart + seconds(500));
  pair.there.write(pair.folder.sink());
  Verdict verdict = pair.verify_written();
  expect_absent({pair.there.origin}, verdict);
  CHECK(verdict.outcome() == Outcome::kNotWhole);
  expect_absent({pair.back.origin}, verdict);
  CHECK(verdict.verified());
  CHECK(has_note(journal_of(verdict, pair.there), "as the command line says"));
}

TEST_CASE("of two exports that is missing which neither has") {
  Pair pair;
  pair.there.checkpoint(kStart + seconds(500));
  pair.there.write(pair.folder.sink());
  const Verdict alone = pair.verify_written();
  const Verdict whole = pair.verify();
  CHECK(missing_from_both(alone, alone).size() == 1);
  CHECK(missing_from_both(alone, whole).empty());
  CHECK(missing_from_both(whole, alone).empty());
}

TEST_CASE("broken: one bit of an entry is seen in root and tile and receipts") {
  Pair pair;
  CHECK(pair.verify().verified());
  flip(pair.file("tile/entries/000.p/4"), -20);
  const Codes found = codes(pair.verify_written());
  for (const char* code : {"E-ROOT", "E-TILE", "E-RECEIPT-ROOT", "E-SIGNATURE"}) {
    CAPTURE(code);
    CHECK(std::ranges::count(found, code) > 0);
  }
}

TEST_CASE("broken: a tile that differs from the entries is named with the place") {
  Pair pair;
  CHECK(pair.verify().verified());
  flip(pair.file("tile/0/000.p/4"), 70);
  const Verdict verdict = pair.verify_written();
  CHECK(codes(verdict) == Codes{"E-TILE"});
  CHECK(verdict.findings[0].what.find("hash 2") != std::string::npos);
  CHECK(verdict.findings[0].where == "live_UZ-OYBEK_TJ-FOTEHOBOD_1/tile/0/000.p/4");
}

TEST_CASE("broken: an altered checkpoint or one of another journal") {
  Pair pair;
  CHECK(pair.verify().verified());
  alter_base64(pair.file("checkpoint"), 35);
  CHECK(codes(pair.verify_written()) == Codes{"E-CHECKPOINT-KEY"});
  write_text(pair.file("checkpoint"), pair.back.checkpoints.back().checkpoint.note.encode());
  CHECK(codes(pair.verify_written()) == Codes{"E-ORIGIN"});
  write_text(pair.file("checkpoint"), "no note");
  CHECK(codes(pair.verify_written()) == Codes{"E-CHECKPOINT"});
}

TEST_CASE("broken: a checkpoint over other entries than the export's") {
  Pair pair;
  pair.there.checkpoint(kStart + seconds(500));
  pair.write();
  const Checkpoint forked{pair.there.origin, 4, Hash{1}};
  write_text(pair.file("checkpoint"), sign_checkpoint(forked, pair.there.key).note.encode());
  CHECK(codes(pair.verify_written()) == Codes{"E-ROOT"});
}

TEST_CASE("broken: receipts altered or out of order or for more than there is") {
  Pair pair;
  pair.there.checkpoint(kStart + seconds(5));
  pair.write();
  CHECK(codes(pair.verify_written()) == Codes{"E-RECEIPT-TIME", "E-RECEIPT-TIME"});

  pair.there.checkpoints.pop_back();
  pair.there.checkpoint(kStart + seconds(500));
  pair.write();
  CHECK(pair.verify_written().verified());
  const std::string receipts = read_text(pair.file("receipts/000"));
  alter_base64(pair.file("receipts/000"), -20);
  CHECK(codes(pair.verify_written()) == Codes{"E-RECEIPT-KEY"});

  const Checkpoint more{pair.there.origin, 9, Hash{1}};
  auto note = sign_checkpoint(more, pair.there.key).note;
  const auto receipt = cosign_note(note.text, to_unix_s(kStart + seconds(900)),
                                   pair.tj.keys.signing_key(identity::KeyUse::kReceipt));
  note.signatures.push_back(to_note_signature(receipt, pair.there.receipt_key()));
  write_text(pair.file("receipts/000"), receipts + note.encode() + std::string(kReceiptEnd));
  CHECK(std::ranges::count(codes(pair.verify_written()), "E-RECEIPT-SIZE") == 1);
  write_text(pair.file("receipts/000"), receipts.substr(0, receipts.size() - 1));
  CHECK(codes(pair.verify_written()) == Codes{"E-RECEIPT"});
}

TEST_CASE("broken: receipts that stand in other files than their number says") {
  Pair pair;
  while (pair.there.leaves.size() < 300) {
    pair.there.append(Record(Policy()));
    pair.there.checkpoint(kStart + seconds(500));
  }
  CHECK(pair.verify().verified());
  const std::string first = read_text(pair.file("receipts/000"));
  const std::string second = read_text(pair.file("receipts/001"));
  REQUIRE(!second.empty());
  write_text(pair.file("receipts/000"), first + second);
  std::filesystem::remove(pair.file("receipts/001"));
  Verdict verdict = pair.verify_written();
  REQUIRE(codes(verdict) == Codes{"E-RECEIPT"});
  CHECK(verdict.findings[0].where.ends_with("receipts/000"));

  const auto cut = first.rfind(kReceiptEnd, first.size() - kReceiptEnd.size() - 1);
  REQUIRE(cut != first.npos);
  write_text(pair.file("receipts/000"), first.substr(0, cut + kReceiptEnd.size()));
  write_text(pair.file("receipts/001"), first.substr(cut + kReceiptEnd.size()) + second);
  verdict = pair.verify_written();
  REQUIRE(codes(verdict) == Codes{"E-RECEIPT"});
  CHECK(verdict.findings[0].where.ends_with("receipts/001"));
}

TEST_CASE("broken: folders that hold no file of the export") {
  Pair pair;
  CHECK(pair.verify().verified());
  for (const char* name : {"tile/a name", "tile/0/x001", "receipts/x", "tile/a/b/c", "other"}) {
    CAPTURE(name);
    std::filesystem::create_directories(pair.file(name));
    CHECK(codes(pair.verify_written()) == Codes{"E-EXTRA"});
    const std::string top = name == std::string("tile/a/b/c") ? "tile/a" : name;
    std::filesystem::remove_all(pair.file(top));
  }
  CHECK(pair.verify_written().verified());
}

TEST_CASE("broken: a receipt for another root") {
  Pair pair;
  const Checkpoint forked{pair.there.origin, 4, Hash{1}};
  ReceiptedCheckpoint receipted{sign_checkpoint(forked, pair.there.key), std::nullopt};
  receipted.receipt = cosign_note(receipted.checkpoint.note.text, to_unix_s(kStart + seconds(50)),
                                  pair.tj.keys.signing_key(identity::KeyUse::kReceipt));
  pair.there.checkpoints.push_back(receipted);
  const Verdict verdict = pair.verify();
  CHECK(codes(verdict) == Codes{"E-RECEIPT-ROOT"});
  CHECK(verdict.findings[0].rests_on.starts_with("authority TJ "));
}

TEST_CASE("broken: an office that no given authority vouches for") {
  Pair pair;
  CHECK(pair.verify().verified());
  const TestOffice stranger("UZ-OYBEK");
  const auto verdict = verify_export(pair.folder.path(), {stranger.authority, pair.tj.authority});
  REQUIRE(verdict.has_value());
  CHECK(codes(*verdict) == Codes{"E-UNTRUSTED", "E-UNTRUSTED"});
  CHECK(journal_of(*verdict, pair.there).size == 0);
  // The other direction is read; its receipts rest on the authority that is missing.
  CHECK(journal_of(*verdict, pair.back).size == 3);
  CHECK(journal_of(*verdict, pair.back).receipted == 0);
  const auto none = verify_export(pair.folder.path(), {});
  REQUIRE(none.has_value());
  CHECK_FALSE(none->verified());
}

TEST_CASE("broken: an office certificate that the authority did not sign") {
  Pair pair;
  CHECK(pair.verify().verified());
  const TestOffice impostor("UZ-OYBEK");
  std::string pem = pair.uz.authority.pem() + impostor.office.pem() + pair.there.certificate.pem() +
                    pair.tj.authority.pem() + pair.tj.office.pem();
  write_text(pair.file("certificates.pem"), pem);
  CHECK(codes(pair.verify_written()) == Codes{"E-CERTIFICATE"});
  pem = pair.uz.authority.pem() + pair.uz.office.pem() + pair.back.certificate.pem() +
        pair.tj.authority.pem() + pair.tj.office.pem();
  write_text(pair.file("certificates.pem"), pem);
  CHECK(codes(pair.verify_written()) == Codes{"E-CERTIFICATE"});
  pem = pair.uz.office.pem() + pair.uz.authority.pem() + pair.there.certificate.pem() +
        pair.tj.authority.pem() + pair.tj.office.pem();
  write_text(pair.file("certificates.pem"), pem);
  CHECK(codes(pair.verify_written()) == Codes{"E-CERTIFICATE-KIND"});
  pem = pair.uz.authority.pem() + pair.uz.office.pem() + pair.there.certificate.pem() +
        pair.uz.authority.pem() + pair.uz.office.pem();
  write_text(pair.file("certificates.pem"), pem);
  CHECK(codes(pair.verify_written()) == Codes{"E-SUBJECT"});
  write_text(pair.file("certificates.pem"), "nothing");
  CHECK(codes(pair.verify_written()) == Codes{"E-CERTIFICATE-FORM"});
}

TEST_CASE("broken: an authority's certificate with another signature") {
  Pair pair;
  CHECK(pair.verify().verified());
  for (const std::size_t which : {0U, 3U}) {
    CAPTURE(which);
    std::vector<Bytes> blocks = {pair.uz.authority.bytes(), pair.uz.office.bytes(),
                                 pair.there.certificate.bytes(), pair.tj.authority.bytes(),
                                 pair.tj.office.bytes()};
    blocks[which].back() ^= Byte{1};
    std::string pem;
    for (const Bytes& block : blocks) pem += identity::to_pem(identity::kCertificateLabel, block);
    write_text(pair.file("certificates.pem"), pem);
    const Codes found = codes(pair.verify_written());
    CHECK(std::ranges::count(found, "E-CERTIFICATE") > 0);
  }
}

TEST_CASE("broken: a receipt on the checkpoint beyond the year 9999") {
  Pair pair;
  pair.there.checkpoint(from_unix_s(253'402'300'800));
  pair.there.write(pair.folder.sink());
  std::filesystem::remove_all(pair.file("receipts"));
  CHECK(codes(pair.verify_written()) == Codes{"E-RECEIPT"});
}

TEST_CASE("broken: entries malformed or unauthorised or with a forged signature") {
  Pair pair;
  pair.there.append(to_bytes("not an entry"));
  pair.there.message(pair.uz.officer(), 3);
  pair.there.append(pair.there.envelope(pair.officer, 4), pair.uz.officer().key);
  const Verdict verdict = pair.verify();
  CHECK(codes(verdict) == Codes{"E-MALFORMED", "E-OFFICER", "E-SIGNATURE"});
  CHECK(verdict.findings[0].where == "live_UZ-OYBEK_TJ-FOTEHOBOD_1/entry 4");
  CHECK(verdict.findings[0].rests_on.starts_with("authority UZ "));
}

TEST_CASE("valid: an entry that the counterpart refused is a note") {
  Pair pair;
  pair.there.append(to_bytes("not an entry"));
  pair.there.append(pair.there.envelope(pair.officer, 4), pair.uz.officer().key);
  pair.there.checkpoint(kStart + seconds(500));
  pair.back.has_receipted(pair.there);
  pair.back.append(
      Record(Refusal{1, 4, leaf_hash(pair.there.leaves[4]), RefusalReason::kMalformed}));
  const WallTime refused = pair.back.stamp.time;
  pair.back.append(
      Record(Refusal{1, 5, leaf_hash(pair.there.leaves[5]), RefusalReason::kBadSignature}));
  const Verdict verdict = pair.verify();
  CHECK(codes(verdict) == Codes{});
  CHECK(verdict.verified());
  CHECK(journal_of(verdict, pair.there).refused == 2);
  CHECK(has_note(journal_of(verdict, pair.there),
                 "refused entry 4 at " + to_rfc3339(refused) + ": malformed (entry 3 of live/TJ"));
}

TEST_CASE("valid: a refusal more than a day after the entry's receipt is noted as that") {
  Pair pair;
  pair.there.checkpoint(kStart + seconds(500));
  const WallTime receipted = pair.there.stamp.time + std::chrono::hours(1);
  const bool late = GENERATE(false, true);
  const auto refuse = [&pair](std::uint64_t index) {
    pair.back.has_receipted(pair.there);
    pair.back.append(
        Record(Refusal{1, index, leaf_hash(pair.there.leaves[index]), RefusalReason::kMalformed}));
  };
  pair.there.append(to_bytes("not an entry"));
  pair.there.checkpoint(receipted);
  pair.back.stamp.time = receipted + std::chrono::hours(24) - seconds(late ? 0 : 1);
  refuse(4);
  pair.there.append(pair.there.envelope(pair.officer, 4), pair.uz.officer().key);
  pair.there.checkpoint(receipted + std::chrono::hours(30));
  refuse(5);
  pair.back.checkpoint(pair.back.stamp.time + seconds(1));
  pair.write();
  const Verdict verdict = pair.verify_written();
  CHECK(verdict.verified());
  const auto& journal = journal_of(verdict, pair.there);
  CHECK(has_note(journal, "refused entry 4 at"));
  CHECK(has_note(journal, ", more than a day after its receipt: malformed (entry 3 of") == late);
  CHECK_FALSE(has_note(journal, ", more than a day after its receipt: malformed (entry 4 of"));
}

TEST_CASE("of a million receipted entries one receipt a day is kept") {
  const TemporaryFolder folder;
  const auto files = ExportFiles::open(folder.path()).value();
  const crypto::ShortHash tag;
  JournalFacts facts(files, tag, *Origin::parse("live/UZ-OYBEK/TJ-FOTEHOBOD/1"));
  const WallTime midnight = from_unix_s(1'700'006'400);
  for (std::uint64_t size = 1; size <= 1'000'000; ++size) {
    facts.note_receipt(size, midnight + seconds(size / 2));
    facts.note_receipt(size, midnight + seconds(size / 2));
  }
  CHECK(facts.receipt_days.size() == 6);
  CHECK((facts.receipted_by(0) == midnight + seconds(86'399)));
  CHECK((facts.receipted_by(172'799) == midnight + seconds(2 * 86'400 - 1)));
  CHECK((facts.receipted_by(999'999) == midnight + seconds(500'000)));
  CHECK_FALSE(facts.receipted_by(1'000'000).has_value());
}

TEST_CASE("broken: a message past the policy of its own office that nobody refused") {
  Pair pair;
  pair.there.append(Record(Policy{{{std::nullopt, std::nullopt}}, false}));
  pair.there.message(pair.officer, 4);
  const Verdict verdict = pair.verify();
  CHECK(codes(verdict) == Codes{"E-RELEASE"});
  CHECK(verdict.findings[0].where == "live_UZ-OYBEK_TJ-FOTEHOBOD_1/entry 5");
}

TEST_CASE("valid: a message past the policy of its own office that the counterpart refused") {
  Pair pair;
  pair.there.append(Record(Policy{{{std::nullopt, std::nullopt}}, false}));
  pair.there.message(pair.officer, 4);
  pair.there.checkpoint(kStart + seconds(500));
  pair.back.has_receipted(pair.there);
  pair.back.append(
      Record(Refusal{1, 5, leaf_hash(pair.there.leaves[5]), RefusalReason::kNotReleased}));
  CHECK(pair.verify().verified());
}

TEST_CASE("broken: a refusal of an entry that is not there or is another") {
  Pair pair;
  pair.back.append(Record(Refusal{1, 99, Hash{1}, RefusalReason::kMalformed}));
  pair.back.append(Record(Refusal{1, 2, Hash{1}, RefusalReason::kMalformed}));
  CHECK(codes(pair.verify()) == Codes{"E-REFUSAL", "E-REFUSAL"});
}

TEST_CASE("broken: a message id used twice") {
  Pair pair;
  pair.there.message(pair.officer, 1);
  const Verdict verdict = pair.verify();
  CHECK(codes(verdict) == Codes{"E-DUPLICATE"});
  CHECK(verdict.findings[0].where == "live_UZ-OYBEK_TJ-FOTEHOBOD_1/entry 4");
}

TEST_CASE("broken: a stamp that names a head the opposite journal never had") {
  Pair pair;
  pair.there.stamp.size = 4;
  pair.there.message(pair.officer, 3);  // a size of 4, which the opposite journal has not reached
  CHECK(codes(pair.verify()) == Codes{"E-INTERLOCK"});
  Pair other;
  other.back.message(other.answering, 12);
  other.there.stamp.size = 4;
  other.there.message(other.officer, 3);  // size 4 with the root of size 3
  CHECK(codes(other.verify()) == Codes{"E-INTERLOCK"});
}

TEST_CASE("broken: files that do not belong and links") {
  Pair pair;
  CHECK(pair.verify().verified());
  write_text(pair.folder.path() / "read\x1b[2Jme", "x");
  write_text(pair.file("tile/0/001"), "x");
  std::filesystem::create_directory(pair.file("more"));
  std::filesystem::create_symlink("/etc/passwd", pair.file("link"));
  const Verdict verdict = pair.verify_written();
  CHECK(codes(verdict) == Codes{"E-EXTRA", "E-EXTRA", "E-EXTRA", "E-LINK"});
  CHECK(verdict.findings[0].where == "read\\x1b[2Jme");
}

TEST_CASE("broken: links in the place of files and folders are not followed") {
  Pair pair;
  CHECK(pair.verify().verified());
  std::filesystem::rename(pair.file("tile"), pair.file("elsewhere"));
  std::filesystem::create_directory_symlink("elsewhere", pair.file("tile"));
  const Verdict verdict = pair.verify_written();
  CHECK_FALSE(verdict.verified());
  CHECK(journal_of(verdict, pair.there).size == 0);
}

TEST_CASE("broken: any file missing or cut short") {
  for (const char* name :
       {"checkpoint", "policy", "certificates.pem", "tile/0/000.p/4", "tile/entries/000.p/4"}) {
    CAPTURE(name);
    Pair pair;
    CHECK(pair.verify().verified());
    std::filesystem::resize_file(pair.file(name), std::filesystem::file_size(pair.file(name)) - 2);
    CHECK_FALSE(pair.verify_written().verified());
    std::filesystem::remove(pair.file(name));
    CHECK(std::ranges::count(codes(pair.verify_written()), "E-MISSING") == 1);
  }
}

TEST_CASE("broken: no altered byte of an export goes unseen") {
  Pair pair;
  CHECK(pair.verify().verified());
  std::size_t altered = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(pair.folder.path())) {
    if (!entry.is_regular_file()) continue;
    const auto bytes = static_cast<std::streamoff>(entry.file_size());
    for (std::streamoff at = 0; at < bytes; at += 29) {
      CAPTURE(entry.path(), at);
      flip(entry.path(), at);
      CHECK_FALSE(pair.verify_written().verified());
      flip(entry.path(), at);
      ++altered;
    }
  }
  CHECK(altered > 250);
  CHECK(pair.verify_written().verified());
}

TEST_CASE("many findings of a code are counted rather than listed") {
  Pair pair;
  for (int i = 0; i < 30; ++i) pair.there.append(to_bytes("not an entry " + std::to_string(i)));
  const Verdict verdict = pair.verify();
  REQUIRE(verdict.findings.size() == 21);
  CHECK(verdict.findings[20].what == "10 more findings of this code here");
}

TEST_CASE("an empty folder is not verified and a missing one is an error") {
  const TemporaryFolder folder;
  const auto empty = verify_export(folder.path(), {});
  REQUIRE(empty.has_value());
  CHECK_FALSE(empty->verified());
  CHECK(codes(*empty) == Codes{"E-MISSING"});
  CHECK_FALSE(verify_export(folder.path() / "none", {}).has_value());
}

}  // namespace blo::journal
