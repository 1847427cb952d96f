#include "blo/v1/control.pb.h"
#include "daemon/handler.h"

namespace blo::daemon {

Answer Handler::pair_revoke(const v1::PairRevokeRequest& in) {
  const auto pair = office_.revoke_counterpart(as_bytes(in.revocation()), now_);
  if (!pair) return fail(pair.error());
  node_.close_sessions(**pair, sync::CloseReason::kUnspecified);
  return done("The pairing with " + (*pair)->counterpart().text() +
              " is over: " + (*pair)->row.why + ".");
}

}  // namespace blo::daemon
