#include "base/limits.h"
#include "blo/v1/control.pb.h"
#include "daemon/handler.h"
#include "daemon/views.h"

namespace blo::daemon {

Result<office::Pair*> Handler::find_pair(const std::string& counterpart) {
  const auto id = OfficeId::parse(counterpart);
  office::Pair* pair = id ? office_.find(*id) : nullptr;
  if (pair == nullptr) return Error(office::OfficeError::kUnknownCounterpart, counterpart);
  return pair;
}

void Handler::add_pair(const office::Pair& pair, v1::PairStatus& out) {
  write_pair(pair, node_.syncing(pair), node_.last_failure(pair), out);
  const auto counters = node_.counters(pair);
  out.set_session_bytes_in(counters.bytes_in);
  out.set_session_bytes_out(counters.bytes_out);
}

Answer Handler::pair_invite(const v1::PairInviteRequest& in) {
  const auto counterpart = OfficeId::parse(in.counterpart());
  if (!counterpart)
    return fail(Error(office::OfficeError::kMalformed, "office '" + in.counterpart() + "'"));
  std::vector<std::string> addresses(in.addresses().begin(), in.addresses().end());
  const bool addresses_ok =
      addresses.size() <= 8 && std::ranges::all_of(addresses, identity::is_address);
  if (!addresses_ok) return fail(Error(office::OfficeError::kMalformed, "an address (HOST:PORT)"));
  const auto pair = office_.invite(*counterpart, std::move(addresses), now_);
  if (!pair) return fail(pair.error());
  v1::Response response;
  response.mutable_pair_invite()->set_file(to_string(ByteView((*pair)->ours.bytes)));
  return last(std::move(response));
}

Answer Handler::pair_accept(const v1::PairAcceptRequest& in) {
  const auto pair = office_.accept(as_bytes(in.file()), now_);
  if (!pair) return fail(pair.error());
  const auto& theirs = *(*pair)->theirs;
  v1::Response response;
  auto& out = *response.mutable_pair_accept();
  out.set_counterpart((*pair)->counterpart().text());
  out.set_digits(office::digits(**pair));
  out.set_authority_fingerprint(to_string(ByteView(theirs.authority.fingerprint())));
  out.set_office_fingerprint(to_string(ByteView(theirs.office.fingerprint())));
  for (const auto& address : theirs.addresses) out.add_addresses(address);
  return last(std::move(response));
}

Answer Handler::pair_confirm(const v1::PairConfirmRequest& in) {
  const auto found = find_pair(in.counterpart());
  if (!found) return fail(found.error());
  const auto pair = office_.confirm((*found)->counterpart(), in.digits(), now_);
  if (!pair) return fail(pair.error());
  node_.dial_soon(**pair);
  v1::Response response;
  response.mutable_pair_confirm();
  return last(std::move(response));
}

Answer Handler::pair_list() {
  v1::Response response;
  response.mutable_pair_list();
  for (const auto& pair : office_.pairs()) {
    add_pair(*pair, *response.mutable_pair_list()->add_pairs());
  }
  return last(std::move(response));
}

}  // namespace blo::daemon
