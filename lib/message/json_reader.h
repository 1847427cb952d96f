// JSON into a protobuf message, with the line of each field. Private to lib/message.
#ifndef BLO_MESSAGE_JSON_READER_H
#define BLO_MESSAGE_JSON_READER_H

#include <map>
#include <string>

#include "message/check.h"

namespace blo::message {

/// Where each field of a JSON text stands: path ("seizure.drugs[0].quantity") → line, from 1.
using FieldLines = std::map<std::string, std::size_t>;

/// Reads one JSON object as protobuf's JSON mapping has it into the empty `message`, stricter than
/// protobuf: no field twice, no number for a text, no text for a number, lists bounded. The flaw of
/// JSON that is not JSON has no path and names line and column.
[[nodiscard]] MaybeFlaw read_json(std::string_view json, google::protobuf::Message& message,
                                  FieldLines& lines);

}  // namespace blo::message

#endif
