// Domain values written into the control protocol's messages.
#ifndef BLO_DAEMON_VIEWS_H
#define BLO_DAEMON_VIEWS_H

#include "office/officers.h"
#include "office/query.h"

namespace blo::v1 {
class Accepted;
class AddressList;
class Drafted;
class Hold;
class MessageSummary;
class OfficerStatus;
class PairShowResponse;
class PairStatus;
class PolicyRecord;
class Receipted;
class Scrub;
class ShowResponse;
class UnopenedCounts;
}  // namespace blo::v1

namespace blo::daemon {

/// `why_not` says why there is no connection, where that is known.
void write_pair(const office::Pair& pair, bool connected, const std::string& why_not,
                v1::PairStatus& out);
/// What the counterpart's file says, and which secret is in use; nothing before it is accepted.
void write_counterpart(const office::Pair& pair, v1::PairShowResponse& out);
/// Without the officer's name.
void write_addresses(const store::AddressList& list, v1::AddressList& out);
void write_accepted(const office::Acceptance& acceptance, const office::Pair& pair, bool connected,
                    v1::Accepted& out);
void write_drafted(const office::Acceptance& acceptance, const office::Pair& pair,
                   v1::Drafted& out);
/// `now`: what has expired by then is marked.
void write_summary(const office::MessageView& view, WallTime now, v1::MessageSummary& out);
void write_message(const office::MessageView& view, WallTime now, v1::ShowResponse& out);
/// Without the officer's name.
void write_unopened(const store::UnopenedCounts& counts, v1::UnopenedCounts& out);
void write_hold(const office::HoldView& hold, v1::Hold& out);
void write_receipt(const office::ReceiptedHead& head, v1::Receipted& out);
void write_officer(const store::OfficerRow& officer, v1::OfficerStatus& out);
void write_policy(const journal::Policy& policy, v1::PolicyRecord& out);
void write_scrub(const std::optional<store::Scrubbed>& last, bool under_way, v1::Scrub& out);
/// Who may speak for either office at `time`, and what is asked for, each with since when.
void write_standing(const office::Officers& ours, const office::Pair& pair, WallTime time,
                    v1::PairShowResponse& out);

}  // namespace blo::daemon

#endif
