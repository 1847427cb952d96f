#include "base/limits.h"
#include "base/nearest.h"
#include "base/utf8.h"
#include "blo/v1/control.pb.h"
#include "daemon/handler.h"
#include "daemon/page.h"
#include "daemon/views.h"
#include "office/addresses.h"
#include "office/dated_ahead.h"

namespace blo::daemon {
namespace {

/// Whom a file is for, and where this office says it can be dialled.
struct Offer {
  OfficeId counterpart;
  std::vector<std::string> addresses;
};

/// Of the two requests that have a file made.
template <class R>
Result<Offer> read_offer(const R& in) {
  const auto counterpart = OfficeId::parse(in.counterpart());
  if (!counterpart)
    return Error(office::OfficeError::kMalformed, "office '" + in.counterpart() + "'");
  std::vector<std::string> addresses(in.addresses().begin(), in.addresses().end());
  if (addresses.size() > 8 || !std::ranges::all_of(addresses, identity::is_address))
    return Error(office::OfficeError::kMalformed, "an address (HOST:PORT)");
  return Offer{*counterpart, std::move(addresses)};
}

}  // namespace

Result<office::Pair*> Handler::find_pair(const std::string& counterpart) {
  const auto id = OfficeId::parse(counterpart);
  office::Pair* pair = id ? office_.find(*id) : nullptr;
  if (pair != nullptr) return pair;
  std::vector<std::string> known;
  for (const auto& one : office_.pairs()) known.push_back(one->counterpart().text());
  const auto meant = nearest(counterpart, known);
  return Error(office::OfficeError::kUnknownCounterpart,
               counterpart + (meant.empty() ? "" : " (did you mean " + meant.front() + "?)"));
}

void Handler::add_pair(const office::Pair& pair, v1::PairStatus& out) {
  write_pair(pair, node_.syncing(pair), node_.last_failure(pair), out);
  if (const auto waiting = office_.drafts().waiting_for_generation(pair))
    out.set_waiting_messages(*waiting);
  if (node_.waits_for_clock(pair)) {
    const std::string waits = "what came from " + pair.counterpart().text() +
                              " is not stored, for this machine's clock is not believed";
    out.set_waiting_for(out.waiting_for().empty() ? waits : out.waiting_for() + "; " + waits);
  }
  if (const auto until = office::dated_ahead_until(office_, pair, now_); until && *until)
    out.set_dated_ahead_until_ms(to_unix_ms(**until));
  const auto counters = node_.counters(pair);
  out.set_session_bytes_in(counters.bytes_in);
  out.set_session_bytes_out(counters.bytes_out);
}

Result<void> Handler::check_sentence(const std::string& text, const char* what) {
  if (!text.empty() && text.size() <= limits::kSentenceBytesMax && is_utf8(text)) return {};
  return Error(office::OfficeError::kMalformed, std::string(what) + " (1 to 500 bytes)");
}

Answer Handler::done(const std::string& sentence) {
  v1::Response response;
  response.mutable_done()->set_sentence(sentence);
  return last(std::move(response));
}

Answer Handler::pair_invite(const v1::PairInviteRequest& in) {
  auto offer = read_offer(in);
  if (!offer) return fail(offer.error());
  const std::string& basis = in.legal_basis().empty() ? node_.legal_basis() : in.legal_basis();
  if (basis.empty())
    return fail(Error(office::OfficeError::kNoLegalBasis, offer->counterpart.text()));
  if (!identity::is_legal_basis(basis)) {
    return fail(Error(office::OfficeError::kMalformed,
                      "the legal basis (1 to 500 bytes, without control characters)"));
  }
  const auto pair = office_.invite({offer->counterpart, std::move(offer->addresses), basis}, now_);
  if (!pair) return fail(pair.error());
  v1::Response response;
  response.mutable_pair_invite()->set_file(to_string(ByteView((*pair)->ours.bytes)));
  return last(std::move(response));
}

Answer Handler::pair_again(const v1::PairAgainRequest& in) {
  auto offer = read_offer(in);
  if (!offer) return fail(offer.error());
  const auto pair =
      office_.pair_again({offer->counterpart, std::move(offer->addresses), node_.legal_basis(),
                          to_bytes(std::string_view(in.their_file()))},
                         now_);
  if (!pair) return fail(pair.error());
  const auto& ours = (*pair)->again ? (*pair)->again->ours : (*pair)->ours;
  v1::Response response;
  response.mutable_pair_again()->set_file(to_string(ByteView(ours.bytes)));
  return last(std::move(response));
}

Answer Handler::pair_accept(const v1::PairAcceptRequest& in) {
  const auto pair = office_.accept(as_bytes(in.file()), now_);
  if (!pair) return fail(pair.error());
  const auto& again = (*pair)->again;
  const auto& theirs = again && again->theirs ? *again->theirs : *(*pair)->theirs;
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
  if (const auto ok = check_sentence(in.how(), "how the digits were compared"); !ok)
    return fail(ok.error());
  const bool again = (*found)->again.has_value();
  const auto pair =
      office_.confirm((*found)->counterpart(), {in.digits(), person(), in.how()}, now_);
  if (!pair) return fail(pair.error());
  if (again && !(*pair)->again)  // they speak under the secret that was replaced
    node_.close_sessions(**pair, sync::CloseReason::kRenewed);
  node_.dial_soon(**pair);
  v1::Response response;
  response.mutable_pair_confirm();
  return last(std::move(response));
}

Answer Handler::pair_show(const v1::PairShowRequest& in) {
  const auto found = find_pair(in.counterpart());
  if (!found) return fail(found.error());
  const office::Pair& pair = **found;
  v1::Response response;
  auto& out = *response.mutable_pair_show();
  add_pair(pair, *out.mutable_status());
  out.set_our_legal_basis(pair.ours.legal_basis);
  if (pair.sent) out.set_our_generation(pair.sent->row.origin.generation);
  if (pair.received) out.set_their_generation(pair.received->row.origin.generation);
  write_counterpart(pair, out);
  write_standing(office_.officers(), pair, now_.wall, out);
  if (pair.row.confirmed) {
    out.set_confirmed_ms(to_unix_ms(*pair.row.confirmed));
    out.set_confirmed_by_person(pair.row.confirmed_person);
    out.set_confirmed_how(pair.row.confirmed_how);
    const auto* officer = office_.officers().newest(pair.row.confirmed_person);
    if (officer != nullptr) out.set_confirmed_by(officer->name.name);
  }
  if (const auto& set = pair.addresses.set) {
    write_addresses(*set, *out.mutable_set_addresses());
    const auto* officer = office_.officers().newest(set->person);
    if (officer != nullptr) out.mutable_set_addresses()->set_by(officer->name.name);
  }
  if (const auto& announced = pair.addresses.announced)
    write_addresses(*announced, *out.mutable_announced_addresses());
  if (pair.row.state == store::PairingState::kFrozen) out.set_why(office::frozen_why(pair));
  if (pair.row.state == store::PairingState::kEnded) out.set_why(pair.row.why);
  return last(std::move(response));
}

Answer Handler::pair_freeze(const v1::PairFreezeRequest& in) {
  const auto pair = find_pair(in.counterpart());
  if (!pair) return fail(pair.error());
  if (const auto ok = check_sentence(in.reason(), "the reason"); !ok) return fail(ok.error());
  const auto frozen = office::freeze_by_hand(office_.store(), **pair, in.reason());
  if (!frozen) return fail(frozen.error());
  node_.close_sessions(**pair, sync::CloseReason::kFrozen);
  return done("The pairing with " + in.counterpart() +
              " is frozen: nothing is sent, accepted or receipted. It comes back when the digits "
              "are compared again: blo pair confirm.");
}

Answer Handler::pair_end(const v1::PairEndRequest& in) {
  const auto pair = find_pair(in.counterpart());
  if (!pair) return fail(pair.error());
  if (const auto ok = check_sentence(in.reason(), "the reason"); !ok) return fail(ok.error());
  const auto ended = office::end(office_.store(), **pair, in.reason(), now_);
  if (!ended) return fail(ended.error());
  node_.close_sessions(**pair, sync::CloseReason::kFrozen);
  return done("The pairing with " + in.counterpart() +
              " is over. What was exchanged can be read and exported.");
}

Answer Handler::pair_revoke(const v1::PairRevokeRequest& in) {
  const auto pair = office_.revoke_counterpart(as_bytes(in.revocation()), now_);
  if (!pair) return fail(pair.error());
  node_.close_sessions(**pair, sync::CloseReason::kUnspecified);
  return done("The pairing with " + (*pair)->counterpart().text() +
              " is over: " + (*pair)->row.why + ".");
}

Answer Handler::pair_address(const v1::PairAddressRequest& in) {
  const auto pair = find_pair(in.counterpart());
  if (!pair) return fail(pair.error());
  const auto set = office::set_addresses(
      office_.store(), **pair, {in.addresses().begin(), in.addresses().end()}, person(), now_);
  if (!set) return fail(set.error());
  node_.dial_elsewhere(**pair);
  const auto all = office::dialled_addresses(**pair);
  std::string where;
  for (const auto& address : all) where += (where.empty() ? "" : ", then ") + address;
  return done(all.empty() ? in.counterpart() + " is not dialled any more: it must call us."
                          : in.counterpart() + " is dialled at " + where +
                                ". blo status says whether it answers.");
}

Answer Handler::pair_rotate(const v1::PairRotateRequest& in) {
  const auto pair = find_pair(in.counterpart());
  if (!pair) return fail(pair.error());
  const auto wanted = office_.rotate(**pair);
  if (!wanted) return fail(wanted.error());
  node_.tick_soon(**pair);
  return done("A new pairing secret is agreed with " + in.counterpart() +
              " as soon as it is connected.");
}

Answer Handler::pair_renew(const v1::PairRenewRequest& in) {
  const auto pair = find_pair(in.counterpart());
  if (!pair) return fail(pair.error());
  node_.close_sessions(**pair, sync::CloseReason::kRenewed);  // they speak of the old generation
  const auto opened = office_.open_next_generation(**pair, now_);
  node_.dial_soon(**pair);
  if (!opened) return fail(opened.error());
  const auto& origin = (*pair)->sent->row.origin;
  return done("The journal to " + in.counterpart() + " goes on in generation " +
              std::to_string(origin.generation) + " under a new key; the old key is destroyed.");
}

Answer Handler::office_recover(const v1::OfficeRecoverRequest& in) {
  const auto pair = find_pair(in.counterpart());
  if (!pair) return fail(pair.error());
  const auto recovered = office_.recover(**pair, now_);
  if (!recovered) return fail(recovered.error());
  node_.close_sessions(**pair, sync::CloseReason::kRenewed);
  node_.dial_soon(**pair);
  v1::Response response;
  auto& out = *response.mutable_office_recover();
  out.set_entries(recovered->entries);
  out.set_reentered(recovered->reentered);
  out.set_left_out(recovered->left_out);
  out.set_awaiting_release(recovered->awaiting_release);
  out.set_generation((*pair)->sent->row.origin.generation);
  return last(std::move(response));
}

Result<std::span<const std::unique_ptr<office::Pair>>> Handler::pairs_behind(
    const Page<OfficeId>& page) const {
  const std::span pairs(office_.pairs());
  if (!page.after()) return pairs;
  const auto named = std::ranges::find(
      pairs, *page.after(), [](const auto& pair) -> const auto& { return pair->counterpart(); });
  if (named == pairs.end())
    return Error(office::OfficeError::kUnknownCounterpart, page.after()->text());
  return std::span(named + 1, pairs.end());
}

Answer Handler::pair_list(const v1::PairListRequest& in) {
  const auto page = read_page<OfficeId>(in.page(), OfficeId::parse);
  if (!page) return fail(page.error());
  const auto pairs = pairs_behind(*page);
  if (!pairs) return fail(pairs.error());
  v1::Response response;
  auto& list = *response.mutable_pair_list();
  PageAnswer rows(page->rows(), *list.mutable_pairs());
  for (const auto& pair : *pairs) {
    v1::PairStatus out;
    add_pair(*pair, out);
    if (!rows.add(std::move(out), pair->counterpart().text())) break;
  }
  list.set_next(rows.next());
  return last(std::move(response));
}

}  // namespace blo::daemon
