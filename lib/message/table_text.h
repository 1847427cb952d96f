// The text of a table as spreadsheets save it. Private to lib/message.
#ifndef BLO_MESSAGE_TABLE_TEXT_H
#define BLO_MESSAGE_TABLE_TEXT_H

#include <string>
#include <string_view>

#include "base/result.h"
#include "message/seizure_csv.h"

namespace blo::message {

/// As UTF-8 without a byte order mark. kMalformed says what to choose where the table is saved.
[[nodiscard]] Result<std::string> table_text(std::string_view bytes, TableEncoding encoding);

}  // namespace blo::message

#endif
