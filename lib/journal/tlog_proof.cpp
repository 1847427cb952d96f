// c2sp.org/tlog-proof@v1, as of C2SP 5ba5ee830903.
#include "base/ids.h"
#include "base/lines.h"
#include "crypto/base64.h"
#include "journal/evidence.h"
#include "journal/wire.h"

namespace blo::journal {
namespace {

constexpr std::string_view kFirstLine = "c2sp.org/tlog-proof@v1";
constexpr std::string_view kExtra = "extra ";
constexpr std::string_view kIndex = "index ";

}  // namespace

std::string to_tlog_proof(const ProvenEntry& entry, std::string_view checkpoint) {
  std::string text(kFirstLine);
  text += "\n" + std::string(kExtra) + crypto::to_base64(entry.leaf);
  text += "\n" + std::string(kIndex) + std::to_string(entry.index) + "\n";
  for (const Hash& hash : entry.proof) text += crypto::to_base64(hash) + "\n";
  return text + "\n" + std::string(checkpoint);
}

Result<TlogProof> TlogProof::parse(std::string_view text) {
  if (text.size() > kEvidenceBytesMax) return malformed("a tlog-proof");
  if (take_line(text) != kFirstLine) return malformed("a tlog-proof's first line");
  TlogProof parsed;
  auto line = take_line(text);
  if (line && line->starts_with(kExtra)) {
    parsed.extra = crypto::from_base64(line->substr(kExtra.size()));
    if (!parsed.extra) return malformed("a tlog-proof's extra line");
    line = take_line(text);
  }
  if (!line || !line->starts_with(kIndex)) return malformed("a tlog-proof's index");
  const auto index = parse_decimal(line->substr(kIndex.size()));
  if (!index || *index >= kTreeSizeMax) return malformed("a tlog-proof's index");
  parsed.index = *index;
  for (line = take_line(text); line && !line->empty(); line = take_line(text)) {
    const auto hash = crypto::from_base64(*line);
    if (!hash || parsed.proof.size() == kProofHashesMax ||
        !copy_exact(*hash, parsed.proof.emplace_back())) {
      return malformed("a tlog-proof's hashes");
    }
  }
  if (!line || text.empty()) return malformed("a tlog-proof's checkpoint");
  parsed.checkpoint = text;
  return parsed;
}

}  // namespace blo::journal
