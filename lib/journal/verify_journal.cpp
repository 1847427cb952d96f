#include "journal/verify_journal.h"

#include <set>

#include "journal/challenge.h"
#include "journal/export_layout.h"
#include "journal/survey.h"
#include "journal/verify_receipts.h"
#include "journal/verify_stamps.h"

namespace blo::journal {
namespace {

std::string entry_place(std::uint64_t index) { return "entry " + std::to_string(index); }

/// An entry as its journal reads it, beside what the pool says of its signatures.
struct Judged {
  ReadEntry entry;
  StampsInForce stamps;  // of the reader, after this entry
  StampVerdict verdict;  // on its own stamp
  bool signatures_hold = false;
};

/// The second reading of a journal, once it is known what its stamps are worth.
class JournalJudge {
 public:
  JournalJudge(const ExportFiles& files, const Executor& execute, const Survey& survey,
               JournalFacts& facts)
      : files_(files),
        execute_(execute),
        survey_(survey),
        facts_(facts),
        folder_(export_folder(facts.verdict.origin)) {}

  Result<void> run();

 private:
  Result<void> judge_bundles(Reader& reader, ReceiptChecker& receipts, Frontier& tree);
  void take(const Judged& judged);
  void take_time(const ReadEntry& entry);
  void note_steps_back();
  void note_unjudged(const Judged& judged);
  void take_record(const ReadEntry& entry);
  void note_after_end();
  void take_officer(ByteView certificate);
  std::uint64_t check_extra_files(const std::string& path, std::uint64_t size,
                                  std::uint64_t receipt_files);
  Findings& findings() { return facts_.findings; }

