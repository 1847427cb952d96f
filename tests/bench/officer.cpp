#include "officer.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/wire.h"
#include "crypto/random.h"
#include "identity/keyfile.h"
#include "message/alert.h"
#include "seal/body.h"

namespace blo::bench {
namespace {

crypto::SigningKey load_key(const std::string& path) {
  const auto ring = identity::load_key_file(path, std::nullopt);
  if (!ring) need(Result<void>(ring.error()), path.c_str());
  return ring->signing_key(identity::KeyUse::kOfficer);
}

identity::Certificate load_certificate(const std::string& path) {
  const auto text = need(read_file(path, limits::kSmallFileBytesMax), path.c_str());
  return need(identity::Certificate::parse_pem(as_text(text)), path.c_str());
}

/// An alert of exactly that size: the reason is filled up.
Bytes alert(std::size_t content_bytes, std::uint64_t number) {
  message::AlertFlags flags;
  flags.vehicles = {"01A123BC/UZ"};
  flags.action = "Search the trailer; hold vehicle and driver.";
  flags.reason = "Measured alert " + std::to_string(number) + " ";
  Bytes content = need(message::alert_from_flags(flags), "alert");
  if (content.size() >= content_bytes) return content;
  flags.reason.append(content_bytes - content.size(), 'x');
  content = need(message::alert_from_flags(flags), "alert");
  // Longer lengths take longer varints.
  if (content.size() > content_bytes)
    flags.reason.resize(flags.reason.size() - (content.size() - content_bytes));
  return need(message::alert_from_flags(flags), "alert");
}

}  // namespace

void need(const Result<void>& result, const char* what) {
  if (result) return;
  std::fprintf(stderr, "blo_bench: %s: %s\n", what, result.error().message().c_str());
  std::exit(1);
}

Officer::Officer(const OfficerFiles& files)
    : client_(need(control::Client::connect(files.socket, seconds(10)), "control socket")),
      key_(load_key(files.key)),
      certificate_(load_certificate(files.certificate)) {}

void Officer::compose(const OfficeId& to, journal::Precedence precedence, std::size_t content_bytes,
                      v1::OutgoingMessage& out) {
  const Bytes content = alert(content_bytes, composed_++);
  const auto salt = crypto::random_array<32>();
  const WallTime now = read_clocks().wall;
  MessageId id = crypto::random_array<16>();
  for (std::size_t i = 0; i < 6; ++i) id[i] = static_cast<Byte>(to_unix_ms(now) >> (8 * (5 - i)));
  const journal::Envelope envelope{client_.greeting().network,
                                   id,
                                   client_.greeting().office,
                                   to,
                                   certificate_.fingerprint(),
                                   message::kAlert,
                                   precedence,
                                   now,
                                   std::nullopt,
                                   seal::commit_to_content(salt, content),
                                   seal::padded_bytes(content.size()),
                                   {},
                                   std::nullopt,
                                   std::nullopt};
  const Bytes encoded = envelope.encode();
  const auto signature = crypto::sign(crypto::Purpose::kEnvelope, key_, {encoded});
  out.set_envelope(encoded.data(), encoded.size());
  out.set_signature(signature.data(), signature.size());
  out.set_content(content.data(), content.size());
  out.set_salt(salt.data(), salt.size());
}

void Officer::send(const v1::Request& request) {
  const Bytes bytes = encode_wire(request);
  const Bytes to_sign = client_.bytes_to_sign(crypto::sha256(bytes));
  const auto signature = crypto::sign(crypto::Purpose::kControlRequest, key_, {to_sign});
  need(client_.send(bytes, certificate_.fingerprint(), signature), "request");
}

v1::Response Officer::receive() {
  const auto bytes = need(client_.receive(seconds(60)), "answer");
  v1::Response response;
  if (!bytes || !parse_wire(*bytes, response)) {
    std::fprintf(stderr, "blo_bench: no answer from the daemon\n");
    std::exit(1);
  }
  if (response.has_failure()) {
    std::fprintf(stderr, "blo_bench: %s\n", response.failure().sentence().c_str());
    std::exit(1);
  }
  return response;
}

}  // namespace blo::bench
