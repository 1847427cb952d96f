// Parts of a content in a few words, for summary and rendering. Private to lib/message.
#ifndef BLO_MESSAGE_WORDS_H
#define BLO_MESSAGE_WORDS_H

#include <string>
#include <vector>

namespace blo::v1 {
class Container;
class Country;
class Document;
class Drug;
class Goods;
class Person;
class Place;
class Quantity;
class Vehicle;
}  // namespace blo::v1

namespace blo::message {

/// The parts that are not empty, with `separator` between them.
[[nodiscard]] std::string join_words(const std::vector<std::string>& parts,
                                     const char* separator = " ");

[[nodiscard]] std::string words(const v1::Country& country);    // "UZ", or as reported
[[nodiscard]] std::string words(const v1::Quantity& quantity);  // "1981 Gram"
[[nodiscard]] std::string words(const v1::Vehicle& vehicle);    // "white van 01A000AA (UZ)"
[[nodiscard]] std::string words(const v1::Person& person);      // "KARIMOV Anvar, born 1980"
[[nodiscard]] std::string words(const v1::Document& document);  // "document P AA1234567 (UZ)"
[[nodiscard]] std::string words(const v1::Container& container);
[[nodiscard]] std::string words(const v1::Goods& goods);
[[nodiscard]] std::string words(const v1::Drug& drug);    // "1981 Gram Hashish"
[[nodiscard]] std::string words(const v1::Place& place);  // "Oybek–Fotehobod, UZ"

}  // namespace blo::message

#endif
