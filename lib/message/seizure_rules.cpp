#include "base/clock.h"
#include "blo/v1/message.pb.h"
#include "message/check.h"
#include "message/text.h"

namespace blo::message {
namespace {

MaybeFlaw check_date(const std::string& date, const std::string& path) {
  if (is_blank(date)) return missing(path);
  if (is_seizure_date(date)) return std::nullopt;
  return Flaw{MessageError::kBadValue, path,
              "is not a date such as 2024-03-07 or a time with its zone such as "
              "2024-03-07T05:12:09+05:00",
              date};
}

MaybeFlaw check_place(const v1::Place& place, const std::string& path) {
  if (!place.has_country()) {
    return missing(path + ".country", "is missing: a place is at least a country");
  }
  return check_country(place.country(), path + ".country");
}

MaybeFlaw check_drug(const v1::Drug& drug, const std::string& path) {
  if (is_blank(drug.substance())) return missing(path + ".substance");
  if (!drug.has_quantity()) return missing(path + ".quantity");
  return check_quantity(drug.quantity(), path + ".quantity");
}

MaybeFlaw check_route(const v1::Route& route, const std::string& path) {
  if (route.has_producing()) {
    if (auto flaw = check_country(route.producing(), path + ".producing")) return flaw;
  }
  if (route.has_departure()) {
    if (auto flaw = check_country(route.departure(), path + ".departure")) return flaw;
  }
  if (route.has_destination()) return check_country(route.destination(), path + ".destination");
  return std::nullopt;
}

}  // namespace

bool is_seizure_date(const std::string& text) {
  return parse_date(text).has_value() || parse_rfc3339(text).has_value();
}

MaybeFlaw check_seizure(const v1::SeizureNotice& seizure, const std::string& path) {
  if (auto flaw = check_date(seizure.date(), path + ".date")) return flaw;
  if (auto flaw = check_place(seizure.place(), path + ".place")) return flaw;
  if (seizure.drugs().empty() && seizure.goods().empty()) {
    return missing(path + ".drugs", "is missing, and there are no other goods");
  }
  if (auto flaw = check_each(seizure.drugs(), path + ".drugs", check_drug)) return flaw;
  if (auto flaw = check_each(seizure.goods(), path + ".goods", check_goods)) return flaw;
  if (auto flaw = check_each(seizure.vehicles(), path + ".vehicles", check_vehicle)) return flaw;
  return check_route(seizure.route(), path + ".route");
}

}  // namespace blo::message
