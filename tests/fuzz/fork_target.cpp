// The proof that one journal's key signed two histories.
#include "journal/fork.h"
#include "target.h"

namespace blo::fuzz {
namespace {

void run(ByteView bytes) {
  const auto proof = journal::ForkProof::parse(as_text(bytes));
  if (!proof) return;
  BLO_CHECK(proof->encode() == as_text(bytes));
  const auto fork = journal::verify_fork(*proof, trusted());
  if (!fork) return;
  BLO_CHECK(fork->larger.origin == fork->smaller.origin);
  BLO_CHECK(fork->larger.size >= fork->smaller.size && fork->larger != fork->smaller);
}

}  // namespace
}  // namespace blo::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  blo::fuzz::run({data, size});
  return 0;
}
