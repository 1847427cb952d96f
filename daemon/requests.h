// Answers to requests: what each asks for, who may ask it, and the response's bytes.
#ifndef BLO_DAEMON_REQUESTS_H
#define BLO_DAEMON_REQUESTS_H

#include <optional>
#include <variant>

#include "daemon/node.h"
#include "office/query.h"

namespace blo::daemon {

/// Who asks: an officer who signed the request, or the Unix user alone.
struct Asker {
  const store::OfficerRow* officer = nullptr;
  bool owns_daemon = false;  // the user blod runs as, or root
};

/// Answers that come in parts.
struct StartFollowing {};
struct StartExport {
  office::Pair* pair;
};

/// One encoded Response (its `last` set), or the beginning of many.
using Answer = std::variant<Bytes, StartFollowing, StartExport>;

class Requests {
 public:
  Requests(office::Office& office, Node& node) : office_(office), node_(node) {}

  /// Parses, judges who may, and carries out. Never fails: what is wrong is in the answer.
  [[nodiscard]] Answer answer(const Asker& asker, ByteView request, Now now);

 private:
  office::Office& office_;
  Node& node_;
};

/// Whether `signature` is this officer's over the request, and the officer's certificate is valid
/// now.
[[nodiscard]] const store::OfficerRow* find_signer(const office::Office& office,
                                                   ByteView signed_bytes, ByteView fingerprint,
                                                   ByteView signature, WallTime now);

// Encoded responses.
[[nodiscard]] Bytes failure_response(const Error& error);
[[nodiscard]] Bytes unauthorised_response(const std::string& sentence);
[[nodiscard]] Bytes following_event();
[[nodiscard]] Bytes arrived_event(const office::MessageView& message);
[[nodiscard]] Bytes receipted_event(const office::ReceiptedHead& head);
[[nodiscard]] Bytes export_file_response(const std::string& path, ByteView contents);
[[nodiscard]] Bytes export_done_response(const office::PairExport& job);
[[nodiscard]] Bytes greeting(const office::OfficeKeys& keys, ByteView nonce);
/// A SignedRequest's parts; nothing when it is out of form.
struct SignedParts {
  Bytes request;
  Bytes officer;
  Bytes signature;
};
[[nodiscard]] std::optional<SignedParts> parse_signed_request(ByteView bytes);

}  // namespace blo::daemon

#endif
