#include "message/seizure_csv.h"

#include <algorithm>
#include <array>
#include <optional>
#include <unordered_map>

#include "base/clock.h"
#include "base/limits.h"
#include "base/terminal.h"
#include "base/wire.h"
#include "blo/v1/message.pb.h"
#include "message/check.h"
#include "message/csv.h"
#include "message/table_text.h"
#include "message/text.h"
#include "message/vocabulary.h"

namespace blo::message {
namespace {

/// What a notice is made of. REGION and SUBREGION follow from the country.
enum Column : std::size_t {
  kCountry,
  kDate,
  kDrug,
  kAmount,
  kUnit,
  kDivision,
  kPlace,
  kHidingPlace,
  kInstallation,
  kTransport,
  kProducing,
  kDeparture,
  kDestination,
  kRouting,
  kColumns
};
constexpr std::size_t kRequiredColumns = kDivision;  // those before it

struct ColumnName {
  std::string_view name;
  std::string_view path;  // the field it becomes
};
constexpr std::array<ColumnName, kColumns> kNames{
    {{"COUNTRY", "seizure.place.country"},
     {"SEIZURE_DATE", "seizure.date"},
     {"DRUG_NAME", "seizure.drugs[0].substance"},
     {"AMOUNT", "seizure.drugs[0].quantity.amount"},
     {"DRUG_UNIT", "seizure.drugs[0].quantity.unit"},
     {"ADMINISTRATIVE_DIVISION", "seizure.place.division"},
     {"PLACE", "seizure.place.locality"},
     {"HIDING_PLACE", "seizure.concealment.hidingPlace"},
     {"INSTALLATION", "seizure.place.installation"},
     {"TRANSPORT", "seizure.transport"},
     {"PRODUCING_COUNTRY", "seizure.route.producing"},
     {"DEPARTURE_COUNTRY", "seizure.route.departure"},
     {"DESTINATION_COUNTRY", "seizure.route.destination"},
     {"ROUTING", "seizure.route.routing"}}};

/// Where each column stands in the file.
struct Header {
  std::vector<std::string> names;
  std::array<std::optional<std::size_t>, kColumns> at;
};

Result<Header> read_header(const CsvRecord& record) {
  if (!record.flaw.empty()) {
    return Error(MessageError::kMalformed,
                 "row 1, cell " + std::to_string(record.flaw_cell + 1) + " " + record.flaw);
  }
  Header header;
  header.names = record.cells;
  for (std::size_t column = 0; column < kColumns; ++column) {
    const std::string name(kNames[column].name);
    for (std::size_t i = 0; i < record.cells.size(); ++i) {
      if (trim(record.cells[i]) != name) continue;
      if (header.at[column])
        return Error(MessageError::kMalformed, "row 1 has two columns " + name);
      header.at[column] = i;
    }
    if (column < kRequiredColumns && !header.at[column]) {
      return Error(MessageError::kMalformed, "row 1 has no column " + name);
    }
  }
  return header;
}

/// Digits with that sign among them.
bool is_decimal(std::string_view amount, char sign) {
  const auto at = amount.find(sign);
  const auto digits = [](std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
  };
  return at != std::string_view::npos && digits(amount.substr(0, at)) &&
         digits(amount.substr(at + 1));
}

/// The cells of one row by what they mean.
class Row {
 public:
  Row(const Header& header, const std::vector<std::string>& cells, bool decimal_comma)
      : header_(header), cells_(cells), decimal_comma_(decimal_comma) {}

  /// The cell as it stands; empty where it is blank or the file has no such column.
  [[nodiscard]] std::string as_reported(Column column) const {
    const auto at = header_.at[column];
    return !at || is_blank(cells_[*at]) ? std::string() : cells_[*at];
  }
  /// Without blanks around it.
  [[nodiscard]] std::string value(Column column) const {
    return std::string(trim(as_reported(column)));
  }
  /// "2011-05-31", also of "31.05.2011"; what is no day stays as it stands.
  [[nodiscard]] std::string date() const;
  /// "511.06", also of "511,06".
  [[nodiscard]] std::string amount() const {
    std::string amount = value(kAmount);
    if (decimal_comma_ && is_decimal(amount, ',')) std::ranges::replace(amount, ',', '.');
    return amount;
  }

