#include "journal/entry.h"

#include "base/check.h"
#include "base/limits.h"
#include "base/wire.h"
#include "blo/v1/journal.pb.h"
#include "journal/wire.h"

namespace blo::journal {
namespace {

Result<Stamp> from_wire(const v1::Stamp& wire) {
  const auto time = time_from_ms(wire.time_ms());
  if (!time) return malformed("stamp.time");
  Stamp stamp{*time, wire.generation(), wire.size(), {}, wire.clock_unsure()};
  if (stamp.generation == 0) {
    if (stamp.size != 0 || !wire.root().empty()) return malformed("stamp.generation");
    return stamp;
  }
  if (stamp.size == 0 || stamp.size > kTreeSizeMax) return malformed("stamp.size");
  if (!copy_exact(as_bytes(wire.root()), stamp.root)) return malformed("stamp.root");
  return stamp;
}

void to_wire(const Stamp& stamp, v1::Stamp& wire) {
  wire.set_time_ms(to_unix_ms(stamp.time));
  wire.set_clock_unsure(stamp.unsure);
  if (stamp.generation == 0) return;
  wire.set_generation(stamp.generation);
  wire.set_size(stamp.size);
  set_bytes(*wire.mutable_root(), stamp.root);
}

Result<SignedEnvelope> from_wire(const v1::SignedEnvelope& wire) {
  SignedEnvelope message;
  if (wire.envelope().empty()) return malformed("envelope");
  message.envelope = to_bytes(std::string_view(wire.envelope()));
  if (!copy_exact(as_bytes(wire.signature()), message.signature)) return malformed("signature");
  if (!wire.has_release()) return message;
  Release release;
  if (!copy_exact(as_bytes(wire.release().officer()), release.officer)) {
    return malformed("release.officer");
  }
  if (!copy_exact(as_bytes(wire.release().signature()), release.signature)) {
    return malformed("release.signature");
  }
  message.release = release;
  return message;
}

void to_wire(const SignedEnvelope& message, v1::SignedEnvelope& wire) {
  set_bytes(*wire.mutable_envelope(), message.envelope);
  set_bytes(*wire.mutable_signature(), message.signature);
  if (!message.release) return;
  set_bytes(*wire.mutable_release()->mutable_officer(), message.release->officer);
  set_bytes(*wire.mutable_release()->mutable_signature(), message.release->signature);
}

}  // namespace

bool Stamp::follows(const Stamp& earlier) const {
  if (time < earlier.time || generation < earlier.generation) return false;
  if (generation > earlier.generation) return true;
  // One size has one root.
  return size > earlier.size || (size == earlier.size && root == earlier.root);
}

Bytes Entry::encode() const {
  v1::Entry wire;
  wire.set_version(kFormatVersion);
  to_wire(stamp, *wire.mutable_stamp());
  if (const auto* message = std::get_if<SignedEnvelope>(&what)) {
    to_wire(*message, *wire.mutable_message());
  } else {
    set_bytes(*wire.mutable_record(), std::get<Bytes>(what));
  }
  Bytes leaf = encode_wire(wire);
  BLO_CHECK(leaf.size() <= limits::kEntryBytesMax);
  return leaf;
}

Result<Entry> Entry::parse(ByteView leaf) {
  v1::Entry wire;
  if (leaf.size() > limits::kEntryBytesMax) return malformed("entry too long");
  if (!parse_canonical(leaf, wire)) return malformed("entry is not canonical");
  if (wire.version() != kFormatVersion) return Error(JournalError::kUnknownVersion, "entry");
  if (!wire.has_stamp()) return malformed("stamp");
  const auto stamp = from_wire(wire.stamp());
  if (!stamp) return stamp.error();
  if (wire.has_message()) {
    auto message = from_wire(wire.message());
    if (!message) return message.error();
    return Entry{*stamp, std::move(*message)};
  }
  if (wire.record().empty()) return malformed("entry holds nothing");
  return Entry{*stamp, to_bytes(std::string_view(wire.record()))};
}

ByteView Entry::bound_bytes() const {
  if (const auto* message = std::get_if<SignedEnvelope>(&what)) return message->envelope;
  return std::get<Bytes>(what);
}

}  // namespace blo::journal
