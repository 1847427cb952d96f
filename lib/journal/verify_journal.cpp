#include "journal/verify_journal.h"

#include <set>

#include "base/hex.h"
#include "base/limits.h"
#include "journal/challenge.h"
#include "journal/export_layout.h"
#include "journal/verify_certificates.h"
#include "journal/verify_receipts.h"

namespace blo::journal {
namespace {

std::string entry_place(std::uint64_t index) { return "entry " + std::to_string(index); }

/// An entry as its journal reads it, beside what the pool says of its signatures.
struct Judged {
  ReadEntry entry;
  Stamp last_stamp;  // of the reader, after this entry
  bool signatures_hold = false;
};

class JournalVerifier {
 public:
  JournalVerifier(const ExportFiles& files, const Executor& execute, JournalFacts& facts)
      : files_(files),
        execute_(execute),
        facts_(facts),
        folder_(export_folder(facts.verdict.origin)) {}

  void run(const std::vector<identity::Certificate>& authorities);

 private:
  std::optional<SignedCheckpoint> read_checkpoint(const crypto::VerifyKey& journal_key);
  void check_policy(const NoteKey& journal_key, const std::optional<NoteKey>& receipt_key);
  bool read_entries(std::uint64_t size, Reader& reader, ReceiptChecker& receipts);
  bool read_bundle(std::uint64_t bundle, std::uint64_t entries, Reader& reader,
                   ReceiptChecker& receipts);
  [[nodiscard]] WallTime first_stamp(WallTime otherwise);
  [[nodiscard]] std::vector<Judged> judge(const std::vector<ByteView>& leaves, Reader& reader);
  void take(const Judged& judged);
  void take_record(const ReadEntry& entry);
  void take_officer(ByteView certificate);
  void take_stamp(std::uint64_t index, const Stamp& stamp);
  void check_root(const Checkpoint& checkpoint);
  std::uint64_t check_extra_files(const std::string& path, std::uint64_t size,
                                  std::uint64_t receipt_files);
  Result<void> compare_tile(const std::string& path, ByteView computed);
  Findings& findings() { return facts_.findings; }