 private:
  const Header& header_;
  const std::vector<std::string>& cells_;
  bool decimal_comma_;
};

/// As spreadsheets write it from Warsaw to Dushanbe: the day first, its zero left out or not.
std::string Row::date() const {
  constexpr std::size_t kYearDigits = 4;
  std::string date = value(kDate);
  const auto first = date.find('.');
  const auto second = first == std::string::npos ? first : date.find('.', first + 1);
  if (second == std::string::npos || date.size() != second + 1 + kYearDigits) return date;
  const auto two = [](const std::string& digits) {
    return digits.size() == 1 ? "0" + digits : digits;
  };
  std::string turned = date.substr(second + 1) + "-" +
                       two(date.substr(first + 1, second - first - 1)) + "-" +
                       two(date.substr(0, first));
  return parse_date(turned) ? turned : date;
}

void set_country(const std::string& name, v1::Country& country) {
  country.set_code(std::string(country_code_of(name)));
  country.set_reported(name);
}

void fill_route(const Row& row, v1::SeizureNotice& seizure) {
  if (const auto name = row.value(kProducing); !name.empty()) {
    set_country(name, *seizure.mutable_route()->mutable_producing());
  }
  if (const auto name = row.value(kDeparture); !name.empty()) {
    set_country(name, *seizure.mutable_route()->mutable_departure());
  }
  if (const auto name = row.value(kDestination); !name.empty()) {
    set_country(name, *seizure.mutable_route()->mutable_destination());
  }
  if (const auto routing = row.as_reported(kRouting); !routing.empty()) {
    seizure.mutable_route()->set_routing(routing);
  }
}

void fill(const Row& row, v1::SeizureNotice& seizure) {
  seizure.set_date(row.date());
  auto& place = *seizure.mutable_place();
  set_country(row.value(kCountry), *place.mutable_country());
  place.set_division(row.as_reported(kDivision));
  place.set_locality(row.as_reported(kPlace));
  place.set_installation(row.as_reported(kInstallation));
  auto& drug = *seizure.add_drugs();
  drug.set_substance(row.value(kDrug));
  drug.mutable_quantity()->set_amount(row.amount());
  drug.mutable_quantity()->set_unit(row.value(kUnit));
  if (const auto hidden = row.as_reported(kHidingPlace); !hidden.empty()) {
    seizure.mutable_concealment()->set_hiding_place(hidden);
  }
  seizure.set_transport(row.as_reported(kTransport));
  fill_route(row, seizure);
}

Error to_error(const Flaw& flaw) {
  for (const auto& [name, path] : kNames) {
    if (flaw.path.starts_with(path)) return {flaw.code, std::string(name) + " " + with_value(flaw)};
  }
  return {flaw.code, flaw.path + " " + with_value(flaw)};
}

Result<Bytes> content_of(const Header& header, const CsvRecord& record, bool decimal_comma) {
  if (!record.flaw.empty()) {
    const std::size_t cell = record.flaw_cell;
    const std::string column = cell < header.names.size() ? terminal_safe(header.names[cell])
                                                          : "cell " + std::to_string(cell + 1);
    return Error(MessageError::kMalformed, column + " " + record.flaw);
  }
  if (record.cells.size() != header.names.size()) {
    return Error(MessageError::kMalformed, std::to_string(record.cells.size()) +
                                               " cells where the header has " +
                                               std::to_string(header.names.size()));
  }
  const Row row(header, record.cells, decimal_comma);
  for (std::size_t i = 0; i < kRequiredColumns; ++i) {
    if (row.value(static_cast<Column>(i)).empty()) {
      return Error(MessageError::kMissingField, std::string(kNames[i].name) + " is empty");
    }
  }
  v1::Content content;
  fill(row, *content.mutable_seizure());
  if (const auto flaw = check(kSeizureNotice, content)) return to_error(*flaw);
  return encode_wire(content);
}

/// Numbers equal notices. Keeps hashes alone, so that a file of 311,038 rows needs little memory:
/// two different ones with one hash merely count on from each other, which keeps identities apart
/// just as well.
class Occurrences {
 public:
  std::uint64_t before(ByteView content) {
    return seen_[std::hash<std::string_view>()(as_text(content))]++;
  }

