// blo-audit evidence: judges one message's evidence, and writes what others read it in.
#include "run_evidence.h"

#include <iostream>

#include "base/file.h"
#include "evidence.h"
#include "identity/pem.h"

namespace blo::audit {
namespace {

Result<Bytes> read_evidence(const std::filesystem::path& path) {
  const auto text = read_file(path, journal::kEvidenceFileBytesMax);
  if (!text) return text.error();
  return identity::from_pem(journal::kEvidenceLabel, as_text(*text));
}

/// A verdict replaces an older one; nothing in it is secret but a content that was handed over.
Result<void> write_text(const std::filesystem::path& path, const std::string& text) {
  return write_file(path, as_bytes(text), 0600, Overwrite::kYes);
}

Result<void> write_proof(const std::filesystem::path& path, ByteView bytes) {
  const auto evidence = journal::Evidence::parse(bytes);
  if (!evidence) return evidence.error();
  return write_text(path,
                    journal::to_tlog_proof(evidence->message(), evidence->journal.checkpoint));
}

}  // namespace

Result<bool> run_evidence(const EvidenceArguments& arguments,
                          std::vector<identity::Certificate> authorities) {
  const auto bytes = read_evidence(arguments.file);
  if (!bytes) return bytes.error();
  for (const identity::Certificate& authority : authorities) {
    if (const auto checked = identity::check_authority(authority); !checked) return checked.error();
  }
  auto verdict = journal::verify_evidence(*bytes, authorities);
  const JudgedEvidence judged{arguments.file.string(), std::move(authorities), std::move(verdict)};
  const bool verified = judged.verdict.verified();
  if (!arguments.html.empty()) {
    const auto written = write_text(arguments.html, evidence_html(judged));
    if (!written) return written.error().within(arguments.html.string());
  }
  // What does not hold is not handed on in another form.
  if (!arguments.tlog_proof.empty() && verified) {
    const auto written = write_proof(arguments.tlog_proof, *bytes);
    if (!written) return written.error().within(arguments.tlog_proof.string());
  }
  std::cout << (arguments.json ? evidence_json(judged) : evidence_text(judged));
  return verified;
}

}  // namespace blo::audit
