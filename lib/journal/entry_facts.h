// What an entry says, as names and values: for people and programs that read an export.
#ifndef BLO_JOURNAL_ENTRY_FACTS_H
#define BLO_JOURNAL_ENTRY_FACTS_H

#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "journal/reader.h"

namespace blo::journal {

/// A name in lower case with underscores, and what stands there. Hashes, ids and keys are hex,
/// times RFC 3339; all text is printable ASCII.
struct Fact {
  std::string name;
  std::variant<std::string, std::uint64_t, bool, std::vector<std::string>> value;
};
using Facts = std::vector<Fact>;
/// Facts under one heading, which is named as they are.
using FactGroup = std::pair<std::string, Facts>;

/// "message", a record's name ("generation start", "act"), or "out of form".
[[nodiscard]] std::string_view name_of(const ReadEntry& entry);
[[nodiscard]] std::string_view name_of(const Record& record);
/// All of those names.
[[nodiscard]] std::span<const std::string_view> record_names();
/// "alert", or "kind 9".
[[nodiscard]] std::string name_of_kind(std::uint32_t kind);

/// What a message or record says, in short; nothing for what is out of form.
[[nodiscard]] Facts facts_of(const ReadEntry& entry);
/// All of it: stamp, envelope with its signature, release, and the certificates of its officers or
/// in it.
[[nodiscard]] std::vector<FactGroup> details_of(const ReadEntry& entry);

}  // namespace blo::journal

#endif
