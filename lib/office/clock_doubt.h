// When this machine's clock is not believed.
#ifndef BLO_OFFICE_CLOCK_DOUBT_H
#define BLO_OFFICE_CLOCK_DOUBT_H

#include "office/pair.h"

namespace blo::office {

/// Why `time` by this machine's clock cannot be believed, as a clause for people: "the office
/// certificate of UZ-OYBEK does not hold before 2026-01-01T00:00:00Z". Empty where it can. An empty
/// battery's 1970 is such a time, and so is one after the certificate's end, be that the clock's
/// fault or not. While there is a doubt nothing of this office's own is entered, and nothing is
/// done that goes by the date.
[[nodiscard]] std::string clock_doubt(const OfficeKeys& keys, WallTime time);

}  // namespace blo::office

#endif
