#include "json.h"

#include <nlohmann/json.hpp>

namespace blo::cli {

using Tree = nlohmann::ordered_json;

/// Json as nlohmann's tree.
struct JsonWriter {
  Tree operator()(std::monostate) const { return nullptr; }
  Tree operator()(bool flag) const { return flag; }
  Tree operator()(std::uint64_t number) const { return number; }
  Tree operator()(const std::string& text) const { return text; }
  Tree operator()(const Json::Parsed& parsed) const {
    Tree tree = Tree::parse(parsed.text, nullptr, false);
    return tree.is_discarded() ? Tree() : tree;
  }
  Tree operator()(const std::vector<Json>& values) const {
    Tree tree = Tree::array();
    for (const Json& value : values) tree.push_back(std::visit(*this, value.value_));
    return tree;
  }
  Tree operator()(const std::vector<JsonMember>& members) const {
    Tree tree = Tree::object();
    for (const auto& [name, value] : members) tree[name] = std::visit(*this, value.value_);
    return tree;
  }
  static Tree write(const Json& json) { return std::visit(JsonWriter(), json.value_); }
};

Json Json::object(std::initializer_list<JsonMember> members) {
  Json json;
  json.value_ = std::vector<JsonMember>(members);
  return json;
}

Json Json::array() {
  Json json;
  json.value_ = std::vector<Json>();
  return json;
}

Json Json::strings(const std::vector<std::string>& texts) {
  Json json = array();
  for (const std::string& text : texts) json.push(text);
  return json;
}

Json Json::parsed(std::string text) {
  Json json;
  json.value_ = Parsed{std::move(text)};
  return json;
}

void Json::push(Json value) { std::get<std::vector<Json>>(value_).push_back(std::move(value)); }

void Json::set(std::string name, Json value) {
  std::get<std::vector<JsonMember>>(value_).push_back({std::move(name), std::move(value)});
}

std::string Json::text() const {
  constexpr bool kAsciiOnly = true;
  return JsonWriter::write(*this).dump(-1, ' ', kAsciiOnly, Tree::error_handler_t::replace);
}

HandlingCodes handling_of(std::string_view content_json) {
  HandlingCodes found;
  const Tree tree = Tree::parse(content_json, nullptr, false);
  const auto handling = tree.is_object() ? tree.find("handling") : tree.end();
  if (handling != tree.end() && handling->is_object()) {
    if (const auto text = handling->find("text"); text != handling->end() && text->is_string()) {
      found.text = text->get<std::string>();
    }
    if (const auto codes = handling->find("codes"); codes != handling->end() && codes->is_array()) {
      for (const Tree& code : *codes) {
        if (code.is_string()) found.codes.push_back(code.get<std::string>());
      }
    }
  }
  if (found.codes.empty()) found.codes.emplace_back("H0");
  return found;
}

}  // namespace blo::cli
