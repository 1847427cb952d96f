// What the examples in docs/format are made of: keys called NAME have the seed SHA-256("NAME").
#ifndef BLO_TESTS_UNIT_JOURNAL_EXAMPLES_H
#define BLO_TESTS_UNIT_JOURNAL_EXAMPLES_H

#include "journal/checkpoint.h"
#include "journal/entry.h"

namespace blo::journal::examples {

inline crypto::SigningKey key(std::string_view name) {
  return crypto::SigningKey::from_seed(crypto::Key(crypto::sha256(as_bytes(name))));
}

inline const WallTime kTime = from_unix_s(1'704'067'200);
inline const Origin kOrigin = *Origin::parse("live/UZ-OYBEK/TJ-FOTEHOBOD/1");

/// Leaves "a", "b" and "c".
inline Frontier tree() {
  Frontier tree;
  for (const char* leaf : {"a", "b", "c"}) tree.append(leaf_hash(as_bytes(leaf)));
  return tree;
}

inline Envelope envelope() {
  return {Network::kLive,
          {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
          kOrigin.from,
          kOrigin.to,
          crypto::sha256(as_bytes("officer")),
          static_cast<std::uint32_t>(Kind::kAlert),
          Precedence::kPriority,
          kTime,
          kTime + std::chrono::hours(1),
          crypto::sha256(as_bytes("content")),
          256,
          {{crypto::sha256(as_bytes("attachment")), 65'536}},
          std::nullopt,
          std::nullopt};
}

/// Stamped with size 3 of the opposite journal's first generation.
inline Stamp stamp() { return {kTime + seconds(1), 1, 3, tree().root()}; }

inline Entry message_entry() {
  const Bytes bytes = envelope().encode();
  return {stamp(), SignedEnvelope{
                       bytes, crypto::sign(crypto::Purpose::kEnvelope, key("UZ officer"), {bytes}),
                       std::nullopt}};
}

inline Entry refusal_entry() {
  return {
      stamp(),
      encode_record(Record(Refusal{1, 2, leaf_hash(as_bytes("c")), RefusalReason::kUnopenable}))};
}

/// Of a second generation, with words in the place of the certificates.
inline Entry generation_start_entry() {
  const GenerationStart start{
      to_bytes(std::string_view("authority")), to_bytes(std::string_view("office")),
      to_bytes(std::string_view("journal")), ClosedGeneration{3, tree().root()}};
  return {stamp(), encode_record(Record(start))};
}

inline Entry erasure_entry() {
  return {stamp(), encode_record(Record(Erasure{1, "name of an officer who was revoked", 7, 1}))};
}

inline Entry challenge_entry() {
  return {stamp(), encode_record(Record(AuditChallenge{"audit 2024-01-01 7f3a"}))};
}

/// A release is asked for every flash alert and every seizure notice.
inline Entry policy_entry() {
  const Policy policy{{{static_cast<std::uint32_t>(Kind::kAlert), Precedence::kFlash},
                       {static_cast<std::uint32_t>(Kind::kSeizureNotice), std::nullopt}},
                      false};
  return {stamp(), encode_record(Record(policy))};
}

inline SignedCheckpoint checkpoint() {
  return sign_checkpoint({kOrigin, 3, tree().root()}, key("UZ journal"));
}

inline NoteKey receipt_key() {
  return receipt_note_key(kOrigin.network, kOrigin.to, key("TJ receipt").verify_key());
}

/// The checkpoint with the counterpart's receipt.
inline std::string receipted_checkpoint() {
  Note note = checkpoint().note;
  const auto receipt = cosign_note(note.text, to_unix_s(kTime) + 60, key("TJ receipt"));
  note.signatures.push_back(to_note_signature(receipt, receipt_key()));
  return note.encode();
}

}  // namespace blo::journal::examples

#endif
