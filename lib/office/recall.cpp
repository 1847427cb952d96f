#include "office/recall.h"

#include <limits>

#include "office/head_over.h"
#include "sync/sender.h"

namespace blo::office {
namespace {

constexpr std::size_t kItemOverheadBytes = 40;  // its content key, and lengths
constexpr std::size_t kAnyBytes = std::numeric_limits<std::size_t>::max();  // batches were bounded

}  // namespace

std::size_t item_bytes(const sync::Item& item) {
  return item.entry.size() + item.body.size() + kItemOverheadBytes;
}

Result<std::vector<sync::Item>> read_items(store::Store& store, const store::JournalRow& journal,
                                           std::uint64_t from, std::uint64_t to,
                                           std::size_t bytes_max) {
  std::size_t bytes = 0;
  std::vector<sync::Item> items;
  std::optional<Error> failed;
  const auto read = store.journals().entries(journal, from, to, [&](store::StoredEntry entry) {
    if (const auto same = check_read_back(entry, journal); !same) {
      failed = same.error();
      return false;
    }
    auto body = store.journals().body(journal, entry.index);
    if (!body) {
      failed = body.error();
      return false;
    }
    Bytes key = body->content_key ? to_bytes(body->content_key->view()) : Bytes();
    sync::Item item{std::move(entry.leaf), std::move(key), std::move(body->sealed)};
    bytes += item_bytes(item);
    if (!items.empty() && bytes > bytes_max) return false;
    items.push_back(std::move(item));
    return true;
  });
  if (!read) return read.error();
  if (failed) return *failed;
  return items;
}

Result<std::vector<sync::Frame>> give_back(store::Store& store, const OfficeKeys& keys,
                                           const Pair& pair, const sync::Recall& recall) {
  sync::RecallBegin begin{recall.yours, recall.generation, recall.first, {}};
  const auto generations = pair.generations(recall.yours);
  const auto found = std::ranges::find(generations, recall.generation,
                                       [](const auto* row) { return row->origin.generation; });
  if (found == generations.end()) return std::vector<sync::Frame>{begin, sync::RecallEnd()};
  const store::JournalRow& journal = **found;
  begin.certificate = journal.certificate;
  // Where what is here ends, and beyond, nothing follows.
  const auto first = recall.first.below(journal.size());
  if (!first) return std::vector<sync::Frame>{begin, sync::RecallEnd()};
  const auto head = head_over(store, keys, journal, *first);
  if (!head) return head.error();
  if (!*head) return std::vector<sync::Frame>{begin, sync::RecallEnd()};
  const std::uint64_t size = (*head)->checkpoint.size;
  auto items = read_items(store, journal, *first, size, kAnyBytes);
  if (!items) return items.error();
  std::vector<sync::Frame> frames = sync::pack_batch(*first, std::move(*items), {});
  frames.insert(frames.begin(), begin);
  const auto& receipt = (*head)->receipt;
  frames.back() =
      sync::RecallEnd{(*head)->note, sync::HeadReceipt{receipt.time_s, receipt.signature}};
  return frames;
}

}  // namespace blo::office
