#include "journal/survey.h"

#include "base/hex.h"
#include "base/limits.h"
#include "journal/across/claims.h"
#include "journal/export_layout.h"
#include "journal/verify_receipts.h"

namespace blo::journal {
namespace {

std::string entry_place(std::uint64_t index) { return "entry " + std::to_string(index); }

/// What the first reading wants of a leaf; nothing but the hash of one that is out of form.
struct Glance {
  Hash leaf_hash{};
  std::optional<Stamp> stamp = std::nullopt;
  std::optional<Record> record = std::nullopt;
};

Glance glance_at(ByteView leaf) {
  Glance glance{leaf_hash(leaf)};
  const auto entry = Entry::parse(leaf);
  if (!entry) return glance;
  glance.stamp = entry->stamp;
  if (const auto* bytes = std::get_if<Bytes>(&entry->what)) {
    if (auto record = parse_record(*bytes)) glance.record = std::move(*record);
  }
  return glance;
}

class Surveyor {
 public:
  Surveyor(const ExportFiles& files, const Executor& execute, JournalFacts& facts)
      : files_(files),
        execute_(execute),
        facts_(facts),
        folder_(export_folder(facts.verdict.origin)) {}

  [[nodiscard]] std::optional<Survey> run(const std::vector<identity::Certificate>& authorities);

 private:
  std::optional<SignedCheckpoint> read_checkpoint(const crypto::VerifyKey& journal_key);
  void check_policy(const NoteKey& journal_key, const std::optional<NoteKey>& receipt_key);
  [[nodiscard]] std::optional<WallTime> first_stamp();
  [[nodiscard]] WallTime first_time(const ExportCertificates& certificates,
                                    const SignedCheckpoint& checkpoint, const NoteKey& journal_key,
                                    const std::optional<NoteKey>& receipt_key);
  bool read_entries(std::uint64_t size);
  bool read_bundle(std::uint64_t bundle, std::uint64_t entries);
  void take_glances();
  void take(const Glance& glance);
  void take_stamp(std::uint64_t index, const Stamp& stamp);
  void check_root(const Checkpoint& checkpoint);
  Result<void> compare_tile(const std::string& path, ByteView computed);
  Findings& findings() { return facts_.findings; }

