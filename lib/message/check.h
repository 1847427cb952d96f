// What a content must say and may say, as rules that find the first flaw. Private to lib/message.
#ifndef BLO_MESSAGE_CHECK_H
#define BLO_MESSAGE_CHECK_H

#include <optional>
#include <string>

#include "base/bytes.h"
#include "message/error.h"

namespace google::protobuf {
class Message;
}

namespace blo::v1 {
class Acted;
class Alert;
class Content;
class Country;
class Document;
class Goods;
class Person;
class Place;
class Quantity;
class SeizureNotice;
class Vehicle;
}  // namespace blo::v1

namespace blo::message {

/// The first thing wrong. `path` is the field as the JSON has it ("seizure.drugs[0].quantity");
/// `what` completes a sentence that begins with it ("is missing"); `value` is the text at fault,
/// raw and for its writer's eyes only: it is content.
struct Flaw {
  MessageError code = MessageError::kBadValue;
  std::string path;
  std::string what;
  std::string value;
};
using MaybeFlaw = std::optional<Flaw>;

/// "is not a number: '12,5x'": the flaw's sentence with its value, cut and safe to show.
[[nodiscard]] std::string with_value(const Flaw& flaw);

/// All the rules of `kind` for the whole content.
[[nodiscard]] MaybeFlaw check(std::uint32_t kind, const v1::Content& content);

/// Every text is UTF-8 without NUL and within its bound, no list is too long.
[[nodiscard]] MaybeFlaw check_bounds(const google::protobuf::Message& message,
                                     const std::string& path);

[[nodiscard]] MaybeFlaw check_alert(const v1::Alert& alert, const std::string& path);
[[nodiscard]] MaybeFlaw check_seizure(const v1::SeizureNotice& seizure, const std::string& path);
[[nodiscard]] MaybeFlaw check_acted(const v1::Acted& acted, const std::string& path);
/// An opened is these bytes and no others: it goes out without a release.
[[nodiscard]] MaybeFlaw check_opened(const v1::Content& content);

// The parts both are made of.
[[nodiscard]] MaybeFlaw check_handling_and_evaluation(const v1::Content& content);
/// "2024-03-07", or RFC 3339 with a zone: when a seizure was made.
[[nodiscard]] bool is_seizure_date(const std::string& text);
[[nodiscard]] MaybeFlaw check_country(const v1::Country& country, const std::string& path);
[[nodiscard]] MaybeFlaw check_person(const v1::Person& person, const std::string& path);
[[nodiscard]] MaybeFlaw check_vehicle(const v1::Vehicle& vehicle, const std::string& path);
[[nodiscard]] MaybeFlaw check_document(const v1::Document& document, const std::string& path);
[[nodiscard]] MaybeFlaw check_quantity(const v1::Quantity& quantity, const std::string& path);
[[nodiscard]] MaybeFlaw check_goods(const v1::Goods& goods, const std::string& path);

[[nodiscard]] Flaw missing(std::string path, std::string what = "is missing");

/// The flaw `rule` finds in the first element of `list` that has one.
template <class List, class Rule>
[[nodiscard]] MaybeFlaw check_each(const List& list, const std::string& path, Rule rule) {
  for (int i = 0; i < list.size(); ++i) {
    if (auto flaw = rule(list[i], path + "[" + std::to_string(i) + "]")) return flaw;
  }
  return std::nullopt;
}

}  // namespace blo::message

#endif
