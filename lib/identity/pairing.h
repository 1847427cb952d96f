// Pairing: two files exchanged, one secret agreed, one string of digits compared by voice. DESIGN
// of the secret: docs/format/pairing.md.
#ifndef BLO_IDENTITY_PAIRING_H
#define BLO_IDENTITY_PAIRING_H

#include "identity/chain.h"

namespace blo::identity {

/// `host:port` or `[v6]:port`, at most 255 characters; the port is 1 to 65535. Names and IPv4
/// addresses are letters, digits, dashes and dots.
[[nodiscard]] bool is_address(std::string_view text);

/// The agreement under which two offices exchange, in their own words: 1 to 500 bytes of UTF-8
/// without control characters.
[[nodiscard]] bool is_legal_basis(std::string_view text);

/// What one office offers the other; the file's bytes are what both sides hash.
struct PairingFile {
  Bytes bytes;  // the encoded PairingFile message
  Network network;
  Certificate authority;
  Certificate office;
  Certificate journal;
  OfficeId from;
  OfficeId to;
  crypto::DhPublic one_time_key;
  std::array<Byte, 32> random;
  std::vector<std::string> addresses;
  std::string legal_basis;  // empty only in a file that was accepted before files had one
  /// Only in a file to pair again with: of the first journal from `to` to `from`. Whether `to`
  /// certified it only `to` can tell: check_pair().
  std::optional<Certificate> your_journal = std::nullopt;

  /// Strict: canonical, a legal basis, chain authority → office → journal (valid at `time`), signed
  /// by the office's identity key.
  [[nodiscard]] static Result<PairingFile> parse(ByteView bytes, WallTime time);
  /// For bytes that parse() accepted when they came: all of it but the validity dates, the chain,
  /// and that there is a legal basis.
  [[nodiscard]] static Result<PairingFile> reread(ByteView bytes);
};

struct PairingOffer {
  Certificate authority;
  Certificate office;
  Certificate journal;
  OfficeId to;
  crypto::DhPublic one_time_key;
  std::array<Byte, 32> random;
  std::vector<std::string> addresses;
  std::string legal_basis;
  std::optional<Certificate> your_journal = std::nullopt;
};

/// Writes and signs this office's file. The offer must be one that parses (CHECKed): at most eight
/// addresses that are addresses, a legal basis that is one, a journal certificate for the first
/// generation to `to`, and, to pair again, one for the first generation from there.
[[nodiscard]] PairingFile make_pairing_file(const PairingOffer& offer,
                                            const crypto::SigningKey& identity);

/// The theirs-for-ours match: same network, each names the other, not our own file. Of two files to
/// pair again with each has the other's first journal as the other has it; one such file and one of
/// a first pairing never match (kWrongSubject).
[[nodiscard]] Result<void> check_pair(const PairingFile& ours, const PairingFile& theirs);

/// HKDF-SHA-256(X25519(one-time keys) ‖ randoms in order of office id, info
/// "blo/pairing-secret/v1\0" ‖ SHA-256 of both files in order of office id).
[[nodiscard]] Result<crypto::Key> pairing_secret(const PairingFile& ours,
                                                 const crypto::DhKeyPair& our_one_time,
                                                 const PairingFile& theirs);

/// The pairing secret of that number: HKDF-SHA-256(the one before it ‖ the offer's random ‖ the
/// answer's random, info "blo/pairing-secret-next/v1\0" ‖ u64be number ‖ SHA-256 of both files in
/// order of office id).
[[nodiscard]] crypto::Key next_pairing_secret(const crypto::Key& current, std::uint64_t number,
                                              const std::array<Byte, 32>& offer_random,
                                              const std::array<Byte, 32>& answer_random,
                                              const PairingFile& ours, const PairingFile& theirs);

/// The Noise PSK: HKDF-SHA-256(secret, info "blo/noise-psk/v1\0").
[[nodiscard]] crypto::Key noise_psk(const crypto::Key& secret);

/// Twelve groups of five digits over both files; the same on both sides, "04817 …".
[[nodiscard]] std::string pairing_digits(const PairingFile& ours, const PairingFile& theirs);

}  // namespace blo::identity

#endif
