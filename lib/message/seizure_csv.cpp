#include "message/seizure_csv.h"

#include <array>
#include <optional>
#include <unordered_map>

#include "base/limits.h"
#include "base/terminal.h"
#include "base/utf8.h"
#include "base/wire.h"
#include "blo/v1/message.pb.h"
#include "message/check.h"
#include "message/csv.h"
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

/// The cells of one row by what they mean.
class Row {
 public:
  Row(const Header& header, const std::vector<std::string>& cells)
      : header_(header), cells_(cells) {}

  /// The cell as it stands; empty where it is blank or the file has no such column.
  [[nodiscard]] std::string as_reported(Column column) const {
    const auto at = header_.at[column];
    return !at || is_blank(cells_[*at]) ? std::string() : cells_[*at];
  }
  /// Without blanks around it.
  [[nodiscard]] std::string value(Column column) const {
    return std::string(trim(as_reported(column)));
  }

 private:
  const Header& header_;
  const std::vector<std::string>& cells_;
};

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
  seizure.set_date(row.value(kDate));
  auto& place = *seizure.mutable_place();
  set_country(row.value(kCountry), *place.mutable_country());
  place.set_division(row.as_reported(kDivision));
  place.set_locality(row.as_reported(kPlace));
  place.set_installation(row.as_reported(kInstallation));
  auto& drug = *seizure.add_drugs();
  drug.set_substance(row.value(kDrug));
  drug.mutable_quantity()->set_amount(row.value(kAmount));
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

Result<Bytes> content_of(const Header& header, const CsvRecord& record) {
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
  const Row row(header, record.cells);
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

/// Cells with their sizes before them, so that no two rows of different cells join to the same.
Bytes join(const std::vector<std::string>& cells) {
  Bytes joined;
  for (const auto& cell : cells) {
    append_be(joined, static_cast<std::uint32_t>(cell.size()));
    append(joined, cell);
  }
  return joined;
}

/// Numbers equal rows. Keeps hashes alone, so that a file of 311,038 rows needs little memory: two
/// different rows with one hash merely count on from each other, which keeps identities apart just
/// as well.
class Occurrences {
 public:
  std::uint64_t before(const Bytes& joined) {
    return seen_[std::hash<std::string_view>()(as_text(joined))]++;
  }

 private:
  std::unordered_map<std::size_t, std::uint64_t> seen_;
};

bool is_blank_line(const CsvRecord& record) {
  return record.flaw.empty() && record.cells.size() == 1 && is_blank(record.cells[0]);
}

/// The separator of the header line: the one of the two that comes first.
char separator_of(std::string_view csv) {
  const auto at = csv.substr(0, csv.find('\n')).find_first_of(";,");
  return at == std::string_view::npos ? ';' : csv[at];
}

}  // namespace

Result<void> read_seizure_csv(std::string_view csv, const std::function<void(SeizureRow)>& take) {
  if (csv.size() > limits::kCsvBytesMax) {
    return Error(MessageError::kTooLarge, std::to_string(csv.size()) + " bytes");
  }
  if (!is_utf8(csv)) return Error(MessageError::kMalformed, "the file is not UTF-8");
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (csv.starts_with(kByteOrderMark)) csv.remove_prefix(kByteOrderMark.size());
  CsvReader reader(csv, separator_of(csv));
  if (reader.done()) return Error(MessageError::kMalformed, "the file is empty");
  const auto header = read_header(reader.next());
  if (!header) return header.error();
  Occurrences occurrences;
  for (std::uint64_t number = 2; !reader.done(); ++number) {
    const CsvRecord record = reader.next();
    if (is_blank_line(record)) continue;
    SeizureRow row;
    row.row = number;
    row.identity = join(record.cells);
    append_be(row.identity, occurrences.before(row.identity));
    row.content = content_of(*header, record);
    take(std::move(row));
  }
  return {};
}

}  // namespace blo::message
