// The paths of an export's files as the control socket carries them.
#ifndef BLO_CONTROL_EXPORT_PATH_H
#define BLO_CONTROL_EXPORT_PATH_H

#include <string>
#include <string_view>
#include <vector>

namespace blo::control {

/// The parts of a relative path such as "live_UZ-OYBEK_TJ-FOTEHOBOD_1/tile/0/000.p/5", checked so
/// that it can only name a new file inside the export's folder: at most 255 characters and 12
/// parts, each of [A-Za-z0-9._-] beginning with a letter or a digit. Empty for anything else, among
/// it "..", hidden files, absolute paths, doubled slashes.
[[nodiscard]] std::vector<std::string> export_path_parts(std::string_view path);

}  // namespace blo::control

#endif
