#include "message/steps.h"

#include <algorithm>
#include <array>

#include "base/wire.h"
#include "blo/v1/message.pb.h"
#include "message/check.h"
#include "message/text.h"
#include "message/vocabulary.h"

namespace blo::message {
namespace {

/// Of these the text says who or what.
constexpr std::array kNeedText = {v1::Acted::HIT, v1::Acted::PASSED_ON, v1::Acted::NOT_POSSIBLE};

}  // namespace

MaybeFlaw check_opened(const v1::Content& content) {
  if (!content.has_opened()) return missing("opened", "is missing: the kind says it is one");
  if (equal(encode_wire(content), opened_content())) return std::nullopt;
  return Flaw{MessageError::kBadValue, "opened", "says more than that it was opened", {}};
}

MaybeFlaw check_acted(const v1::Acted& acted, const std::string& path) {
  if (acted.outcome() == v1::Acted::OUTCOME_UNSPECIFIED) return missing(path + ".outcome");
  if (!v1::Acted::Outcome_IsValid(acted.outcome()))
    return Flaw{MessageError::kBadValue, path + ".outcome", "is not an outcome that is known", {}};
  const bool needs_text = std::ranges::find(kNeedText, acted.outcome()) != kNeedText.end();
  if (needs_text && is_blank(acted.text())) {
    return missing(path + ".text",
                   "is missing: a hit, what was passed on and what is not "
                   "possible are told in a sentence");
  }
  return std::nullopt;
}

std::vector<std::string> outcomes() {
  std::vector<std::string> words;
  for (int code = v1::Acted::HIT; v1::Acted::Outcome_IsValid(code); ++code)
    words.push_back(outcome_words(code));
  return words;
}

Bytes opened_content() {
  v1::Content content;
  content.mutable_opened();
  return encode_wire(content);
}

Result<Bytes> acted_content(const std::string& outcome, const std::string& text) {
  const auto words = outcomes();
  const auto found = std::ranges::find(words, outcome);
  if (found == words.end()) return Error(MessageError::kBadValue, "outcome '" + outcome + "'");
  v1::Content content;
  content.mutable_acted()->set_outcome(
      static_cast<v1::Acted::Outcome>(v1::Acted::HIT + (found - words.begin())));
  content.mutable_acted()->set_text(text);
  Bytes bytes = encode_wire(content);
  if (const auto valid = validate(kActed, bytes); !valid) return valid.error();
  return bytes;
}

std::optional<ActedWords> read_acted(ByteView content) {
  v1::Content parsed;
  if (!validate(kActed, content) || !parse_wire(content, parsed)) return std::nullopt;
  return ActedWords{outcome_words(parsed.acted().outcome()), parsed.acted().text()};
}

}  // namespace blo::message