  const ExportFiles& files_;
  const Executor& execute_;
  JournalFacts& facts_;
  std::string folder_;
  std::vector<Glance> glances_;  // of the last bundle, not yet taken
};

std::optional<Survey> Surveyor::run(const std::vector<identity::Certificate>& authorities) {
  auto certificates = read_certificates(files_, facts_);
  if (!certificates) return std::nullopt;
  auto trust = check_sender(*certificates, authorities, facts_);
  if (!trust) return std::nullopt;
  facts_.authority = trust->authority;
  facts_.office = certificates->office;
  const bool trail = facts_.verdict.origin.is_trail();
  std::optional<NoteKey> receipt_key;
  if (!trail) receipt_key = check_counterpart(*certificates->counterpart, authorities, facts_);
  if (receipt_key) facts_.counterpart = certificates->counterpart;
  auto checkpoint = read_checkpoint(trust->journal_key);
  if (!checkpoint) return std::nullopt;
  const NoteKey journal_key = journal_note_key(facts_.verdict.origin, trust->journal_key);
  trust->first = first_time(*certificates, *checkpoint, journal_key, receipt_key);
  if (!check_first(*certificates, *trust, facts_)) return std::nullopt;
  if (receipt_key || trail) check_policy(journal_key, receipt_key);

  facts_.complete = read_entries(checkpoint->checkpoint.size);
  facts_.verdict.size = facts_.tree.size();
  facts_.verdict.root = facts_.tree.root();
  if (facts_.complete) check_root(checkpoint->checkpoint);
  return Survey{std::move(*certificates), std::move(*trust), std::move(*checkpoint),
                std::move(receipt_key)};
}

std::optional<SignedCheckpoint> Surveyor::read_checkpoint(const crypto::VerifyKey& journal_key) {
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

void Surveyor::check_policy(const NoteKey& journal_key, const std::optional<NoteKey>& receipt_key) {
  const auto bytes = files_.read(folder_ + "/policy", limits::kSmallFileBytesMax);
  if (!bytes) {
    findings().add_unread("policy", bytes.error());
  } else if (as_text(*bytes) != export_policy(journal_key, receipt_key)) {
    findings().add(FindingCode::kPolicyFile, "policy",
                   "this is not the policy that the certificates give", as_text(*bytes));
  }
}

/// When entry 0 was made, as its reader will find it; of a journal that does not say, any time.
WallTime Surveyor::first_time(const ExportCertificates& certificates,
                              const SignedCheckpoint& checkpoint, const NoteKey& journal_key,
                              const std::optional<NoteKey>& receipt_key) {
  const auto stamp = first_stamp();
  if (!stamp) return certificates.office.details().not_before;
  // What is wrong with receipts is found when they are read for all entries.
  JournalFacts unheard(files_, facts_.tag, facts_.verdict.origin);
  ReceiptChecker receipts(files_, execute_, unheard, checkpoint, journal_key, receipt_key);
  const auto received = receipts.time_over(0);
  return is_claim(*stamp, received) ? *received : *stamp;
}

std::optional<WallTime> Surveyor::first_stamp() {
  // Of a full bundle or a partial one: which is there depends on a size not yet believed.
  auto bytes = files_.read(folder_ + "/tile/entries/000", kBundleBytesMax);
  for (std::uint64_t width = kTileWidth - 1; !bytes && width > 0; --width) {
    bytes = files_.read(folder_ + "/tile/entries/" + tile_path(0, width), kBundleBytesMax);
  }
  if (!bytes || bytes->size() < sizeof(std::uint16_t)) return std::nullopt;
  const std::size_t length = read_be<std::uint16_t>(*bytes);
  if (bytes->size() - sizeof(std::uint16_t) < length) return std::nullopt;
  const auto entry = Entry::parse(ByteView(*bytes).subspan(sizeof(std::uint16_t), length));
  return entry ? std::optional(entry->stamp.time) : std::nullopt;
}

bool Surveyor::read_entries(std::uint64_t size) {
  facts_.tree.begin(size, [this](const std::string& path, ByteView computed) {
    return compare_tile(path, computed);
  });
  bool whole = true;
  for (std::uint64_t bundle = 0; whole && bundle * kTileWidth < size; ++bundle) {
    whole = read_bundle(bundle, tile_width(size, 0, bundle));
  }
  take_glances();
  if (whole) facts_.tree.finish();
  return whole;
}

bool Surveyor::read_bundle(std::uint64_t bundle, std::uint64_t entries) {
  const std::string path = "tile/entries/" + tile_path(bundle, entries);
  const auto bytes = files_.read(folder_ + "/" + path, kBundleBytesMax);
  if (!bytes) {
    findings().add_unread(path, bytes.error());
    return false;
  }
  ByteView rest;
  const auto leaves = split_bundle(*bytes, entries, rest);
  // What was seen of the bundle before is taken, in order, while others look at this one.
  std::vector<Glance> glances(leaves.size());
  execute_(leaves.size() + 1, [&](std::size_t i) {
    if (i == 0) return take_glances();
    glances[i - 1] = glance_at(leaves[i - 1]);
  });
  glances_ = std::move(glances);
  if (leaves.size() < entries) {
    findings().add(FindingCode::kBundle, path,
                   "the bundle ends inside " + entry_place(bundle * kTileWidth + leaves.size()));
    return false;
  }
  if (rest.empty()) return true;
  findings().add(FindingCode::kBundle, path, "the bundle goes on after its last entry");
  return true;
}

void Surveyor::take_glances() {
  for (const Glance& glance : glances_) take(glance);
  glances_.clear();
}

void Surveyor::take(const Glance& glance) {
  const std::uint64_t index = facts_.tree.size();
  facts_.tree.append(glance.leaf_hash);
  facts_.unsure = facts_.unsure || (glance.stamp && glance.stamp->unsure);
  if (glance.stamp) take_stamp(index, *glance.stamp);
  if (!glance.record) return;
  const auto* start = std::get_if<GenerationStart>(&*glance.record);
  if (start != nullptr && index == 0) facts_.after_loss = start->after_loss;
  const auto* refusal = std::get_if<Refusal>(&*glance.record);
  if (refusal != nullptr && refusal->reason == RefusalReason::kFalseStamp)
    facts_.called_false.push_back(*refusal);
}

void Surveyor::take_stamp(std::uint64_t index, const Stamp& stamp) {
  if (stamp.generation == 0) return;
  const std::uint64_t root_tag = facts_.tag(stamp.root);
  if (!facts_.claims.empty() && facts_.claims.back().names(stamp.generation, stamp.size, root_tag))
    return;
  facts_.claims.push_back({index, stamp.size, root_tag, stamp.generation, StampVerdict::kUnjudged});
}

void Surveyor::check_root(const Checkpoint& checkpoint) {
  const Hash root = facts_.tree.root();
  if (root == checkpoint.root) return;
  findings().add(FindingCode::kRoot, "checkpoint",
                 "the " + std::to_string(checkpoint.size) +
                     " entries hash to another root than the checkpoint's",
                 "signed " + to_hex(checkpoint.root) + " computed " + to_hex(root));
}

Result<void> Surveyor::compare_tile(const std::string& path, ByteView computed) {
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

}  // namespace

std::optional<Survey> survey_journal(const ExportFiles& files,
                                     const std::vector<identity::Certificate>& authorities,
                                     const Executor& execute, JournalFacts& facts) {
  return Surveyor(files, execute, facts).run(authorities);
}

}  // namespace blo::journal
