#include "journal/checkpoint.h"

#include <catch2/catch.hpp>

namespace blo::journal {
namespace {

const std::string kRoot = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
const std::string kOrigin = "live/UZ-OYBEK/TJ-FOTEHOBOD/1";

Origin origin_of(const std::string& text) { return *Origin::parse(text); }

}  // namespace

TEST_CASE("a checkpoint is three lines") {
  const Checkpoint checkpoint{origin_of(kOrigin), 0, empty_root()};
  CHECK(checkpoint.text() == kOrigin + "\n0\n" + kRoot + "\n");
  const auto parsed = Checkpoint::parse(checkpoint.text());
  REQUIRE(parsed.has_value());
  CHECK((*parsed == checkpoint));
}

TEST_CASE("a checkpoint in any other form is malformed") {
  for (const std::string& text : {
           std::string(),
           kOrigin + "\n5\n" + kRoot,                           // no final newline
           kOrigin + "\n5\n" + kRoot + "\nextension\n",         // an extension line
           kOrigin + "\n05\n" + kRoot + "\n",                   // a leading zero
           kOrigin + "\n-5\n" + kRoot + "\n",                   // a sign
           kOrigin + "\n9223372036854775808\n" + kRoot + "\n",  // past the largest size
           kOrigin + "\n5\n" + kRoot.substr(4) + "\n",          // a short root
           kOrigin + "\n5\n" + kRoot.substr(0, 42) + "V=\n",    // trailing bits
           kOrigin + "\n0\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",  // not the empty root
           "prod/UZ-OYBEK/TJ-FOTEHOBOD/1\n5\n" + kRoot + "\n",
           "live/UZ-OYBEK/TJ-FOTEHOBOD/01\n5\n" + kRoot + "\n",
       }) {
    CAPTURE(text);
    CHECK(Checkpoint::parse(text).error() == JournalError::kMalformed);
  }
}

TEST_CASE("a signed checkpoint opens under its own origin and key alone") {
  const auto key = crypto::SigningKey::generate();
  const auto other_key = crypto::SigningKey::generate();
  const Origin origin = origin_of(kOrigin);
  const Origin next = origin_of("live/UZ-OYBEK/TJ-FOTEHOBOD/2");
  const std::string note = sign_checkpoint({origin, 5, Hash{7}}, key).note.encode();
  const auto opened = open_checkpoint(note, origin, key.verify_key());
  REQUIRE(opened.has_value());
  CHECK(opened->checkpoint.size == 5);
  CHECK(open_checkpoint(note, next, key.verify_key()).error() == JournalError::kWrongOrigin);
  CHECK(open_checkpoint(note, origin, other_key.verify_key()).error() ==
        JournalError::kNoKnownSignature);
  std::string altered = note;
  altered[kOrigin.size() + 1] = '6';
  CHECK(open_checkpoint(altered, origin, key.verify_key()).error() == JournalError::kBadSignature);
}

TEST_CASE("the receipt key is named after network and office") {
  const auto key = crypto::SigningKey::generate();
  const auto note_key =
      receipt_note_key(Network::kExercise, *OfficeId::parse("TJ-FOTEHOBOD"), key.verify_key());
  CHECK(note_key.name == "exercise/TJ-FOTEHOBOD");
  CHECK((note_key.type == NoteKeyType::kCosignature));
}

}  // namespace blo::journal
