#include "keys.h"

#include "base/file.h"
#include "base/guarded_file.h"
#include "base/limits.h"
#include "passphrase.h"

namespace blo::cli {

Outcome<identity::KeyRing> load_keys(const Globals& globals, const Path& path,
                                     const std::string& whose) {
  const auto sealed = identity::key_file_is_sealed(path);
  if (!sealed) return failure_from(sealed.error());
  Passphrase passphrase;
  if (*sealed) {
    auto known = known_passphrase(globals, whose);
    if (!known) return known.error();
    passphrase = std::move(*known);
  }
  auto keys = identity::load_key_file(path, passphrase.view());
  if (!keys) return failure_from(keys.error());
  return std::move(*keys);
}

Outcome<void> check_place_for_keys(const Path& folder) {
  const auto ok = check_place_for_secrets(folder);
  if (!ok) return failure_from(ok.error());
  return {};
}

Outcome<void> save_keys(const Path& path, const identity::KeyRing& keys,
                        const std::optional<ByteView>& passphrase) {
  const auto saved = identity::save_key_file(path, keys, passphrase);
  if (!saved) return failure_from(saved.error());
  return {};
}

Outcome<std::string> load_text(const Path& path) {
  const auto bytes = read_file(path, limits::kSmallFileBytesMax);
  if (!bytes) return failure_from(bytes.error());
  return to_string(ByteView(*bytes));
}

Outcome<void> save_new(const Path& path, std::string_view text, unsigned mode) {
  const auto written = write_file(path, as_bytes(text), mode, Overwrite::kNo);
  if (!written) return failure_from(written.error());
  return {};
}

Outcome<identity::Certificate> load_certificate(const Path& path) {
  const auto text = load_text(path);
  if (!text) return text.error();
  auto certificate = identity::Certificate::parse_pem(*text);
  if (!certificate) return failure_from(certificate.error(), path.string());
  return std::move(*certificate);
}

Outcome<LoadedRequest> load_request(const Path& path) {
  const auto text = load_text(path);
  if (!text) return text.error();
  auto bytes = identity::from_pem(identity::kRequestLabel, *text);
  if (!bytes) return failure_from(bytes.error(), path.string());
  auto request = identity::CertificateRequest::parse(*bytes);
  if (!request) return failure_from(request.error(), path.string());
  return LoadedRequest{std::move(*bytes), std::move(*request)};
}

Outcome<LoadedRequest> save_request(const Path& path, const identity::CertificateRequest& request,
                                    const crypto::SigningKey& key) {
  const Bytes bytes = request.sign(key);
  if (const auto saved = save_new(path, identity::to_pem(identity::kRequestLabel, bytes), 0644);
      !saved) {
    return saved.error();
  }
  return load_request(path);
}

bool same_keys(const std::vector<identity::PublicKey>& a,
               const std::vector<identity::PublicKey>& b) {
  return std::ranges::equal(a, b, [](const auto& one, const auto& other) {
    return one.use == other.use && one.key == other.key;
  });
}

WallTime first_day(WallTime now) { return now - std::chrono::hours(24); }
WallTime last_day(WallTime now, std::uint32_t valid_days) {
  return now + std::chrono::days(valid_days);
}

}  // namespace blo::cli
