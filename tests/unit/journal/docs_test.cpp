// Every example in docs/format/tree.md, checkpoint.md, entry.md and export.md, derived anew.
#include <catch2/catch.hpp>

#include "base/file.h"
#include "base/hex.h"
#include "examples.h"
#include "journal/export.h"
#include "journal/opened.h"

namespace blo::journal {
namespace {

/// One page, and the fenced blocks that stand after "<!-- example: name -->".
class Page {
 public:
  explicit Page(const char* name) {
    const auto bytes = read_file(std::string(BLO_DOCS "/format/") + name, 1 << 20);
    REQUIRE(bytes.has_value());
    text_ = as_text(*bytes);
  }
  [[nodiscard]] std::string example(const std::string& name) const {
    INFO(name);
    const auto mark = text_.find("<!-- example: " + name + " -->\n\n```\n");
    REQUIRE(mark != text_.npos);
    const auto begin = text_.find("```\n", mark) + 4;
    const auto end = text_.find("```\n", begin);
    REQUIRE(end != text_.npos);
    return text_.substr(begin, end - begin);
  }
  /// How many examples the page has, so that none goes unchecked.
  [[nodiscard]] std::size_t count() const {
    std::size_t found = 0;
    for (auto at = text_.find("<!-- example: "); at != text_.npos;
         at = text_.find("<!-- example: ", at + 1)) {
      ++found;
    }
    return found;
  }

 private:
  std::string text_;
};

std::string hex_lines(ByteView bytes) {
  const std::string hex = to_hex(bytes);
  std::string lines;
  for (std::size_t at = 0; at < hex.size(); at += 64) lines += hex.substr(at, 64) + "\n";
  return lines;
}

Hash example_leaf(std::uint64_t index) {
  const char letter[] = {static_cast<char>('a' + index)};
  return leaf_hash(as_bytes(std::string_view(letter, 1)));
}

}  // namespace

TEST_CASE("the examples of tree.md are right") {
  const Page page("tree.md");
  CHECK(page.count() == 3);
  std::string leaves;
  std::string roots = to_hex(empty_root()) + "\n";
  Frontier tree;
  for (std::uint64_t i = 0; i < 3; ++i) {
    leaves += to_hex(example_leaf(i)) + "\n";
    tree.append(example_leaf(i));
    roots += to_hex(tree.root()) + "\n";
  }
  CHECK(page.example("leaf-hashes") == leaves);
  CHECK(page.example("roots") == roots);
  std::string proof;
  for (const Hash& hash : inclusion_proof(example_leaf, 1, 3)) proof += to_hex(hash) + "\n";
  CHECK(page.example("inclusion-proof") == proof);
}

TEST_CASE("the examples of checkpoint.md are right") {
  const Page page("checkpoint.md");
  CHECK(page.count() == 2);
  CHECK(page.example("receipted-checkpoint") == examples::receipted_checkpoint());
  CHECK(page.example("keys") ==
        journal_note_key(examples::kOrigin, examples::key("UZ journal").verify_key()).text() +
            "\n" + examples::receipt_key().text() + "\n");
}

TEST_CASE("the examples of entry.md are right") {
  const Page page("entry.md");
  CHECK(page.count() == 8);
  const auto opened = derive_opened(Network::kLive, examples::kOrigin.from, examples::kOrigin.to,
                                    examples::envelope().message_id, 7);
  CHECK(page.example("opened") == "message_id " + to_hex(opened.message_id) + "\ncreated_ms " +
                                      std::to_string(to_unix_ms(opened.created)) + "\nsalt " +
                                      to_hex(opened.salt) + "\ncommitment " +
                                      to_hex(opened.commitment) + "\n");
  CHECK(page.example("challenge-entry") == hex_lines(examples::challenge_entry().encode()));
  CHECK(page.example("generation-start-entry") ==
        hex_lines(examples::generation_start_entry().encode()));
  CHECK(page.example("erasure-entry") == hex_lines(examples::erasure_entry().encode()));
  CHECK(page.example("envelope") == hex_lines(examples::envelope().encode()));
  CHECK(page.example("message-entry") == hex_lines(examples::message_entry().encode()));
  CHECK(page.example("policy-entry") == hex_lines(examples::policy_entry().encode()));
  CHECK(page.example("refusal-entry") == hex_lines(examples::refusal_entry().encode()));
}

TEST_CASE("the examples of export.md are right") {
  const Page page("export.md");
  CHECK(page.count() == 2);
  CHECK(page.example("policy") ==
        export_policy(journal_note_key(examples::kOrigin, examples::key("UZ journal").verify_key()),
                      examples::receipt_key()));
  std::string receipts;
  JournalExporter exporter("f", [&](const std::string& path, ByteView contents) -> Result<void> {
    if (path == "f/receipts/000") receipts = as_text(contents);
    return {};
  });
  for (const char* leaf : {"a", "b", "c"}) REQUIRE(exporter.append(as_bytes(leaf)).has_value());
  const auto checkpoint = examples::checkpoint();
  const auto receipt = cosign_note(checkpoint.note.text, to_unix_s(examples::kTime) + 60,
                                   examples::key("TJ receipt"));
  REQUIRE(exporter.finish({{checkpoint, receipt}}, examples::receipt_key()).has_value());
  CHECK(page.example("receipts") == receipts);
}

TEST_CASE("the examples of trail.md are right") {
  const Page page("trail.md");
  const Origin trail{examples::kOrigin.network, examples::kOrigin.from, examples::kOrigin.from, 1};
  const auto key = examples::key("UZ journal").verify_key();
  CHECK(page.example("trail-policy") == export_policy(journal_note_key(trail, key), std::nullopt));

  Act act;
  act.officer = crypto::sha256(as_bytes("officer"));
  act.nonce.fill(0x11);
  act.sequence = 2;
  act.request_hash = crypto::sha256(Bytes{0x0a, 0x00});
  act.request = 4;
  act.subject = "UZ-OYBEK/TJ-FOTEHOBOD/1042";
  act.user = 1000;
  act.signature = crypto::sign(crypto::Purpose::kControlRequest, examples::key("UZ officer"),
                               {act.signed_bytes(trail.from)});
  CHECK(page.example("act-record") == hex_lines(encode_record(Record(act))));

  const WallTime first = from_unix_ms(1'709'788'329'000);
  const Unentered unentered{7, 112, first, first + seconds(2'400)};
  CHECK(page.example("unentered-record") == hex_lines(encode_record(Record(unentered))));

  const Checkpoint head{trail, 3, examples::tree().root()};
  const TrailHead dated{crypto::sha256(as_bytes(head.text()))};
  CHECK(page.example("trail-head-record") == hex_lines(encode_record(Record(dated))));
  CHECK(page.count() == 4);
}

}  // namespace blo::journal