  const ExportFiles& files_;
  const Executor& execute_;
  JournalFacts& facts_;
  std::string folder_;
  std::optional<ExportCertificates> certificates_;
  std::set<std::uint64_t> persons_;
  std::optional<WallTime> newest_stamp_;  // none: no entry has one
};

void JournalVerifier::run(const std::vector<identity::Certificate>& authorities) {
  certificates_ = read_certificates(files_, facts_);
  if (!certificates_) return;
  const WallTime first = first_stamp(certificates_->office.details().not_before);
  const auto trust = check_sender(*certificates_, authorities, first, facts_);
  if (!trust) return;
  facts_.authority = trust->authority;
  facts_.office = certificates_->office;
  const bool trail = facts_.verdict.origin.is_trail();
  std::optional<NoteKey> receipt_key;
  if (!trail) receipt_key = check_counterpart(*certificates_->counterpart, authorities, facts_);
  if (receipt_key) facts_.counterpart = certificates_->counterpart;
  const auto checkpoint = read_checkpoint(trust->journal_key);
  if (!checkpoint) return;
  const NoteKey journal_key = journal_note_key(facts_.verdict.origin, trust->journal_key);
  if (receipt_key || trail) check_policy(journal_key, receipt_key);

  Reader reader(facts_.verdict.origin, certificates_->office);
  ReceiptChecker receipts(files_, execute_, facts_, journal_key, receipt_key);
  receipts.tree_grew();
  facts_.complete = read_entries(checkpoint->checkpoint.size, reader, receipts);
  const KeptTree& tree = facts_.tree;
  facts_.verdict.size = tree.size();
  facts_.verdict.root = tree.root();
  if (!facts_.complete) return;
  check_root(checkpoint->checkpoint);
  receipts.finish(*checkpoint, tree.root() == checkpoint->checkpoint.root);
  check_ends(*certificates_, *trust, newest_stamp_, facts_);
  if (receipt_key && facts_.verdict.receipted < facts_.verdict.size) {
    facts_.note("no receipt in this export covers entries from " +
                std::to_string(facts_.verdict.receipted) + " on");
  }
  facts_.last_stamp = reader.last_stamp();
  // Without the counterpart's key nobody has counted the receipts.
  const std::uint64_t receipt_files = receipt_key ? receipts.files() : trail ? 0 : UINT64_MAX;
  check_extra_files({}, tree.size(), receipt_files);
}

std::optional<SignedCheckpoint> JournalVerifier::read_checkpoint(
    const crypto::VerifyKey& journal_key) {
  const auto bytes = files_.read(folder_ + "/checkpoint", limits::kNoteBytesMax);
  if (!bytes) {
    findings().add_unread("checkpoint", bytes.error());
    return std::nullopt;
  }
  auto opened = open_checkpoint(as_text(*bytes), facts_.verdict.origin, journal_key);
  if (!opened) {
    findings().add(
        note_finding(opened.error(), FindingCode::kCheckpoint, FindingCode::kCheckpointKey),
        "checkpoint", opened.error().message(), to_hex(*bytes));
    return std::nullopt;
  }
  return std::move(*opened);
}

void JournalVerifier::check_policy(const NoteKey& journal_key,
                                   const std::optional<NoteKey>& receipt_key) {
  const auto bytes = files_.read(folder_ + "/policy", limits::kSmallFileBytesMax);
  if (!bytes) {
    findings().add_unread("policy", bytes.error());
  } else if (as_text(*bytes) != export_policy(journal_key, receipt_key)) {
    findings().add(FindingCode::kPolicyFile, "policy",
                   "this is not the policy that the certificates give", as_text(*bytes));
  }
}

WallTime JournalVerifier::first_stamp(WallTime otherwise) {
  // Of a full bundle or a partial one: which is there depends on a size not yet believed.
  auto bytes = files_.read(folder_ + "/tile/entries/000", kBundleBytesMax);
  for (std::uint64_t width = kTileWidth - 1; !bytes && width > 0; --width) {
    bytes = files_.read(folder_ + "/tile/entries/" + tile_path(0, width), kBundleBytesMax);
  }
  if (!bytes || bytes->size() < sizeof(std::uint16_t)) return otherwise;
  const std::size_t length = read_be<std::uint16_t>(*bytes);
  if (bytes->size() - sizeof(std::uint16_t) < length) return otherwise;
  const auto entry = Entry::parse(ByteView(*bytes).subspan(sizeof(std::uint16_t), length));
  return entry ? entry->stamp.time : otherwise;
}

bool JournalVerifier::read_entries(std::uint64_t size, Reader& reader, ReceiptChecker& receipts) {
  facts_.tree.begin(size, [this](const std::string& path, ByteView computed) {
    return compare_tile(path, computed);
  });
  for (std::uint64_t bundle = 0; facts_.tree.size() < size; ++bundle) {
    if (!read_bundle(bundle, tile_width(size, 0, bundle), reader, receipts)) return false;
  }
  facts_.tree.finish();
  return true;
}

bool JournalVerifier::read_bundle(std::uint64_t bundle, std::uint64_t entries, Reader& reader,
                                  ReceiptChecker& receipts) {
  const std::string path = "tile/entries/" + tile_path(bundle, entries);
  const auto bytes = files_.read(folder_ + "/" + path, kBundleBytesMax);
  if (!bytes) {
    findings().add_unread(path, bytes.error());
    return false;
  }
  ByteView rest;
  const auto leaves = split_bundle(*bytes, entries, rest);
  for (const Judged& judged : judge(leaves, reader)) {
    take(judged);
    receipts.tree_grew();
  }
  if (leaves.size() < entries) {
    findings().add(FindingCode::kBundle, path,
                   "the bundle ends inside " + entry_place(facts_.tree.size()));
    return false;
  }
  if (rest.empty()) return true;
  findings().add(FindingCode::kBundle, path, "the bundle goes on after its last entry");
  return true;
}

/// What costs most, hashing and signatures, is spread out; what depends on the entries before is
/// done in order between the two.
std::vector<Judged> JournalVerifier::judge(const std::vector<ByteView>& leaves, Reader& reader) {
  std::vector<std::optional<ParsedLeaf>> parsed(leaves.size());
  execute_(leaves.size(), [&](std::size_t i) { parsed[i] = parse_leaf(leaves[i]); });
  std::vector<Judged> judged;
  judged.reserve(leaves.size());
  for (auto& leaf : parsed) {
    ReadEntry entry = reader.read(std::move(*leaf));
    judged.push_back({std::move(entry), reader.last_stamp()});
  }
  execute_(judged.size(),
           [&](std::size_t i) { judged[i].signatures_hold = check_signatures(judged[i].entry); });
  return judged;
}

void JournalVerifier::take(const Judged& judged) {
  const ReadEntry& entry = judged.entry;
  facts_.tree.append(entry.leaf_hash);
  facts_.erasable.push_back(is_erasable(entry));
  take_stamp(entry.index, judged.last_stamp);
  if (facts_.timeline != nullptr)
    facts_.timeline->add(entry, judged.signatures_hold, judged.last_stamp);
  if (entry.index == 0 && entry.entry) facts_.first_stamp = entry.entry->stamp;
  if (entry.refusal) {
    facts_.pending.add(entry.index, *entry.finding, entry.detail);
  } else if (!judged.signatures_hold) {
    facts_.pending.add(entry.index, FindingCode::kSignature,
                       "an officer's signature does not hold");
  } else if (entry.envelope) {
    facts_.id_tags.push_back(facts_.tag(entry.envelope->message_id));
  } else {
    take_record(entry);
  }
  if (!entry.entry) return;
  if (entry.finding != FindingCode::kStamp) newest_stamp_ = judged.last_stamp.time;
  ++(std::holds_alternative<SignedEnvelope>(entry.entry->what) ? facts_.verdict.messages
                                                               : facts_.verdict.records);
}

void JournalVerifier::take_record(const ReadEntry& entry) {
  if (const auto* introduced = std::get_if<CertificateRecord>(&*entry.record))
    take_officer(introduced->certificate);
  // Of a refused act, too, even where its officer was not in force: what was signed once must not
  // stand there for a second request.
  if (const auto* act = std::get_if<Act>(&*entry.record); act != nullptr && act->officer) {
    facts_.id_tags.push_back(facts_.tag(act->request_id()));
  }
  if (const auto* head = std::get_if<TrailHead>(&*entry.record)) {
    facts_.trail_heads.push_back({entry.index, entry.entry->stamp.time, head->hash});
  }
  if (const auto* refusal = std::get_if<Refusal>(&*entry.record)) {
    facts_.refusals.push_back({entry.index, entry.entry->stamp.time, *refusal});
  }
  if (const auto* revoked = std::get_if<RevocationRecord>(&*entry.record)) {
    const Stamp& stamp = entry.entry->stamp;
    facts_.revocations.push_back(
        {entry.index, stamp.time, stamp.generation, stamp.size, revoked->revocation});
  }
  if (const auto* challenge = std::get_if<AuditChallenge>(&*entry.record)) {
    note_challenge(facts_.verdict, entry.index, challenge->text);
  }
  if (const auto* erasure = std::get_if<Erasure>(&*entry.record)) {
    const std::uint32_t generation =
        erasure->generation == 0 ? facts_.verdict.origin.generation : erasure->generation;
    facts_.erasures.push_back({entry.index, erasure->index, generation, erasure->received});
  }
  const auto* start = std::get_if<GenerationStart>(&*entry.record);
  if (start == nullptr) return;
  facts_.previous = start->previous;
  if (start->authority_certificate != certificates_->authority.bytes() ||
      start->journal_certificate != certificates_->journal.bytes()) {
    findings().add(FindingCode::kStart, entry_place(entry.index),
                   "the generation start holds other certificates than certificates.pem");
  }
}

void JournalVerifier::take_officer(ByteView certificate) {
  const auto parsed = identity::Certificate::parse(certificate);
  if (parsed) persons_.insert(parsed->details().person);
  facts_.verdict.officers = persons_.size();
}

void JournalVerifier::take_stamp(std::uint64_t index, const Stamp& stamp) {
  if (stamp.generation == 0) return;
  if (!facts_.claims.empty() && facts_.claims.back().generation == stamp.generation &&
      facts_.claims.back().size == stamp.size) {
    return;
  }
  facts_.claims.push_back({index, stamp.size, facts_.tag(stamp.root), stamp.generation});
}

void JournalVerifier::check_root(const Checkpoint& checkpoint) {
  const Hash root = facts_.tree.root();
  if (root == checkpoint.root) return;
  findings().add(FindingCode::kRoot, "checkpoint",
                 "the " + std::to_string(checkpoint.size) +
                     " entries hash to another root than the checkpoint's",
                 "signed " + to_hex(checkpoint.root) + " computed " + to_hex(root));
}

Result<void> JournalVerifier::compare_tile(const std::string& path, ByteView computed) {
  const std::string place = path.substr(folder_.size() + 1);
  const auto found = files_.read(path, kTileWidth * sizeof(Hash));
  if (!found) {
    findings().add_unread(place, found.error());
    return {};
  }
  if (equal(*found, computed)) return {};
  const auto differs = std::ranges::mismatch(*found, computed).in2 - computed.begin();
  const auto hash = static_cast<std::size_t>(differs) / sizeof(Hash);
  findings().add(FindingCode::kTile, place,
                 "the tile differs from the entries at its hash " + std::to_string(hash),
                 "computed " + to_hex(computed.subspan(
                                   std::min(hash * sizeof(Hash), computed.size()),
                                   std::min(sizeof(Hash), computed.size() - hash * sizeof(Hash)))));
  return {};
}

/// Returns how many names were in the folder.
std::uint64_t JournalVerifier::check_extra_files(const std::string& path, std::uint64_t size,
                                                 std::uint64_t receipt_files) {
  std::uint64_t names = 0;
  const auto judge = [&](const std::string& name, FileKind kind) {
    ++names;
    const std::string inner = path.empty() ? name : path + "/" + name;
    if (kind == FileKind::kFolder && may_lead_to_file(inner)) {
      // What leads to no file is empty in the end, whatever it is called.
      if (check_extra_files(inner, size, receipt_files) > 0) return;
    } else if (kind == FileKind::kRegular && belongs_to_export(inner, size, receipt_files)) {
      return;
    }
    findings().add(kind == FileKind::kOther ? FindingCode::kLink : FindingCode::kExtraFile, inner,
                   "this does not belong to the export");
  };
  const auto listed = files_.list(path.empty() ? folder_ : folder_ + "/" + path, judge);
  if (!listed) findings().add_unread(path, listed.error());
  return names;
}

}  // namespace

void verify_journal(const ExportFiles& files, const std::vector<identity::Certificate>& authorities,
                    const Executor& execute, JournalFacts& facts) {
  JournalVerifier(files, execute, facts).run(authorities);
}

}  // namespace blo::journal
