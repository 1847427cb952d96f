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

  Verdict verdict;
  verdict.findings = findings.take();
  for (auto& [origin, facts] : journals) {
    std::ranges::move(facts.findings.take(), std::back_inserter(verdict.findings));
    verdict.journals.push_back(facts.verdict);
  }
  return verdict;
}

}  // namespace

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