  const ExportFiles& files_;
  const Executor& execute_;
  const Survey& survey_;
  JournalFacts& facts_;
  std::string folder_;
  std::set<std::uint64_t> persons_;
  bool goes_back_ = false;  // heads of which nobody here can say who lied
  bool message_seen_ = false;
  std::optional<WallTime>
      newest_;  // at which what needs valid certificates was judged; none: nothing
  /// What tells of reading and renewing by a certificate that was over.
  struct AfterEnd {
    std::uint64_t entries = 0;
    WallTime first;
    WallTime last;
  };
  AfterEnd office_over_;
  AfterEnd own_over_;
  std::uint64_t steps_back_ = 0;
  std::uint64_t first_step_back_ = 0;
};

Result<void> JournalJudge::run() {
  const auto& certificates = survey_.certificates;
  const bool trail = facts_.verdict.origin.is_trail();
  Reader reader(facts_.verdict.origin, certificates.office);
  if (!facts_.unsure) reader.keep_times(nullptr);
  if (!survey_.receipt_key) reader.only_tell_times();
  ReceiptChecker receipts(files_, execute_, facts_, survey_.checkpoint,
                          journal_note_key(facts_.verdict.origin, survey_.trust.journal_key),
                          survey_.receipt_key);
  Frontier tree;
  receipts.tree_grew(tree);
  if (const auto judged = judge_bundles(reader, receipts, tree); !judged) return judged;
  facts_.judged_alone = facts_.pending.all().size();
  facts_.last_stamps = reader.stamps();
  if (!facts_.complete) return {};
  receipts.finish(tree.root() == survey_.checkpoint.checkpoint.root);
  check_ends(certificates, survey_.trust, newest_, facts_);
  note_after_end();
  note_steps_back();
  if (survey_.receipt_key && facts_.verdict.receipted < facts_.verdict.size) {
    facts_.note("no receipt in this export covers entries from " +
                std::to_string(facts_.verdict.receipted) + " on");
  }
  // Without the counterpart's key nobody has counted the receipts.
  const std::uint64_t receipt_files = survey_.receipt_key ? receipts.files()
                                      : trail             ? 0
                                                          : UINT64_MAX;
  check_extra_files({}, tree.size(), receipt_files);
  return {};
}

/// What costs most, signatures, hashing and parsing, is spread out: the signatures of one bundle
/// together with the leaves of the next. What depends on the entries before is done in order
/// between the two.
Result<void> JournalJudge::judge_bundles(Reader& reader, ReceiptChecker& receipts, Frontier& tree) {
  const bool trail = facts_.verdict.origin.is_trail();
  JudgedStamps stamps(facts_);
  std::vector<Judged> judged;
  for (std::uint64_t number = 0; number < facts_.tree.bundles() || !judged.empty(); ++number) {
    KeptTree::Bundle bundle;
    if (number < facts_.tree.bundles()) {
      auto opened = facts_.tree.open_bundle(number);
      if (!opened) return opened.error();
      bundle = std::move(*opened);
    }
    std::vector<std::optional<ParsedLeaf>> parsed(bundle.leaves.size());
    execute_(judged.size() + parsed.size(), [&](std::size_t i) {
      if (i < judged.size()) {
        judged[i].signatures_hold = check_signatures(judged[i].entry);
        return;
      }
      const std::size_t leaf = i - judged.size();
      KeptTree::hash(bundle, leaf);
      parsed[leaf] = parse_leaf(bundle.leaves[leaf], bundle.hashes[leaf]);
    });
    for (const Judged& one : judged) {
      take(one);
      tree.append(one.entry.leaf_hash);
      receipts.tree_grew(tree);
    }
    judged.clear();
    if (parsed.empty()) continue;
    if (const auto kept = facts_.tree.check_bundle(number, bundle); !kept) return kept;
    judged.reserve(parsed.size());
    for (auto& leaf : parsed) {
      const StampVerdict verdict = stamps.of(reader.next(), *leaf);
      const auto received =
          trail ? facts_.dated_by(reader.next()) : receipts.time_over(reader.next());
      ReadEntry entry = reader.read(std::move(*leaf), verdict, received);
      judged.push_back({std::move(entry), reader.stamps(), verdict});
    }
  }
  return {};
}

void JournalJudge::take(const Judged& judged) {
  const ReadEntry& entry = judged.entry;
  facts_.erasable.push_back(is_erasable(entry));
  note_unjudged(judged);
  message_seen_ = message_seen_ || entry.envelope;
  if (facts_.timeline != nullptr)
    facts_.timeline->add(entry, judged.signatures_hold, judged.stamps.last());
  if (entry.index == 0 && entry.entry && judged.verdict != StampVerdict::kFalse)
    facts_.first_stamps = judged.stamps;
  if (entry.entry) take_time(entry);
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
  if (entry.after_end && !entry.refusal) {
    AfterEnd& after = *entry.after_end == Validity::kOfficeOver ? office_over_ : own_over_;
    const WallTime time = entry.dated();
    if (after.entries++ == 0) after.first = time;
    after.last = time;
  }
  if (!entry.entry) return;
  ++(std::holds_alternative<SignedEnvelope>(entry.entry->what) ? facts_.verdict.messages
                                                               : facts_.verdict.records);
}

/// Nobody's fault, and to be known: nothing but what reads is entered then.
void JournalJudge::note_after_end() {
  const auto note = [&](const AfterEnd& after, const std::string& what) {
    if (after.entries == 0) return;
    facts_.note("read after the end: " + std::to_string(after.entries) +
                (after.entries == 1 ? " entry tells" : " entries tell") + " of reading " + what +
                ", the first of " + to_rfc3339(after.first) + ", the last of " +
                to_rfc3339(after.last));
  };
  note(office_over_, "after the office's certificate had ended on " +
                         to_rfc3339(survey_.certificates.office.details().not_after));
  note(own_over_, "or renewing by officers whose own certificates had ended");
}

/// What the entry's time is worth.
void JournalJudge::take_time(const ReadEntry& entry) {
  if (entry.is_sure() && !facts_.first_sure)
    facts_.first_sure = {entry.index, entry.entry->stamp.time};
  const bool back = entry.stamp == StampOrder::kTimeGoesBack;
  if (back && facts_.verdict.origin.is_trail() && steps_back_++ == 0)
    first_step_back_ = entry.index;
  const bool trail = facts_.verdict.origin.is_trail();
  const bool needs = !trail || !entry.record || !may_follow_end(*entry.record);
  if (!back && needs) newest_ = std::max(newest_.value_or(entry.judged_at), entry.judged_at);
  if (entry.entry->stamp.unsure) ++facts_.verdict.unsure;
  if (!entry.claim) return;
  Claims& claims = facts_.verdict.claims;
  if (claims.count++ == 0) {
    claims.first = entry.index;
    claims.stamped = entry.entry->stamp.time;
    claims.received = *entry.received;
  }
}

/// A trail has no receipts of its own: who set its office's clock when, nobody else knows.
void JournalJudge::note_steps_back() {
  if (steps_back_ == 0) return;
  facts_.note("its time goes back " + std::to_string(steps_back_) +
              (steps_back_ == 1 ? " time" : " times") + ", first at " +
              entry_place(first_step_back_) + ": the office's clock was set back");
}

/// Stamps about what is not in this export prove nothing against anybody.
void JournalJudge::note_unjudged(const Judged& judged) {
  const ReadEntry& entry = judged.entry;
  if (!entry.entry || judged.verdict == StampVerdict::kFalse) return;
  const Stamp& stamp = entry.entry->stamp;
  const Origin& origin = facts_.verdict.origin;
  if (judged.verdict == StampVerdict::kLost) {
    if (facts_.lost_named) return;
    facts_.lost_named = true;
    facts_.note(entry_place(entry.index) + " and what follows name " + std::to_string(stamp.size) +
                " entries of generation " + std::to_string(stamp.generation) + " of " +
                origin.to.text() + ", which says that it lost the last of them");
  } else if (judged.verdict == StampVerdict::kUnjudged &&
             facts_.absent_named.erase(stamp.generation) == 1) {
    const Origin absent{origin.network, origin.to, origin.from, stamp.generation};
    if (!facts_.verdict.absent) facts_.verdict.absent = absent;
    facts_.miss({Missing::What::kJournal, absent, 0,
                 absent.text() + " is not in this export: stamps from " + entry_place(entry.index) +
                     " on name it, and were not judged"});
  }
  if (entry.stamp != StampOrder::kHeadsUnjudged || goes_back_) return;
  goes_back_ = true;
  facts_.note("the stamp of " + entry_place(entry.index) +
              " names less of the opposite journal than one before it, or another root: only an "
              "export with both journals shows which of them is wrong");
}

void JournalJudge::take_record(const ReadEntry& entry) {
  if (const auto* introduced = std::get_if<CertificateRecord>(&*entry.record))
    take_officer(introduced->certificate);
  // Of a refused act, too, even where its officer was not in force: what was signed once must not
  // stand there for a second request.
  if (const auto* act = std::get_if<Act>(&*entry.record); act != nullptr && act->officer) {
    facts_.id_tags.push_back(facts_.tag(act->request_id()));
  }
  if (const auto* head = std::get_if<TrailHead>(&*entry.record)) {
    facts_.trail_heads.push_back({entry.index, entry.dated(), head->hash, entry.received});
  }
  if (const auto* refusal = std::get_if<Refusal>(&*entry.record)) {
    const RefusalPlace place{entry.index, entry.run, facts_.after_loss && !message_seen_};
    facts_.refusals.push_back({place, entry.dated(), entry.received, *refusal});
  }
  if (const auto* revoked = std::get_if<RevocationRecord>(&*entry.record)) {
    const Stamp& stamp = entry.entry->stamp;
    facts_.revocations.push_back(
        {entry.index, entry.dated(), stamp.generation, stamp.size, revoked->revocation});
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
  if (start->authority_certificate != survey_.certificates.authority.bytes() ||
      start->journal_certificate != survey_.certificates.journal.bytes()) {
    findings().add(FindingCode::kStart, entry_place(entry.index),
                   "the generation start holds other certificates than certificates.pem");
  }
}

void JournalJudge::take_officer(ByteView certificate) {
  const auto parsed = identity::Certificate::parse(certificate);
  if (parsed) persons_.insert(parsed->details().person);
  facts_.verdict.officers = persons_.size();
}

/// Returns how many names were in the folder.
std::uint64_t JournalJudge::check_extra_files(const std::string& path, std::uint64_t size,
                                              std::uint64_t receipt_files) {
  std::uint64_t names = 0;
  const auto judge = [&](const std::string& name, FileKind kind) {
    const std::string inner = path.empty() ? name : path + "/" + name;
    if (kind != FileKind::kOther && is_left_by_system(name))
      return facts_.note(left_by_system(inner));
    ++names;
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

Result<void> verify_journals(const ExportFiles& files,
                             const std::vector<identity::Certificate>& authorities,
                             const Executor& execute, std::map<Origin, JournalFacts>& journals) {
  std::map<Origin, Survey> surveys;
  for (auto& [origin, facts] : journals) {
    if (auto survey = survey_journal(files, authorities, execute, facts))
      surveys.emplace(origin, std::move(*survey));
  }
  if (auto judged = judge_stamps(journals); !judged) return judged;
  // What pair journals say dates the trails.
  for (const bool trails : {false, true}) {
    if (trails) {
      if (auto dated = date_trails(journals); !dated) return dated;
    }
    for (const auto& [origin, survey] : surveys) {
      if (origin.is_trail() != trails) continue;
      const auto judged = JournalJudge(files, execute, survey, journals.at(origin)).run();
      if (!judged) return judged;
    }
  }
  return {};
}

}  // namespace blo::journal
