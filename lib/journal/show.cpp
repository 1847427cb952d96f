#include "journal/show.h"

#include <algorithm>

#include "base/hex.h"
#include "journal/across/claims.h"
#include "journal/verified.h"
#include "journal/verify_stamps.h"

namespace blo::journal {
namespace {

/// The findings that are pending when a journal has been read, by entry; and those that were listed
/// later under the entry's place, as the interlock's are.
class Marks {
 public:
  Marks(const JournalFacts& facts, const Verdict& verdict) : facts_(facts) {
    const auto& all = facts.pending.all();
    for (std::size_t i = 0; i < all.size(); ++i) pending_.emplace_back(all[i].index, i);
    std::ranges::sort(pending_);
    const std::string prefix = export_folder(facts.verdict.origin) + "/entry ";
    for (const Finding& finding : verdict.findings) {
      if (!finding.where.starts_with(prefix)) continue;
      const auto index = parse_decimal(std::string_view(finding.where).substr(prefix.size()));
      if (!index) continue;
      listed_.emplace(*index, &finding);
      // It is about this entry and all that follow.
      if (finding.code == FindingCode::kRevoked) revoked_.push_back(*index);
    }
  }

  [[nodiscard]] std::vector<Mark> of(std::uint64_t index) const {
    std::vector<Mark> marks = pending_of(index);
    const auto [first, last] = listed_.equal_range(index);
    for (auto found = first; found != last; ++found) {
      const Finding& finding = *found->second;
      const bool known = std::ranges::any_of(
          marks, [&finding](const Mark& mark) { return mark.code == finding.code; });
      if (!known) marks.push_back({finding.code, finding.what});
    }
    for (const std::uint64_t cut : revoked_) {
      if (index <= cut) continue;
      marks.push_back({FindingCode::kRevoked, "it lies after entry " + std::to_string(cut) +
                                                  ", which lies after the "
                                                  "office was revoked"});
    }
    return marks;
  }

  /// An officer's signature over the entry does not hold.
  [[nodiscard]] bool are_of_signature(std::uint64_t index) const {
    return std::ranges::any_of(
        pending_of(index), [](const Mark& mark) { return mark.code == FindingCode::kSignature; });
  }

  [[nodiscard]] std::vector<Mark> pending_of(std::uint64_t index) const {
    std::vector<Mark> marks;
    const auto first = std::ranges::lower_bound(pending_, std::pair(index, std::size_t{0}));
    for (auto at = first; at != pending_.end() && at->first == index; ++at) {
      const auto& pending = facts_.pending.all()[at->second];
      marks.push_back({pending.code, printable(facts_.pending.what(pending))});
    }
    return marks;
  }

 private:
  const JournalFacts& facts_;
  std::vector<std::pair<std::uint64_t, std::size_t>> pending_;
  std::multimap<std::uint64_t, const Finding*> listed_;
  std::vector<std::uint64_t> revoked_;
};

/// A reader leaves out what it does not come to; here it is shown as it stands.
void complete(ReadEntry& entry) {
  if (!entry.entry) return;
  if (const auto* message = std::get_if<SignedEnvelope>(&entry.entry->what)) {
    auto envelope = Envelope::parse(message->envelope);
    if (!entry.envelope && envelope) entry.envelope = std::move(*envelope);
  } else if (!entry.record) {
    auto record = parse_record(std::get<Bytes>(entry.entry->what));
    if (record) entry.record = std::move(*record);
  }
}

/// Reads one journal again, in order.
class JournalShow {
 public:
  JournalShow(VerifiedExport& kept, JournalFacts& facts)
      : facts_(facts),
        answers_(kept.timelines.answers),
        marks_(facts, kept.verdict),
        receipts_(kept.timelines.journals.at(facts.verdict.origin).receipts()),
        stamps_(facts),
        reader_(facts.verdict.origin, *facts.office) {
    if (!facts.unsure) reader_.keep_times(nullptr);
    if (!facts.counterpart) reader_.only_tell_times();
  }

