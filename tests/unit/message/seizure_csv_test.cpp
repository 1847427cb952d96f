#include "message/seizure_csv.h"

#include <catch2/catch.hpp>
#include <set>

#include "example.h"

namespace blo::message {
namespace {

struct Import {
  Result<TableLines> whole = TableLines();
  std::vector<SeizureRow> rows;
};

Import import(std::string_view csv, const TableForm& form = {}) {
  Import result;
  result.whole = read_seizure_csv(
      csv, form, [&result](SeizureRow row) { result.rows.push_back(std::move(row)); });
  return result;
}

constexpr TableForm kMultiline{TableEncoding::kUnicode, true};
constexpr TableForm kWindows1251{TableEncoding::kWindows1251, false};

/// Every line below the header is a row, blank, or goes on with one.
bool accounts_for_all(const Import& result, std::uint64_t lines) {
  return result.whole && result.whole->all == lines &&
         result.rows.size() + result.whole->blank + result.whole->continued == lines;
}

/// The fields of a row's notice, as JSON.
std::string json_of(const SeizureRow& row) {
  REQUIRE(row.content.has_value());
  return to_json(kSeizureNotice, *row.content).value();
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
  const Import result = import(invented(), kMultiline);
  REQUIRE(result.whole.has_value());
  REQUIRE(result.rows.size() == 12);
  CHECK(rejected(result) ==
        std::vector<std::string>{
            "row 6: AMOUNT is not a number such as 12 or 12.5: '12,5x'",
            "row 7: DRUG_UNIT is empty",
            "row 8: SEIZURE_DATE is not a date such as 2024-03-07 or a time with its zone such as "
            "2024-03-07T05:12:09+05:00: '2024-02-30'",
            "row 9: COUNTRY is empty",
            "row 10: PLACE has a quote that takes the next rows into its cell",
            "row 11: 7 cells where the header has 10",
            "row 12: DRUG_NAME is empty",
        });
  CHECK(result.rows.back().row == 14);  // the blank line 13 is no row, yet it is counted
}

TEST_CASE("a row keeps everything as it was reported") {
  const Import result = import(invented(), kMultiline);
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
  const Import first = import(invented(), kMultiline);
  const Import again = import(invented(), kMultiline);
  REQUIRE(first.rows.size() == again.rows.size());
  std::set<Bytes> identities;
  for (std::size_t i = 0; i < first.rows.size(); ++i) {
    CHECK(first.rows[i].identity == again.rows[i].identity);
    identities.insert(first.rows[i].identity);
  }
  CHECK(identities.size() == 5 + 1);  // those that are rejected have none
  CHECK(*first.rows[0].content == *first.rows[2].content);
}

TEST_CASE("identities survive rows put in between and differ where the notices do") {
  const Import one = import(kHeader + "2024-01-01,Uzbekistan,Opium,1,Gram\n");
  const Import two = import(kHeader + "2024-01-02,Uzbekistan,Opium,1,Gram\n" +
                            "2024-01-01,Uzbekistan,Opium,1,Gram\n");
  REQUIRE(one.rows.size() == 1);
  REQUIRE(two.rows.size() == 2);
  CHECK(one.rows[0].identity == two.rows[1].identity);
  const Import other = import(kHeader + "2024-01-01,Uzbekistan,Opium,2,Gram\n");
  CHECK(other.rows[0].identity != one.rows[0].identity);
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
        "row 1, cell 1 has a quote that is not closed on its line; a table whose cells have line "
        "ends is imported with --multiline");
  CHECK(import(kHeader).whole.has_value());
  CHECK(import(kHeader).rows.empty());
}

TEST_CASE("a stray quote makes no notice of rows that it stands between") {
  const std::string table = test_data("tables/quote_merge.csv");
  for (const auto& form : {TableForm(), kMultiline}) {
    const Import result = import(table, form);
    CHECK(accounts_for_all(result, 5));
    REQUIRE(rejected(result).size() == 2);
    CHECK(rejected(result)[0].starts_with("row 3: PLACE has a quote"));
    CHECK(rejected(result)[1] == "row 5: PLACE has a quote that opens nothing");
  }
}

TEST_CASE("cells have line ends where somebody says so") {
  const std::string table =
      "COUNTRY;PLACE;SEIZURE_DATE;DRUG_NAME;AMOUNT;DRUG_UNIT\n"
      "Uzbekistan;\"Oybek\r\nlane 2\";2024-03-07;Hashish;1;Gram\n";
  const Import lines = import(table);
  CHECK(accounts_for_all(lines, 2));
  CHECK(rejected(lines).size() == 2);
  const Import cells = import(table, kMultiline);
  CHECK(accounts_for_all(cells, 2));
  REQUIRE(cells.rows.size() == 1);
  CHECK(cells.whole->continued == 1);
  CHECK(json_of(cells.rows[0]).find("Oybek\\r\\nlane 2") != std::string::npos);
}

TEST_CASE("rows of separators are blank") {
  const Import result = import(test_data("tables/separator_rows.csv"));
  CHECK(accounts_for_all(result, 6));
  CHECK(result.rows.size() == 1);
  CHECK(result.whole->blank == 5);
}

TEST_CASE("a column that nobody sends makes no other notice of a row") {
  const Import before = import(test_data("tables/reimport_v1.csv"));
  const Import after = import(test_data("tables/reimport_v2_extra_column.csv"));
  REQUIRE(before.rows.size() == 2);
  REQUIRE(after.rows.size() == 2);
  for (std::size_t i = 0; i < 2; ++i) CHECK(before.rows[i].identity == after.rows[i].identity);
}

TEST_CASE("a table as Excel with Russian settings saves it says what one in ISO says") {
  const Import russian = import(test_data("tables/excel_ru.csv"));
  const std::string header = "COUNTRY;PLACE;SEIZURE_DATE;DRUG_NAME;AMOUNT;DRUG_UNIT\n";
  const Import iso = import(header + "Uzbekistan;Ойбек;2024-03-07;Hashish;1981.5;Gram\n" +
                            "Uzbekistan;Термез;2024-05-31;Opium;0.152;Kilogram\n");
  REQUIRE(russian.rows.size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(json_of(russian.rows[i]) == json_of(iso.rows[i]));
    CHECK(russian.rows[i].identity == iso.rows[i].identity);
  }
  CHECK(
      json_of(import(header + "Uzbekistan;;7.3.2024;Opium;1;Gram\n").rows[0]).find("2024-03-07") !=
      std::string::npos);
  CHECK(rejected(import(header + "Uzbekistan;;31.02.2024;Opium;1;Gram\n")).size() == 1);
}

TEST_CASE("which sign is the decimal one is asked where a table does not tell") {
  const std::string header = "COUNTRY;SEIZURE_DATE;DRUG_NAME;AMOUNT;DRUG_UNIT\n";
  const Import both = import(header + "Uzbekistan;2024-03-07;Opium;511,06;Gram\n" +
                             "Uzbekistan;2024-03-07;Opium;1.981;Gram\n");
  CHECK(detail(both.whole) ==
        "AMOUNT has a point and a comma: '1.981' in row 3, '511,06' in row 2. Which of them is "
        "the decimal sign is not known: write all with one");
  CHECK(both.rows.empty());
  // Where commas separate cells one in an amount may be of thousands.
  CHECK(rejected(import(kHeader + "2024-01-01,Uzbekistan,Opium,\"1,981\",Gram\n")) ==
        std::vector<std::string>{"row 2: AMOUNT is not a number such as 12 or 12.5: '1,981'"});
}

TEST_CASE("what is wrong in every row is said once and nothing is taken") {
  const Import slashes = import(kHeader + "05/31/2011,Uzbekistan,Opium,1,Gram\n" +
                                "06/01/2011,Uzbekistan,Opium,1,Gram\n");
  CHECK(detail(slashes.whole) ==
        "SEIZURE_DATE is a day such as 2024-03-07 or 07.03.2024 in none of 2 rows: '05/31/2011' "
        "in row 2. In Excel give the column the number format yyyy-mm-dd, and save again");
  CHECK(slashes.rows.empty());
  CHECK(rejected(import(kHeader + "05/31/2011,Uzbekistan,Opium,1,Gram\n" +
                        "2011-06-01,Uzbekistan,Opium,1,Gram\n"))
            .size() == 1);
}

TEST_CASE("a table is read in the encodings that Excel saves") {
  const std::string table = test_data("tables/excel_ru.csv");
  const Import utf8 = import(table);
  REQUIRE(utf8.rows.size() == 2);
  const auto same = [&](const Import& other) {
    REQUIRE(other.rows.size() == 2);
    for (std::size_t i = 0; i < 2; ++i) CHECK(json_of(other.rows[i]) == json_of(utf8.rows[i]));
  };
  // "Unicode Text": UTF-16 with tabs; every letter of these tables is in the Basic Multilingual
  // Plane.
  std::string tabs = table;
  std::ranges::replace(tabs, ';', '\t');
  for (const bool little : {true, false}) {
    std::string utf16;
    const auto put = [&](unsigned unit) {
      const char low = static_cast<char>(unit & 0xFFU);
      const char high = static_cast<char>(unit >> 8U);
      utf16 += little ? std::string{low, high} : std::string{high, low};
    };
    for (std::size_t at = 0; at < tabs.size();) {
      const auto byte = static_cast<unsigned char>(tabs[at]);
      const auto next = [&](std::size_t i) {
        return static_cast<unsigned char>(tabs[at + i]) & 0x3FU;
      };
      if (byte < 0x80U) {
        put(byte);
        at += 1;
      } else if (byte < 0xE0U) {
        put((byte & 0x1FU) << 6U | next(1));
        at += 2;
      } else {
        put((byte & 0x0FU) << 12U | next(1) << 6U | next(2));
        at += 3;
      }
    }
    same(import(utf16));
    CHECK(detail(import(utf16.substr(0, utf16.size() - 1)).whole) ==
          "the file begins as UTF-16 and is not");
  }
  // Ойбек and Термез in windows-1251.
  const std::string cyrillic = with(with(table.substr(3), "Ойбек", "\xCE\xE9\xE1\xE5\xEA"),
                                    "Термез", "\xD2\xE5\xF0\xEC\xE5\xE7");
  same(import(cyrillic, kWindows1251));
  CHECK(detail(import(cyrillic).whole).find("--encoding windows-1251") != std::string::npos);
  CHECK(detail(import(cyrillic).whole).find("CSV UTF-8") != std::string::npos);
  CHECK(detail(import(table, kWindows1251).whole) ==
        "the file is Unicode and not windows-1251: leave --encoding out");
}

TEST_CASE("days to come are no seizures and no births") {
  const WallTime now = *parse_rfc3339("2024-03-07T20:00:00Z");
  const auto notice = [](const std::string& date) {
    return from_json(kSeizureNotice, with(kSmallSeizure, "2024-03-07", date)).value();
  };
  for (const char* fine : {"2024-03-07", "2024-03-08", "1990-01-01", "2024-03-08T05:00:00+05:00"})
    CHECK(check_days(notice(fine), now).has_value());
  CHECK(detail(check_days(notice("2204-03-07"), now)) == "seizure.date is a day to come");
  CHECK_FALSE(check_days(notice("2024-03-10"), now).has_value());
  const auto alert = [](const std::string& born) {
    return from_json(kAlert, R"({"alert": {"reason": "r", "action": "a", "persons": [
      {"surnames": "Karimov"}, {"surnames": "Aliev", "birthDate": ")" +
                                 born + R"("}]}})")
        .value();
  };
  for (const char* fine : {"1980-02-29", "1980-02", "2024"})
    CHECK(check_days(alert(fine), now).has_value());
  for (const char* wrong : {"2980-02-28", "2980-02", "2025"})
    CHECK(detail(check_days(alert(wrong), now)) == "alert.persons[1].birthDate is a day to come");
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
