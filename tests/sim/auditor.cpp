#include "auditor.h"

#include <catch2/catch.hpp>

#include "forger.h"
#include "journal/verify_evidence.h"
#include "office/evidence.h"

namespace blo::sim {
namespace {

void report(const std::vector<journal::Finding>& findings) {
  for (const auto& finding : findings)
    UNSCOPED_INFO(journal::to_string(finding.code) << " " << finding.where << ": " << finding.what);
}

}  // namespace

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
