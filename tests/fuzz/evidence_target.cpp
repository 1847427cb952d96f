// Evidence of one message, with its armour or without.
#include "identity/pem.h"
#include "journal/verify_evidence.h"
#include "target.h"

namespace blo::fuzz {
namespace {

void run(ByteView bytes) {
  const auto carried = identity::from_pem(journal::kEvidenceLabel, as_text(bytes));
  if (carried) bytes = *carried;
  const auto evidence = journal::Evidence::parse(bytes);
  if (evidence) BLO_CHECK(equal(evidence->encode(), bytes));
  const auto verdict = journal::verify_evidence(bytes, trusted());
  for (const auto& finding : verdict.findings)
    BLO_CHECK(is_printable(finding.where) && is_printable(finding.what));
  for (const auto& note : verdict.notes) BLO_CHECK(is_printable(note));
  BLO_CHECK(evidence || !verdict.verified());
  if (!verdict.verified()) return;
  BLO_CHECK(verdict.envelope && verdict.author && verdict.stamp);
  const auto proof = journal::TlogProof::parse(
      journal::to_tlog_proof(evidence->message(), evidence->journal.checkpoint));
  BLO_CHECK(proof && proof->index == evidence->index);
}

}  // namespace
}  // namespace blo::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  blo::fuzz::run({data, size});
  return 0;
}
