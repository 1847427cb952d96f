#include "base/limits.h"
#include "blo/v1/control.pb.h"
#include "daemon/handler.h"
#include "daemon/views.h"

namespace blo::daemon {

using identity::Role;

Answer Handler::officer_add(const v1::OfficerAddRequest& in) {
  std::vector<Role> roles;
  for (const int role : in.roles()) {
    if (role < v1::ROLE_OPERATOR || role > v1::ROLE_ADMINISTRATOR) {
      return fail(Error(office::OfficeError::kMalformed, "role"));
    }
    roles.push_back(static_cast<Role>(role));
  }
  const auto officer = office_.officers().add(as_bytes(in.request()), std::move(roles),
                                              in.valid_days(), in.person(), now_);
  if (!officer) return fail(officer.error());
  v1::Response response;
  auto& out = *response.mutable_officer_add();
  out.set_certificate(to_string(ByteView((*officer)->certificate.bytes())));
  out.set_fingerprint(to_string(ByteView((*officer)->certificate.fingerprint())));
  out.set_person((*officer)->person);
  return last(std::move(response));
}

Answer Handler::officer_list() {
  v1::Response response;
  response.mutable_officer_list();
  for (const auto& officer : office_.officers().all()) {
    write_officer(officer, *response.mutable_officer_list()->add_officers());
  }
  return last(std::move(response));
}

}  // namespace blo::daemon
