// Files that are asked for beside the verdict.
#ifndef BLO_CLI_BLO_AUDIT_OUTPUT_H
#define BLO_CLI_BLO_AUDIT_OUTPUT_H

#include <filesystem>
#include <string>

#include "base/descriptor.h"
#include "base/result.h"

namespace blo::audit {

/// A file that is asked for, opened before the sandbox closes: afterwards there is no way to make
/// one. It is empty until there is a verdict to write. Nothing is opened for an empty path.
[[nodiscard]] Result<Descriptor> open_output(const std::filesystem::path& path);
/// Nothing is written where nothing was asked for.
[[nodiscard]] Result<void> write_output(const Descriptor& file, const std::string& text);

}  // namespace blo::audit

#endif
