// The pairings as blo pair list and blo status show them.
#ifndef BLO_CLI_BLO_PAIR_LIST_H
#define BLO_CLI_BLO_PAIR_LIST_H

#include "pages.h"

namespace blo::v1 {
class PairStatus;
}  // namespace blo::v1

namespace blo::cli {

void add_pair(ShownList& list, const v1::PairStatus& pair);
/// Adds those behind the counterpart `after`; where it is empty, all.
[[nodiscard]] Outcome<void> list_pairs(Daemon& daemon, const std::string& after, ShownList& list);

}  // namespace blo::cli

#endif
