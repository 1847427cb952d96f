// blo pair accept: reads the counterpart's file and shows what must be compared by voice.
#include "base/hex.h"
#include "blo/v1/control.pb.h"
#include "commands.h"
#include "daemon.h"
#include "keys.h"
#include "pair_texts.h"
#include "report.h"

namespace blo::cli {
namespace {

struct Accepted {
  std::string counterpart;
  std::string digits;
  identity::Fingerprint authority;
  identity::Fingerprint office;
  std::vector<std::string> addresses;
};

Outcome<Accepted> from_wire(const v1::PairAcceptResponse& wire) {
  Accepted accepted{wire.counterpart(), wire.digits(), {}, {}, {}};
  if (!copy_exact(as_bytes(wire.authority_fingerprint()), accepted.authority) ||
      !copy_exact(as_bytes(wire.office_fingerprint()), accepted.office)) {
    return unexpected_answer();
  }
  accepted.addresses.assign(wire.addresses().begin(), wire.addresses().end());
  return accepted;
}

Json to_json(const Accepted& accepted) {
  return Json::object({{"counterpart", accepted.counterpart},
                       {"digits", accepted.digits},
                       {"authorityFingerprint", to_hex(accepted.authority)},
                       {"officeFingerprint", to_hex(accepted.office)},
                       {"addresses", Json::strings(accepted.addresses)},
                       {"note", kByHand}});
}

void tell(const Accepted& accepted) {
  const std::string who = accepted.counterpart;
  std::string addresses;
  for (const std::string& address : accepted.addresses) addresses += " " + address;
  say("The file of " + who + " is read. Nothing flows before both sides confirm.");
  say("Authority: " + identity::spoken(accepted.authority));
  say("Office:    " + identity::spoken(accepted.office));
  say("Addresses:" + (addresses.empty() ? " none; this office is dialled by them" : addresses));
  say(Shown("Digits:\n") + digits_in_lines(accepted.digits));
  say("Call " + who +
      " on a telephone number you already knew. They read their digits to you, you read yours to "
      "them. Type what they read: blo pair confirm " +
      who);
  say("If a single digit differs, do not confirm: somebody may have changed a file.");
  say(kByHand);
}

}  // namespace

Outcome<ExitCode> run(const Globals& globals, const PairAccept& args) {
  const auto text = load_text(args.file);
  if (!text) return text.error();
  const auto file = identity::from_pem(identity::kPairingLabel, *text);
  if (!file) return failure_from(file.error(), args.file.string());
  const auto officer = load_officer_if_needed(globals);
  if (!officer) return officer.error();
  auto daemon = Daemon::connect(globals, *officer ? &**officer : nullptr);
  if (!daemon) return daemon.error();
  v1::Request request;
  request.mutable_pair_accept()->set_file(file->data(), file->size());
  const auto response = daemon->call(request, v1::Response::kPairAccept);
  if (!response) return response.error();
  const auto accepted = from_wire(response->pair_accept());
  if (!accepted) return accepted.error();
  if (globals.json) {
    print(to_json(*accepted));
  } else {
    tell(*accepted);
  }
  return ExitCode::kOk;
}

}  // namespace blo::cli
