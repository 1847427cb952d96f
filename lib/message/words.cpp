#include "message/words.h"

#include "blo/v1/message.pb.h"

namespace blo::message {
namespace {

std::string in_brackets(const v1::Country& country) {
  const std::string name = words(country);
  return name.empty() ? name : "(" + name + ")";
}

}  // namespace

std::string join_words(const std::vector<std::string>& parts, const char* separator) {
  std::string joined;
  for (const auto& part : parts) {
    if (part.empty()) continue;
    if (!joined.empty()) joined += separator;
    joined += part;
  }
  return joined;
}

std::string words(const v1::Country& country) {
  return country.code().empty() ? country.reported() : country.code();
}

std::string words(const v1::Quantity& quantity) {
  return join_words({quantity.amount(), quantity.unit()});
}

std::string words(const v1::Vehicle& vehicle) {
  const std::string trailer =
      vehicle.trailer_plate().empty() ? "" : "with trailer " + vehicle.trailer_plate();
  return join_words({vehicle.colour(), vehicle.make(), vehicle.model(), vehicle.type(),
                     vehicle.plate(), in_brackets(vehicle.country()), trailer});
}

std::string words(const v1::Person& person) {
  const std::string born = person.birth_date().empty() ? "" : "born " + person.birth_date();
  return join_words({join_words({person.surnames(), person.forenames()}), born}, ", ");
}

std::string words(const v1::Document& document) {
  return join_words(
      {"document", document.type(), document.number(), in_brackets(document.country())});
}

std::string words(const v1::Container& container) { return "container " + container.number(); }

std::string words(const v1::Goods& goods) {
  return join_words({words(goods.quantity()), goods.description()});
}

std::string words(const v1::Drug& drug) {
  return join_words({words(drug.quantity()), drug.substance()});
}

std::string words(const v1::Place& place) {
  const std::string crossing = join_words({place.crossing_point(), place.opposite()}, "\u2013");
  return join_words({crossing, place.locality(), place.division(), words(place.country())}, ", ");
}

}  // namespace blo::message
