#include "blo/v1/message.pb.h"
#include "message/check.h"
#include "message/container.h"
#include "message/text.h"

namespace blo::message {
namespace {

MaybeFlaw check_container(const v1::Container& container, const std::string& path) {
  if (container.number().empty()) return missing(path + ".number");
  std::string wrong = container_number_flaw(container.number());
  if (wrong.empty()) return std::nullopt;
  return Flaw{MessageError::kBadValue, path + ".number", std::move(wrong), container.number()};
}

MaybeFlaw check_warning(const std::string& warning, const std::string& path) {
  return is_blank(warning) ? MaybeFlaw(missing(path, "is empty")) : std::nullopt;
}

}  // namespace

MaybeFlaw check_alert(const v1::Alert& alert, const std::string& path) {
  if (alert.persons().empty() && alert.vehicles().empty() && alert.documents().empty() &&
      alert.containers().empty() && alert.goods().empty()) {
    return missing(path,
                   "says not who or what to look for: it needs at least one of persons, vehicles, "
                   "documents, containers, goods");
  }
  if (is_blank(alert.reason())) return missing(path + ".reason");
  if (is_blank(alert.action())) {
    return missing(path + ".action", "is missing: an alert says what to do on a hit");
  }
  if (auto flaw = check_each(alert.warnings(), path + ".warnings", check_warning)) return flaw;
  if (auto flaw = check_each(alert.persons(), path + ".persons", check_person)) return flaw;
  if (auto flaw = check_each(alert.vehicles(), path + ".vehicles", check_vehicle)) return flaw;
  if (auto flaw = check_each(alert.documents(), path + ".documents", check_document)) return flaw;
  if (auto flaw = check_each(alert.containers(), path + ".containers", check_container)) {
    return flaw;
  }
  return check_each(alert.goods(), path + ".goods", check_goods);
}

}  // namespace blo::message
