// The ceremony anew, beside the pairing in force.
#include <utility>

#include "seal/wrap.h"
#include "store/pairing_store.h"
#include "store/pairing_uses.h"

namespace blo::store {

Result<void> PairingStore::offer_again(PairingRow& pairing, ByteView our_file,
                                       const crypto::DhKeyPair& one_time) {
  const Bytes wrapped = seal::wrap(store_key_, bound_to(kAgainOneTimeUse, pairing.counterpart),
                                   one_time.secret.view());
  Statement update = database_.prepare(
      "UPDATE pairing SET again_our_file = ?, wrapped_again_one_time = ?, again_their_file = NULL, "
      "wrapped_again_secret = NULL WHERE id = ?");
  if (const auto done = update.bind(our_file).bind(wrapped).bind(pairing.id).run(); !done)
    return done;
  pairing.again_our_file = to_bytes(our_file);
  pairing.again_their_file.clear();
  return {};
}

Result<crypto::DhKeyPair> PairingStore::again_one_time_key(const PairingRow& pairing) {
  const auto secret =
      unwrap(pairing, "SELECT wrapped_again_one_time FROM pairing WHERE id = ?", kAgainOneTimeUse);
  if (!secret) return secret.error();
  return crypto::DhKeyPair::from_secret(*secret);
}

Result<void> PairingStore::accept_again(PairingRow& pairing, ByteView their_file,
                                        const crypto::Key& secret) {
  const Bytes wrapped =
      seal::wrap(store_key_, bound_to(kAgainSecretUse, pairing.counterpart), secret.view());
  Statement update = database_.prepare(
      "UPDATE pairing SET again_their_file = ?, wrapped_again_secret = ?, "
      "wrapped_again_one_time = NULL WHERE id = ?");
  if (const auto done = update.bind(their_file).bind(wrapped).bind(pairing.id).run(); !done)
    return done;
  pairing.again_their_file = to_bytes(their_file);
  return {};
}

Result<void> PairingStore::confirm_again(PairingRow& pairing, WallTime time, std::uint64_t person,
                                         const std::string& how) {
  const auto secret =
      unwrap(pairing, "SELECT wrapped_again_secret FROM pairing WHERE id = ?", kAgainSecretUse);
  if (!secret) return secret.error();
  const Bytes wrapped =
      seal::wrap(store_key_, bound_to(kSecretUse, pairing.counterpart), secret->view());
  Statement update = database_.prepare(
      "UPDATE pairing SET our_file = again_our_file, their_file = again_their_file, "
      "wrapped_secret = ?, secret_number = 1, secret_ms = ?, wrapped_next = NULL, "
      "again_our_file = NULL, again_their_file = NULL, "
      "wrapped_again_one_time = NULL, wrapped_again_secret = NULL, untried = 1 WHERE id = ?");
  update.bind(wrapped).bind(time).bind(pairing.id);
  if (const auto done = update.run(); !done) return done;
  // Journals that disagree still do, and what was lost is still to come back.
  const auto confirmed = pairing.frozen_why.empty() ? confirm(pairing, time, person, how)
                                                    : note_confirmation(pairing, time, person, how);
  if (!confirmed) return confirmed;
  pairing.our_file = std::exchange(pairing.again_our_file, {});
  pairing.their_file = std::exchange(pairing.again_their_file, {});
  pairing.secret_number = 1;
  pairing.secret_since = time;
  pairing.untried = true;
  return {};
}

Result<void> PairingStore::set_untried(PairingRow& pairing, bool untried) {
  Statement update = database_.prepare("UPDATE pairing SET untried = ? WHERE id = ?");
  if (const auto done = update.bind(untried ? 1 : 0).bind(pairing.id).run(); !done) return done;
  pairing.untried = untried;
  return {};
}

}  // namespace blo::store
