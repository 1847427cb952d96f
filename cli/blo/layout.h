// Where things lie: an office's home, an officer's keys, an authority's folder.
#ifndef BLO_CLI_BLO_LAYOUT_H
#define BLO_CLI_BLO_LAYOUT_H

#include <vector>

#include "arguments.h"
#include "failure.h"

namespace blo::cli {

/// An office's home.
struct HomeLayout {
  explicit HomeLayout(const Path& home)
      : folder(home),
        key(home / "office.key"),
        request(home / "office.request.pem"),
        certificate(home / "office.pem"),
        authority(home / "authority.pem"),
        config(home / "blod.toml"),
        control_socket(home / "control.sock") {}
  Path folder, key, request, certificate, authority, config, control_socket;
};

/// An authority's folder.
struct AuthorityLayout {
  explicit AuthorityLayout(const Path& at)
      : folder(at),
        key(at / "authority.key"),
        certificate(at / "authority.pem"),
        statements(at / "statements") {}
  Path folder, key, certificate, statements;
};

/// One officer's files.
struct OfficerLayout {
  OfficerLayout(const Path& officers, const std::string& officer)
      : name(officer),
        key(officers / (officer + ".key")),
        request(officers / (officer + ".request.pem")),
        certificate(officers / (officer + ".pem")) {}
  std::string name;
  Path key, request, certificate;
};

/// BLO_OFFICERS, or ~/.config/blo/officers.
[[nodiscard]] Outcome<Path> officers_folder();
/// The files of one officer's key. `name` must be 1–32 of a-z 0-9 . _ - and begin with a letter or
/// digit, since it becomes file names.
[[nodiscard]] Outcome<OfficerLayout> officer_layout(const std::string& name);
/// Names of the officers whose keys lie in the folder, sorted.
[[nodiscard]] Outcome<std::vector<std::string>> officer_names();

/// Creates the folder (mode 0700) and those above it where they are missing.
[[nodiscard]] Outcome<void> make_folder(const Path& folder);

}  // namespace blo::cli

#endif
