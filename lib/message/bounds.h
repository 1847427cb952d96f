// How large the parts of a content may be. The whole is bounded by limits::kContentBytesMax.
#ifndef BLO_MESSAGE_BOUNDS_H
#define BLO_MESSAGE_BOUNDS_H

#include <cstddef>

namespace blo::message {

/// A name, a number, a code: 200 letters of a two-byte script.
inline constexpr std::size_t kNameBytesMax = 400;
/// What is written in sentences (`reason`, `action`, `remarks`, `text`, `description`): two typed
/// pages.
inline constexpr std::size_t kTextBytesMax = 4096;
/// Elements of one list. A lorry with mixed cargo has a dozen kinds of goods.
inline constexpr int kListLengthMax = 64;
/// JSON with its indentation is at most about four times what it says.
inline constexpr std::size_t kJsonBytesMax = 1024 * 1024;

}  // namespace blo::message

#endif
