#include "message/seizure_csv.h"

#include <catch2/catch.hpp>
#include <set>

#include "example.h"

namespace blo::message {
namespace {

struct Import {
  Result<void> whole;
  std::vector<SeizureRow> rows;
};

Import import(std::string_view csv) {
  Import result;
  result.whole =
      read_seizure_csv(csv, [&result](SeizureRow row) { result.rows.push_back(std::move(row)); });
  return result;
}

/// "row 6: AMOUNT is not …" of each rejected row.
std::vector<std::string> rejected(const Import& result) {
  std::vector<std::string> lines;
  for (const auto& row : result.rows) {
    if (!row.content) {
      lines.push_back("row " + std::to_string(row.row) + ": " + row.content.error().detail());
    }
  }
  return lines;
}

std::string invented() { return test_data("seizures_invented.csv"); }

const std::string kHeader = "SEIZURE_DATE,COUNTRY,DRUG_NAME,AMOUNT,DRUG_UNIT\n";

TEST_CASE("good rows become notices and each bad row says its number and column and why") {
  const Import result = import(invented());
  REQUIRE(result.whole.has_value());
  REQUIRE(result.rows.size() == 12);
  CHECK(rejected(result) ==
        std::vector<std::string>{
            "row 6: AMOUNT is not a number such as 12 or 12.5: '12,5x'",
            "row 7: DRUG_UNIT is empty",
            "row 8: SEIZURE_DATE is not a date such as 2024-03-07 or a time with its zone such as "
            "2024-03-07T05:12:09+05:00: '2024-02-30'",
            "row 9: COUNTRY is empty",
            "row 10: PLACE has a quote that is never closed",
            "row 11: 7 cells where the header has 10",
            "row 12: DRUG_NAME is empty",
        });
  CHECK(result.rows.back().row == 14);  // the blank line 13 is no row, yet it is counted
}

TEST_CASE("a row keeps everything as it was reported") {
  const Import result = import(invented());
  REQUIRE(result.rows.size() == 12);
  REQUIRE(result.rows[0].content.has_value());
  const auto expected = from_json(kSeizureNotice, R"({"seizure": {"date": "2024-03-07",
    "place": {"country": {"code": "UZ", "reported": "Uzbekistan"}, "locality": "Oybek"},
    "drugs": [{"substance": "Hashish", "quantity": {"amount": "1981", "unit": "Gram"}}],
    "concealment": {"hidingPlace": "Car Parts"},
    "route": {"departure": {"code": "TJ", "reported": "Tajikistan"},
              "routing": "Border - inbound"}}})");
  REQUIRE(expected.has_value());
  CHECK(*result.rows[0].content == *expected);
  const auto second = to_json(kSeizureNotice, *result.rows[1].content);
  REQUIRE(second.has_value());
  CHECK(second->find("0.11660999999999999") != std::string::npos);
  CHECK(second->find(R"(BCP \"Example\"; lane 2)") != std::string::npos);
  CHECK(render(kSeizureNotice, *result.rows[3].content).find("Фотеҳобод ") != std::string::npos);
  const std::string last = render(kSeizureNotice, *result.rows[11].content);
  CHECK(last.find("Country:        Atlantis\n") != std::string::npos);
}

TEST_CASE("equal rows have identities of their own and the same ones each time") {
  const Import first = import(invented());
  const Import again = import(invented());
  REQUIRE(first.rows.size() == again.rows.size());
  std::set<Bytes> identities;
  for (std::size_t i = 0; i < first.rows.size(); ++i) {
    CHECK(first.rows[i].identity == again.rows[i].identity);
    identities.insert(first.rows[i].identity);
  }
  CHECK(identities.size() == first.rows.size());
  CHECK(*first.rows[0].content == *first.rows[2].content);
}

TEST_CASE("identities survive rows put in between and differ where cells merely join alike") {
  const Import one = import(kHeader + "2024-01-01,Uzbekistan,Opium,1,Gram\n");
  const Import two = import(kHeader + "2024-01-02,Uzbekistan,Opium,1,Gram\n" +
                            "2024-01-01,Uzbekistan,Opium,1,Gram\n");
  REQUIRE(one.rows.size() == 1);
  REQUIRE(two.rows.size() == 2);
  CHECK(one.rows[0].identity == two.rows[1].identity);
  const Import shifted = import(kHeader + "2024-01-01,Uzbekistan,Opium1,,Gram\n");
  CHECK(shifted.rows[0].identity != one.rows[0].identity);
}

TEST_CASE("commas and semicolons and a byte order mark and CRLF all read the same") {
  const std::string row = "2024-01-01,Uzbekistan,Opium,1,Gram\n";
  std::string semicolons = kHeader + row;
  std::ranges::replace(semicolons, ',', ';');
  std::string crlf = "\xEF\xBB\xBF" + kHeader + row;
  for (std::size_t at = 0; (at = crlf.find('\n', at)) != std::string::npos; at += 2) {
    crlf.insert(at, "\r");
  }
  const Import plain = import(kHeader + row);
  REQUIRE(plain.rows.size() == 1);
  REQUIRE(plain.rows[0].content.has_value());
  for (const auto& text : {semicolons, crlf}) {
    const Import other = import(text);
    REQUIRE(other.whole.has_value());
    REQUIRE(other.rows.size() == 1);
    REQUIRE(other.rows[0].content.has_value());
    CHECK(*other.rows[0].content == *plain.rows[0].content);
    CHECK(other.rows[0].identity == plain.rows[0].identity);
  }
}

TEST_CASE("a file without its columns is refused whole") {
  CHECK(detail(import("").whole) == "the file is empty");
  CHECK(detail(import("\xEF\xBB\xBF").whole) == "the file is empty");
  CHECK(detail(import("a;b\n1;2\n").whole) == "row 1 has no column COUNTRY");
  CHECK(detail(import("SEIZURE_DATE,COUNTRY,DRUG_NAME,AMOUNT\n").whole) ==
        "row 1 has no column DRUG_UNIT");
  CHECK(detail(import("COUNTRY," + kHeader).whole) == "row 1 has two columns COUNTRY");
  CHECK(detail(import("\"SEIZURE_DATE,COUNTRY\n").whole) ==
        "row 1, cell 1 has a quote that is never closed");
  CHECK(detail(import(kHeader + "\xC3\n").whole) == "the file is not UTF-8");
  CHECK(import(kHeader).whole.has_value());
  CHECK(import(kHeader).rows.empty());
}

TEST_CASE("cells past their bound and zero characters are rejected by their column") {
  const std::string row = "2024-01-01,Uzbekistan,Opium,1,Gram\n";
  CHECK(rejected(import(kHeader + with(row, "Opium", std::string(401, 'x')))) ==
        std::vector<std::string>{"row 2: DRUG_NAME is 401 bytes long; at most 400 are allowed"});
  CHECK(rejected(import(kHeader + with(row, "Gram", std::string("G\0m", 3)))) ==
        std::vector<std::string>{"row 2: DRUG_UNIT contains a zero character"});
  CHECK(rejected(import(kHeader + with(row, ",1,", ",-1,"))) ==
        std::vector<std::string>{"row 2: AMOUNT is not a number such as 12 or 12.5: '-1'"});
}

}  // namespace
}  // namespace blo::message
