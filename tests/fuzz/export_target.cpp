// An export's folder, from bytes: files of `kind(1) name(length 1) contents(length 2)`.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "base/file.h"
#include "journal/show.h"
#include "target.h"

namespace blo::fuzz {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t kFilesMax = 48;

/// In memory where the system has such a folder; removed with everything in it.
class Folder {
 public:
  Folder() {
    std::string name =
        (fs::is_directory("/dev/shm") ? fs::path("/dev/shm") : fs::temp_directory_path()) /
        "blo-fuzz-XXXXXX";
    BLO_CHECK(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

/// Never outside the folder, and never through a link: a link stands only where nothing follows.
bool is_inside(const std::string& name) {
  if (name.empty() || name.find('\0') != name.npos || name.front() == '/' || name.back() == '/')
    return false;
  for (const fs::path& part : fs::path(name)) {
    if (part.empty() || part == "." || part == "..") return false;
  }
  return true;
}

void make_file(const fs::path& folder, const std::string& name, ByteView contents) {
  std::error_code ignored;
  const fs::path path = folder / name;
  fs::create_directories(path.parent_path(), ignored);
  const Descriptor file(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (file.ok()) BLO_CHECK(write_all(file.get(), contents));
}

void make_other(const fs::path& folder, const std::string& name, unsigned kind,
                const std::string& target) {
  std::error_code ignored;
  const fs::path path = folder / name;
  if (kind == 1) fs::create_symlink(target, path, ignored);
  if (kind == 2) fs::create_directory(path, ignored);
  if (kind == 3 && ::mkfifo(path.c_str(), 0600) != 0) return;
}

void make_export(const fs::path& folder, ByteView bytes) {
  struct Other {
    std::string name;
    unsigned kind;
    std::string target;
  };
  std::vector<Other> others;
  for (std::size_t i = 0; i < kFilesMax && !bytes.empty(); ++i) {
    const auto kind = static_cast<unsigned>(take_number(bytes, 1)) % 4;
    const std::string name = to_string(take(bytes, take_number(bytes, 1)));
    const ByteView contents = take(bytes, take_number(bytes, 2));
    if (!is_inside(name)) continue;
    if (kind == 0) {
      make_file(folder, name, contents);
    } else {
      others.push_back({name, kind, to_string(contents)});
    }
  }
  for (const Other& other : others) make_other(folder, other.name, other.kind, other.target);
}

void check_verdict(const journal::Verdict& verdict) {
  for (const auto& finding : verdict.findings) {
    BLO_CHECK(is_printable(finding.where) && is_printable(finding.what));
    BLO_CHECK(is_printable(finding.evidence) && finding.evidence.size() <= 256);
    BLO_CHECK(to_string(finding.code) != "E-UNKNOWN");
  }
  for (const auto& one : verdict.journals) {
    BLO_CHECK(one.receipted <= one.size);
    for (const auto& note : one.notes) BLO_CHECK(is_printable(note));
    for (const auto& missing : one.missing) BLO_CHECK(is_printable(missing.sentence));
  }
}

void run(ByteView bytes) {
  const auto& authorities = trusted();
  const Folder folder;
  make_export(folder.path(), bytes);
  const auto files = journal::ExportFiles::open(folder.path());
  BLO_CHECK(files.has_value());
  auto shown = journal::ShownExport::open(*files, authorities);
  BLO_CHECK(shown.has_value());  // nobody changes it meanwhile
  check_verdict(shown->verdict());
  const bool verified = shown->verdict().holds();
  for (const auto& one : shown->verdict().journals) {
    std::uint64_t count = 0;
    const auto all = shown->entries(one.origin, 0, [&](const journal::ShownEntry& entry) {
      BLO_CHECK(entry.index == count++);
      BLO_CHECK(!verified || entry.findings.empty());
      BLO_CHECK(!verified || entry.refused || entry.time);
    });
    BLO_CHECK(all.has_value() && count == shown->size(one.origin));
    BLO_CHECK(!verified || count == one.size);
    if (count > 0) BLO_CHECK(shown->entry(one.origin, count - 1).has_value());
  }
}

}  // namespace
}  // namespace blo::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  blo::fuzz::run({data, size});
  return 0;
}
