#include "counterpart.h"

#include "blo/v1/control.pb.h"
#include "pages.h"
#include "parsing.h"

namespace blo::cli {
namespace {

/// More of them nobody reads.
constexpr std::size_t kNamedMax = 6;

bool is_in_use(const v1::PairStatus& pair) {
  return pair.state() == v1::PAIR_STATE_CONFIRMED || pair.state() == v1::PAIR_STATE_FROZEN;
}

}  // namespace

Outcome<OfficeId> only_counterpart(Daemon& daemon) {
  std::vector<std::string> names;
  v1::Request request;
  auto& page = *request.mutable_pair_list()->mutable_page();
  const auto listed =
      each_page(daemon, request, page, v1::Response::kPairList, [&](const v1::Response& response) {
        for (const auto& pair : response.pair_list().pairs()) {
          if (is_in_use(pair)) names.push_back(pair.counterpart());
        }
        return response.pair_list().next();
      });
  if (!listed) return listed.error();
  if (names.size() == 1) return parse_office(names.front());
  if (names.empty()) {
    return usage("It is not said to which office.",
                 "No office is paired with this one: blo pair list.");
  }
  std::string all;
  for (std::size_t i = 0; i < std::min(names.size(), kNamedMax); ++i)
    all += (i == 0 ? "" : ", ") + names[i];
  if (names.size() > kNamedMax) all += ", …";
  return usage("It is not said to which office, and there are several: " + all + ".",
               "Name one: --to " + names.front() + ".");
}

}  // namespace blo::cli
