// The judgment of one message's evidence, as people and as programs read it.
#ifndef BLO_CLI_BLO_AUDIT_EVIDENCE_H
#define BLO_CLI_BLO_AUDIT_EVIDENCE_H

#include "examination.h"
#include "html.h"
#include "journal/verify_evidence.h"

namespace blo::audit {

/// What was judged.
struct JudgedEvidence {
  std::string file;  // as typed
  std::vector<identity::Certificate> authorities;
  journal::EvidenceVerdict verdict;
  Examination examined = {};
};

/// What a report says, in the order it says it; the same on a terminal and on a page. All of it is
/// text from anywhere: whoever shows it makes it safe.
struct Story {
  struct Section {
    std::string heading;
    std::vector<std::pair<std::string, std::string>> rows;
  };
  Tone tone = Tone::kBad;
  std::string verdict;      // "VERIFIED"
  std::string explanation;  // a sentence or two
  std::vector<Section> sections;
  std::string content;  // rendered for reading; empty where it is not disclosed
};
[[nodiscard]] Story tell(const JudgedEvidence& judged);

/// A sentence for each time that cannot be true: what the content dates, what the author's machine
/// said, and the stamp, against the receiver's receipt. Nothing of evidence that is not verified.
[[nodiscard]] std::vector<std::string> false_times(const journal::EvidenceVerdict& verdict);

/// Safe for a terminal.
[[nodiscard]] std::string evidence_text(const JudgedEvidence& judged);
/// A page that needs no other file.
[[nodiscard]] std::string evidence_html(const JudgedEvidence& judged);
/// One JSON object and a newline; its fields are in docs/auditing.md.
[[nodiscard]] std::string evidence_json(const JudgedEvidence& judged);

}  // namespace blo::audit

#endif
