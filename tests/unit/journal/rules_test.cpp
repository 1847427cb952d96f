// docs/format/entry.md's table of rules is the code's: reasons, numbers, order, and who can tell;
// each reason is shown by a bundle or a named test, and the reader keeps to the order.
#include "journal/across/rules.h"

#include <catch2/catch.hpp>
#include <set>

#include "base/file.h"
#include "journal/reader.h"
#include "world.h"

namespace blo::journal {
namespace {

struct Row {
  int number;
  std::string from;
  bool operator==(const Row&) const = default;
};

std::string text_of(const std::string& path) {
  const auto bytes = read_file(path, 1 << 20);
  REQUIRE(bytes.has_value());
  return std::string(as_text(*bytes));
}

/// The rows of the table behind "<!-- table: rules -->": | rule | 4 bad signature | both |
std::vector<Row> table_of_docs() {
  const std::string page = text_of(BLO_DOCS "/format/entry.md");
  const auto mark = page.find("<!-- table: rules -->");
  REQUIRE(mark != page.npos);
  std::vector<Row> rows;
  const std::string head = "| --- | --- | --- |\n";
  std::size_t at = page.find(head, mark) + head.size();
  while (page[at] == '|') {
    const std::string line = page.substr(at, page.find('\n', at) - at);
    const auto last = line.rfind(" | ", line.size() - 3);
    const auto before = line.rfind(" | ", last - 1);
    rows.push_back(
        {std::stoi(line.substr(before + 3)), line.substr(last + 3, line.size() - last - 3 - 2)});
    at += line.size() + 1;
  }
  return rows;
}

/// Where each reason is shown: a bundle, or a test case in tests/.
struct Shown {
  RefusalReason reason;
  std::string file;  // below tests/
  std::string text;
};
std::vector<Shown> shown_by() {
  return {
      {RefusalReason::kMalformed, "bundles/expected.json", "\"broken-stamp-forgets\""},
      {RefusalReason::kMisaddressed, "bundles/expected.json",
       "\"broken-message-of-another-pairing\""},
      {RefusalReason::kUnauthorised, "bundles/expected.json",
       "\"broken-officer-without-the-role\""},
      {RefusalReason::kBadSignature, "bundles/expected.json",
       "\"broken-signature-of-another-officer\""},
      {RefusalReason::kDuplicate, "bundles/expected.json", "\"broken-message-twice\""},
      {RefusalReason::kUnopenable, "sim/refusal_test.cpp",
       "a content key that does not open the body is refused"},
      {RefusalReason::kMismatch, "sim/refusal_test.cpp",
       "a refused message stands as a record of the receiver"},
      {RefusalReason::kInvalidContent, "sim/refusal_test.cpp",
       "a refused message stands as a record of the receiver"},
      {RefusalReason::kUnknownKind, "bundles/expected.json", "\"broken-kind-unknown\""},
      {RefusalReason::kNotReleased, "bundles/expected.json", "\"broken-release-missing\""},
      {RefusalReason::kSuperseded, "bundles/expected.json",
       "\"broken-officer-with-an-old-statement\""},
      {RefusalReason::kHeld, "sim/retention_test.cpp", "hold"},
      {RefusalReason::kNotTaken, "sim/refusal_test.cpp",
       "a refused message stands as a record of the receiver"},
      {RefusalReason::kNameForm, "sim/refusal_test.cpp",
       "an officer's name out of form is refused under a reason of its own"},
      {RefusalReason::kFalseStamp, "sim/stamp_test.cpp",
       "stamps that lie about our journal are refused"},
  };
}

/// The reader's verdicts on one message that breaks every rule, mended rule after rule.
class Mending {
 public:
  Mending() {
    journal_.start();
    journal_.introduce(officer_);
    journal_.append(Record(Policy{{{std::nullopt, std::nullopt}}, false}));
    // A head in force, which the message's goes back behind.
    journal_.stamp.generation = 1;
    journal_.stamp.size = 9;
    journal_.append(Record(AuditChallenge{"x"}));
    for (const Bytes& leaf : journal_.leaves)
      static_cast<void>(reader_.read(parse_leaf(leaf), StampVerdict::kHolds));
    stamp_ = journal_.stamp;
  }

