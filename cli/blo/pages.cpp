#include "pages.h"

#include "blo/v1/control.pb.h"

namespace blo::cli {

Outcome<void> each_page(Daemon& daemon, const v1::Request& request, v1::Page& page, int expected,
                        const std::function<std::string(const v1::Response&)>& take) {
  for (;;) {
    const auto response = daemon.call(request, expected);
    if (!response) return response.error();
    std::string next = take(*response);
    if (next.empty() || !all_written()) return {};
    if (next == page.after()) return unexpected_answer();  // it would never end
    page.set_after(std::move(next));
  }
}

}  // namespace blo::cli