  using Sink = std::function<void(const ReadEntry& read, ShownEntry shown, ByteView leaf)>;
  Result<void> run(const Sink& sink) {
    return facts_.tree.read_leaves([&](std::uint64_t index, ByteView leaf) {
      ParsedLeaf parsed = parse_leaf(leaf);
      const StampVerdict stamp = stamps_.of(index, parsed);
      ReadEntry read = reader_.read(std::move(parsed), stamp, received(index));
      complete(read);
      // Nobody is named beside a signature that does not hold, or that nobody looked at.
      if (read.refusal || marks_.are_of_signature(read.index)) {
        read.author.reset();
        read.releaser.reset();
      }
      ShownEntry shown = show(read);
      sink(read, std::move(shown), leaf);
    });
  }

 private:
  [[nodiscard]] std::optional<WallTime> received(std::uint64_t index) {
    if (facts_.verdict.origin.is_trail()) return facts_.dated_by(index);
    while (next_receipt_ < receipts_.size() && receipts_[next_receipt_].size <= index)
      ++next_receipt_;
    if (next_receipt_ == receipts_.size()) return std::nullopt;
    return receipts_[next_receipt_].time;
  }

  ShownEntry show(const ReadEntry& read) {
    ShownEntry shown;
    shown.index = read.index;
    shown.leaf_hash = read.leaf_hash;
    if (read.entry) shown.time = read.entry->stamp.time;
    shown.what = name_of(read);
    shown.facts = facts_of(read);
    if (read.claim) shown.received = read.received;
    shown.unsure = read.entry && read.entry->stamp.unsure;
    if (next_receipt_ < receipts_.size()) shown.receipt = receipts_[next_receipt_];
    const auto refused = facts_.refused.find(read.index);
    shown.findings = marks_.of(read.index);
    if (read.envelope) link(*read.envelope, shown);
    if (refused == facts_.refused.end()) return shown;
    const RefusedBy& by = refused->second;
    shown.refused = ShownRefusal{*by.journal, by.index, by.time, by.reason, {}};
    // What is pending about a refused entry is no finding.
    for (const Mark& flaw : marks_.pending_of(read.index)) {
      shown.refused->flaw += (shown.refused->flaw.empty() ? "" : "; ") + flaw.what;
      std::erase_if(shown.findings, [&flaw](const Mark& mark) { return mark.code == flaw.code; });
    }
    return shown;
  }

  void link(const Envelope& envelope, ShownEntry& shown) const {
    const Origin& origin = facts_.verdict.origin;
    if (envelope.in_reply_to) shown.answers = answers_.message(origin, *envelope.in_reply_to);
    if (envelope.supersedes) shown.supersedes = answers_.message(origin, *envelope.supersedes);
    if (!is_step(envelope.kind)) shown.answered_by = answers_.to(origin, envelope.message_id);
  }

