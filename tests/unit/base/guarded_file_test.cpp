#include "base/guarded_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "base/file.h"

namespace blo {
namespace {

namespace fs = std::filesystem;

constexpr unsigned kUserId = 12'345;

class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "blo-guard-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(path_); }
  [[nodiscard]] fs::path operator/(const char* name) const { return path_ / name; }
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

void put(const fs::path& path, unsigned mode) {
  REQUIRE(write_file(path, as_bytes("words"), mode, Overwrite::kYes).has_value());
}

void set_mode(const fs::path& path, unsigned mode) { REQUIRE(::chmod(path.c_str(), mode) == 0); }

/// What reading and checking say, which must be the same.
Result<void> verdict(const fs::path& path, Readers readers) {
  const auto bytes = read_guarded_file(path, 100, readers);
  const auto checked = check_guarded_file(path, readers);
  CHECK(bytes.has_value() == checked.has_value());
  if (!bytes) {
    CHECK(bytes.error().message() == checked.error().message());
    return bytes.error();
  }
  CHECK(to_string(*bytes) == "words");
  return {};
}

TEST_CASE("Who may read and who may change a file decides whether it is read") {
  const Folder folder;
  const auto path = folder / "file";
  struct Case {
    unsigned mode;
    bool anyone;
    bool owner;
  };
  for (const auto& [mode, anyone, owner] :
       {Case{0600, true, true}, Case{0400, true, true}, Case{0644, true, false},
        Case{0640, true, false}, Case{0604, true, false}, Case{0601, true, false},
        Case{0620, false, false}, Case{0602, false, false}, Case{0666, false, false}}) {
    put(path, mode);
    CAPTURE(mode);
    CHECK(verdict(path, Readers::kAnyone).has_value() == anyone);
    CHECK(verdict(path, Readers::kOwner).has_value() == owner);
  }
}

TEST_CASE("A refusal names the path and the command that mends it") {
  const Folder folder;
  const auto path = folder / "file";
  put(path, 0640);
  const auto readable = verdict(path, Readers::kOwner);
  CHECK(readable.error() == GuardError::kReadable);
  CHECK(readable.error().detail() == path.string() + " (run: chmod 600 " + path.string() + ")");
  put(path, 0664);
  const auto writable = verdict(path, Readers::kAnyone);
  CHECK(writable.error() == GuardError::kWritable);
  CHECK(writable.error().detail() == path.string() + " (run: chmod go-w " + path.string() + ")");
}

TEST_CASE("Only what root leaves for its own group passes as a credential") {
  const Folder folder;
  const auto path = folder / "file";
  put(path, 0440);
  const bool as_root = ::geteuid() == 0;
  CHECK(verdict(path, Readers::kCredential).has_value() == as_root);
  CHECK_FALSE(verdict(path, Readers::kOwner).has_value());
  for (const unsigned mode : {0460U, 0444U, 0450U, 0404U}) {
    set_mode(path, mode);
    CHECK_FALSE(verdict(path, Readers::kCredential).has_value());
  }
  if (!as_root) return;
  set_mode(path, 0440);
  REQUIRE(::chown(path.c_str(), 0, kUserId) == 0);
  CHECK_FALSE(verdict(path, Readers::kCredential).has_value());
}

TEST_CASE("Links and what is no regular file are not read") {
  const Folder folder;
  put(folder / "file", 0600);
  REQUIRE(::symlink("file", (folder / "link").c_str()) == 0);
  CHECK(verdict(folder / "link", Readers::kOwner).error() == GuardError::kLink);
  REQUIRE(::mkfifo((folder / "fifo").c_str(), 0600) == 0);
  CHECK(verdict(folder / "fifo", Readers::kOwner).error() == GuardError::kNotRegular);
  CHECK(verdict(folder.path(), Readers::kOwner).error() == GuardError::kNotRegular);
  REQUIRE(::link((folder / "file").c_str(), (folder / "second").c_str()) == 0);
  CHECK(verdict(folder / "file", Readers::kOwner).error() == GuardError::kLink);
}

TEST_CASE("A folder that others may change guards nothing below it") {
  const Folder folder;
  REQUIRE(::mkdir((folder / "inner").c_str(), 0700) == 0);
  const auto path = folder / "inner" / "file";
  put(path, 0600);
  for (const unsigned mode : {0720U, 0702U, 0777U}) {
    set_mode(folder.path(), mode);
    CHECK(verdict(path, Readers::kOwner).error() == GuardError::kWritable);
    CHECK(check_guarded_folder(folder / "inner").error() == GuardError::kWritable);
  }
  // As in /tmp nobody can move another's files; yet a home there would not be anyone's own.
  set_mode(folder.path(), 01777);
  CHECK(verdict(path, Readers::kOwner).has_value());
  CHECK(check_guarded_folder(folder / "inner").has_value());
  CHECK(check_guarded_folder(folder.path()).error() == GuardError::kWritable);
  CHECK(check_guarded_folder(folder / "").error() == GuardError::kWritable);
}

TEST_CASE("A link in the path is judged by where it stands and where it leads") {
  const Folder folder;
  for (const char* name : {"open", "own"}) REQUIRE(::mkdir((folder / name).c_str(), 0700) == 0);
  REQUIRE(::mkdir((folder / "own" / "home").c_str(), 0700) == 0);
  REQUIRE(::symlink("../own/home", (folder / "open" / "home").c_str()) == 0);
  CHECK(check_guarded_folder(folder / "open" / "home").has_value());
  set_mode(folder / "open", 0777);
  CHECK(check_guarded_folder(folder / "open" / "home").error() == GuardError::kWritable);
  CHECK(check_guarded_folder(folder / "own" / "home").has_value());
  set_mode(folder / "open", 0700);
  set_mode(folder / "own", 0777);
  CHECK(check_guarded_folder(folder / "open" / "home").error() == GuardError::kWritable);
}

TEST_CASE("All folders that others may change are named at once with one command for all") {
  const Folder folder;
  const auto inner = folder / "inner";
  REQUIRE(::mkdir(inner.c_str(), 0700) == 0);
  put(inner / "file", 0600);
  for (const auto& path : {folder.path(), inner}) set_mode(path, 0775);
  const std::string both = inner.string() + ", " + folder.path().string() + " (run: chmod go-w " +
                           inner.string() + " " + folder.path().string() + ")";
  CHECK(verdict(inner / "file", Readers::kOwner).error().detail() == both);
  CHECK(check_guarded_folder(inner).error().detail() == both);
  CHECK(check_place_for_secrets(inner).error().detail() == both);
  CHECK(check_place_for_secrets(inner / "later" / "made").error().detail() == both);
  CHECK(check_place_for_secrets(inner / "").error() == GuardError::kWritable);
  if (::geteuid() != 0) return;
  REQUIRE(::chown(folder.path().c_str(), kUserId, kUserId) == 0);
  CHECK(check_place_for_secrets(inner).error().detail() ==
        inner.string() + ", " + folder.path().string() + " (run: chown 0 " +
            folder.path().string() + " && chmod go-w " + inner.string() + " " +
            folder.path().string() + ")");
}

TEST_CASE("A secret is written where it can be read and over nothing") {
  const Folder folder;
  CHECK(check_place_for_secrets(folder.path()).has_value());
  REQUIRE(write_guarded_file(folder / "key", as_bytes("words")).has_value());
  CHECK(verdict(folder / "key", Readers::kOwner).has_value());
  CHECK(write_guarded_file(folder / "key", as_bytes("other")).error() == FileError::kExists);
  CHECK(verdict(folder / "key", Readers::kOwner).has_value());
  CHECK(write_guarded_file(folder / "none" / "key", as_bytes("words")).error() ==
        FileError::kNotFound);
}

TEST_CASE("Root trusts another user in that user's own folder only") {
  if (::geteuid() != 0) {
    WARN("only root can make another user's file: not tested here");
    return;
  }
  const Folder folder;
  const auto path = folder / "file";
  put(path, 0600);
  REQUIRE(::chown(path.c_str(), kUserId, kUserId) == 0);
  const auto refused = verdict(path, Readers::kOwner);
  CHECK(refused.error() == GuardError::kForeign);
  CHECK(refused.error().detail() == path.string() + " (run: chown 0 " + path.string() + ")");
  REQUIRE(::chown(folder.path().c_str(), kUserId, kUserId) == 0);
  CHECK(verdict(path, Readers::kOwner).has_value());
  CHECK(check_guarded_folder(folder.path()).has_value());
}

TEST_CASE("A guarded file is missing or too large as any other") {
  const Folder folder;
  CHECK(read_guarded_file(folder / "none", 100, Readers::kOwner).error() == FileError::kNotFound);
  CHECK(check_guarded_file(folder / "none", Readers::kOwner).has_value());
  put(folder / "file", 0600);
  CHECK(read_guarded_file(folder / "file", 4, Readers::kOwner).error() == FileError::kTooLarge);
  CHECK(read_guarded_file(folder / "file", 5, Readers::kOwner).has_value());
}

}  // namespace
}  // namespace blo
