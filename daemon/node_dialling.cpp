// The node's dialling: whom, when, and what is said of it.
#include "base/diag.h"
#include "crypto/random.h"
#include "daemon/node.h"
#include "transport/address.h"
#include "transport/dialer.h"
#include "transport/spawn.h"

namespace blo::daemon {
namespace {

namespace asio = boost::asio;
using transport::Errand;

std::uint32_t chance() { return read_be<std::uint32_t>(crypto::random_array<4>()); }

Errand errand_to(const office::Pair& pair) {
  if (office::dialled_addresses(pair).empty()) return Errand::kNone;
  if (pair.may_connect()) return Errand::kExchange;
  const bool frozen = pair.row.state == store::PairingState::kFrozen;
  // A counterpart that cannot dial, and lost something, too, asks over the session it is given.
  return frozen && pair.row.recovery == store::Recovery::kRecovered ? Errand::kAnswer
                                                                    : Errand::kNone;
}

/// "287 s" is as much as an administrator wants to know.
std::string in_seconds(milliseconds time) {
  return std::to_string(std::chrono::ceil<seconds>(time).count()) + " s";
}

}  // namespace

void Node::tell(const office::Pair& pair, const std::string& line, Now now) {
  if (const auto told = acquaintances_[&pair].lines.note(line, now.steady)) diag::info(*told);
}

void Node::dial_soon(const office::Pair& pair) { acquaintances_[&pair].dialling.soon(); }

void Node::dial_elsewhere(const office::Pair& pair) {
  // One that leads to where the counterpart was may look alive for a minute and a half.
  close_sessions(pair, sync::CloseReason::kUnspecified);
  auto& known = acquaintances_[&pair];
  ++known.attempt;  // one that still looks for the old address must not be waited for
  known.dialling.given_up();
  known.address.begin_anew();
  known.dialling.soon();
}

void Node::note_own_addresses() {
  const auto listening =
      listener_ ? listener_->endpoints() : std::vector<boost::asio::ip::tcp::endpoint>();
  office_.set_own_addresses({announce_, transport::machine_addresses(listening)});
}

void Node::dial_due(Now now) {
  for (const auto& pair : office_.pairs()) {
    const auto errand = errand_to(*pair);
    if (errand == Errand::kNone || !connections_of(*pair).empty()) continue;
    auto& known = acquaintances_[pair.get()];
    if (!known.dialling.due(now.steady, errand)) continue;
    const auto secrets = office::usable_secrets(office_.store(), *pair);
    const auto key = pair->theirs->office.details().dh_key(identity::KeyUse::kTransport);
    if (!secrets || !key) continue;
    known.dialling.began();
    const auto& secret = (*secrets)[known.not_taken % secrets->size()];
    std::string address = known.address.next(office::dialled_addresses(*pair));
    session::DialOptions options(office_.keys().network, pair->counterpart(), *key,
                                 office_.keys().transport.clone(), identity::noise_psk(secret));
    asio::co_spawn(loop_,
                   dial(*this, *pair, ++known.attempt, std::move(address), std::move(options)),
                   transport::end_of_coroutine);
  }
}

asio::awaitable<void> Node::dial(Node& node, office::Pair& pair, std::uint64_t attempt,
                                 std::string address, session::DialOptions options) {
  auto link = co_await transport::dial(std::move(address), std::move(options), node);
  if (node.stopping_ || node.acquaintances_[&pair].attempt != attempt) {
    if (link) (*link)->abandon();
    co_return;
  }
  if (!link) {
    node.dial_failed(pair, link.error().message(), read_clocks());
    co_return;
  }
  node.acquaintances_[&pair].link = *link;
  (*link)->start();
}

void Node::dial_failed(const office::Pair& pair, const std::string& why, Now now) {
  auto& known = acquaintances_[&pair];
  known.link.reset();
  known.dialling.failed(now.steady, chance());
  tell(pair, "no connection to " + pair.counterpart().text() + ": " + why, now);
  known.last_error = why;
}

/// After a session, whichever side had dialled it.
void Node::dial_again(Connection& connection, const std::string& why, Now now) {
  const auto& pair = connection.pair();
  const auto& peer = connection.peer();
  auto& known = acquaintances_[&pair];
  known.last_error = why;
  known.dialling.ended(now.steady, {peer.of_use(now.steady), peer.broke_off()}, chance());
  std::string line = "connection with " + pair.counterpart().text() + " ended: " + why;
  if (errand_to(pair) == Errand::kExchange && connections_of(pair).empty())
    line += "; the next is tried in " + in_seconds(known.dialling.wait(now.steady));
  tell(pair, line, now);
}

}  // namespace blo::daemon
