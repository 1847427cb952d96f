// A man page in man(7), one section of it for each command.
#ifndef BLO_CLI_REFERENCE_MAN_H
#define BLO_CLI_REFERENCE_MAN_H

#include "cli/reference/command.h"

namespace blo::reference {

struct ManPage {
  std::string section;  // "1", "8"
  std::string date;     // "2026-12-01"
  std::string version;  // "0.2.0"
  std::string rest;     // what no parser knows, in man(7): exit codes, files, other pages
};

[[nodiscard]] std::string man_page(const Command& program, const ManPage& page);

}  // namespace blo::reference

#endif
