#include "blo/v1/control.pb.h"
#include "daemon/handler.h"

namespace blo::daemon {

Answer Handler::alarm_list(const v1::AlarmListRequest& in) {
  const auto alarms = office_.alarms().list(in.all());
  if (!alarms) return fail(alarms.error());
  v1::Response response;
  response.mutable_alarm_list();
  for (const auto& alarm : *alarms) {
    auto& out = *response.mutable_alarm_list()->add_alarms();
    out.set_id(alarm.id);
    out.set_raised_ms(to_unix_ms(alarm.raised));
    out.set_code(alarm.code);
    out.set_subject(alarm.subject);
    out.set_sentence(alarm.sentence);
    out.set_next_step(alarm.next_step);
    out.set_evidence(to_string(ByteView(alarm.evidence)));
    out.set_occurrences(alarm.occurrences);
    out.set_last_ms(to_unix_ms(alarm.last));
    if (!alarm.acknowledged) continue;
    out.set_acknowledged_ms(to_unix_ms(alarm.acknowledged->time));
    out.set_acknowledged_person(alarm.acknowledged->person);
    out.set_acknowledged_by(name_of(alarm.acknowledged->person));
    out.set_acknowledgement(alarm.acknowledged->sentence);
  }
  return last(std::move(response));
}

Answer Handler::alarm_ack(const v1::AlarmAckRequest& in) {
  const auto acknowledged =
      office_.alarms().acknowledge(in.alarm(), *question_.asker.officer, in.sentence(), now_);
  if (!acknowledged) return fail(acknowledged.error());
  return done("Alarm " + std::to_string(in.alarm()) + " is acknowledged.");
}

}  // namespace blo::daemon
