// The common alert, from flags instead of JSON.
#ifndef BLO_MESSAGE_ALERT_H
#define BLO_MESSAGE_ALERT_H

#include <vector>

#include "message/message.h"

namespace blo::message {

/// What `blo send alert` takes on the command line; each is free text as typed.
struct AlertFlags {
  std::vector<std::string> vehicles;    // "01A123BC" or "01A123BC/UZ": plate, country
  std::vector<std::string> persons;     // "SURNAME, Forenames" or "SURNAME, Forenames, 1980-02-29"
  std::vector<std::string> documents;   // "UZ/P/AA1234567": country, type, number
  std::vector<std::string> containers;  // ISO 6346; the check digit is verified
  std::string goods;
  std::string reason;                 // required
  std::string action;                 // required: what to do on a hit
  std::vector<std::string> warnings;  // "armed", "violent", "escape-risk", or free text
};

/// Validated content, or the flag at fault ("--vehicle").
[[nodiscard]] Result<Bytes> alert_from_flags(const AlertFlags& flags);

}  // namespace blo::message

#endif
