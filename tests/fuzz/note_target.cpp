// Signed notes, checkpoints, cosignatures, keys, and tlog-proofs: all that is text.
#include "journal/checkpoint.h"
#include "journal/evidence.h"
#include "target.h"

namespace blo::fuzz {
namespace {

void run(ByteView bytes) {
  const auto text = as_text(bytes);
  const auto origin = Origin::parse("live/UZ-OYBEK/TJ-FOTEHOBOD/1");
  const auto key = certificates().at(2).details().verify_key(identity::KeyUse::kJournal);
  const auto receipt = certificates().at(4).details().verify_key(identity::KeyUse::kReceipt);
  BLO_CHECK(origin && key && receipt);

  const auto note = journal::Note::parse(text);
  if (note) {
    BLO_CHECK(note->encode() == text);
    const auto checkpoint = journal::Checkpoint::parse(note->text);
    if (checkpoint) BLO_CHECK(checkpoint->text() == note->text);
    const auto cosignature = journal::verify_cosignature(
        *note, journal::receipt_note_key(origin->network, origin->to, *receipt));
    if (cosignature) BLO_CHECK(cosignature->time_s <= INT64_MAX);
  }
  const auto opened = journal::open_checkpoint(text, *origin, *key);
  if (opened) BLO_CHECK(note && opened->checkpoint.origin == *origin);
  const auto parsed = journal::NoteKey::parse(text);
  if (parsed) BLO_CHECK(parsed->text() == text);
  const auto proof = journal::TlogProof::parse(text);
  if (proof) BLO_CHECK(proof->proof.size() <= journal::kProofHashesMax);
}

}  // namespace
}  // namespace blo::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  blo::fuzz::run({data, size});
  return 0;
}
