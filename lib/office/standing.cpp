#include "office/standing.h"

#include <algorithm>

#include "identity/revocation.h"

namespace blo::office {
namespace {

std::string word_of(const journal::ReleaseRule& rule) {
  std::string word = "any";
  if (rule.kind) {
    const auto name = journal::to_string(static_cast<journal::Kind>(*rule.kind));
    word = name == "unknown kind" ? "kind " + std::to_string(*rule.kind) : std::string(name);
  }
  if (rule.precedence) word += "/" + std::string(journal::to_string(*rule.precedence));
  return word;
}

template <class Items, class ToWord>
std::string listed(const Items& items, ToWord&& to_word) {
  std::string text;
  for (const auto& item : items) text += (text.empty() ? "" : ", ") + std::string(to_word(item));
  return text;
}

}  // namespace

bool gives_more(const std::vector<identity::Role>* before, const std::vector<identity::Role>& now) {
  if (before == nullptr) return true;
  return std::ranges::any_of(now,
                             [&](auto role) { return std::ranges::count(*before, role) == 0; });
}

std::string words_of(const std::vector<identity::Role>& roles) {
  return listed(roles, [](auto role) { return identity::to_string(role); });
}

std::string words_of(const journal::Policy& policy) {
  std::string text;
  if (!policy.release.empty()) text = "a release for " + listed(policy.release, word_of);
  if (policy.purpose) text += std::string(text.empty() ? "" : "; ") + "a purpose of readers";
  return text.empty() ? "nothing" : text;
}

void Standing::introduce(std::uint64_t index, const identity::CertificateDetails& details,
                         const identity::Fingerprint& certificate, WallTime stamp) {
  const auto known = speakers_.find(details.person);
  const bool is_known = known != speakers_.end();
  // A generation is read by itself: what was introduced before stands in it again.
  if (is_known && known->second.statement >= details.statement) return;
  Speaker next{details.person,
               certificate,
               details.roles,
               details.statement,
               details.not_after,
               stamp,
               is_known ? known->second.first : stamp};
  const bool first_of_all = speakers_.empty();
  const auto* before = is_known && !known->second.revoked ? &known->second.roles : nullptr;
  if (!first_of_all && gives_more(before, next.roles)) news_.push_back({index, next});
  speakers_.insert_or_assign(details.person, std::move(next));
}

void Standing::change_policy(std::uint64_t index, journal::Policy policy, WallTime stamp) {
  if (policy.asks_less_than(policy_.policy)) news_.push_back({index, {}});
  if (policy == policy_.policy) return;
  policy_ = {std::move(policy), stamp};
}

bool Standing::counts(const journal::Record& record) {
  return std::holds_alternative<journal::GenerationStart>(record) ||
         std::holds_alternative<journal::Policy>(record) ||
         std::holds_alternative<journal::CertificateRecord>(record) ||
         std::holds_alternative<journal::RevocationRecord>(record);
}

void Standing::take(std::uint64_t index, const journal::Record& record, WallTime stamp) {
  if (std::holds_alternative<journal::GenerationStart>(record)) {
    settle();
    begun_ = Begun{index, stamp};
  } else if (const auto* policy = std::get_if<journal::Policy>(&record)) {
    begun_.reset();
    change_policy(index, *policy, stamp);
  } else if (const auto* introduced = std::get_if<journal::CertificateRecord>(&record)) {
    const auto certificate = identity::Certificate::parse(introduced->certificate);
    if (certificate) introduce(index, certificate->details(), certificate->fingerprint(), stamp);
  } else if (const auto* revoked = std::get_if<journal::RevocationRecord>(&record)) {
    const auto revocation = identity::Revocation::parse(revoked->revocation);
    if (!revocation || revocation->details().kind != identity::CertificateKind::kOfficer) return;
    const auto known = speakers_.find(revocation->details().person);
    if (known != speakers_.end() && known->second.statement < revocation->details().statement)
      known->second.revoked = true;
  }
}

void Standing::settle() {
  const auto begun = std::exchange(begun_, std::nullopt);
  if (begun) change_policy(begun->index, {}, begun->stamp);
}

}  // namespace blo::office
