// What a report says of itself: which program made it, when, and of which files.
#ifndef BLO_CLI_BLO_AUDIT_EXAMINATION_H
#define BLO_CLI_BLO_AUDIT_EXAMINATION_H

#include "base/clock.h"
#include "html.h"
#include "journal/export_files.h"

namespace blo::audit {

struct ExaminedFile {
  std::string path;  // in an export: within its folder; else as typed
  crypto::Hash sha256;
};

struct Examination {
  std::string program;  // "blo-audit 0.2.0 (commit 9492c45a1b2c)"
  WallTime when{};      // by this machine's clock
  std::vector<ExaminedFile> files;

  void add(const std::string& path, ByteView bytes);
  /// All that were read of an export; `folder` is put before their paths, or nothing.
  void add(const journal::ExportFiles& files, const std::string& folder = {});
};
/// Of this program, now.
[[nodiscard]] Examination begin_examination();

/// "blo-audit 0.2.0": what --version says.
[[nodiscard]] std::string program_and_version();
/// Of all files: SHA-256 over what sha256sum would print of them in the order of their paths.
[[nodiscard]] crypto::Hash list_digest(const Examination& examined);

/// Labels and what they say; without the files.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> examination_rows(
    const Examination& examined);
/// A line for each file, as sha256sum prints it.
[[nodiscard]] std::string file_lines(const Examination& examined);
/// All of it for a terminal; of very many files the digest of the list alone.
[[nodiscard]] std::string examination_text(const Examination& examined);

/// The same as the end of a page, with all files.
void add_examination(HtmlPage& page, const Examination& examined);

}  // namespace blo::audit

#endif
