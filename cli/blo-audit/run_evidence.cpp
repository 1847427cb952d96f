// blo-audit evidence: judges one message's evidence, and writes what others read it in.
#include "run_evidence.h"

#include <iostream>

#include "base/file.h"
#include "evidence.h"
#include "identity/pem.h"
#include "output.h"
#include "sandbox.h"

namespace blo::audit {
namespace {

Result<Bytes> read_evidence(const std::filesystem::path& path, Examination& examined) {
  const auto text = read_file(path, journal::kEvidenceFileBytesMax);
  if (!text) return text.error();
  examined.add(path.string(), *text);
  return identity::from_pem(journal::kEvidenceLabel, as_text(*text));
}

std::string tlog_proof_of(ByteView bytes) {
  const auto evidence = journal::Evidence::parse(bytes);
  BLO_CHECK(evidence.has_value());  // it was verified
  return journal::to_tlog_proof(evidence->message(), evidence->journal.checkpoint);
}

}  // namespace

Result<journal::Outcome> run_evidence(const EvidenceArguments& arguments,
                                      std::vector<identity::Certificate> authorities,
                                      Examination examined) {
  const auto bytes = read_evidence(arguments.file, examined);
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
  const JudgedEvidence judged{arguments.file.string(), std::move(authorities), std::move(verdict),
                              std::move(examined)};
  const bool verified = judged.verdict.verified();
  if (const auto done = write_output(*page, page->ok() ? evidence_html(judged) : ""); !done)
    return done.error();
  // What does not hold is not handed on in another form.
  if (proof->ok() && verified) {
    if (const auto done = write_output(*proof, tlog_proof_of(*bytes)); !done) return done.error();
  }
  std::cout << (arguments.json ? evidence_json(judged) : evidence_text(judged));
  return verified ? journal::Outcome::kVerified : journal::Outcome::kNotVerified;
}

}  // namespace blo::audit
