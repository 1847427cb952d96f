#include <algorithm>
#include <array>

#include "base/clock.h"
#include "blo/v1/message.pb.h"
#include "message/check.h"
#include "message/text.h"
#include "message/vocabulary.h"

namespace blo::message {
namespace {

bool all_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// "1980-02-29", "1980-02" or "1980".
bool is_birth_date(const std::string& text) {
  if (text.size() == 10) return parse_date(text).has_value();
  if (text.size() == 7) return parse_date(text + "-01").has_value();
  return text.size() == 4 && all_digits(text);
}

/// Digits, and a point with digits after it where there is a fraction. Longer than any measurement.
bool is_amount(std::string_view text) {
  constexpr std::size_t kAmountBytesMax = 40;
  const std::size_t point = text.find('.');
  return text.size() <= kAmountBytesMax && all_digits(text.substr(0, point)) &&
         (point == std::string_view::npos || all_digits(text.substr(point + 1)));
}

}  // namespace

Flaw missing(std::string path, std::string what) {
  return {MessageError::kMissingField, std::move(path), std::move(what), {}};
}

MaybeFlaw check_handling_and_evaluation(const v1::Content& content) {
  const auto& handling = content.handling();
  for (int i = 0; i < handling.codes_size(); ++i) {
    const std::string path = "handling.codes[" + std::to_string(i) + "]";
    const auto code = handling.codes(i);
    // A restriction this version does not know cannot be enforced: it is not let in.
    if (!v1::Handling::Code_IsValid(code) || code == v1::Handling::CODE_UNSPECIFIED) {
      return Flaw{MessageError::kBadValue, path, "is not one of H0, H1, H2, H3", {}};
    }
    if (std::count(handling.codes().begin(), handling.codes().end(), code) != 1) {
      return Flaw{MessageError::kBadValue, path, "is there twice", {}};
    }
  }
  const bool restricted =
      std::count(handling.codes().begin(), handling.codes().end(), v1::Handling::H3) != 0;
  if (restricted && is_blank(handling.text())) {
    return missing("handling.text", "is missing: H3 must say what the restriction is");
  }
  if (!restricted && !handling.text().empty()) {
    return Flaw{
        MessageError::kBadValue, "handling.text", "is a restriction without the code H3", {}};
  }
  if (content.evaluation().information() > 4) {
    return Flaw{MessageError::kBadValue, "evaluation.information", "is not 1, 2, 3 or 4",
                std::to_string(content.evaluation().information())};
  }
  return std::nullopt;
}

MaybeFlaw check_country(const v1::Country& country, const std::string& path) {
  if (country.code().empty() && is_blank(country.reported())) {
    return missing(path, "names no country: it needs a code or the name as reported");
  }
  if (!country.code().empty() && !is_country_code(country.code())) {
    return Flaw{MessageError::kBadValue, path + ".code",
                "is not a country code of ISO 3166-1 such as UZ", country.code()};
  }
  return std::nullopt;
}

MaybeFlaw check_person(const v1::Person& person, const std::string& path) {
  if (is_blank(person.surnames()) && is_blank(person.forenames())) {
    return missing(path + ".surnames");
  }
  if (!person.birth_date().empty() && !is_birth_date(person.birth_date())) {
    return Flaw{MessageError::kBadValue, path + ".birthDate",
                "is not a date such as 1980-02-29, 1980-02 or 1980", person.birth_date()};
  }
  return check_each(person.nationalities(), path + ".nationalities", check_country);
}

MaybeFlaw check_vehicle(const v1::Vehicle& vehicle, const std::string& path) {
  const std::array<const std::string*, 6> says = {&vehicle.type(),  &vehicle.make(),
                                                  &vehicle.model(), &vehicle.colour(),
                                                  &vehicle.plate(), &vehicle.trailer_plate()};
  if (std::ranges::all_of(says, [](const std::string* text) { return is_blank(*text); })) {
    return missing(path + ".plate",
                   "is missing, and nothing else says which vehicle it is (type, make, model, "
                   "colour, trailerPlate)");
  }
  return vehicle.has_country() ? check_country(vehicle.country(), path + ".country") : std::nullopt;
}

MaybeFlaw check_document(const v1::Document& document, const std::string& path) {
  if (is_blank(document.number())) return missing(path + ".number");
  return document.has_country() ? check_country(document.country(), path + ".country")
                                : std::nullopt;
}

MaybeFlaw check_quantity(const v1::Quantity& quantity, const std::string& path) {
  if (is_blank(quantity.amount())) return missing(path + ".amount");
  if (!is_amount(quantity.amount())) {
    return Flaw{MessageError::kBadValue, path + ".amount", "is not a number such as 12 or 12.5",
                quantity.amount()};
  }
  if (is_blank(quantity.unit())) return missing(path + ".unit");
  return std::nullopt;
}

MaybeFlaw check_goods(const v1::Goods& goods, const std::string& path) {
  if (is_blank(goods.description())) return missing(path + ".description");
  return goods.has_quantity() ? check_quantity(goods.quantity(), path + ".quantity") : std::nullopt;
}

}  // namespace blo::message
