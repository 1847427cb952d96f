#include "journal/opened.h"

#include "journal/wire.h"

namespace blo::journal {
namespace {

constexpr char kPrefix[] = "blo/opened/v1";  // its terminating zero is hashed, too

enum class Derived : Byte { kMessageId = 1, kSalt = 2 };

crypto::Hash derive(Derived what, Network network, const OfficeId& from, const OfficeId& to,
                    const MessageId& answered, std::uint64_t person) {
  Bytes bytes{static_cast<Byte>(what)};
  append(bytes, std::string(to_string(network)) + "/" + from.text() + "/" + to.text());
  bytes.push_back(0);
  append(bytes, answered);
  append_be(bytes, person);
  return crypto::sha256({as_bytes({kPrefix, sizeof kPrefix}), bytes});
}

/// The time that a message id begins with: 48 bits, which reach beyond the year 9999.
WallTime time_of(const MessageId& id) {
  Bytes wide(2, 0);
  append(wide, ByteView(id).first(6));
  return from_unix_ms(std::min(read_be<std::uint64_t>(wide), kTimeMsMax));
}

}  // namespace

OpenedFields derive_opened(Network network, const OfficeId& from, const OfficeId& to,
                           const MessageId& answered, std::uint64_t person) {
  OpenedFields fields{{}, Precedence::kRoutine, time_of(answered), {}, {}, {}};
  const auto id = derive(Derived::kMessageId, network, from, to, answered, person);
  std::copy_n(id.begin(), fields.message_id.size(), fields.message_id.begin());
  fields.salt = derive(Derived::kSalt, network, from, to, answered, person);
  fields.commitment = seal::commit_to_content(fields.salt, kOpenedContent);
  fields.padded_bytes = seal::padded_bytes(kOpenedContent.size());
  return fields;
}

bool is_derived(const Envelope& envelope, std::uint64_t person) {
  if (!envelope.in_reply_to || !envelope.attachments.empty() || envelope.expires ||
      envelope.supersedes) {
    return false;
  }
  const auto fields =
      derive_opened(envelope.network, envelope.from, envelope.to, *envelope.in_reply_to, person);
  return envelope.message_id == fields.message_id && envelope.precedence == fields.precedence &&
         envelope.created == fields.created && envelope.commitment == fields.commitment &&
         envelope.padded_bytes == fields.padded_bytes;
}

}  // namespace blo::journal
