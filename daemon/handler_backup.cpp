#include "base/wire.h"
#include "blo/v1/control.pb.h"
#include "daemon/backup.h"
#include "daemon/handler.h"

namespace blo::daemon {

Answer Handler::start_backup(const v1::BackupRequest& in) {
  StartBackup wanted{{}, in.with_office_key()};
  if (!copy_exact(as_bytes(in.recipient()), wanted.recipient))
    return fail(Error(office::OfficeError::kMalformed, "the recipient of the backup"));
  return wanted;
}

Bytes backup_response(BackupJob& job) {
  v1::Response response;
  auto& out = *response.mutable_backup();
  out.set_time_ms(to_unix_ms(job.time()));
  for (const auto& journal : job.journals()) {
    auto& to = *out.add_journals();
    to.set_origin(journal.origin.text());
    to.set_size(journal.size);
    to.set_root(to_string(ByteView(journal.root)));
  }
  out.set_bytes(job.bytes());
  out.set_sha256(to_string(ByteView(job.sha256())));
  for (const auto& part : job.parts()) out.add_parts(part);
  response.set_last(true);
  return encode_wire(response);
}

}  // namespace blo::daemon
