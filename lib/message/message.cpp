#include "message/message.h"

#include "base/limits.h"
#include "base/terminal.h"
#include "base/utf8.h"
#include "base/wire.h"
#include "blo/v1/message.pb.h"
#include "message/check.h"
#include "message/steps.h"

namespace blo::message {
namespace {

MaybeFlaw check_kind(std::uint32_t kind, const v1::Content& content) {
  switch (kind) {
    case kAlert:
      if (!content.has_alert()) return missing("alert", "is missing: the kind says it is one");
      return check_alert(content.alert(), "alert");
    case kSeizureNotice:
      if (!content.has_seizure()) return missing("seizure", "is missing: the kind says it is one");
      return check_seizure(content.seizure(), "seizure");
    case kOpened: return check_opened(content);
    case kActed:
      if (!content.has_acted()) return missing("acted", "is missing: the kind says it is one");
      return check_acted(content.acted(), "acted");
    default: return Flaw{MessageError::kUnknownKind, "kind", "is not known", std::to_string(kind)};
  }
}

}  // namespace

MaybeFlaw check(std::uint32_t kind, const v1::Content& content) {
  if (auto flaw = check_bounds(content, "")) return flaw;
  if (auto flaw = check_kind(kind, content)) return flaw;
  return check_handling_and_evaluation(content);
}

std::string with_value(const Flaw& flaw) {
  constexpr std::size_t kShownBytesMax = 60;
  if (flaw.value.empty()) return flaw.what;
  const std::string_view shown = utf8_prefix(flaw.value, kShownBytesMax);
  return flaw.what + ": '" + terminal_safe(shown) +
         (shown.size() < flaw.value.size() ? "\u2026'" : "'");
}

Result<void> validate(std::uint32_t kind, ByteView content) {
  if (content.size() > limits::kContentBytesMax) {
    return Error(MessageError::kTooLarge, std::to_string(content.size()) + " bytes");
  }
  // It goes out without a release: there is no room in it for anything else.
  if (kind == kOpened && !equal(content, opened_content()))
    return Error(MessageError::kBadValue, "opened says more than that it was opened");
  v1::Content parsed;
  if (!parse_wire(content, parsed)) return Error(MessageError::kMalformed);
  // The value at fault is content and stays out of what may end up in diagnostics.
  if (const auto flaw = check(kind, parsed))
    return Error(flaw->code, flaw->path + " " + flaw->what);
  return {};
}

}  // namespace blo::message
