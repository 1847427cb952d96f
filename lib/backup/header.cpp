#include "backup/header.h"

#include "base/lines.h"
#include "crypto/base64.h"

namespace blo::backup {
namespace {

constexpr std::string_view kMagic = "blo/backup/v1";

/// What follows "name " on the next line, which is taken off `text`.
std::optional<std::string_view> take_field(std::string_view& text, std::string_view name) {
  const auto line = take_line(text);
  if (!line || line->size() <= name.size() || !line->starts_with(name) ||
      (*line)[name.size()] != ' ')
    return std::nullopt;
  return line->substr(name.size() + 1);
}

std::optional<crypto::DhPublic> take_key(std::string_view& text, std::string_view name) {
  const auto line = take_field(text, name);
  const auto bytes = line ? crypto::from_base64(*line) : std::nullopt;
  crypto::DhPublic key;
  if (!bytes || !copy_exact(*bytes, key)) return std::nullopt;
  return key;
}

}  // namespace

std::string Header::text() const {
  return std::string(kMagic) + "\noffice " + std::string(to_string(recipient.network)) + "/" +
         recipient.office.text() + "\ntime " + to_rfc3339(time) + "\nrecipient " +
         crypto::to_base64(recipient.key) + "\nephemeral " + crypto::to_base64(ephemeral) + "\n\n";
}

Result<Header> Header::parse(ByteView beginning) {
  const std::string_view whole =
      as_text(beginning.first(std::min(beginning.size(), kHeaderBytesMax)));
  std::string_view text = whole;
  if (!text.starts_with(kMagic) || text.substr(kMagic.size(), 1) != "\n")
    return Error(BackupError::kMalformed);
  text.remove_prefix(kMagic.size() + 1);
  const auto name = take_field(text, "office");
  const auto slash = name ? name->find('/') : std::string_view::npos;
  if (slash == std::string_view::npos) return Error(BackupError::kMalformed, "office");
  const auto network = parse_network(name->substr(0, slash));
  const auto office = OfficeId::parse(name->substr(slash + 1));
  if (!network || !office) return Error(BackupError::kMalformed, "office");
  const auto time_text = take_field(text, "time");
  const auto time = time_text ? parse_rfc3339(*time_text) : std::nullopt;
  if (!time) return Error(BackupError::kMalformed, "time");
  const auto recipient = take_key(text, "recipient");
  const auto ephemeral = take_key(text, "ephemeral");
  if (!recipient || !ephemeral) return Error(BackupError::kMalformed, "keys");
  Header header{{*network, *office, *recipient}, *time, *ephemeral};
  if (!whole.starts_with(header.text())) return Error(BackupError::kMalformed, "header");
  return header;
}

}  // namespace blo::backup
