// Drafts as they are listed and shown, and the checks before a second officer signs one.
#ifndef BLO_CLI_BLO_DRAFTS_H
#define BLO_CLI_BLO_DRAFTS_H

#include "daemon.h"
#include "journal/entry.h"
#include "report.h"

namespace blo::v1 {
class DraftShowResponse;
class DraftSummary;
}  // namespace blo::v1

namespace blo::cli {

[[nodiscard]] Json to_json(const v1::DraftSummary& draft);
/// One draft in a line, and a second one for why it was rejected or cannot be sent.
[[nodiscard]] Shown to_lines(const v1::DraftSummary& draft);

/// A draft whose parts agree: what is shown is what its author signed.
struct CheckedDraft {
  Bytes envelope_bytes;
  crypto::Signature signature;  // the author's
  journal::Envelope envelope;
  Bytes content;
};
/// Checks certificate, signature and commitment, so that nobody has to believe the daemon.
/// Failures: exit code 6.
[[nodiscard]] Outcome<CheckedDraft> check_draft(const v1::DraftShowResponse& shown,
                                                const Daemon& daemon);

/// The whole message for reading, made from the content alone.
[[nodiscard]] Outcome<Shown> whole_text(const CheckedDraft& draft, const std::string& name,
                                        const std::string& author);

/// blo show of a draft.
[[nodiscard]] Outcome<ExitCode> show_draft(const Globals& globals, const std::string& name);

[[nodiscard]] bool is_draft_name(const std::string& text);
/// "D-17", whatever case it was typed in.
[[nodiscard]] Outcome<std::string> parse_draft(const std::string& text);

}  // namespace blo::cli

#endif
