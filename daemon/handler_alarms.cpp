#include "base/ids.h"
#include "blo/v1/control.pb.h"
#include "daemon/alarm_lines.h"
#include "daemon/handler.h"
#include "daemon/page.h"

namespace blo::daemon {
namespace {

std::optional<std::uint64_t> parse_alarm(const std::string& text) {
  const auto id = parse_decimal(text);
  return id && *id > 0 && *id <= INT64_MAX ? id : std::nullopt;
}

v1::AlarmSeverity to_wire(office::Severity severity) {
  return severity == office::Severity::kCritical ? v1::ALARM_SEVERITY_CRITICAL
                                                 : v1::ALARM_SEVERITY_WARNING;
}

}  // namespace

Result<void> Handler::write_open_alarms(v1::StatusResponse& out) {
  const auto counts = office_.alarms().count_open_by_code();
  if (!counts) return counts.error();
  std::uint64_t in_all = 0;
  for (const auto severity : {office::Severity::kCritical, office::Severity::kWarning}) {
    for (const auto& [code, count] : *counts) {
      if (office::severity_of(code) != severity) continue;
      auto& row = *out.add_open_alarms();
      row.set_code(code);
      row.set_severity(to_wire(severity));
      row.set_count(count);
      in_all += count;
    }
  }
  out.set_alarms(in_all);
  return {};
}

void Handler::write_alarm(const store::AlarmRow& alarm, v1::Alarm& out) const {
  out.set_id(alarm.id);
  out.set_raised_ms(to_unix_ms(alarm.raised));
  out.set_code(alarm.code);
  out.set_severity(to_wire(office::severity_of(alarm.code)));
  out.set_subject(alarm.subject);
  out.set_sentence(alarm.sentence);
  out.set_next_step(alarm.next_step);
  out.set_has_evidence(alarm.has_evidence);
  out.set_occurrences(alarm.occurrences);
  out.set_last_ms(to_unix_ms(alarm.last));
  if (!alarm.acknowledged) return;
  out.set_acknowledged_ms(to_unix_ms(alarm.acknowledged->time));
  out.set_acknowledged_person(alarm.acknowledged->person);
  if (question_.asker.only_monitors()) return;  // who it is and what they say is for officers
  out.set_acknowledged_by(name_of(alarm.acknowledged->person));
  out.set_acknowledgement(alarm.acknowledged->sentence);
}

Answer Handler::alarm_list(const v1::AlarmListRequest& in) {
  if (in.alarm() != 0) return one_alarm(in.alarm());
  const auto page = read_page<std::uint64_t>(in.page(), parse_alarm);
  if (!page) return fail(page.error());
  const auto alarms = office_.alarms().list(in.all(), *page);
  if (!alarms) return fail(alarms.error());
  v1::Response response;
  auto& list = *response.mutable_alarm_list();
  PageAnswer rows(page->rows(), *list.mutable_alarms());
  for (const auto& alarm : *alarms) {
    v1::Alarm out;
    write_alarm(alarm, out);
    if (!rows.add(std::move(out), std::to_string(alarm.id))) break;
  }
  list.set_next(rows.next());
  return last(std::move(response));
}

Answer Handler::one_alarm(std::uint64_t id) {
  const Error unknown(office::OfficeError::kUnknownAlarm, std::to_string(id));
  if (id > INT64_MAX) return fail(unknown);
  const auto alarms = office_.alarms().list(true, Page<std::uint64_t>(id - 1, 1));
  if (!alarms) return fail(alarms.error());
  if (alarms->empty() || alarms->front().id != id) return fail(unknown);
  const auto evidence = office_.alarms().evidence_of(alarms->front());
  if (!evidence) return fail(evidence.error());
  v1::Response response;
  auto& out = *response.mutable_alarm_list()->add_alarms();
  write_alarm(alarms->front(), out);
  out.set_evidence(to_string(ByteView(*evidence)));
  return last(std::move(response));
}

Answer Handler::alarm_ack(const v1::AlarmAckRequest& in) {
  node_.tell_of_alarms();  // each is raised before it is acknowledged
  const auto acknowledged =
      office_.alarms().acknowledge(in.alarm(), *question_.asker.officer, in.sentence(), now_);
  if (!acknowledged) return fail(acknowledged.error());
  const auto now_closed = office_.alarms().list(true, Page<std::uint64_t>(in.alarm() - 1, 1));
  if (now_closed && !now_closed->empty()) diag::write(acknowledged_line(now_closed->front()));
  return done("Alarm " + std::to_string(in.alarm()) + " is acknowledged.");
}

}  // namespace blo::daemon
