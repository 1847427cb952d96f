// Messages: what officers write. Content bytes are the plaintext protobuf
// (proto/blo/v1/message.proto).
#ifndef BLO_MESSAGE_MESSAGE_H
#define BLO_MESSAGE_MESSAGE_H

#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"
#include "message/error.h"

namespace blo::message {

/// Values are blo.v1.Kind's.
inline constexpr std::uint32_t kAlert = 1;
inline constexpr std::uint32_t kSeizureNotice = 2;
inline constexpr std::uint32_t kOpened = 3;
inline constexpr std::uint32_t kActed = 4;

/// Whether `content` is a well-formed message of `kind` with all that the kind must say; the first
/// thing missing or wrong is named by its field path ("seizure.drugs[0].quantity"), never quoted:
/// values are content and errors may reach diagnostics. Fields of newer versions pass. At most
/// limits::kContentBytesMax.
[[nodiscard]] Result<void> validate(std::uint32_t kind, ByteView content);

/// kBadValue, with the field, where a seizure or a birth is dated more than a day after `now`
/// (zones differ): it was mistyped. Asked where a content is handed in, by a clock that is
/// believed.
[[nodiscard]] Result<void> check_days(ByteView content, WallTime now);

/// Something that is allowed and is mostly a slip, for whoever typed it to look at once more.
/// `path` and `value` as written, `what` completes a sentence.
struct Doubt {
  std::string path;  // "alert.vehicles[0].plate"
  std::string what;
  std::string value;
};
/// Plates and numbers of documents that mix letters of two scripts, which nobody finds again; names
/// without a comma. What is stored is as it was typed.
[[nodiscard]] std::vector<Doubt> doubts(ByteView content);

/// Protobuf JSON of the whole Content ({"alert": {…}}) → validated content. Unknown fields, wrong
/// types and invalid values are errors that name the field, and the line where the JSON itself is
/// at fault.
[[nodiscard]] Result<Bytes> from_json(std::uint32_t kind, std::string_view json);
/// Content → protobuf JSON, one object, fields in the proto's order, lowerCamelCase.
[[nodiscard]] Result<std::string> to_json(std::uint32_t kind, ByteView content);

/// One line for lists: "van 01A123BC, hidden compartment suspected". Plain text, not yet safe for a
/// terminal.
[[nodiscard]] std::string summary(std::uint32_t kind, ByteView content);
/// The whole content as labelled lines for reading. Plain text, not yet safe for a terminal.
[[nodiscard]] std::string render(std::uint32_t kind, ByteView content);

struct Rendered {
  std::string text;
  bool cut = false;  // it goes on
};
/// As render(), but no more than the first `bytes_max` bytes of it, cutting no letter, for places
/// that have no room for what a content can become.
[[nodiscard]] Rendered render_beginning(std::uint32_t kind, ByteView content,
                                        std::size_t bytes_max);

}  // namespace blo::message

#endif