  JournalFacts& facts_;
  const Answers& answers_;
  Marks marks_;
  const std::deque<ReceiptedSize>& receipts_;
  std::size_t next_receipt_ = 0;
  JudgedStamps stamps_;
  Reader reader_;
};

std::optional<WallTime> receipt_over(VerifiedExport& kept, const Origin& origin,
                                     std::uint64_t index) {
  const auto& receipts = kept.timelines.journals.at(origin).receipts();
  const auto over = std::ranges::upper_bound(receipts, index, {}, &ReceiptedSize::size);
  return over == receipts.end() ? std::nullopt : std::optional(over->time);
}

Facts unknown(std::string why) { return {{"why", std::move(why)}}; }

Result<Facts> not_before(VerifiedExport& kept, const Origin& origin, const ReadEntry& read) {
  if (!read.entry) return unknown("the entry is out of form");
  const Stamp& stamp = read.entry->stamp;
  if (stamp.generation == 0 || stamp.size == 0)
    return unknown("the entry names no entry of the counterpart's journal");
  const Origin other{origin.network, origin.to, origin.from, stamp.generation};
  const auto named = kept.journals.find(other);
  if (named == kept.journals.end() || named->second.tree.size() < stamp.size)
    return unknown("the entry of " + other.text() + " that it names is not in this export");
  KeptTree& tree = named->second.tree;
  const auto root = KeptRoots(tree).at(stamp.size);
  if (!root) return root.error();
  if (*root != stamp.root) return unknown(other.text() + " has another root than the one it names");
  const auto leaf = tree.leaf(stamp.size - 1);
  if (!leaf) return leaf.error();
  const auto entry = Entry::parse(*leaf);
  if (!entry) return unknown("the entry of " + other.text() + " that it names is out of form");
  const bool goes_back = std::ranges::any_of(
      named->second.pending.all(), [&stamp](const PendingFindings::Pending& pending) {
        return pending.code == FindingCode::kStamp && pending.index + 1 == stamp.size;
      });
  if (entry->stamp.unsure)
    return unknown("the office of " + other.text() +
                   " was not sure of its clock when it made the "
                   "entry that is named");
  if (goes_back) return unknown("the stamp of the entry of " + other.text() + " goes back");
  if (is_claim(entry->stamp.time, receipt_over(kept, other, stamp.size - 1)))
    return unknown("the entry of " + other.text() + " that it names was dated by a wrong clock");
  return Facts{
      {"time", to_rfc3339(entry->stamp.time)}, {"origin", other.text()}, {"index", stamp.size - 1}};
}

Facts not_after(const ShownEntry& shown) {
  if (!shown.receipt) return unknown("no valid receipt in this export covers the entry");
  return {{"time", to_rfc3339(shown.receipt->time)}, {"receipted_size", shown.receipt->size}};
}

/// None: the journal was not read.
JournalFacts* read_journal(VerifiedExport& kept, const Origin& origin) {
  const auto found = kept.journals.find(origin);
  return found == kept.journals.end() || found->second.tree.size() == 0 ? nullptr : &found->second;
}

}  // namespace

ShownExport::ShownExport(std::unique_ptr<VerifiedExport> kept) : kept_(std::move(kept)) {}
ShownExport::ShownExport(ShownExport&&) noexcept = default;
ShownExport& ShownExport::operator=(ShownExport&&) noexcept = default;
ShownExport::~ShownExport() = default;

Result<ShownExport> ShownExport::open(const ExportFiles& files,
                                      const std::vector<identity::Certificate>& authorities,
                                      const Executor& execute) {
  auto kept = verify_and_keep(files, authorities, execute);
  if (!kept) return kept.error();
  return ShownExport(std::move(*kept));
}

const Verdict& ShownExport::verdict() const { return kept_->verdict; }

std::uint64_t ShownExport::size(const Origin& origin) const {
  const JournalFacts* facts = read_journal(*kept_, origin);
  return facts == nullptr ? 0 : facts->tree.size();
}

Result<void> ShownExport::entries(const Origin& origin, std::uint64_t first,
                                  const EntrySink& sink) {
  JournalFacts* facts = read_journal(*kept_, origin);
  if (facts == nullptr) return {};
  return JournalShow(*kept_, *facts).run([&](const ReadEntry& read, ShownEntry shown, ByteView) {
    if (read.index >= first) sink(shown);
  });
}

Result<EntryDetails> ShownExport::entry(const Origin& origin, std::uint64_t index) {
  JournalFacts* facts = read_journal(*kept_, origin);
  BLO_CHECK(facts != nullptr && index < facts->tree.size());
  EntryDetails details;
  ReadEntry wanted;
  const auto shown =
      JournalShow(*kept_, *facts).run([&](const ReadEntry& read, ShownEntry entry, ByteView leaf) {
        if (read.index != index) return;
        wanted = read;
        details.entry = std::move(entry);
        details.leaf = to_bytes(leaf);
      });
  if (!shown) return shown.error();
  details.groups = details_of(wanted);
  if (origin.is_trail()) return details;
  auto earliest = not_before(*kept_, origin, wanted);
  if (!earliest) return earliest.error();
  details.groups.emplace_back("not_before", std::move(*earliest));
  details.groups.emplace_back("not_after", not_after(details.entry));
  return details;
}

}  // namespace blo::journal
