// What an office owns outside of its store: keys, certificates, and one officer with a key.
#ifndef BLO_TESTS_SIM_KIT_H
#define BLO_TESTS_SIM_KIT_H

#include <filesystem>

#include "identity/keyfile.h"
#include "identity/request.h"
#include "office/office.h"

namespace blo::sim {

inline constexpr Network kNetwork = Network::kExercise;
inline constexpr WallTime kStart{seconds(1'709'788'329)};  // 2024-03-07T05:12:09Z
inline constexpr std::string_view kOfficerName = "PLANTED-NAME Karimov";

/// Keys from SHA-256 of a name; the office's certificate from its country's authority.
struct Kit {
  /// `start`: around which its certificates are valid.
  explicit Kit(const std::string& office, WallTime start = kStart);

  [[nodiscard]] office::OfficeKeys keys() const;
  /// The officer's request for a certificate, the name in it.
  [[nodiscard]] Bytes officer_request() const;

  OfficeId id;
  identity::Certificate authority;
  identity::KeyRing ring;
  identity::Certificate certificate;
  crypto::SigningKey officer;
};

/// A folder of its own under the system's temporary folder, removed with everything in it.
class Folder {
 public:
  Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder();
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace blo::sim

#endif
