// Runs a target over files, so that an ordinary build keeps it alive: fuzz_TARGET FILE-OR-FOLDER...
#include <filesystem>
#include <iostream>

#include "base/file.h"
#include "target.h"

namespace {

constexpr std::size_t kInputBytesMax = 4 * 1024 * 1024;

bool replay(const std::filesystem::path& path) {
  const auto bytes = blo::read_file(path, kInputBytesMax);
  if (!bytes) {
    std::cerr << bytes.error().message() << '\n';
    return false;
  }
  std::cout << path.string() << std::endl;  // the last one named is the one that failed
  LLVMFuzzerTestOneInput(bytes->data(), bytes->size());
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t count = 0;
  for (int i = 1; i < argc; ++i) {
    if (!std::filesystem::is_directory(argv[i])) {
      if (!replay(argv[i])) return 1;
      ++count;
      continue;
    }
    for (const auto& entry : std::filesystem::recursive_directory_iterator(argv[i])) {
      if (!entry.is_regular_file()) continue;
      if (!replay(entry.path())) return 1;
      ++count;
    }
  }
  std::cout << count << " inputs\n";
  return count > 0 ? 0 : 1;
}
