#include "journal/verify.h"

#include "identity/chain.h"
#include "journal/export_layout.h"
#include "journal/verified.h"

namespace blo::journal {
namespace {

// However many journals an export has.
constexpr std::size_t kTimelineRowsMax = 2000;
constexpr std::size_t kTimelineRowsMin = 4;
// An office has a few generations with a few counterparts; an empty folder with a journal's name
// costs its maker nothing, and each costs some kilobytes of findings here.
constexpr std::size_t kJournalsMax = 4'096;

void keep_timelines(std::map<Origin, JournalFacts>& journals, Timelines& timelines) {
  if (journals.empty()) return;
  // Each gets the same share; a pair of journals 1000 rows each.
  const std::size_t rows =
      std::clamp(kTimelineRowsMax / journals.size(), kTimelineRowsMin, kTimelineRowsMax / 2);
  for (auto& [origin, facts] : journals)
    facts.timeline = &timelines.journals.try_emplace(origin, rows, timelines.keep).first->second;
}

/// Fills `journals`, which `tag` outlives.
Result<Verdict> verify_all(const ExportFiles& files,
                           const std::vector<identity::Certificate>& authorities,
                           const Executor& execute, const crypto::ShortHash& tag,
                           std::map<Origin, JournalFacts>& journals, Timelines* timelines) {
  for (const identity::Certificate& authority : authorities) {
    const auto checked = identity::check_authority(authority);
    if (!checked) return checked.error();
  }

  Findings findings{std::string()};
  bool too_many = false;
  std::vector<std::string> left;
  const auto listed = files.list(".", [&](const std::string& name, FileKind kind) {
    const auto origin = parse_export_folder(name);
    if (origin && kind == FileKind::kFolder) {
      too_many = journals.size() == kJournalsMax;
      if (!too_many) journals.try_emplace(*origin, files, tag, *origin);
    } else if (kind != FileKind::kOther && is_left_by_system(name)) {
      left.push_back(name);
    } else {
      findings.add(kind == FileKind::kOther ? FindingCode::kLink : FindingCode::kExtraFile, name,
                   "this does not belong to an export");
    }
  });
  if (!listed) return listed.error();
  if (too_many) {
    return Error(FileError::kTooLarge, "there are more than " + std::to_string(kJournalsMax) +
                                           " journals in it; verify some of them at a time");
  }
  if (journals.empty()) {
    findings.add(FindingCode::kMissing, ".", "there is no journal's folder in the export");
  }
  for (const auto& name : left) {
    if (!journals.empty()) journals.begin()->second.note(left_by_system("beside it, " + name));
  }
  if (timelines != nullptr) keep_timelines(journals, *timelines);
  if (const auto read = verify_journals(files, authorities, execute, journals); !read)
    return read.error();
  if (const auto checked = verify_across(journals); !checked) return checked.error();

  if (timelines != nullptr && timelines->link) {
    auto answers = Answers::read(journals);
    if (!answers) return answers.error();
    timelines->answers = std::move(*answers);
  }
  Verdict verdict;
  verdict.findings = findings.take();
  for (auto& [origin, facts] : journals) {
    std::ranges::move(facts.findings.take(), std::back_inserter(verdict.findings));
    verdict.journals.push_back(facts.verdict);
  }
  return verdict;
}

}  // namespace

Outcome Verdict::outcome() const {
  if (!findings.empty() || journals.empty()) return Outcome::kNotVerified;
  const bool whole =
      std::ranges::all_of(journals, [](const auto& journal) { return journal.missing.empty(); });
  return whole ? Outcome::kVerified : Outcome::kNotWhole;
}

std::vector<Missing> Verdict::missing() const {
  std::vector<Missing> all;
  for (const JournalVerdict& journal : journals) {
    for (const Missing& one : journal.missing) {
      if (std::ranges::none_of(all, [&one](const Missing& other) { return one.same_as(other); }))
        all.push_back(one);
    }
  }
  return all;
}

std::vector<Missing> missing_from_both(const Verdict& a, const Verdict& b) {
  std::vector<Missing> all;
  const auto is_in = [](const std::vector<Missing>& list, const Missing& one) {
    return std::ranges::any_of(list, [&one](const Missing& other) { return one.same_as(other); });
  };
  for (const auto& [one, other] : {std::pair(&a, &b), std::pair(&b, &a)}) {
    const auto missing_there = other->missing();
    for (Missing& missing : one->missing()) {
      const bool there =
          std::ranges::any_of(other->journals, [&missing](const JournalVerdict& journal) {
            return journal.origin == missing.origin && journal.receipted >= missing.size;
          });
      if ((!there || is_in(missing_there, missing)) && !is_in(all, missing))
        all.push_back(std::move(missing));
    }
  }
  return all;
}

void expect_absent(const std::vector<Origin>& origins, Verdict& verdict) {
  for (JournalVerdict& journal : verdict.journals) {
    std::erase_if(journal.missing, [&](const Missing& one) {
      const bool expected = one.what == Missing::What::kJournal &&
                            std::ranges::find(origins, one.origin) != origins.end();
      if (expected) journal.notes.push_back(one.sentence + ", as the command line says");
      return expected;
    });
  }
}

Result<Verdict> verify_export(const ExportFiles& files,
                              const std::vector<identity::Certificate>& authorities,
                              const Executor& execute, Timelines* timelines) {
  const crypto::ShortHash tag;
  std::map<Origin, JournalFacts> journals;
  return verify_all(files, authorities, execute, tag, journals, timelines);
}

Result<std::unique_ptr<VerifiedExport>> verify_and_keep(
    const ExportFiles& files, const std::vector<identity::Certificate>& authorities,
    const Executor& execute) {
  auto kept = std::make_unique<VerifiedExport>();
  kept->timelines.keep = KeepReceipts::kAll;
  kept->timelines.link = true;
  auto verdict =
      verify_all(files, authorities, execute, kept->tag, kept->journals, &kept->timelines);
  if (!verdict) return verdict.error();
  kept->verdict = std::move(*verdict);
  return kept;
}

Result<Verdict> verify_export(const std::filesystem::path& folder,
                              const std::vector<identity::Certificate>& authorities,
                              const Executor& execute) {
  const auto files = ExportFiles::open(folder);
  if (!files) return files.error();
  return verify_export(*files, authorities, execute);
}

}  // namespace blo::journal
