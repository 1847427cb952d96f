#include "journal/verify_proven.h"

#include <set>

#include "base/hex.h"
#include "journal/across/claims.h"

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

/// Lines that are neither the journal's nor the receipts', or one of them twice: what is in
/// evidence is judged.
bool has_other_lines(const Note& note, const Origin& origin) {
  const std::string receipts = std::string(to_string(origin.network)) + "/" + origin.to.text();
  std::set<std::string> names;
  return !std::ranges::all_of(note.signatures, [&](const NoteSignature& signature) {
    const bool known = signature.name == receipts || signature.name == origin.text();
    return known && names.insert(signature.name).second;
  });
}

/// The checkpoint under the journal's key; nothing, with a finding, where it does not hold.
std::optional<SignedCheckpoint> open_head(const std::string& text, const Start& start,
                                          const std::string& place, Findings& findings) {
  const auto refuse = [&](FindingCode code, const std::string& why) {
    findings.add(code, place + "/checkpoint", why, text);
    return std::nullopt;
  };
  const auto note = Note::parse(text);
  if (!note) return refuse(FindingCode::kCheckpoint, note.error().message());
  const auto checkpoint = Checkpoint::parse(note->text);
  if (!checkpoint) return refuse(FindingCode::kCheckpoint, checkpoint.error().message());
  const Origin& origin = checkpoint->origin;
  if (origin.is_trail()) return refuse(FindingCode::kOrigin, "it is of an audit trail");
  if (const auto held = identity::check_journal(start.office, start.journal, origin); !held) {
    const FindingCode code = certificate_finding(held.error());
    if (code != FindingCode::kSubject) return refuse(code, held.error().message());
    return refuse(code, "the checkpoint is of " + origin.text() +
                            ", and the journal's certificate in entry 0 of " +
                            printable(start.journal.details().subject));
  }
  if (has_other_lines(*note, origin))
    return refuse(FindingCode::kCheckpoint,
                  "it carries a line that is nobody's here, or one twice");
  const auto key = start.journal.details().verify_key(identity::KeyUse::kJournal);
  BLO_CHECK(key.has_value());
  auto opened = open_checkpoint(text, origin, *key);
  if (!opened) {
    return refuse(
        note_finding(opened.error(), FindingCode::kCheckpoint, FindingCode::kCheckpointKey),
        opened.error().message());
  }
  return std::move(*opened);
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
                                         const std::string& place, std::optional<WallTime> received,
                                         Findings& findings) {
  const auto start = parse_start(journal.entries.front().leaf);
  if (!start) {
    findings.add(FindingCode::kStart, entry_place(place, 0), start.error().message());
    return std::nullopt;
  }
  const auto* authority =
      trusted(authorities, start->authority, start->office.details().subject, place, findings);
  if (authority == nullptr) return std::nullopt;
  auto office = identity::check_authority(start->authority);  // the copy, too, is what it seems
  const WallTime begun = is_claim(start->time, received) ? *received : start->time;
  if (office) office = identity::check_office(*authority, start->office, begun);
  if (!office) {
    findings.add(certificate_finding(office.error()), place, office.error().message(),
                 to_hex(start->office.fingerprint()));
    return std::nullopt;
  }
  auto head = open_head(journal.checkpoint, *start, place, findings);
  if (!head) return std::nullopt;

  ProvenReading reading{*authority, start->office, std::move(*head), {}, {}};
  const Checkpoint& checkpoint = reading.head.checkpoint;
  Reader reader(checkpoint.origin, reading.office);
  reader.only_tell_times();
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
    reader.skip_to(entry.index);
    reading.entries.push_back(
        reader.read(parse_leaf(entry.leaf), StampVerdict::kUnjudged, received));
  }
  if (const auto& first = reading.entries.front(); first.refusal) {
    findings.add(first.finding.value_or(FindingCode::kStart), entry_place(place, 0), first.detail);
    return std::nullopt;
  }
  return reading;
}

}  // namespace blo::journal