 private:
  std::unordered_map<std::size_t, std::uint64_t> seen_;
};

bool is_blank_row(const CsvRecord& record) {
  return record.flaw.empty() &&
         std::ranges::all_of(record.cells, [](const auto& cell) { return is_blank(cell); });
}

/// The separator of the header line: the one that comes first.
char separator_of(std::string_view csv) {
  const auto at = csv.substr(0, csv.find('\n')).find_first_of(";,\t");
  return at == std::string_view::npos ? ';' : csv[at];
}

/// Reads the table from its beginning: the header, then each row that is not blank.
class Table {
 public:
  Table(std::string_view text, const TableForm& form)
      : separator_(separator_of(text)),
        reader_(text, separator_, form.multiline ? CsvCells::kManyLines : CsvCells::kOneLine) {}

  /// Else a comma may be one of thousands.
  [[nodiscard]] bool decimal_comma() const { return separator_ != ','; }

  [[nodiscard]] Result<Header> header() {
    if (reader_.done()) return Error(MessageError::kMalformed, "the file is empty");
    return read_header(reader_.next());
  }
  /// Nothing after the last one.
  [[nodiscard]] std::optional<CsvRecord> next() {
    while (!reader_.done()) {
      CsvRecord record = reader_.next();
      ++row_;
      lines_.all += record.lines;
      if (!is_blank_row(record)) {
        lines_.continued += record.lines - 1;
        return record;
      }
      lines_.blank += record.lines;
    }
    return std::nullopt;
  }
  /// Of the last record.
  [[nodiscard]] std::uint64_t row() const { return row_; }
  [[nodiscard]] const TableLines& lines() const { return lines_; }

 private:
  char separator_;
  CsvReader reader_;
  std::uint64_t row_ = 1;
  TableLines lines_;
};

/// Where something stands for the first time.
struct Sample {
  std::uint64_t row = 0;  // 0: nowhere
  std::string value;

  void note(std::uint64_t at, const std::string& text) {
    if (row == 0) *this = {at, text};
  }
  [[nodiscard]] std::string told() const {
    return "'" + terminal_safe(value) + "' in row " + std::to_string(row);
  }
};

/// Of amounts and dates it is asked, before anything is sent, whether they can be read at all: what
/// is wrong in every row is wrong with how the table was saved, and is said once.
Result<void> check_form(std::string_view text, const TableForm& form) {
  Table table(text, form);
  const auto header = table.header();
  if (!header) return header.error();
  Sample point;
  Sample comma;
  Sample no_date;
  std::uint64_t rows = 0;
  std::uint64_t undated = 0;
  while (const auto record = table.next()) {
    if (!record->flaw.empty() || record->cells.size() != header->names.size()) continue;
    const Row row(*header, record->cells, table.decimal_comma());
    ++rows;
    const std::string amount = row.value(kAmount);
    if (is_decimal(amount, '.')) point.note(table.row(), amount);
    if (is_decimal(amount, ',')) comma.note(table.row(), amount);
    const std::string date = row.date();
    if (is_seizure_date(date)) continue;
    ++undated;
    no_date.note(table.row(), date);
  }
  if (table.decimal_comma() && point.row != 0 && comma.row != 0) {
    return Error(MessageError::kBadValue,
                 "AMOUNT has a point and a comma: " + point.told() + ", " + comma.told() +
                     ". Which of them is the decimal sign is not known: write all with one");
  }
  if (rows > 1 && undated == rows) {
    return Error(MessageError::kBadValue,
                 "SEIZURE_DATE is a day such as 2024-03-07 or 07.03.2024 in none of " +
                     std::to_string(rows) + " rows: " + no_date.told() +
                     ". In Excel give the column the number format yyyy-mm-dd, and save again");
  }
  return {};
}

}  // namespace

Result<TableLines> read_seizure_csv(std::string_view csv, const TableForm& form,
                                    const std::function<void(SeizureRow)>& take) {
  if (csv.size() > limits::kCsvBytesMax) {
    return Error(MessageError::kTooLarge, std::to_string(csv.size()) + " bytes");
  }
  const auto text = table_text(csv, form.encoding);
  if (!text) return text.error();
  if (const auto fine = check_form(*text, form); !fine) return fine.error();
  Table table(*text, form);
  const auto header = table.header();
  if (!header) return header.error();
  Occurrences occurrences;
  while (const auto record = table.next()) {
    SeizureRow row;
    row.row = table.row();
    row.content = content_of(*header, *record, table.decimal_comma());
    if (row.content) {
      row.identity = *row.content;
      append_be(row.identity, occurrences.before(*row.content));
    }
    take(std::move(row));
  }
  return table.lines();
}

}  // namespace blo::message
