// The frames two daemons exchange inside a session, as values; bytes on one side, these on the
// other. Their numbers are the other side's until they have been compared.
#ifndef BLO_SYNC_FRAME_H
#define BLO_SYNC_FRAME_H

#include <array>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/ip_endpoint.h"
#include "base/outside.h"
#include "base/result.h"
#include "sync/error.h"

namespace blo::sync {

struct Hello {
  Claimed<std::uint32_t> minor = 0;
  Bytes office_certificate;
  Bytes journal_certificate;
  Claimed<std::uint64_t> time_ms = 0;
  Claimed<std::uint64_t> start = 0;  // of the sender's daemon, another one each time; 0: not said
};

struct HeadReceipt {
  Claimed<std::uint64_t> time_s = 0;
  std::array<Byte, 64> signature{};
};
/// What a side holds of one journal: its size under the newest checkpoint, and that checkpoint.
struct Head {
  Claimed<std::uint32_t> generation = 1;
  Claimed<std::uint64_t> size = 0;
  std::string checkpoint;              // signed note; empty with size 0
  std::optional<HeadReceipt> receipt;  // for it; none with size 0
  Bytes certificate = {};              // of a generation the other side may not know; else empty
};
struct Heads {
  Head mine;
  Head yours;
  bool recovers = false;    // the sender asks for what it lost, and nothing else
  bool runs_twice = false;  // two daemons of the receiver's take turns at the sender's
  std::vector<IpEndpoint> announced = {};  // where the sender says it can be dialled: as it says
};

/// One entry with its body. In a frame the body may be cut short; reassembled it is whole.
struct Item {
  Bytes entry;
  Bytes content_key;  // 32 bytes, or empty without a body
  Bytes body;
};
struct Items {
  Claimed<std::uint64_t> first = 0;
  struct Part {
    Item item;
    std::uint32_t body_bytes = 0;  // of the whole body
  };
  std::vector<Part> parts;
};
struct BodyChunk {
  Bytes data;
};
struct BatchEnd {
  std::string checkpoint;
};
struct Receipt {
  Claimed<std::uint32_t> generation = 1;
  Claimed<std::uint64_t> size = 0;
  Claimed<std::uint64_t> time_s = 0;
  std::array<Byte, 64> signature{};
};
/// In the place of a receipt: the batch was dropped, with those after it.
struct NotTaken {
  std::uint32_t wait_s = 0;  // at most limits::kHoldBackMax
};
struct Ping {
  Claimed<std::uint64_t> token = 0;
};
struct Pong {
  Claimed<std::uint64_t> token = 0;
};
struct Rekey {};

/// Values are the protobuf enum's.
enum class CloseReason : std::uint8_t {
  kUnspecified = 0,
  kShutdown,
  kReplaced,
  kProtocol,
  kIdentity,
  kFrozen,
  kDegraded,
  kAged,
  kClock,
  kRenewed,
  kRecovered
};
[[nodiscard]] std::string_view to_string(CloseReason reason);
struct Close {
  CloseReason reason = CloseReason::kUnspecified;
};

/// The next pairing secret: offered, answered; a session under it shows that both hold it.
struct SecretOffer {
  Claimed<std::uint64_t> number = 0;
  std::array<Byte, 32> random{};
};
struct SecretAnswer {
  Claimed<std::uint64_t> number = 0;
  std::array<Byte, 32> offer_hash{};  // SHA-256 of the offer's random
  std::array<Byte, 32> random{};
};

/// "I have lost these": entries of one of the two journals from `first` on, as they were receipted.
struct Recall {
  bool yours = false;  // the journal of who is asked; else that of who asks
  Claimed<std::uint32_t> generation = 1;
  Claimed<std::uint64_t> first = 0;
};
/// The answer: this, items and body chunks, and RecallEnd.
struct RecallBegin {
  bool mine = false;
  Claimed<std::uint32_t> generation = 1;
  Claimed<std::uint64_t> first = 0;
  Bytes certificate;  // of that generation; empty: there is none
};
struct RecallEnd {
  std::string checkpoint;              // empty: nothing follows `first`
  std::optional<HeadReceipt> receipt;  // for it
};

using Frame =
    std::variant<Hello, Heads, Items, BodyChunk, BatchEnd, Receipt, Ping, Pong, Rekey, Close,
                 SecretOffer, SecretAnswer, Recall, RecallBegin, RecallEnd, NotTaken>;

/// Fits one session frame: senders keep Items and BodyChunk within limits::kBulkFrameBytes of
/// payload (CHECKed against limits::kFramePlaintextBytesMax).
[[nodiscard]] Bytes encode_frame(const Frame& frame);
/// Strict in sizes (keys, signatures, entries, notes); unknown fields of newer minors pass, unknown
/// frames do not.
[[nodiscard]] Result<Frame> parse_frame(ByteView bytes);

}  // namespace blo::sync

#endif
