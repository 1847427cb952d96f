// Lines for the journal of systemd, with fields that programs select by:
// https://systemd.io/JOURNAL_NATIVE_PROTOCOL
#ifndef BLO_BASE_JOURNALD_H
#define BLO_BASE_JOURNALD_H

#include <initializer_list>
#include <string>
#include <string_view>

namespace blo::journald {

/// `name`: capital letters, digits and underscores, a letter first.
struct Field {
  std::string_view name;
  std::string value;
};

/// As the datagram has it. A value in one line is NAME=value; another has its length before it
/// (u64 little-endian), so that no value can begin a further field.
[[nodiscard]] std::string encode(std::initializer_list<Field> fields);

/// What this process writes to stderr goes to the journal: systemd says so in JOURNAL_STREAM.
[[nodiscard]] bool takes_stderr();

/// False: the journal did not take it.
[[nodiscard]] bool send(std::initializer_list<Field> fields);

}  // namespace blo::journald

#endif
