#include "message/alert.h"

#include <algorithm>
#include <array>

#include "base/limits.h"
#include "base/wire.h"
#include "blo/v1/message.pb.h"
#include "message/check.h"
#include "message/container.h"
#include "message/text.h"

namespace blo::message {
namespace {

/// The parts of `text` between separators, trimmed.
std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (;;) {
    const auto end = text.find(separator);
    parts.emplace_back(trim(text.substr(0, end)));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

Flaw bad_flag(std::string flag, std::string what, std::string_view value) {
  return {MessageError::kBadValue, std::move(flag), std::move(what), std::string(value)};
}

MaybeFlaw add_vehicle(std::string_view flag, v1::Alert& alert) {
  const auto parts = split(flag, '/');
  if (parts.size() > 2 || parts[0].empty() || (parts.size() == 2 && parts[1].empty())) {
    return bad_flag("--vehicle", "is not PLATE or PLATE/COUNTRY such as 01A123BC/UZ", flag);
  }
  auto& vehicle = *alert.add_vehicles();
  vehicle.set_plate(parts[0]);
  if (parts.size() == 2) vehicle.mutable_country()->set_code(parts[1]);
  return std::nullopt;
}

MaybeFlaw add_person(std::string_view flag, v1::Alert& alert) {
  auto parts = split(flag, ',');
  auto& person = *alert.add_persons();
  const std::string& last = parts.back();
  if (parts.size() > 1 && !last.empty() && last[0] >= '0' && last[0] <= '9') {
    person.set_birth_date(last);
    parts.pop_back();
  }
  if (parts.size() > 2 || std::ranges::any_of(parts, &std::string::empty)) {
    return bad_flag("--person", "is not 'SURNAME, Forenames' or 'SURNAME, Forenames, 1980-02-29'",
                    flag);
  }
  person.set_surnames(parts[0]);
  if (parts.size() == 2) person.set_forenames(parts[1]);
  return std::nullopt;
}

MaybeFlaw add_document(std::string_view flag, v1::Alert& alert) {
  const auto parts = split(flag, '/');
  if (parts.size() != 3 || std::ranges::any_of(parts, &std::string::empty)) {
    return bad_flag("--document", "is not COUNTRY/TYPE/NUMBER such as UZ/P/AA1234567", flag);
  }
  auto& document = *alert.add_documents();
  document.mutable_country()->set_code(parts[0]);
  document.set_type(parts[1]);
  document.set_number(parts[2]);
  return std::nullopt;
}

MaybeFlaw fill(const AlertFlags& flags, v1::Alert& alert) {
  alert.set_reason(flags.reason);
  alert.set_action(flags.action);
  for (const auto& warning : flags.warnings) alert.add_warnings(warning);
  for (const auto& vehicle : flags.vehicles) {
    if (auto flaw = add_vehicle(vehicle, alert)) return flaw;
  }
  for (const auto& person : flags.persons) {
    if (auto flaw = add_person(person, alert)) return flaw;
  }
  for (const auto& document : flags.documents) {
    if (auto flaw = add_document(document, alert)) return flaw;
  }
  for (const auto& container : flags.containers) {
    alert.add_containers()->set_number(normalise_container_number(container));
  }
  if (!flags.goods.empty()) alert.add_goods()->set_description(flags.goods);
  return std::nullopt;
}

/// The flag a field of the content was made from.
std::string flag_of(std::string_view path) {
  static constexpr std::array<std::array<std::string_view, 2>, 8> kFlags = {
      {{"alert.vehicles", "--vehicle"},
       {"alert.persons", "--person"},
       {"alert.documents", "--document"},
       {"alert.containers", "--container"},
       {"alert.goods", "--goods"},
       {"alert.reason", "--reason"},
       {"alert.action", "--action"},
       {"alert.warnings", "--warning"}}};
  for (const auto& [field, flag] : kFlags) {
    if (path.starts_with(field)) return std::string(flag);
  }
  return std::string(path);
}

Error to_error(const Flaw& flaw) {
  if (flaw.path == "alert") {
    return {flaw.code,
            "none of --person, --vehicle, --document, --container, --goods is given: an alert says "
            "who or what to look for"};
  }
  return {flaw.code, flag_of(flaw.path) + " " + with_value(flaw)};
}

}  // namespace

Result<Bytes> alert_from_flags(const AlertFlags& flags) {
  v1::Content content;
  if (const auto flaw = fill(flags, *content.mutable_alert())) return to_error(*flaw);
  if (const auto flaw = check(kAlert, content)) return to_error(*flaw);
  Bytes bytes = encode_wire(content);
  if (bytes.size() > limits::kContentBytesMax) {
    return Error(MessageError::kTooLarge, std::to_string(bytes.size()) + " bytes of content");
  }
  return bytes;
}

}  // namespace blo::message
