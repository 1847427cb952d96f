#include "journal/verify_journal.h"

#include "base/hex.h"
#include "base/limits.h"
#include "journal/export_layout.h"
#include "journal/verify_certificates.h"
#include "journal/verify_receipts.h"

namespace blo::journal {
namespace {

// Leaves of up to 65,535 bytes can lie under a checkpoint; those over our limit are judged, too.
constexpr std::size_t kBundleBytesMax = kTileWidth * (sizeof(std::uint16_t) + UINT16_MAX);

std::string entry_place(std::uint64_t index) { return "entry " + std::to_string(index); }

class JournalVerifier {
 public:
  JournalVerifier(const ExportFiles& files, JournalFacts& facts)
      : files_(files), facts_(facts), folder_(export_folder(facts.verdict.origin)) {}

  void run(const std::vector<identity::Certificate>& authorities);

 private:
  std::optional<SignedCheckpoint> read_checkpoint(const crypto::VerifyKey& journal_key);
  void check_policy(const NoteKey& journal_key, const std::optional<NoteKey>& receipt_key);
  bool read_entries(std::uint64_t size, Reader& reader, ReceiptChecker& receipts);
  bool read_bundle(std::uint64_t bundle, std::uint64_t entries, Reader& reader,
                   ReceiptChecker& receipts);
  [[nodiscard]] WallTime first_stamp(WallTime otherwise);
  void take(ByteView leaf, Reader& reader);
  void take_record(const ReadEntry& entry);
  void take_officer(ByteView certificate);
  void take_stamp(std::uint64_t index, const Stamp& stamp);
  void check_root(const Checkpoint& checkpoint);
  void check_extra_files(const std::string& path, std::uint64_t size, std::uint64_t receipt_files);
  Result<void> compare_tile(const std::string& path, ByteView computed);
  Findings& findings() { return facts_.findings; }

  const ExportFiles& files_;
  JournalFacts& facts_;
  std::string folder_;
  std::optional<ExportCertificates> certificates_;
  std::set<std::uint64_t> persons_;
  Frontier tree_;
  TileWriter tiles_{folder_, [this](const std::string& path, ByteView computed) {
                      return compare_tile(path, computed);
                    }};
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
  const auto checkpoint = read_checkpoint(trust->journal_key);
  if (!checkpoint) return;
  const NoteKey journal_key = journal_note_key(facts_.verdict.origin, trust->journal_key);
  if (receipt_key || trail) check_policy(journal_key, receipt_key);

