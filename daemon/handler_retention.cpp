#include "blo/v1/control.pb.h"
#include "daemon/handler.h"
#include "daemon/node.h"
#include "daemon/page.h"
#include "daemon/views.h"
#include "office/retention.h"

namespace blo::daemon {

Answer Handler::retention(const v1::RetentionRequest& in) {
  const auto& rules = node_.retention();
  const std::size_t limit = in.limit() == 0 ? 50 : std::min<std::size_t>(in.limit(), 1000);
  const auto report = in.apply() ? office::apply_retention(office_, rules, limit, person(), now_)
                                 : office::preview_retention(office_, rules, limit, now_);
  if (in.apply()) {
    for (const auto& pair : office_.pairs()) node_.pump(*pair);
  }
  if (!report) return fail(report.error());
  v1::Response response;
  auto& out = *response.mutable_retention();
  for (const auto& message : report->messages) {
    auto& item = *out.add_items();
    item.set_number(message.number.text());
    item.set_kind(static_cast<v1::Kind>(message.kind));
    item.set_direction(message.sent ? v1::DIRECTION_SENT : v1::DIRECTION_RECEIVED);
    item.set_stamped_ms(to_unix_ms(message.stamped));
    item.set_due_ms(to_unix_ms(message.due));
    item.set_held(message.held);
  }
  out.set_due(report->due);
  out.set_held(report->held);
  out.set_erased(report->erased);
  for (const auto& rule : rules) {
    auto& line = *out.add_rules();
    line.set_kind(static_cast<v1::Kind>(rule.kind));
    line.set_kept_s(static_cast<std::uint64_t>(rule.kept / seconds(1)));
    line.set_basis(rule.basis);
  }
  for (const auto& counterpart : report->left_out) out.add_left_out(counterpart.text());
  for (const auto& order : report->ordered) {
    auto& item = *out.add_ordered();
    item.set_counterpart(order.counterpart.text());
    item.set_ordered_ms(to_unix_ms(order.time));
    item.set_person(order.person);
  }
  return last(std::move(response));
}

Answer Handler::hold(const v1::HoldRequest& in) {
  const auto number = MessageNumber::parse(in.number());
  if (!number) return fail(Error(office::OfficeError::kMalformed, "number '" + in.number() + "'"));
  if (const auto stated = check_sentence(in.reason(), "the reason"); !stated)
    return fail(stated.error());
  const std::string text = number->text();
  if (!in.lift()) {
    const auto placed = office::place_hold(office_, *number, in.reason(), person(), now_);
    if (!placed) return fail(placed.error());
    return done("The content of " + text + " is kept until the hold is lifted.");
  }
  const auto erased = office::lift_hold(office_, *number, *question_.asker.officer, now_);
  if (!erased) return fail(erased.error());
  for (const auto& pair : office_.pairs()) node_.pump(*pair);
  return done("The hold on " + text + " is lifted." +
              (*erased > 0 ? " What its sender had asked to destroy is destroyed."
               : !office_.clock().may_destroy(now_)
                   ? " What its sender had asked to destroy, if anything, waits until the clock is "
                     "enough to destroy by: blo status."
                   : ""));
}

Answer Handler::hold_list(const v1::HoldListRequest& in) {
  const auto page = read_page<store::HoldKey>(in.page(), store::HoldKey::parse);
  if (!page) return fail(page.error());
  const auto holds = office::list_holds(office_, *page);
  if (!holds) return fail(holds.error());
  v1::Response response;
  auto& list = *response.mutable_hold_list();
  PageAnswer rows(page->rows(), *list.mutable_holds());
  for (const auto& hold : *holds) {
    v1::Hold out;
    write_hold(hold, out);
    out.set_officer(name_of(hold.person));
    if (!rows.add(std::move(out), hold.key.text())) break;
  }
  list.set_next(rows.next());
  return last(std::move(response));
}

}  // namespace blo::daemon
