#include "auditor.h"

#include <catch2/catch.hpp>

#include "base/file.h"
#include "journal/verify_evidence.h"
#include "office/evidence.h"

namespace blo::sim {
namespace {

void report(const std::vector<journal::Finding>& findings) {
  for (const auto& finding : findings)
    UNSCOPED_INFO(journal::to_string(finding.code) << " " << finding.where << ": " << finding.what);
}

}  // namespace

journal::Verdict audit(World& world, Node& node) {
  const Folder folder;
  const journal::FileSink sink = [&](const std::string& path, ByteView bytes) -> Result<void> {
    std::filesystem::create_directories((folder.path() / path).parent_path());
    return write_file(folder.path() / path, bytes, 0600, Overwrite::kYes);
  };
  auto made = office::ExportJob::begin(*node.office, node.pair(), sink).value();
  while (made.step().value()) {
  }
  return journal::verify_export(folder.path(), {world.a.kit.authority, world.b.kit.authority})
      .value();
}

void check_auditable(World& world, Node& node) {
  INFO("audit of " << node.kit.id.text());
  // Where nothing has a receipt yet, an export holds nothing.
  if (!node.pair().sent->head && !node.pair().received->head) return;
  const auto verdict = audit(world, node);
  report(verdict.findings);
  CHECK(verdict.verified());
  for (const Said& message : node.said) {
    if (!node.show(message.number).receipt) continue;
    auto job = office::EvidenceJob::begin(*node.office, message.number, false).value();
    while (job.step().value()) {
    }
    const auto proven =
        journal::verify_evidence(job.encode(), {world.a.kit.authority, world.b.kit.authority});
    report(proven.findings);
    CHECK(proven.findings.empty());
  }
}

}  // namespace blo::sim
