// Keys, certificates and requests as files.
#ifndef BLO_CLI_BLO_KEYS_H
#define BLO_CLI_BLO_KEYS_H

#include "arguments.h"
#include "failure.h"
#include "identity/keyfile.h"
#include "identity/pem.h"
#include "identity/request.h"

namespace blo::cli {

/// Opens a key file; asks for its passphrase when it is sealed.
[[nodiscard]] Outcome<identity::KeyRing> load_keys(const Globals& globals, const Path& path,
                                                   const std::string& whose);
/// Before anybody is asked for a passphrase: a key in `folder` (which may not be there yet) could
/// be kept from others, and used from there.
[[nodiscard]] Outcome<void> check_place_for_keys(const Path& folder);
[[nodiscard]] Outcome<void> save_keys(const Path& path, const identity::KeyRing& keys,
                                      const std::optional<ByteView>& passphrase);

[[nodiscard]] Outcome<identity::Certificate> load_certificate(const Path& path);

/// A request, its signature verified, beside the bytes it came in.
struct LoadedRequest {
  Bytes bytes;
  identity::CertificateRequest request;
};
[[nodiscard]] Outcome<LoadedRequest> load_request(const Path& path);
/// Signs the request of `keys` and writes it; gives it back as it reads.
[[nodiscard]] Outcome<LoadedRequest> save_request(const Path& path,
                                                  const identity::CertificateRequest& request,
                                                  const crypto::SigningKey& key);

/// A text file of at most limits::kSmallFileBytesMax.
[[nodiscard]] Outcome<std::string> load_text(const Path& path);
/// Writes a new file; refuses to replace one.
[[nodiscard]] Outcome<void> save_new(const Path& path, std::string_view text, unsigned mode);

/// Both list the same keys for the same uses.
[[nodiscard]] bool same_keys(const std::vector<identity::PublicKey>& a,
                             const std::vector<identity::PublicKey>& b);

/// What every certificate is dated from: a day before it is made, since offices' clocks may differ
/// by as much and still exchange.
[[nodiscard]] WallTime first_day(WallTime now);
[[nodiscard]] WallTime last_day(WallTime now, std::uint32_t valid_days);

}  // namespace blo::cli

#endif
