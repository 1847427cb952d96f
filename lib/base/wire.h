// Protobuf at the edges: bounded parsing, and the canonical form in which things are hashed and
// signed.
#ifndef BLO_BASE_WIRE_H
#define BLO_BASE_WIRE_H

#include "base/bytes.h"

namespace google::protobuf {
class Message;
}

namespace blo {

/// Parses all of `bytes` into `message`; false for anything protobuf refuses, nesting deeper than
/// limits::kProtobufDepthMax, or trailing bytes. Unknown fields are kept. The caller bounds the
/// size first.
[[nodiscard]] bool parse_wire(ByteView bytes, google::protobuf::Message& message);

/// As parse_wire, and `bytes` is the canonical form: known fields only, ascending, once unless
/// repeated, shortest varints, no defaults. There is one such byte string for each message.
[[nodiscard]] bool parse_canonical(ByteView bytes, google::protobuf::Message& message);

/// The canonical bytes of `message` (which uses neither maps nor floats and holds no unknown
/// fields).
[[nodiscard]] Bytes encode_wire(const google::protobuf::Message& message);

/// True when the message, or one inside it, came with fields this version does not know.
[[nodiscard]] bool has_unknown_fields(const google::protobuf::Message& message);

}  // namespace blo

#endif
