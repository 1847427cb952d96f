// C2SP signed notes (c2sp.org/signed-note@v1.0.0) with Ed25519 (type 0x01) and timestamped
// cosignatures (type 0x04, c2sp.org/tlog-cosignature@v1.0.1).
#ifndef BLO_JOURNAL_NOTE_H
#define BLO_JOURNAL_NOTE_H

#include <string>
#include <vector>

#include "base/result.h"
#include "crypto/sign.h"
#include "journal/error.h"

namespace blo::journal {

/// The algorithm byte of a note key.
enum class NoteKeyType : std::uint8_t { kEd25519 = 0x01, kCosignature = 0x04 };

/// A verifier key: name, type, public key. Text form `name+hex8(id)+base64(type ‖ key)`.
struct NoteKey {
  std::string name;
  NoteKeyType type;
  crypto::VerifyKey key;

  /// First 4 bytes of SHA-256(name ‖ 0x0A ‖ type ‖ key), big-endian. A selector, never an identity.
  [[nodiscard]] std::uint32_t id() const;
  [[nodiscard]] std::string text() const;
  [[nodiscard]] static Result<NoteKey> parse(std::string_view text);
};

/// One signature line: "— name base64(id[4] ‖ signature)".
struct NoteSignature {
  std::string name;
  std::uint32_t id;
  Bytes signature;  // 64 bytes for 0x01; u64be time ‖ 64 bytes for 0x04; other types as carried

  [[nodiscard]] std::string line() const;  // with its newline
};

/// A note split into its text (ending in a newline) and its signature lines; nothing verified.
struct Note {
  std::string text;
  std::vector<NoteSignature> signatures;

  /// At most limits::kNoteBytesMax and 100 signatures; UTF-8, no control characters but newline;
  /// strict base64.
  [[nodiscard]] static Result<Note> parse(std::string_view note);
  [[nodiscard]] std::string encode() const;
};

/// A cosignature's time (Unix seconds) and signature.
struct Cosignature {
  std::uint64_t time_s;
  crypto::Signature signature;
};

/// Signs a note's text with a 0x01 key. Refuses (CHECK) a text that begins "cosignature/", which
/// would be a cosignature's signed bytes.
[[nodiscard]] NoteSignature sign_note(std::string_view text, const std::string& name,
                                      const crypto::SigningKey& key);
/// Signs "cosignature/v1\ntime <t>\n" ‖ text with a 0x04 key.
[[nodiscard]] Cosignature cosign_note(std::string_view text, std::uint64_t time_s,
                                      const crypto::SigningKey& key);
[[nodiscard]] NoteSignature to_note_signature(const Cosignature& cosignature, const NoteKey& key);

/// Exactly one of the note's signatures must be by `key` (name and id) and verify; others are
/// ignored. A repeated one counts once when identical. Errors: kNoKnownSignature, kBadSignature.
[[nodiscard]] Result<void> verify_note(const Note& note, const NoteKey& key);
/// As verify_note, for a 0x04 key; gives the cosignature. Time must be at most 2^63-1.
[[nodiscard]] Result<Cosignature> verify_cosignature(const Note& note, const NoteKey& key);
[[nodiscard]] bool verify_cosignature(std::string_view text, const Cosignature& cosignature,
                                      const crypto::VerifyKey& key);

}  // namespace blo::journal

#endif
