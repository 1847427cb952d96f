// blo_bench limits FOLDER
// blo_bench limit-of-cores
// blo_bench make-export FOLDER ENTRIES
// blo_bench load SOCKET KEY CERTIFICATE TO COUNT BYTES
// blo_bench watch SOCKET KEY CERTIFICATE SIZE
// blo_bench flash SOCKET KEY CERTIFICATE SOCKET KEY CERTIFICATE TO COUNT
#include <cstdio>
#include <cstdlib>

#include "base/ids.h"
#include "bench.h"
#include "crypto/secret.h"

int main(int argc, char** argv) {
  if (!blo::crypto::initialise()) return 1;
  const std::vector<std::string> words(argv + 1, argv + argc);
  const auto number = [&](std::size_t i) {
    return static_cast<std::size_t>(blo::parse_decimal(words[i]).value_or(0));
  };
  if (words.size() == 2 && words[0] == "limits") return blo::bench::limits(words[1]);
  if (words.size() == 1 && words[0] == "limit-of-cores") return blo::bench::limit_of_cores();
  if (words.size() == 3 && words[0] == "make-export") {
    return blo::bench::make_export(words[1], number(2));
  }
  if (words.size() == 7 && words[0] == "load") {
    return blo::bench::load({words[1], words[2], words[3]}, words[4], number(5), number(6));
  }
  if (words.size() == 5 && words[0] == "watch") {
    return blo::bench::watch({words[1], words[2], words[3]}, number(4));
  }
  if (words.size() == 9 && words[0] == "flash") {
    return blo::bench::flash({words[1], words[2], words[3]}, {words[4], words[5], words[6]},
                             words[7], number(8));
  }
  std::fprintf(stderr, "usage: see the first lines of tests/bench/main.cpp\n");
  return 2;
}
