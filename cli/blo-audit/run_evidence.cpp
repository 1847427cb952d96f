// blo-audit evidence: judges one message's evidence, and writes what others read it in.
#include "run_evidence.h"

#include <fcntl.h>

#include <iostream>

#include "base/descriptor.h"
#include "base/file.h"
#include "evidence.h"
#include "identity/pem.h"
#include "sandbox.h"

namespace blo::audit {
namespace {

Result<Bytes> read_evidence(const std::filesystem::path& path) {
  const auto text = read_file(path, journal::kEvidenceFileBytesMax);
  if (!text) return text.error();
  return identity::from_pem(journal::kEvidenceLabel, as_text(*text));
}

/// A file that is asked for, opened before the sandbox closes: afterwards there is no way to make
/// one. It is empty until there is a verdict to write. Nothing is opened for an empty path.
Result<Descriptor> open_output(const std::filesystem::path& path) {
  Descriptor file(
      path.empty()
          ? -1
          : ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!path.empty() && !file.ok()) return Error(FileError::kFailed, path.string());
  return file;
}

Result<void> write_output(const Descriptor& file, const std::string& text) {
  if (!file.ok() || write_all(file.get(), as_bytes(text))) return {};
  return Error(FileError::kFailed, "what was asked for beside the verdict");
}

std::string tlog_proof_of(ByteView bytes) {
  const auto evidence = journal::Evidence::parse(bytes);
  BLO_CHECK(evidence.has_value());  // it was verified
  return journal::to_tlog_proof(evidence->message(), evidence->journal.checkpoint);
}

}  // namespace

Result<bool> run_evidence(const EvidenceArguments& arguments,
                          std::vector<identity::Certificate> authorities) {
  const auto bytes = read_evidence(arguments.file);
  if (!bytes) return bytes.error();
  for (const identity::Certificate& authority : authorities) {
    if (const auto checked = identity::check_authority(authority); !checked) return checked.error();
  }
  const auto page = open_output(arguments.html);
  if (!page) return page.error();
  const auto proof = open_output(arguments.tlog_proof);
  if (!proof) return proof.error();
  const Sandbox sandbox = enter_sandbox({});
  if (!arguments.json) warn_of(sandbox);

  auto verdict = journal::verify_evidence(*bytes, authorities);
  const JudgedEvidence judged{arguments.file.string(), std::move(authorities), std::move(verdict)};
  const bool verified = judged.verdict.verified();
  if (const auto done = write_output(*page, page->ok() ? evidence_html(judged) : ""); !done)
    return done.error();
  // What does not hold is not handed on in another form.
  if (proof->ok() && verified) {
    if (const auto done = write_output(*proof, tlog_proof_of(*bytes)); !done) return done.error();
  }
  std::cout << (arguments.json ? evidence_json(judged) : evidence_text(judged));
  return verified;
}

}  // namespace blo::audit
