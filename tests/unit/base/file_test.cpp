#include "base/file.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <fstream>
#include <set>

#include "base/unnamed_file.h"

namespace blo {
namespace {

namespace fs = std::filesystem;

/// A folder that goes with the test.
class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "blo-file-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(path_); }
  [[nodiscard]] fs::path operator/(const char* name) const { return path_ / name; }
  [[nodiscard]] std::set<std::string> names() const {
    std::set<std::string> names;
    for (const auto& file : fs::directory_iterator(path_)) names.insert(file.path().filename());
    return names;
  }

 private:
  fs::path path_;
};

std::string text_of(const fs::path& path) {
  const auto bytes = read_file(path, 1000);
  return bytes ? to_string(*bytes) : bytes.error().message();
}

void put(const fs::path& path, std::string_view text) { std::ofstream(path) << text; }

unsigned mode_of(const fs::path& path) {
  struct stat info {};
  REQUIRE(::stat(path.c_str(), &info) == 0);
  return info.st_mode & 07777U;
}

TEST_CASE("A file is written with exactly its bytes and its mode") {
  const Folder folder;
  const mode_t before = ::umask(0077);
  CHECK(write_file(folder / "a", as_bytes("secret"), 0600, Overwrite::kNo).has_value());
  CHECK(write_file(folder / "b", as_bytes("public"), 0644, Overwrite::kYes).has_value());
  ::umask(before);
  CHECK(text_of(folder / "a") == "secret");
  CHECK(mode_of(folder / "a") == 0600);
  CHECK(mode_of(folder / "b") == 0644);
  CHECK(folder.names() == std::set<std::string>{"a", "b"});
}

TEST_CASE("A file that exists is not overwritten unless that is asked for") {
  const Folder folder;
  put(folder / "a", "old");
  const auto refused = write_file(folder / "a", as_bytes("new"), 0600, Overwrite::kNo);
  REQUIRE(refused.has_error());
  CHECK(refused.error() == FileError::kExists);
  CHECK(text_of(folder / "a") == "old");
  CHECK(write_file(folder / "a", as_bytes("new"), 0600, Overwrite::kYes).has_value());
  CHECK(text_of(folder / "a") == "new");
  CHECK(mode_of(folder / "a") == 0600);
  CHECK(folder.names() == std::set<std::string>{"a"});
}

TEST_CASE("Whoever has the old file open keeps the whole of it") {
  const Folder folder;
  put(folder / "a", "the old text");
  std::ifstream old(folder / "a");
  CHECK(write_file(folder / "a", as_bytes("new"), 0600, Overwrite::kYes).has_value());
  std::string text;
  std::getline(old, text);
  CHECK(text == "the old text");
}

TEST_CASE("A write that fails leaves nothing behind") {
  const Folder folder;
  fs::create_directory(folder / "taken");
  put(folder / "taken" / "inside", "x");
  CHECK(write_file(folder / "taken", as_bytes("new"), 0600, Overwrite::kYes).has_error());
  CHECK(write_file(folder / "taken", as_bytes("new"), 0600, Overwrite::kNo).has_error());
  CHECK(folder.names() == std::set<std::string>{"taken"});
  const auto nowhere = write_file(folder / "none" / "a", as_bytes("new"), 0600, Overwrite::kNo);
  REQUIRE(nowhere.has_error());
  CHECK(nowhere.error() == FileError::kNotFound);
}

TEST_CASE("What an interrupted write left does not hinder the next") {
  const Folder folder;
  put(folder / ("a.part" + std::to_string(::getpid())).c_str(), "half");
  CHECK(write_file(folder / "a", as_bytes("whole"), 0600, Overwrite::kNo).has_value());
  CHECK(text_of(folder / "a") == "whole");
}

TEST_CASE("A new file has no name before it is whole and goes when it is not placed") {
  const Folder folder;
  {
    const auto left = UnnamedFile::create(folder / "a", Overwrite::kNo);
    REQUIRE(left.has_value());
    REQUIRE(write_all(left->fd(), as_bytes("half of a sec")));
    CHECK(folder.names().empty());
  }
  CHECK(folder.names().empty());
  auto file = UnnamedFile::create(folder / "a", Overwrite::kNo);
  REQUIRE(file.has_value());
  REQUIRE(write_all(file->fd(), as_bytes("secret")));
  REQUIRE(file->place(0600).has_value());
  CHECK(text_of(folder / "a") == "secret");
  CHECK(mode_of(folder / "a") == 0600);
}

TEST_CASE("A file that takes another's place is nobody else's to read before and goes, too") {
  const Folder folder;
  put(folder / "a", "old");
  {
    const auto left = UnnamedFile::create(folder / "a", Overwrite::kYes);
    REQUIRE(left.has_value());
    auto names = folder.names();
    REQUIRE(names.size() == 2);
    names.erase("a");
    CHECK(mode_of(folder / names.begin()->c_str()) == 0600);
  }
  CHECK(folder.names() == std::set<std::string>{"a"});
  CHECK(text_of(folder / "a") == "old");
}

TEST_CASE("Of a new file whose writer is killed half-way nothing is left") {
  const Folder folder;
  const pid_t writer = ::fork();
  REQUIRE(writer >= 0);
  if (writer == 0) {
    const rlimit no_core{0, 0};
    const rlimit ten_bytes{10, 10};
    if (::setrlimit(RLIMIT_CORE, &no_core) != 0) ::_exit(1);
    if (::setrlimit(RLIMIT_FSIZE, &ten_bytes) != 0) ::_exit(1);
    // Ten are written; for the eleventh the kernel ends the process.
    const auto written = write_file(folder / "a", as_bytes("a secret key"), 0600, Overwrite::kNo);
    ::_exit(written ? 2 : 3);
  }
  int status = 0;
  REQUIRE(::waitpid(writer, &status, 0) == writer);
  REQUIRE(WIFSIGNALED(status));
  CHECK(WTERMSIG(status) == SIGXFSZ);
  CHECK(folder.names().empty());
}

TEST_CASE("A write never goes through a symbolic link") {
  const Folder folder;
  put(folder / "elsewhere", "untouched");
  fs::create_symlink(folder / "elsewhere", folder / "link");
  fs::create_symlink(folder / "nothing", folder / "dangling");
  fs::create_symlink(folder / "elsewhere",
                     folder / ("new.part" + std::to_string(::getpid())).c_str());

  const auto refused = write_file(folder / "link", as_bytes("new"), 0600, Overwrite::kNo);
  REQUIRE(refused.has_error());
  CHECK(refused.error() == FileError::kExists);
  CHECK(write_file(folder / "dangling", as_bytes("new"), 0600, Overwrite::kNo).has_error());
  CHECK_FALSE(fs::exists(folder / "nothing"));

  CHECK(write_file(folder / "new", as_bytes("new"), 0600, Overwrite::kNo).has_value());
  CHECK(write_file(folder / "link", as_bytes("new"), 0600, Overwrite::kYes).has_value());
  CHECK_FALSE(fs::is_symlink(folder / "link"));
  CHECK(text_of(folder / "elsewhere") == "untouched");
}

TEST_CASE("A file is read whole up to its limit and not beyond") {
  const Folder folder;
  put(folder / "a", std::string(1000, 'x'));
  const auto whole = read_file(folder / "a", 1000);
  REQUIRE(whole.has_value());
  CHECK(whole->size() == 1000);
  const auto refused = read_file(folder / "a", 999);
  REQUIRE(refused.has_error());
  CHECK(refused.error() == FileError::kTooLarge);
  put(folder / "empty", "");
  CHECK(text_of(folder / "empty").empty());
  put(folder / "long", std::string(300'000, 'y'));
  REQUIRE(read_file(folder / "long", 300'000).has_value());
  CHECK(read_file(folder / "long", 300'000)->size() == 300'000);
}

TEST_CASE("Only regular files are read and a pipe does not make the reader wait") {
  const Folder folder;
  REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  for (const auto& path : {folder / "pipe", folder / ".", fs::path("/dev/zero")}) {
    const auto refused = read_file(path, 1000);
    REQUIRE(refused.has_error());
    CHECK(refused.error() == FileError::kNotRegular);
  }
  const auto missing = read_file(folder / "missing", 1000);
  REQUIRE(missing.has_error());
  CHECK(missing.error() == FileError::kNotFound);
}

TEST_CASE("An error says what happened to which file") {
  const Folder folder;
  const auto missing = read_file(folder / "missing", 1000);
  REQUIRE(missing.has_error());
  CHECK(missing.error().message().find((folder / "missing").string()) != std::string::npos);
  CHECK(missing.error().within("keys").detail().starts_with("keys, "));
  CHECK(Error(FileError::kExists).message() == Error(FileError::kExists).code().message());
  CHECK(Error(FileError::kExists).within("keys").detail() == "keys");
}

}  // namespace
}  // namespace blo
