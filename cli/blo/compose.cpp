#include "compose.h"

#include "blo/v1/control.pb.h"
#include "crypto/random.h"
#include "journal/opened.h"

namespace blo::cli {

MessageId new_message_id(WallTime now) {
  Bytes time;
  append_be(time, to_unix_ms(now));
  MessageId id = crypto::random_array<16>();
  std::copy_n(time.begin() + 2, 6, id.begin());
  return id;
}

Outcome<void> compose(const Addressing& addressing, ByteView content, const Officer& author,
                      WallTime now, v1::OutgoingMessage& message) {
  seal::Salt salt = crypto::random_array<32>();
  journal::Envelope envelope{
      .network = addressing.network,
      .message_id = new_message_id(now),
      .from = addressing.from,
      .to = addressing.to,
      .officer = author.certificate.fingerprint(),
      .kind = addressing.kind,
      .precedence = addressing.precedence,
      .created = now,
      .expires = addressing.expires,
      .commitment = seal::commit_to_content(salt, content),
      .padded_bytes = seal::padded_bytes(content.size()),
      .attachments = {},
      .in_reply_to = addressing.in_reply_to,
      .supersedes = {},
  };
  if (addressing.kind == static_cast<std::uint32_t>(journal::Kind::kOpened)) {
    const auto fields =
        journal::derive_opened(addressing.network, addressing.from, addressing.to,
                               *addressing.in_reply_to, author.certificate.details().person);
    salt = fields.salt;
    envelope.message_id = fields.message_id;
    envelope.precedence = fields.precedence;
    envelope.created = fields.created;
    envelope.commitment = fields.commitment;
  }
  const Bytes encoded = envelope.encode();
  const auto signature = author.sign(crypto::Purpose::kEnvelope, {encoded});
  if (!signature) return signature.error();
  message.set_envelope(encoded.data(), encoded.size());
  message.set_signature(signature->data(), signature->size());
  message.set_content(content.data(), content.size());
  message.set_salt(salt.data(), salt.size());
  return {};
}

crypto::Hash import_key(const OfficeId& counterpart, ByteView identity) {
  static constexpr char kPrefix[] = "blo/import/v1";  // its terminating zero is hashed, too
  static constexpr Byte kEnd[] = {0};
  return crypto::sha256(
      {as_bytes({kPrefix, sizeof kPrefix}), as_bytes(counterpart.text()), kEnd, identity});
}

}  // namespace blo::cli
