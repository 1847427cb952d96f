#include "store/kept_body.h"

#include "../identity/world.h"
#include "seal/body.h"
#include "world.h"

namespace blo::store {
namespace {

const seal::Salt kSalt{7};
const std::string kSaid = "what was committed to";

Bytes envelope() {
  const journal::Envelope envelope{Network::kExercise,
                                   MessageId{1},
                                   test::office("UZ-OYBEK"),
                                   test::office("TJ-FOTEHOBOD"),
                                   identity::Fingerprint{2},
                                   1,
                                   journal::Precedence::kRoutine,
                                   identity::test::kDay,
                                   {},
                                   seal::commit_to_content(kSalt, as_bytes(kSaid)),
                                   seal::padded_bytes(kSaid.size()),
                                   {},
                                   {},
                                   {}};
  return envelope.encode();
}

StoredBody body(ByteView bound, ByteView content, const seal::Salt& salt = kSalt) {
  auto key = test::key(5);
  Bytes sealed = seal::seal_body(key, bound, salt, content);
  return {std::move(sealed), std::move(key)};
}

Bytes leaf(ByteView record) {
  return journal::Entry{{identity::test::kDay, 0, 0, {}}, to_bytes(record)}.encode();
}

}  // namespace

TEST_CASE("a message's content is the one it committed to or damage") {
  const Bytes bound = envelope();
  const Bytes message = journal::Entry{
      {identity::test::kDay, 0, 0, {}},
      journal::SignedEnvelope{
          bound, {}, {}}}.encode();
  for (const auto& check :
       {std::function([&](const StoredBody& b) { return check_content(bound, b); }),
        std::function([&](const StoredBody& b) { return check_body(message, b); })}) {
    CHECK(check(body(bound, as_bytes(kSaid))).has_value());
    CHECK(check({}).has_value());  // erased
    CHECK(check(body(bound, as_bytes("something else"))).error() == StoreError::kCorrupt);
    CHECK(check(body(bound, as_bytes(kSaid), seal::Salt{8})).error() == StoreError::kCorrupt);
    CHECK(check(body(as_bytes("of another"), as_bytes(kSaid))).error() == StoreError::kCorrupt);
    StoredBody changed = body(bound, as_bytes(kSaid));
    changed.sealed[3] ^= 1;
    CHECK(check(changed).error() == StoreError::kCorrupt);
  }
}

TEST_CASE("an officer's name is the one the certificate committed to or damage") {
  namespace id = identity::test;
  const auto details = id::officer_details("UZ-OYBEK", id::authority_of("UZ"));
  const auto certificate =
      identity::Certificate::issue(details, id::signing_key("UZ-OYBEK identity"));
  const Bytes name = identity::OfficerName{"Dilshod Karimov", "Customs"}.encode();
  const Bytes record = journal::encode_record(
      journal::CertificateRecord{certificate.bytes(), seal::padded_bytes(name.size())});
  const seal::Salt salt = crypto::sha256(as_bytes("UZ-OYBEK salt"));
  CHECK(check_body(leaf(record), body(record, name, salt)).has_value());
  CHECK(check_body(leaf(record), body(record, as_bytes("another"), salt)).error() ==
        StoreError::kCorrupt);
}

TEST_CASE("an act's request is the one it names by its hash or damage") {
  journal::Act act;
  act.request_hash = crypto::sha256(as_bytes(kSaid));
  act.request = 4;
  act.padded_bytes = seal::padded_bytes(kSaid.size());
  const Bytes record = journal::encode_record(act);
  CHECK(check_body(leaf(record), body(record, as_bytes(kSaid))).has_value());
  CHECK(check_body(leaf(record), body(record, as_bytes("another"))).error() ==
        StoreError::kCorrupt);
}

TEST_CASE("an entry that has no body to keep has none") {
  const Bytes record =
      journal::encode_record(journal::Refusal{1, 2, {3}, journal::RefusalReason::kDuplicate});
  CHECK(check_body(leaf(record), {}).has_value());
  CHECK(check_body(leaf(record), body(record, as_bytes(kSaid))).error() == StoreError::kCorrupt);
}

}  // namespace blo::store
