#include "authority_folder.h"

#include <fcntl.h>
#include <sys/file.h>

#include "base/descriptor.h"
#include "base/file.h"
#include "base/ids.h"
#include "identity/chain.h"
#include "keys.h"

namespace blo::cli {
namespace {

/// The folder's lock, for as long as this lives: two certificates never get one number.
class FolderLock {
 public:
  explicit FolderLock(const Path& folder)
      : fd_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)),
        held_(fd_.ok() && ::flock(fd_.get(), LOCK_EX) == 0) {}
  [[nodiscard]] bool held() const { return held_; }

 private:
  Descriptor fd_;
  bool held_;
};

}  // namespace

Outcome<identity::Certificate> load_authority(const AuthorityLayout& folder) {
  auto authority = load_certificate(folder.certificate);
  if (!authority) return authority.error();
  if (const auto ok = identity::check_authority(*authority); !ok)
    return failure_from(ok.error(), folder.certificate.string());
  return authority;
}

Outcome<identity::KeyRing> unlock_authority(const Globals& globals, const AuthorityLayout& folder,
                                            const identity::Certificate& authority) {
  auto keys = load_keys(globals, folder.key, "the authority of " + authority.details().subject);
  if (!keys) return keys.error();
  if (same_keys(keys->public_keys(), authority.details().keys)) return keys;
  return Failure{ExitCode::kVerificationFailed, "key-mismatch",
                 folder.key.string() + " is not the key of " + folder.certificate.string() + ".",
                 "Restore the folder as blo authority create made it."};
}

Outcome<std::uint64_t> take_statement(const AuthorityLayout& folder) {
  const FolderLock lock(folder.folder);
  if (!lock.held()) return failure_from(Error(FileError::kFailed, folder.folder.string()));
  const auto text = load_text(folder.statements);
  if (!text) return text.error();
  const auto last = text->ends_with('\n')
                        ? parse_decimal(std::string_view(*text).substr(0, text->size() - 1))
                        : std::nullopt;
  if (!last || *last == UINT64_MAX) {
    return Failure{ExitCode::kFailed, "statements",
                   folder.statements.string() + " does not hold the last statement's number.",
                   "Write into it the highest statement number this authority ever issued, as one "
                   "decimal line."};
  }
  const std::string next = std::to_string(*last + 1) + "\n";
  const auto written = write_file(folder.statements, as_bytes(next), 0644, Overwrite::kYes);
  if (!written) return failure_from(written.error());
  return *last + 1;
}

}  // namespace blo::cli
