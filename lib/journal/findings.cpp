#include "journal/findings.h"

#include "base/hex.h"

namespace blo::journal {
namespace {

constexpr std::size_t kTextMax = 256;

std::string shortened(std::string_view text) {
  std::string safe = printable(text.substr(0, kTextMax));
  if (safe.size() < kTextMax && text.size() <= kTextMax) return safe;
  if (safe.size() > kTextMax - 3) safe.resize(kTextMax - 3);
  return safe + "...";
}

}  // namespace

std::string printable(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    if (c >= 0x20 && c < 0x7F && c != '\\') {
      safe += c;
    } else {
      const Byte byte[] = {static_cast<Byte>(c)};
      safe += "\\x" + to_hex(byte);
    }
  }
  return safe;
}

void Findings::rest_on(std::string sender, std::string counterpart) {
  sender_ = std::move(sender);
  counterpart_ = std::move(counterpart);
}

void Findings::add(FindingCode code, const std::string& place, std::string_view what,
                   std::string_view evidence) {
  if (++counts_[code] > kListedMax) return;
  std::string where = where_;
  if (!where.empty() && !place.empty()) where += "/";
  where += place;
  listed_.push_back({code, shortened(where), shortened(what), shortened(evidence), rests_on(code)});
}

void Findings::add_unread(const std::string& place, const Error& error) {
  add(file_finding(error), place, error.code().message());
}

bool Findings::lists(FindingCode code) const {
  const auto found = counts_.find(code);
  return found == counts_.end() || found->second < kListedMax;
}

std::string Findings::rests_on(FindingCode code) const {
  switch (code) {
    case FindingCode::kMissing:
    case FindingCode::kUnreadable:
    case FindingCode::kLink:
    case FindingCode::kExtraFile:
    case FindingCode::kPolicyFile:
    case FindingCode::kBundle:
    case FindingCode::kUntrustedAuthority: return {};
    case FindingCode::kReceipt:
    case FindingCode::kReceiptKey:
    case FindingCode::kReceiptRoot:
    case FindingCode::kReceiptSize:
    case FindingCode::kReceiptOrder:
    case FindingCode::kReceiptTime:
    case FindingCode::kReceiptMissing:
    case FindingCode::kReceiptTwice: return counterpart_.empty() ? "" : "authority " + counterpart_;
    default: return sender_.empty() ? "" : "authority " + sender_;
  }
}

std::vector<Finding> Findings::take() {
  for (const auto& [code, count] : counts_) {
    if (count <= kListedMax) continue;
    listed_.push_back({code,
                       where_,
                       std::to_string(count - kListedMax) + " more findings of this code here",
                       {},
                       rests_on(code)});
  }
  counts_.clear();
  return std::move(listed_);
}

}  // namespace blo::journal
