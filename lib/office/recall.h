// The answer to a counterpart that has lost entries: they are given back as they were receipted.
#ifndef BLO_OFFICE_RECALL_H
#define BLO_OFFICE_RECALL_H

#include "office/pair.h"
#include "sync/frame.h"

namespace blo::office {

/// The frames of one answer, RecallBegin first and RecallEnd last: the entries from `first` up to
/// the next receipted head, with what is left of their bodies. Nothing is signed for it but our
/// receipts, which are the same again.
[[nodiscard]] Result<std::vector<sync::Frame>> give_back(store::Store& store,
                                                         const OfficeKeys& keys, const Pair& pair,
                                                         const sync::Recall& recall);

/// About what an item takes on the line.
[[nodiscard]] std::size_t item_bytes(const sync::Item& item);

/// Entries [from, to) as they go over the line, each with its body: as many as fit into
/// `bytes_max`, but one at least.
[[nodiscard]] Result<std::vector<sync::Item>> read_items(store::Store& store,
                                                         const store::JournalRow& journal,
                                                         std::uint64_t from, std::uint64_t to,
                                                         std::size_t bytes_max);

}  // namespace blo::office

#endif
