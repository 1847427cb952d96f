#include "journal/note.h"

#include "base/hex.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "crypto/base64.h"

namespace blo::journal {
namespace {

constexpr std::string_view kEmDash = "\xE2\x80\x94";
constexpr std::string_view kCosignaturePrefix = "cosignature/";
constexpr std::size_t kSignaturesMax = 100;
constexpr std::size_t kKeyIdBytes = 4;
constexpr std::uint64_t kTimeMax = INT64_MAX;

/// Unicode's White_Space property.
bool is_white_space(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

/// Whether `text` is UTF-8 and each of its code points is `allowed`.
bool consists_of(std::string_view text, bool (*allowed)(char32_t)) {
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = code_point_at(text, at);
    if (c.bytes == 0 || !allowed(c.value)) return false;
    at += c.bytes;
  }
  return true;
}

bool is_key_name(std::string_view name) {
  return !name.empty() &&
         consists_of(name, [](char32_t c) { return c >= 0x20 && c != '+' && !is_white_space(c); });
}

bool is_note_text(std::string_view text) {
  return consists_of(text, [](char32_t c) { return c >= 0x20 || c == '\n'; });
}

Error malformed(const char* what) { return {JournalError::kMalformed, what}; }

/// `line` without its newline.
Result<NoteSignature> parse_line(std::string_view line) {
  if (!line.starts_with(kEmDash)) return malformed("signature line");
  line.remove_prefix(kEmDash.size());
  if (!line.starts_with(' ')) return malformed("signature line");
  line.remove_prefix(1);
  const auto space = line.find(' ');
  if (space == line.npos) return malformed("signature line");
  const auto name = line.substr(0, space);
  const auto blob = crypto::from_base64(line.substr(space + 1));
  if (!is_key_name(name)) return malformed("key name");
  if (!blob || blob->size() <= kKeyIdBytes) return malformed("signature");
  return NoteSignature{std::string(name), read_be<std::uint32_t>(*blob),
                       Bytes(blob->begin() + kKeyIdBytes, blob->end())};
}

/// The one signature by `key`; a repetition must be identical.
Result<const NoteSignature*> signature_by(const Note& note, const NoteKey& key) {
  const std::uint32_t id = key.id();
  const NoteSignature* found = nullptr;
  for (const NoteSignature& signature : note.signatures) {
    if (signature.name != key.name || signature.id != id) continue;
    if (found != nullptr && found->signature != signature.signature) {
      return Error(JournalError::kBadSignature, "two different signatures by one key");
    }
    found = &signature;
  }
  if (found == nullptr) return Error(JournalError::kNoKnownSignature, key.name);
  return found;
}

Bytes cosigned_bytes(std::string_view text, std::uint64_t time_s) {
  Bytes bytes = to_bytes("cosignature/v1\ntime " + std::to_string(time_s) + "\n");
  append(bytes, text);
  return bytes;
}

}  // namespace

std::uint32_t NoteKey::id() const {
  const Byte type_bytes[] = {static_cast<Byte>('\n'), static_cast<Byte>(type)};
  return read_be<std::uint32_t>(crypto::sha256({as_bytes(name), type_bytes, key.bytes()}));
}

std::string NoteKey::text() const {
  Bytes id_bytes;
  append_be(id_bytes, id());
  Bytes key_bytes{static_cast<Byte>(type)};
  append(key_bytes, key.bytes());
  return name + "+" + to_hex(id_bytes) + "+" + crypto::to_base64(key_bytes);
}

Result<NoteKey> NoteKey::parse(std::string_view text) {
  const auto name_end = text.find('+');
  const auto id_end = name_end == text.npos ? text.npos : text.find('+', name_end + 1);
  if (id_end == text.npos || text.size() > limits::kNoteBytesMax) return malformed("verifier key");
  const auto name = text.substr(0, name_end);
  const auto bytes = crypto::from_base64(text.substr(id_end + 1));
  if (!is_key_name(name) || !bytes || bytes->empty()) return malformed("verifier key");
  const Byte type = bytes->front();
  if (type != static_cast<Byte>(NoteKeyType::kEd25519) &&
      type != static_cast<Byte>(NoteKeyType::kCosignature)) {
    return malformed("verifier key of an unknown type");
  }
  const auto key = crypto::VerifyKey::enrol(ByteView(*bytes).subspan(1));
  if (!key) return malformed("verifier key that is no Ed25519 key");
  NoteKey parsed{std::string(name), static_cast<NoteKeyType>(type), *key};
  // The one way to write it also settles the id's value and its case.
  if (parsed.text() != text) return malformed("verifier key's id");
  return parsed;
}

std::string NoteSignature::line() const {
  Bytes blob;
  append_be(blob, id);
  append(blob, signature);
  return std::string(kEmDash) + " " + name + " " + crypto::to_base64(blob) + "\n";
}

Result<Note> Note::parse(std::string_view note) {
  if (note.size() > limits::kNoteBytesMax) return malformed("note too long");
  if (!is_note_text(note)) return malformed("note is not plain UTF-8");
  const auto end = note.rfind("\n\n");
  if (end == note.npos) return malformed("note without signatures");
  Note parsed{std::string(note.substr(0, end + 1)), {}};
  auto rest = note.substr(end + 2);
  if (rest.empty() || rest.back() != '\n') return malformed("note without signatures");
  while (!rest.empty()) {
    if (parsed.signatures.size() == kSignaturesMax) return malformed("too many signatures");
    const auto line_end = rest.find('\n');
    auto signature = parse_line(rest.substr(0, line_end));
    if (!signature) return signature.error();
    parsed.signatures.push_back(std::move(*signature));
    rest.remove_prefix(line_end + 1);
  }
  return parsed;
}

std::string Note::encode() const {
  std::string note = text + "\n";
  for (const NoteSignature& signature : signatures) note += signature.line();
  return note;
}

NoteSignature sign_note(std::string_view text, const std::string& name,
                        const crypto::SigningKey& key) {
  BLO_CHECK(!text.starts_with(kCosignaturePrefix));
  BLO_CHECK(is_note_text(text) && text.ends_with('\n') && is_key_name(name));
  const NoteKey note_key{name, NoteKeyType::kEd25519, key.verify_key()};
  const auto signature = crypto::sign_note_bytes(key, as_bytes(text));
  return {name, note_key.id(), to_bytes(ByteView(signature))};
}

Cosignature cosign_note(std::string_view text, std::uint64_t time_s,
                        const crypto::SigningKey& key) {
  BLO_CHECK(time_s <= kTimeMax);
  return {time_s, crypto::sign_note_bytes(key, cosigned_bytes(text, time_s))};
}

NoteSignature to_note_signature(const Cosignature& cosignature, const NoteKey& key) {
  BLO_CHECK(key.type == NoteKeyType::kCosignature);
  Bytes bytes;
  append_be(bytes, cosignature.time_s);
  append(bytes, cosignature.signature);
  return {key.name, key.id(), std::move(bytes)};
}

Result<void> verify_note(const Note& note, const NoteKey& key) {
  BLO_CHECK(key.type == NoteKeyType::kEd25519);
  const auto found = signature_by(note, key);
  if (!found) return found.error();
  crypto::Signature signature;
  if (!copy_exact((*found)->signature, signature) ||
      !crypto::verify_note_bytes(key.key, as_bytes(note.text), signature)) {
    return Error(JournalError::kBadSignature, key.name);
  }
  return {};
}

Result<Cosignature> verify_cosignature(const Note& note, const NoteKey& key) {
  BLO_CHECK(key.type == NoteKeyType::kCosignature);
  const auto found = signature_by(note, key);
  if (!found) return found.error();
  const ByteView bytes = (*found)->signature;
  Cosignature cosignature;
  if (bytes.size() != sizeof(std::uint64_t) + sizeof(crypto::Signature)) {
    return Error(JournalError::kBadSignature, key.name);
  }
  cosignature.time_s = read_be<std::uint64_t>(bytes);
  BLO_CHECK(copy_exact(bytes.subspan(sizeof(std::uint64_t)), cosignature.signature));
  if (!verify_cosignature(note.text, cosignature, key.key)) {
    return Error(JournalError::kBadSignature, key.name);
  }
  return cosignature;
}

bool verify_cosignature(std::string_view text, const Cosignature& cosignature,
                        const crypto::VerifyKey& key) {
  return cosignature.time_s <= kTimeMax &&
         crypto::verify_note_bytes(key, cosigned_bytes(text, cosignature.time_s),
                                   cosignature.signature);
}

}  // namespace blo::journal
