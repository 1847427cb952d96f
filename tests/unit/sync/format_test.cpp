// Every example in docs/format/sync.md, derived anew.
#include "../page.h"
#include "sync/frame.h"

namespace blo::sync {
namespace {

using test::counting;
using test::hex_lines;

std::array<Byte, 64> signature_from(Byte first) {
  std::array<Byte, 64> signature{};
  BLO_CHECK(copy_exact(counting(first, 64), signature));
  return signature;
}

}  // namespace

TEST_CASE("the examples of sync.md are right") {
  const test::Page page("sync.md");
  // The shape of a checkpoint; its signature is none.
  const std::string note =
      "exercise/UZ-OYBEK/TJ-FOTEHOBOD/1\n3\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n\n"
      "\u2014 exercise/UZ-OYBEK/TJ-FOTEHOBOD/1 AAAA\n";
  const std::vector<std::pair<std::string, Frame>> examples{
      {"hello", Hello{0, counting(0x10, 4), counting(0x20, 4), 1'709'788'329'000, 1}},
      {"heads-new", Heads{{1, 0, "", {}}, {1, 0, "", {}}}},
      {"heads-announced", Heads{{1, 0, "", {}},
                                {1, 0, "", {}},
                                false,
                                false,
                                {IpEndpoint::parse("192.0.2.1:7117").value(),
                                 IpEndpoint::parse("[2001:db8::1]:7117").value()}}},
      {"heads",
       Heads{{1, 0, "", {}}, {1, 3, note, HeadReceipt{1'709'788'330, signature_from(0x40)}}}},
      {"items", Items{3,
                      {{{counting(0x30, 5), {}, {}}, 0},
                       {{counting(0x50, 5), counting(0x80, 32), counting(0xc0, 6)}, 10}}}},
      {"body-chunk", BodyChunk{counting(0xc6, 4)}},
      {"batch-end", BatchEnd{note}},
      {"receipt", Receipt{1, 3, 1'709'788'330, signature_from(0x40)}},
      {"ping", Ping{1'000'000}},
      {"pong", Pong{1'000'000}},
      {"rekey", Rekey()},
      {"close", Close{CloseReason::kFrozen}},
  };
  CHECK(page.count() == examples.size());
  for (const auto& [name, frame] : examples) {
    const Bytes bytes = encode_frame(frame);
    CHECK(page.example(name) == hex_lines(bytes));
    const auto parsed = parse_frame(bytes);
    REQUIRE(parsed.has_value());
    CHECK(encode_frame(*parsed) == bytes);
  }
}

}  // namespace blo::sync