  RefusalReason next(StampVerdict verdict) {
    journal_.stamp = stamp_;
    journal_.append(envelope_, key_);
    const ReadEntry read = reader_.read(parse_leaf(journal_.leaves.back()), verdict);
    if (read.refusal) return *read.refusal;
    return check_signatures(read) ? RefusalReason{0} : RefusalReason::kBadSignature;
  }

  TestOffice uz_{"UZ-OYBEK"};
  TestOffice tj_{"TJ-FOTEHOBOD"};
  TestJournal journal_{uz_, tj_};
  TestOfficer officer_ = uz_.officer();
  Reader reader_{journal_.origin, uz_.office};
  Envelope envelope_ = journal_.envelope(officer_, 1);
  crypto::SigningKey key_ = crypto::SigningKey::generate();
  Stamp stamp_;
};

std::vector<RefusalReason> mended_in_order() {
  Mending message;
  std::vector<RefusalReason> reasons;
  const Envelope good = message.envelope_;
  message.envelope_.to = *OfficeId::parse("KG-BATKEN");
  message.envelope_.officer[0] ^= 1U;
  message.envelope_.kind = 99;
  message.stamp_.size = 8;
  message.stamp_.time -= seconds(5);
  const auto next = [&](StampVerdict verdict) { reasons.push_back(message.next(verdict)); };
  next(StampVerdict::kFalse);
  message.stamp_.time += seconds(5);
  next(StampVerdict::kFalse);
  next(StampVerdict::kHolds);  // it names less than the one before
  message.stamp_.size = 9;
  next(StampVerdict::kHolds);
  message.envelope_.to = good.to;
  next(StampVerdict::kHolds);
  message.envelope_.officer = good.officer;
  next(StampVerdict::kHolds);
  message.journal_.append(Record(Policy{}));
  static_cast<void>(
      message.reader_.read(parse_leaf(message.journal_.leaves.back()), StampVerdict::kHolds));
  message.stamp_.time = message.journal_.stamp.time;
  next(StampVerdict::kHolds);
  message.envelope_.kind = static_cast<std::uint32_t>(Kind::kActed);  // which answers nothing
  next(StampVerdict::kHolds);
  message.envelope_.kind = good.kind;
  next(StampVerdict::kHolds);
  message.key_ = message.officer_.key.clone();
  next(StampVerdict::kHolds);
  return reasons;
}

}  // namespace

TEST_CASE("the table of rules in entry.md is the code's") {
  std::vector<Row> code;
  for (const Rule& rule : rules())
    code.push_back({static_cast<int>(rule.reason), std::string(to_string(rule.from))});
  const auto docs = table_of_docs();
  REQUIRE(docs.size() == code.size());
  for (std::size_t i = 0; i < docs.size(); ++i) {
    INFO("row " << i + 1);
    CHECK(docs[i].number == code[i].number);
    CHECK(docs[i].from == code[i].from);
  }
}

TEST_CASE("every reason has a rule, and a bundle or a test that shows it") {
  std::set<RefusalReason> shown;
  for (const auto& one : shown_by()) {
    INFO(one.file << ": " << one.text);
    CHECK(text_of(BLO_DOCS "/../tests/" + one.file).find(one.text) != std::string::npos);
    shown.insert(one.reason);
  }
  std::set<RefusalReason> ruled;
  for (const Rule& rule : rules()) ruled.insert(rule.reason);
  CHECK(shown == ruled);
  for (int number = 1; number < 64; ++number) {
    const auto reason = static_cast<RefusalReason>(number);
    const Bytes record = encode_record(Refusal{1, 1, {}, reason});  // no other number parses
    CHECK(parse_record(record).has_value() == ruled.contains(reason));
  }
}

TEST_CASE("the reader judges a message by the rules in their order") {
  const auto reasons = mended_in_order();
  const std::vector expected{RefusalReason::kMalformed,    RefusalReason::kFalseStamp,
                             RefusalReason::kMalformed,    RefusalReason::kMisaddressed,
                             RefusalReason::kUnauthorised, RefusalReason::kNotReleased,
                             RefusalReason::kUnknownKind,  RefusalReason::kMalformed,
                             RefusalReason::kBadSignature, RefusalReason{0}};
  CHECK(reasons == expected);
  // They stand in this order in the table.
  std::size_t at = 0;
  for (const Rule& rule : rules()) {
    if (at + 1 < reasons.size() && rule.reason == reasons[at]) ++at;
  }
  CHECK(at + 1 == reasons.size());
}

}  // namespace blo::journal
