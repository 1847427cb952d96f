#include "message/vocabulary.h"

#include <algorithm>
#include <array>
#include <span>

namespace blo::message {
namespace {

// Ascending, two letters each.
constexpr std::string_view kCountryCodes =
    "ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZCACCCDCFCGCHCICK"
    "CLCMCNCOCRCUCVCWCXCYCZDEDJDKDMDODZECEEEGEHERESETFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGNGPGQGRGS"
    "GTGUGWGYHKHMHNHRHTHUIDIEILIMINIOIQIRISITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULV"
    "LYMAMCMDMEMFMGMHMKMLMMMNMOMPMQMRMSMTMUMVMWMXMYMZNANCNENFNGNINLNONPNRNUNZOMPAPEPFPGPHPKPLPM"
    "PNPRPSPTPWPYQARERORSRURWSASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZTCTDTFTGTHTJTKTLTMTNTOTR"
    "TTTVTWTZUAUGUMUSUYUZVAVCVEVGVIVNVUWFWSYEYTZAZMZW";

struct NamedCountry {
  std::string_view name;
  std::string_view code;
};

// Every country the Central Asian rows of UNODC's Individual Drug Seizures name, as they name it.
constexpr std::array<NamedCountry, 14> kCountryNames{{{"Afghanistan", "AF"},
                                                      {"China", "CN"},
                                                      {"Colombia", "CO"},
                                                      {"Iran, Islamic Republic of", "IR"},
                                                      {"Kazakhstan", "KZ"},
                                                      {"Kyrgyzstan", "KG"},
                                                      {"Latvia", "LV"},
                                                      {"Lithuania", "LT"},
                                                      {"Russian Federation", "RU"},
                                                      {"Tajikistan", "TJ"},
                                                      {"Turkey", "TR"},
                                                      {"Turkmenistan", "TM"},
                                                      {"Ukraine", "UA"},
                                                      {"Uzbekistan", "UZ"}}};

/// `words[code]`; words[0] is empty.
std::string pick(std::span<const std::string_view> words, int code) {
  if (code >= 0 && static_cast<std::size_t>(code) < words.size()) {
    return std::string(words[static_cast<std::size_t>(code)]);
  }
  return "code " + std::to_string(code);
}

}  // namespace

bool is_country_code(std::string_view code) {
  if (code.size() != 2) return false;
  for (std::size_t at = 0; at < kCountryCodes.size(); at += 2) {
    if (kCountryCodes.substr(at, 2) == code) return true;
  }
  return false;
}

std::string_view country_code_of(std::string_view unodc_name) {
  const auto* found = std::ranges::find(kCountryNames, unodc_name, &NamedCountry::name);
  return found == kCountryNames.end() ? std::string_view() : found->code;
}

std::string purpose_words(int purpose) {
  static constexpr std::array<std::string_view, 8> kWords = {
      "",
      "arrest (red)",
      "missing person (yellow)",
      "gather information (blue)",
      "unidentified body (black)",
      "warning (green)",
      "imminent threat (orange)",
      "modus operandi and concealment (purple)"};
  return pick(kWords, purpose);
}

std::string status_words(int status) {
  static constexpr std::array<std::string_view, 5> kWords = {"", "preliminary", "confirmed",
                                                             "corrected", "withdrawn"};
  return pick(kWords, status);
}

std::string method_words(int method) {
  static constexpr std::array<std::string_view, 20> kWords = {"",
                                                              "on the body",
                                                              "internal",
                                                              "luggage or double bottom",
                                                              "clothing or shoes",
                                                              "in cargo",
                                                              "false compartment",
                                                              "vehicle body",
                                                              "fuel tank",
                                                              "tyre",
                                                              "engine bay",
                                                              "seat",
                                                              "magnetic attachment",
                                                              "container structure",
                                                              "in product packaging",
                                                              "food",
                                                              "parcel",
                                                              "wagon structure",
                                                              "abandoned",
                                                              "other concealment"};
  return pick(kWords, method);
}

std::string outcome_words(int outcome) {
  static constexpr std::array<std::string_view, 7> kWords = {
      "", "hit", "no-hit", "in-progress", "passed-on", "not-possible", "no-action"};
  return pick(kWords, outcome);
}

std::string handling_words(int code) {
  static constexpr std::array<std::string_view, 5> kWords = {
      "", "H0: only for preventing and combating crime",
      "H1: not to be disclosed in judicial proceedings without the provider's permission",
      "H2: not to be disseminated without the provider's permission", "H3: restricted as follows"};
  return pick(kWords, code);
}

std::string source_words(int source) {
  static constexpr std::array<std::string_view, 5> kWords = {
      "", "A: no doubt about the source", "B: source mostly reliable",
      "C: source mostly unreliable", "X: source cannot be assessed"};
  return pick(kWords, source);
}

std::string information_words(unsigned information) {
  static constexpr std::array<std::string_view, 5> kWords = {
      "", "1: accurate beyond doubt", "2: known personally to the source",
      "3: not known personally but corroborated", "4: cannot be corroborated"};
  return pick(kWords, static_cast<int>(information));
}

std::string warning_words(std::string_view warning) {
  return warning == "escape-risk" ? "escape risk" : std::string(warning);
}

}  // namespace blo::message
