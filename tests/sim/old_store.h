// What happens to an office whose disk becomes an earlier one, step by step.
#ifndef BLO_TESTS_SIM_OLD_STORE_H
#define BLO_TESTS_SIM_OLD_STORE_H

#include "world.h"

namespace blo::sim {

/// A copy of the disk, as a backup or a snapshot would hold it.
[[nodiscard]] std::vector<Bytes> copy_of(World& world, Node& node);
/// The office's process ends, its disk becomes an earlier one, and it starts again.
void put_back(World& world, Node& node, const std::vector<Bytes>& disk);

/// Its pairing waits to be given back what it lost, as blo restore leaves every one.
void begin_recovery(Node& node);
/// Both.
void put_back_from_backup(World& world, Node& node, const std::vector<Bytes>& disk);

/// Our journal goes on in its next generation; the sessions end, as in the daemon.
void renew(World& world, Node& node);

[[nodiscard]] store::Recovery recovery_of(Node& node);
/// Until everything has been given back.
void give_back(World& world, Node& node);
/// An administrator's word.
office::Office::Recovered go_on(Node& node);

/// Over the last connection.
[[nodiscard]] bool signs(const Node& node);
/// So many messages each way, every one receipted by itself.
void exchange(World& world, int messages);

}  // namespace blo::sim

#endif
