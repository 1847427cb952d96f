#include "message/csv.h"

#include <catch2/catch.hpp>

namespace blo::message {
namespace {

using Cells = std::vector<std::string>;

TEST_CASE("quoted cells hold separators and quotes and line ends") {
  CsvReader reader("a;\"b;\"\"c\"\"\";\"d\r\ne\"\r\n;;\n\"\";f", ';', CsvCells::kManyLines);
  CHECK(reader.next().cells == Cells{"a", "b;\"c\"", "d\r\ne"});
  CHECK(reader.next().cells == Cells{"", "", ""});
  CHECK(reader.next().cells == Cells{"", "f"});
  CHECK(reader.done());
}

TEST_CASE("a quote inside an unquoted cell stands for itself") {
  CsvReader reader("BCP \"Korday\";x\n", ';', CsvCells::kManyLines);
  CHECK(reader.next().cells == Cells{"BCP \"Korday\"", "x"});
  CHECK(reader.done());
}

TEST_CASE("a quote ends with its line unless cells may have line ends") {
  const std::string text = "A;B\nx;\"one\nstray;2\nUzbekistan;Alat\"\n\"two\r\nlines\";3\nlast;4\n";
  CsvReader lines(text, ';', CsvCells::kOneLine);
  CHECK(lines.next().cells == Cells{"A", "B"});
  const CsvRecord stray = lines.next();
  CHECK(stray.flaw.find("--multiline") != std::string::npos);
  CHECK(stray.flaw_cell == 1);
  CHECK(lines.next().cells == Cells{"stray", "2"});
  CHECK(lines.next().flaw == "has a quote that opens nothing");
  CHECK_FALSE(lines.next().flaw.empty());
  CHECK(lines.next().flaw == "has a quote that opens nothing");
  CHECK(lines.next().cells == Cells{"last", "4"});
  CHECK(lines.done());

  CsvReader cells(text, ';', CsvCells::kManyLines);
  CHECK(cells.next().lines == 1);
  // Closed by another's quote, it would be a row that nobody wrote.
  CHECK(cells.next().flaw == "has a quote that takes the next rows into its cell");
  CHECK(cells.next().cells == Cells{"stray", "2"});
  CHECK_FALSE(cells.next().flaw.empty());
  const CsvRecord two = cells.next();
  CHECK(two.cells == Cells{"two\r\nlines", "3"});
  CHECK(two.lines == 2);
  CHECK(cells.next().cells == Cells{"last", "4"});
}

TEST_CASE("a broken quote spoils its own line alone") {
  for (const char* broken : {"a;\"b", "\"a\"b;c", "a;\"b\" ;c", "\"\"\";x"}) {
    const std::string text = std::string(broken) + "\ngood;\"1\"\nlast;2";
    CsvReader reader(text, ';', CsvCells::kManyLines);
    const CsvRecord bad = reader.next();
    INFO(broken);
    CHECK_FALSE(bad.flaw.empty());
    CHECK(bad.cells == Cells{broken});
    CHECK(reader.next().cells == Cells{"good", "1"});
    CHECK(reader.next().cells == Cells{"last", "2"});
    CHECK(reader.done());
  }
  CsvReader last("a;\"b", ';', CsvCells::kManyLines);
  const CsvRecord bad = last.next();
  CHECK(bad.flaw == "has a quote that is never closed");
  CHECK(bad.flaw_cell == 1);
  CHECK(last.done());
}

TEST_CASE("a quote that closes only far away was never meant to open a cell") {
  const std::string text = "\"a\n" + std::string(20'000, 'x') + "\"\n";
  CsvReader reader(text, ';', CsvCells::kManyLines);
  CHECK_FALSE(reader.next().flaw.empty());
  CHECK(reader.next().cells.size() == 1);
  CHECK(reader.done());
}

TEST_CASE("a last line needs no line end and a carriage return alone ends nothing") {
  CsvReader reader("a,b\rc\nd,", ',', CsvCells::kManyLines);
  CHECK(reader.next().cells == Cells{"a", "b\rc"});
  CHECK(reader.next().cells == Cells{"d", ""});
  CHECK(reader.done());
}

}  // namespace
}  // namespace blo::message
