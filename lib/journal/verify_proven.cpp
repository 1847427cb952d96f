#include "journal/verify_proven.h"

#include "base/hex.h"

namespace blo::journal {
namespace {

/// What entry 0 says, where it is a generation start whose certificates parse.
struct Start {
  identity::Certificate authority;
  identity::Certificate office;
  identity::Certificate journal;
  WallTime time;
};

Result<Start> parse_start(ByteView leaf) {
  const auto entry = Entry::parse(leaf);
  if (!entry) return entry.error();
  const auto* bytes = std::get_if<Bytes>(&entry->what);
  const Error none(JournalError::kMalformed, "entry 0 is not a generation start");
  if (bytes == nullptr) return none;
  const auto record = parse_record(*bytes);
  if (!record) return record.error();
  const auto* start = std::get_if<GenerationStart>(&*record);
  if (start == nullptr) return none;
  const auto authority = identity::Certificate::parse(start->authority_certificate);
  if (!authority) return authority.error();
  const auto office = identity::Certificate::parse(start->office_certificate);
  if (!office) return office.error();
  const auto journal = identity::Certificate::parse(start->journal_certificate);
  if (!journal) return journal.error();
  return Start{*authority, *office, *journal, entry->stamp.time};
}

/// The checkpoint under the journal's key. Lines that are nobody's of the two offices are refused:
/// what is in evidence is judged.
Result<SignedCheckpoint> open_head(const std::string& note, const Start& start) {
  const auto parsed = Note::parse(note);
  if (!parsed) return parsed.error();
  const auto checkpoint = Checkpoint::parse(parsed->text);
  if (!checkpoint) return checkpoint.error();
  const Origin& origin = checkpoint->origin;
  if (origin.is_trail()) return Error(JournalError::kWrongOrigin, origin.text());
  if (const auto held = identity::check_journal(start.office, start.journal, origin); !held)
    return held.error();
  const auto key = start.journal.details().verify_key(identity::KeyUse::kJournal);
  if (!key) return Error(JournalError::kMalformed, "the journal's certificate");
  const std::string receipts = std::string(to_string(origin.network)) + "/" + origin.to.text();
  std::set<std::string> names;
  for (const NoteSignature& signature : parsed->signatures) {
    const bool known =
        signature.name == receipts ||
        (signature.name == origin.text() && signature.id == journal_note_key(origin, *key).id());
    if (!known || !names.insert(signature.name).second)
      return Error(JournalError::kNoKnownSignature, printable(signature.name));
  }
  return open_checkpoint(note, origin, *key);
}

}  // namespace

std::string entry_place(const std::string& place, std::uint64_t index) {
  return place + "/entry " + std::to_string(index);
}

std::string authority_name(const identity::Certificate& authority) {
  return authority.details().subject + " " + to_hex(authority.fingerprint());
}

const identity::Certificate* trusted(const std::vector<identity::Certificate>& authorities,
                                     const identity::Certificate& copy, std::string_view office,
                                     const std::string& place, Findings& findings) {
  const auto found =
      std::ranges::find(authorities, copy.fingerprint(), &identity::Certificate::fingerprint);
  if (found != authorities.end()) return &*found;
  findings.add(FindingCode::kUntrustedAuthority, place,
               "no authority given on the command line vouches for " + std::string(office),
               "the evidence names " + to_hex(copy.fingerprint()));
  return nullptr;
}

std::optional<ProvenReading> read_proven(const ProvenJournal& journal,
                                         const std::vector<identity::Certificate>& authorities,
                                         const std::string& place, Findings& findings) {
  const auto start = parse_start(journal.entries.front().leaf);
  if (!start) {
    findings.add(FindingCode::kEntry, entry_place(place, 0), start.error().message());
    return std::nullopt;
  }
  const auto* authority =
      trusted(authorities, start->authority, start->office.details().subject, place, findings);
  if (authority == nullptr) return std::nullopt;
  auto office = identity::check_authority(start->authority);  // the copy, too, is what it seems
  if (office) office = identity::check_office(*authority, start->office, start->time);
  if (!office) {
    findings.add(FindingCode::kCertificate, place, office.error().message(),
                 to_hex(start->office.fingerprint()));
    return std::nullopt;
  }
  auto head = open_head(journal.checkpoint, *start);
  if (!head) {
    findings.add(FindingCode::kCheckpoint, place + "/checkpoint", head.error().message(),
                 journal.checkpoint);
    return std::nullopt;
  }

  ProvenReading reading{*authority, start->office, std::move(*head), {}, {}};
  const Checkpoint& checkpoint = reading.head.checkpoint;
  Reader reader(checkpoint.origin, reading.office);
  for (const ProvenEntry& entry : journal.entries) {
    const auto proven = verify_inclusion(leaf_hash(entry.leaf), entry.index, checkpoint.size,
                                         entry.proof, checkpoint.root);
    if (!proven) {
      findings.add(FindingCode::kProof, entry_place(place, entry.index),
                   "it does not lie under the checkpoint: " + proven.error().message(),
                   "leaf hash " + to_hex(leaf_hash(entry.leaf)));
      return std::nullopt;
    }
    reading.policies.push_back(reader.policy());
    // What lies between says nothing that the entries left out are needed for.
    reader.resume(entry.index, reader.last_stamp(), {});
    reading.entries.push_back(reader.read(entry.leaf));
  }
  if (const auto& first = reading.entries.front(); first.refusal) {
    findings.add(FindingCode::kEntry, entry_place(place, 0), first.detail);
    return std::nullopt;
  }
  return reading;
}

}  // namespace blo::journal
