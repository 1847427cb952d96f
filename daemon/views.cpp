#include "daemon/views.h"

#include "base/hex.h"
#include "base/limits.h"
#include "blo/v1/control.pb.h"
#include "message/message.h"
#include "office/addresses.h"
#include "office/arrived_expired.h"

namespace blo::daemon {
namespace {

/// How far the ceremony anew has come; empty without one.
std::string again_sentence(const office::Pair& pair) {
  const std::string name = pair.counterpart().text();
  if (pair.again && pair.again->theirs)
    return "pairing again waits for the digits to be compared: blo pair confirm " + name;
  if (pair.again) return "pairing again waits for " + name + "'s file: blo pair accept FILE";
  if (pair.row.untried && pair.row.state != store::PairingState::kEnded)
    return "paired again here; no session begins before " + name + " has confirmed the digits, too";
  return "";
}

/// What either side holds back for the day; empty where nothing is.
std::string held_sentence(const office::Pair& pair) {
  const std::string name = pair.counterpart().text();
  std::string sentence;
  if (pair.held)
    sentence = name + " takes no more of ours before " + to_rfc3339(pair.held->until_wall) +
               ", but for FLASH messages, openings and outcomes";
  if (!pair.intake.holds_back()) return sentence;
  return sentence + (sentence.empty() ? "" : "; ") + name +
         " has sent as much as a day may have, and more is not taken";
}

std::string waiting_sentence(const office::Pair& pair, bool connected, const std::string& why_not) {
  const std::string name = pair.counterpart().text();
  switch (pair.row.state) {
    case store::PairingState::kInvited:
      return "waits for " + name + "'s pairing file: blo pair accept FILE";
    case store::PairingState::kAccepted:
      return "waits for the digits to be compared: blo pair confirm " + name;
    case store::PairingState::kFrozen: return office::frozen_why(pair);
    case store::PairingState::kEnded: return "";
    case store::PairingState::kConfirmed: break;
  }
  const std::uint64_t receipted = pair.sent->head ? pair.sent->head->checkpoint.size : 0;
  const std::uint64_t queued = pair.sent->row.size() - receipted;
  if (connected)
    return queued == 0 ? "" : std::to_string(queued) + " entries are on their way to " + name;
  std::string sentence = name + " is not connected";
  if (queued > 0) sentence += "; " + std::to_string(queued) + " entries wait for it";
  if (office::dialled_addresses(pair).empty())
    sentence += pair.addresses.set ? "; it must call us: blo pair address"
                                   : "; it must call us, for its pairing file names no address";
  if (!why_not.empty()) sentence += "; last: " + why_not;
  return sentence;
}

/// A step says little without the message it is about.
std::string step_summary(const office::MessageView& view) {
  const std::string about =
      view.in_reply_to ? view.in_reply_to->text() : "a message that is not held here";
  if (view.envelope->kind == message::kOpened) return about + " was opened";
  if (view.content.empty()) return about + " was acted upon";
  return about + ": " + message::summary(view.envelope->kind, view.content);
}

void write_step(const office::StepView& step, v1::Step& out) {
  out.set_number(step.number.text());
  out.set_kind(static_cast<v1::Kind>(step.kind));
  out.set_stamped_ms(to_unix_ms(step.stamped.time));
  out.set_claim(step.stamped.received.has_value());
  out.set_person(step.officer.person);
  out.set_officer(step.officer.name.name);
  out.set_agency(step.officer.name.agency);
  out.set_outcome(step.outcome);
  out.set_text(step.text);
}

void write_erasure(const office::ErasureView& erasure, v1::Erased& out) {
  out.set_by(erasure.by.text());
  out.set_stamped_ms(to_unix_ms(erasure.stamped.time));
  out.set_claim(erasure.stamped.received.has_value());
  out.set_rule(erasure.rule);
  out.set_person(erasure.person);
  out.set_copy(erasure.copy);
  out.set_waits(erasure.waits);
}

}  // namespace

void write_pair(const office::Pair& pair, bool connected, const std::string& why_not,
                v1::PairStatus& out) {
  out.set_counterpart(pair.counterpart().text());
  out.set_state(static_cast<v1::PairState>(pair.row.state));
  out.set_connected(connected);
  out.set_last_contact_ms(to_unix_ms(pair.last_contact));
  if (pair.sent) {
    out.set_sent(pair.sent->row.size());
    out.set_receipted(pair.sent->head ? pair.sent->head->checkpoint.size : 0);
  }
  if (pair.received) {
    out.set_received(pair.received->row.size());
    out.set_refused(pair.received->row.refused);
  }
  std::string waiting_for = waiting_sentence(pair, connected, why_not);
  for (const std::string& more : {held_sentence(pair), again_sentence(pair)}) {
    if (!more.empty()) waiting_for += (waiting_for.empty() ? "" : "; ") + more;
  }
  out.set_waiting_for(waiting_for);
}

void write_counterpart(const office::Pair& pair, v1::PairShowResponse& out) {
  if (!pair.theirs) return;
  const auto& theirs = *pair.theirs;
  out.set_digits(office::digits(pair));
  out.set_authority_fingerprint(to_string(ByteView(theirs.authority.fingerprint())));
  out.set_office_fingerprint(to_string(ByteView(theirs.office.fingerprint())));
  out.set_office_not_after_s(to_unix_s(theirs.office.details().not_after));
  for (const auto& address : theirs.addresses) out.add_addresses(address);
  out.set_their_legal_basis(theirs.legal_basis);
  if (pair.row.state == store::PairingState::kEnded) return;
  out.set_secret_number(pair.row.secret_number);
  out.set_secret_since_ms(to_unix_ms(pair.row.secret_since));
}

void write_addresses(const store::AddressList& list, v1::AddressList& out) {
  for (const auto& address : list.addresses) out.add_addresses(address);
  out.set_since_ms(to_unix_ms(list.since));
  out.set_by_person(list.person);
}

void write_accepted(const office::Acceptance& acceptance, const office::Pair& pair, bool connected,
                    v1::Accepted& out) {
  out.set_number(acceptance.number.text());
  out.set_again(acceptance.again);
  out.set_queued(!connected);
  const std::string name = pair.counterpart().text();
  if (acceptance.again) {
    out.set_sentence("accepted before, under this number");
  } else if (connected) {
    out.set_sentence("accepted, on its way to " + name);
  } else {
    out.set_sentence("accepted and queued: " + name +
                     " is not connected; it goes out by itself when " + name + " answers");
  }
}

void write_drafted(const office::Acceptance& acceptance, const office::Pair& pair,
                   v1::Drafted& out) {
  const std::string draft = office::draft_name(acceptance.draft);
  out.set_draft(draft);
  out.set_again(acceptance.again);
  if (acceptance.for_generation) {
    out.set_state(v1::DRAFT_STATE_WAITS_FOR_RECOVER);
    const std::string& who = pair.counterpart().text();
    out.set_sentence(std::string(acceptance.again ? "kept before, under this name" : "kept") +
                     ": it waits, for this office's store is older than what was sent from it; it "
                     "goes out once an administrator has said: blo office recover " +
                     who);
    return;
  }
  out.set_state(v1::DRAFT_STATE_WAITS_FOR_RELEASE);
  out.set_sentence(std::string(acceptance.again ? "drafted before, under this number" : "drafted") +
                   ": the policy for " + pair.counterpart().text() +
                   " asks for a second officer; it waits until a releaser other than its author "
                   "runs: blo release " +
                   draft);
}

void write_receipt(const office::ReceiptedHead& head, v1::Receipted& out) {
  out.set_origin(head.checkpoint.origin.text());
  out.set_size(head.checkpoint.size);
  out.set_root(to_string(ByteView(head.checkpoint.root)));
  out.set_time_s(head.receipt.time_s);
  out.set_by(head.checkpoint.origin.to.text());
}

void write_unopened(const store::UnopenedCounts& counts, v1::UnopenedCounts& out) {
  out.set_routine(counts[0]);
  out.set_priority(counts[1]);
  out.set_immediate(counts[2]);
  out.set_flash(counts[3]);
}

void write_hold(const office::HoldView& hold, v1::Hold& out) {
  out.set_number(hold.number.text());
  out.set_placed_ms(to_unix_ms(hold.placed));
  out.set_person(hold.person);
  out.set_reason(hold.reason);
  out.set_erasure_waits(hold.erasure_waits);
}

void write_summary(const office::MessageView& view, WallTime now, v1::MessageSummary& out) {
  out.set_number(view.number.text());
  out.set_state(static_cast<v1::MessageState>(view.state));
  out.set_stamped_ms(to_unix_ms(view.stamp.time));
  out.set_claim(view.claim);
  out.set_clock_unsure(view.stamp.unsure);
  out.set_author(view.author.name.name);
  if (view.receipt) out.set_receipt_time_s(view.receipt->receipt.time_s);
  if (view.refusal) out.set_refusal(std::string(journal::to_string(*view.refusal)));
  out.set_erased(view.erased);
  out.set_held(view.held);
  out.set_withheld(view.withheld);
  out.set_damaged(view.damaged);
  out.set_unopened(view.unopened);
  out.set_outcome(view.outcome);
  if (!view.envelope) return;
  out.set_kind(static_cast<v1::Kind>(view.envelope->kind));
  out.set_precedence(static_cast<v1::Precedence>(view.envelope->precedence));
  out.set_created_ms(to_unix_ms(view.envelope->created));
  if (const auto& expires = view.envelope->expires) {
    out.set_expires_ms(to_unix_ms(*expires));
    out.set_expired(*expires <= now);
    out.set_arrived_expired(view.receipt &&
                            office::arrived_expired(expires, view.receipt->receipt));
  }
  if (view.in_reply_to) out.set_in_reply_to(view.in_reply_to->text());
  if (view.supersedes) {
    out.set_supersedes(view.supersedes->text());
  } else if (view.envelope->supersedes) {
    out.set_supersedes(to_hex(*view.envelope->supersedes));
  }
  if (journal::is_step(view.envelope->kind)) {
    out.set_summary(step_summary(view));
  } else if (!view.content.empty()) {
    out.set_summary(message::summary(view.envelope->kind, view.content));
  }
}

void write_message(const office::MessageView& view, WallTime now, v1::ShowResponse& out) {
  write_summary(view, now, *out.mutable_summary());
  out.set_leaf_hash(to_string(ByteView(view.leaf_hash)));
  out.set_author_agency(view.author.name.agency);
  out.set_author_person(view.author.person);
  if (view.releaser) {
    out.set_releaser_person(view.releaser->person);
    out.set_releaser(view.releaser->name.name);
  }
  if (view.receipt) write_receipt(*view.receipt, *out.mutable_receipt());
  for (const auto& step : view.steps) write_step(step, *out.add_steps());
  for (const auto& erasure : view.erasures) write_erasure(erasure, *out.add_erased());
  if (view.hold) write_hold(*view.hold, *out.mutable_hold());
  if (!view.envelope) return;
  out.set_message_id(to_string(ByteView(view.envelope->message_id)));
  out.set_author_unproven(view.unproven);
  if (!view.unproven) out.set_author_certificate(to_string(ByteView(view.envelope->officer)));
  if (view.content.empty()) return;
  auto rendered =
      message::render_beginning(view.envelope->kind, view.content, limits::kRenderedBytesMax);
  out.set_rendered(std::move(rendered.text));
  out.set_rendered_cut(rendered.cut);
  if (auto json = message::to_json(view.envelope->kind, view.content))
    out.set_json(std::move(*json));
}

void write_officer(const store::OfficerRow& officer, v1::OfficerStatus& out) {
  const auto& details = officer.certificate.details();
  out.set_person(officer.person);
  out.set_name(officer.name.name);
  out.set_agency(officer.name.agency);
  for (const auto role : details.roles) out.add_roles(static_cast<v1::Role>(role));
  out.set_fingerprint(to_string(ByteView(officer.certificate.fingerprint())));
  out.set_not_before_s(to_unix_s(details.not_before));
  out.set_not_after_s(to_unix_s(details.not_after));
}

}  // namespace blo::daemon
