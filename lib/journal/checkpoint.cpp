#include "journal/checkpoint.h"

#include "base/lines.h"
#include "crypto/base64.h"

namespace blo::journal {
namespace {

Error malformed(const char* what) { return {JournalError::kMalformed, what}; }

}  // namespace

std::string Checkpoint::text() const {
  return origin.text() + "\n" + std::to_string(size) + "\n" + crypto::to_base64(root) + "\n";
}

Result<Checkpoint> Checkpoint::parse(std::string_view note_text) {
  const auto origin_line = take_line(note_text);
  const auto size_line = take_line(note_text);
  const auto root_line = take_line(note_text);
  if (!root_line || !note_text.empty()) return malformed("checkpoint is not three lines");
  const auto origin = Origin::parse(*origin_line);
  if (!origin) return malformed("checkpoint's origin");
  const auto size = parse_decimal(*size_line);
  if (!size || *size > kTreeSizeMax) return malformed("checkpoint's size");
  const auto root_bytes = crypto::from_base64(*root_line);
  Hash root;
  if (!root_bytes || !copy_exact(*root_bytes, root)) return malformed("checkpoint's root");
  if (*size == 0 && root != empty_root()) return malformed("root of an empty journal");
  return Checkpoint{*origin, *size, root};
}

NoteKey journal_note_key(const Origin& origin, const crypto::VerifyKey& key) {
  return {origin.text(), NoteKeyType::kEd25519, key};
}

NoteKey receipt_note_key(Network network, const OfficeId& office, const crypto::VerifyKey& key) {
  return {std::string(to_string(network)) + "/" + office.text(), NoteKeyType::kCosignature, key};
}

SignedCheckpoint sign_checkpoint(const Checkpoint& checkpoint,
                                 const crypto::SigningKey& journal_key) {
  Note note{checkpoint.text(), {}};
  note.signatures.push_back(sign_note(note.text, checkpoint.origin.text(), journal_key));
  return {checkpoint, std::move(note)};
}

Result<SignedCheckpoint> open_checkpoint(std::string_view note, const Origin& origin,
                                         const crypto::VerifyKey& journal_key) {
  auto parsed = Note::parse(note);
  if (!parsed) return parsed.error();
  auto checkpoint = Checkpoint::parse(parsed->text);
  if (!checkpoint) return checkpoint.error();
  if (checkpoint->origin != origin) {
    return Error(JournalError::kWrongOrigin, checkpoint->origin.text());
  }
  const auto verified = verify_note(*parsed, journal_note_key(origin, journal_key));
  if (!verified) return verified.error();
  return SignedCheckpoint{std::move(*checkpoint), std::move(*parsed)};
}

}  // namespace blo::journal
