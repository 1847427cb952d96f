// Lists that come page by page, and how a list is shown.
#ifndef BLO_CLI_BLO_PAGES_H
#define BLO_CLI_BLO_PAGES_H

#include <functional>

#include "daemon.h"
#include "report.h"

namespace blo::v1 {
class Page;
}  // namespace blo::v1

namespace blo::cli {

/// Asks for one page after the other, until the list ends or nobody takes what is written. `page`
/// is that of `request`; `take` shows an answer, which is of `expected` (a v1::Response::WhatCase),
/// and gives its `next`.
[[nodiscard]] Outcome<void> each_page(Daemon& daemon, const v1::Request& request, v1::Page& page,
                                      int expected,
                                      const std::function<std::string(const v1::Response&)>& take);

/// A list as it is shown: its rows as they come, or in JSON whole.
class ShownList {
 public:
  explicit ShownList(const Globals& globals) : json_(globals.json) {}

  /// Either way of showing a row is a function, called where it is needed.
  template <class ToJson, class ToText>
  void add(const ToJson& to_json, const ToText& to_text) {
    empty_ = false;
    if (json_) {
      rows_.push(to_json());
    } else {
      say(to_text());
    }
  }
  /// After the last row. In JSON {NAME: rows}; else `nothing`, where there were none.
  void end(const char* name, const Shown& nothing) const {
    if (json_) {
      print(Json::object({{name, rows_}}));
    } else if (empty_) {
      say(nothing);
    }
  }
  [[nodiscard]] bool empty() const { return empty_; }
  /// In JSON; none else.
  [[nodiscard]] const Json& rows() const { return rows_; }

 private:
  bool json_;
  bool empty_ = true;
  Json rows_ = Json::array();
};

}  // namespace blo::cli

#endif