  Reader reader(facts_.verdict.origin, certificates_->office);
  ReceiptChecker receipts(files_, facts_, journal_key, receipt_key);
  receipts.tree_is(tree_);
  facts_.complete = read_entries(checkpoint->checkpoint.size, reader, receipts);
  facts_.verdict.size = tree_.size();
  facts_.verdict.root = tree_.root();
  if (!facts_.complete) return;
  check_root(checkpoint->checkpoint);
  receipts.finish(*checkpoint, tree_.root() == checkpoint->checkpoint.root);
  check_ends(*certificates_, *trust, reader.last_stamp().time, facts_);
  if (receipt_key && facts_.verdict.receipted < facts_.verdict.size) {
    facts_.verdict.notes.push_back("entries from " + std::to_string(facts_.verdict.receipted) +
                                   " on are not receipted");
  }
  facts_.last_stamp = reader.last_stamp();
  // Without the counterpart's key nobody has counted the receipts.
  const std::uint64_t receipt_files = receipt_key ? receipts.files() : trail ? 0 : UINT64_MAX;
  check_extra_files({}, tree_.size(), receipt_files);
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
  for (std::uint64_t bundle = 0; tree_.size() < size; ++bundle) {
    if (!read_bundle(bundle, tile_width(size, 0, bundle), reader, receipts)) return false;
  }
  // The sink reports what differs and never fails.
  BLO_CHECK(tiles_.finish().has_value());
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
  ByteView rest = *bytes;
  for (std::uint64_t i = 0; i < entries; ++i) {
    const bool has_length = rest.size() >= sizeof(std::uint16_t);
    const std::size_t length = has_length ? read_be<std::uint16_t>(rest) : 0;
    if (has_length) rest = rest.subspan(sizeof(std::uint16_t));
    if (!has_length || rest.size() < length) {
      findings().add(FindingCode::kBundle, path,
                     "the bundle ends inside " + entry_place(tree_.size()));
      return false;
    }
    take(rest.first(length), reader);
    receipts.tree_is(tree_);
    rest = rest.subspan(length);
  }
  if (rest.empty()) return true;
  findings().add(FindingCode::kBundle, path, "the bundle goes on after its last entry");
  return true;
}

void JournalVerifier::take(ByteView leaf, Reader& reader) {
  const ReadEntry entry = reader.read(leaf);
  tree_.append(entry.leaf_hash);
  BLO_CHECK(tiles_.append(entry.leaf_hash).has_value());
  facts_.leaf_hashes.push_back(entry.leaf_hash);
  take_stamp(entry.index, reader.last_stamp());
  if (entry.index == 0 && entry.entry) facts_.first_stamp = entry.entry->stamp;
  if (entry.refusal) {
    facts_.pending.push_back({entry.index, *entry.finding, entry.detail});
  } else if (!check_signatures(entry)) {
    facts_.pending.push_back(
        {entry.index, FindingCode::kSignature, "an officer's signature does not hold"});
  } else if (entry.envelope) {
    facts_.ids.push_back({entry.envelope->message_id, entry.index});
  } else {
    take_record(entry);
  }
  if (!entry.entry) return;
  ++(std::holds_alternative<SignedEnvelope>(entry.entry->what) ? facts_.verdict.messages
                                                               : facts_.verdict.records);
}

void JournalVerifier::take_record(const ReadEntry& entry) {
  if (const auto* introduced = std::get_if<CertificateRecord>(&*entry.record)) {
    facts_.introductions.insert(entry.index);
    take_officer(introduced->certificate);
  }
  if (const auto* head = std::get_if<TrailHead>(&*entry.record)) {
    facts_.trail_heads.push_back({entry.index, entry.entry->stamp.time, head->hash});
  }
  if (const auto* refusal = std::get_if<Refusal>(&*entry.record)) {
    facts_.refusals.push_back({entry.index, *refusal});
  }
  if (const auto* revoked = std::get_if<RevocationRecord>(&*entry.record)) {
    const Stamp& stamp = entry.entry->stamp;
    facts_.revocations.push_back({entry.index, stamp.generation, stamp.size, revoked->revocation});
  }
  const auto* erasure = std::get_if<Erasure>(&*entry.record);
  if (erasure != nullptr && erasure->generation != 0 && !erasure->received) {
    facts_.erasures.push_back({entry.index, *erasure});
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
  facts_.claims.push_back({index, stamp.generation, stamp.size, stamp.root});
}

void JournalVerifier::check_root(const Checkpoint& checkpoint) {
  if (tree_.root() == checkpoint.root) return;
  findings().add(FindingCode::kRoot, "checkpoint",
                 "the " + std::to_string(checkpoint.size) +
                     " entries hash to another root than the checkpoint's",
                 "signed " + to_hex(checkpoint.root) + " computed " + to_hex(tree_.root()));
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

void JournalVerifier::check_extra_files(const std::string& path, std::uint64_t size,
                                        std::uint64_t receipt_files) {
  const auto judge = [&](const std::string& name, FileKind kind) {
    const std::string inner = path.empty() ? name : path + "/" + name;
    if (kind == FileKind::kFolder && may_lead_to_file(inner)) {
      return check_extra_files(inner, size, receipt_files);
    }
    if (kind == FileKind::kRegular && belongs_to_export(inner, size, receipt_files)) return;
    findings().add(kind == FileKind::kOther ? FindingCode::kLink : FindingCode::kExtraFile, inner,
                   "this does not belong to the export");
  };
  const auto listed = files_.list(path.empty() ? folder_ : folder_ + "/" + path, judge);
  if (!listed) findings().add_unread(path, listed.error());
}

}  // namespace

void verify_journal(const ExportFiles& files, const std::vector<identity::Certificate>& authorities,
                    JournalFacts& facts) {
  JournalVerifier(files, facts).run(authorities);
}

}  // namespace blo::journal
