// The codes of a content in an officer's words, and the lists they come from.
#ifndef BLO_MESSAGE_VOCABULARY_H
#define BLO_MESSAGE_VOCABULARY_H

#include <string>
#include <string_view>

namespace blo::message {

/// One of the 249 officially assigned codes of ISO 3166-1 alpha-2.
[[nodiscard]] bool is_country_code(std::string_view code);

/// The code of a country by the name UNODC gives it ("Russian Federation" → "RU"); empty where the
/// name is not one of those its Central Asian data use, among them "Unknown".
[[nodiscard]] std::string_view country_code_of(std::string_view unodc_name);

// Codes as words. Arguments are the values of the enums in message.proto; a value of a newer
// version reads "code 23", one that is not set gives an empty text.
[[nodiscard]] std::string purpose_words(int purpose);
[[nodiscard]] std::string status_words(int status);
[[nodiscard]] std::string method_words(int method);
/// The word that `blo acted` takes and JSON shows, too.
[[nodiscard]] std::string outcome_words(int outcome);
[[nodiscard]] std::string handling_words(int code);
[[nodiscard]] std::string source_words(int source);
[[nodiscard]] std::string information_words(unsigned information);
/// "escape-risk" → "escape risk"; free text as it is.
[[nodiscard]] std::string warning_words(std::string_view warning);

}  // namespace blo::message

#endif
