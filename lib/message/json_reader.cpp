#include "message/json_reader.h"

#include <google/protobuf/message.h>

#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "base/terminal.h"
#include "base/utf8.h"
#include "message/bounds.h"

namespace blo::message {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

/// A character iterator that says how far the parser has read, which its callbacks do not.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, const char** furthest) : at_(at), furthest_(furthest) {}
  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    *furthest_ = ++at_;
    return *this;
  }
  bool operator==(const CountingIterator& other) const { return at_ == other.at_; }

 private:
  const char* at_;
  const char** furthest_;
};

/// "no field of that name; there are alert, evaluation, …".
std::string known_fields(const Message& message) {
  std::string names;
  const auto& type = *message.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    names += (i == 0 ? "" : ", ") + type.field(i)->json_name();
  }
  return names;
}

const FieldDescriptor* find_field(const Message& message, const std::string& name) {
  const auto* field = message.GetDescriptor()->FindFieldByCamelcaseName(name);
  return field != nullptr && field->json_name() == name ? field : nullptr;
}

/// Takes the parser's events and fills the message by reflection. One frame for each open object;
/// the nesting is the message type's, so it is bounded by the type.
class Reader : public nlohmann::json_sax<nlohmann::json> {
 public:
  Reader(std::string_view json, Message& message, FieldLines& lines)
      : json_(json), root_(message), lines_(lines), furthest_(json.data()), counted_(json.data()) {}

  MaybeFlaw read() {
    const CountingIterator begin(json_.data(), &furthest_);
    const CountingIterator end(json_.data() + json_.size(), &furthest_);
    const bool read = nlohmann::json::sax_parse(begin, end, this);
    if (!read && !flaw_) fail(MessageError::kMalformed, "is not JSON");
    return std::move(flaw_);
  }

  bool null() override {
    if (frames_.empty()) return not_an_object();
    if (frame().in_list) return fail(MessageError::kBadValue, "is null");
    return true;  // protobuf's JSON mapping: as if the field were not there
  }
  bool boolean(bool) override { return fail_type("true or false"); }
  bool number_integer(number_integer_t value) override { return number(std::to_string(value)); }
  bool number_float(number_float_t, const string_t& text) override { return number(text); }
  bool number_unsigned(number_unsigned_t value) override;
  bool string(string_t& value) override;
  bool binary(binary_t&) override { return fail_type("binary"); }
  bool key(string_t& name) override;
  bool start_object(std::size_t) override;
  bool end_object() override {
    frames_.pop_back();
    return true;
  }
  bool start_array(std::size_t) override;
  bool end_array() override {
    frame().in_list = false;
    return true;
  }
  bool parse_error(std::size_t position, const std::string& token,
                   const nlohmann::detail::exception& error) override;

 private:
  struct Frame {
    Message* message;
    std::string path;                        // empty for the root
    const FieldDescriptor* field = nullptr;  // the key read last
    bool in_list = false;
    std::set<int> seen = {};
  };

  Frame& frame() { return frames_.back(); }
  const google::protobuf::Reflection& reflection() { return *frame().message->GetReflection(); }
  std::string path_of(const std::string& name) {
    return frame().path.empty() ? name : frame().path + "." + name;
  }
  /// The path of the value that is being read.
  std::string path();
  std::size_t line();
  bool fail(MessageError code, std::string what, std::string value = {});
  bool fail_type(const std::string& what) {
    return frames_.empty() ? not_an_object()
                           : fail(MessageError::kBadValue, "cannot be " + what + wanted());
  }
  bool not_an_object() { return fail(MessageError::kMalformed, "the file must hold one object"); }
  /// "; it must be a text in quotes"
  std::string wanted();
  bool number(const std::string& text);
  /// Whether a value of this type may stand here: the field is a list exactly where a list is open.
  bool place_value(FieldDescriptor::CppType type);
  bool list_full() {
    return frame().in_list &&
           reflection().FieldSize(*frame().message, frame().field) >= kListLengthMax;
  }
  bool fail_full() {
    return fail(MessageError::kTooLarge, "is one element too many; at most " +
                                             std::to_string(kListLengthMax) + " are allowed");
  }

  std::string_view json_;
  Message& root_;
  FieldLines& lines_;
  const char* furthest_;
  const char* counted_;  // newlines before this are in lines_before_
  std::size_t lines_before_ = 0;
  std::vector<Frame> frames_;
  MaybeFlaw flaw_;
};

std::string Reader::path() {
  if (frames_.empty()) return {};
  if (frame().field == nullptr) return frame().path;
  std::string path = path_of(frame().field->json_name());
  if (!frame().in_list) return path;
  return path + "[" + std::to_string(reflection().FieldSize(*frame().message, frame().field)) + "]";
}

std::size_t Reader::line() {
  lines_before_ += static_cast<std::size_t>(std::count(counted_, furthest_, '\n'));
  counted_ = furthest_;
  return lines_before_ + 1;
}

bool Reader::fail(MessageError code, std::string what, std::string value) {
  const std::string where = path();
  if (!where.empty()) lines_.emplace(where, line());
  flaw_ = Flaw{code, where, std::move(what), std::move(value)};
  return false;
}

std::string Reader::wanted() {
  const auto& field = *frame().field;
  const std::string one = frame().in_list ? "; each element must be " : "; it must be ";
  if (field.is_repeated() && !frame().in_list) return "; it must be a list in [ ]";
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING: return one + "a text in quotes";
    case FieldDescriptor::CPPTYPE_ENUM: return one + "a code in quotes";
    case FieldDescriptor::CPPTYPE_MESSAGE: return one + "an object in { }";
    default: return one + "a whole number without quotes";
  }
}

bool Reader::place_value(FieldDescriptor::CppType type) {
  const auto& field = *frame().field;
  return field.cpp_type() == type && field.is_repeated() == frame().in_list;
}

bool Reader::number(const std::string& text) { return fail_type("the number " + text); }

bool Reader::number_unsigned(number_unsigned_t value) {
  if (frames_.empty()) return not_an_object();
  const bool fits = value <= std::numeric_limits<std::uint32_t>::max();
  if (!fits || !place_value(FieldDescriptor::CPPTYPE_UINT32) || frame().in_list) {
    return number(std::to_string(value));
  }
  reflection().SetUInt32(frame().message, frame().field, static_cast<std::uint32_t>(value));
  return true;
}

bool Reader::string(string_t& value) {
  if (frames_.empty()) return not_an_object();
  auto& [message, unused, field, in_list, seen] = frame();
  if (list_full()) return fail_full();
  if (place_value(FieldDescriptor::CPPTYPE_STRING)) {
    if (in_list) {
      reflection().AddString(message, field, value);
    } else {
      reflection().SetString(message, field, value);
    }
    return true;
  }
  if (!place_value(FieldDescriptor::CPPTYPE_ENUM)) return fail_type("a text");
  const auto* code = field->enum_type()->FindValueByName(value);
  if (code == nullptr || code->number() == 0) {
    std::string codes;
    for (int i = 1; i < field->enum_type()->value_count(); ++i) {
      codes += (i == 1 ? "" : ", ") + field->enum_type()->value(i)->name();
    }
    return fail(MessageError::kBadValue, "is not one of " + codes, value);
  }
  if (in_list) {
    reflection().AddEnum(message, field, code);
  } else {
    reflection().SetEnum(message, field, code);
  }
  return true;
}

bool Reader::key(string_t& name) {
  frame().field = nullptr;
  const auto* field = find_field(*frame().message, name);
  const std::string where = path_of(std::string(utf8_prefix(terminal_safe(name), kNameBytesMax)));
  const std::size_t at = line();
  if (field == nullptr) {
    lines_.emplace(where, at);
    flaw_ = Flaw{MessageError::kUnknownField,
                 where,
                 "is not known here; there are " + known_fields(*frame().message),
                 {}};
    return false;
  }
  frame().field = field;
  lines_.emplace(where, at);
  const bool first = frame().seen.insert(field->number()).second;
  if (!first) return fail(MessageError::kMalformed, "is there twice");
  const auto* group = field->real_containing_oneof();
  if (group == nullptr) return true;
  for (int i = 0; i < group->field_count(); ++i) {
    const auto* other = group->field(i);
    if (other == field || frame().seen.count(other->number()) == 0) continue;
    return fail(MessageError::kMalformed, "cannot stand beside " + other->json_name());
  }
  return true;
}

bool Reader::start_object(std::size_t) {
  if (frames_.empty()) {
    frames_.push_back({&root_, {}});
    return true;
  }
  if (!place_value(FieldDescriptor::CPPTYPE_MESSAGE)) return fail_type("an object");
  if (list_full()) return fail_full();
  const std::string inner = path();
  auto* message = frame().in_list ? reflection().AddMessage(frame().message, frame().field)
                                  : reflection().MutableMessage(frame().message, frame().field);
  lines_.emplace(inner, line());
  frames_.push_back({message, inner});
  return true;
}

bool Reader::start_array(std::size_t) {
  if (frames_.empty()) return not_an_object();
  if (!frame().field->is_repeated() || frame().in_list) return fail_type("a list");
  frame().in_list = true;
  return true;
}

bool Reader::parse_error(std::size_t position, const std::string&,
                         const nlohmann::detail::exception& error) {
  const std::string_view before = json_.substr(0, position == 0 ? 0 : position - 1);
  const auto newline = before.rfind('\n');
  const std::size_t column = newline == before.npos ? before.size() : before.size() - newline - 1;
  const auto row = 1 + std::count(before.begin(), before.end(), '\n');
  // The library's own text: "[json.exception…] parse error at line 3, column 5: <what>".
  std::string_view what = error.what();
  const auto colon = what.find(": ");
  if (colon != what.npos) what.remove_prefix(colon + 2);
  constexpr std::size_t kShownBytesMax = 200;
  flaw_ = Flaw{MessageError::kMalformed,
               {},
               "line " + std::to_string(row) + ", column " + std::to_string(column + 1) + ": " +
                   terminal_safe(utf8_prefix(what, kShownBytesMax)),
               {}};
  return false;
}

}  // namespace

MaybeFlaw read_json(std::string_view json, Message& message, FieldLines& lines) {
  if (json.size() > kJsonBytesMax) {
    return Flaw{MessageError::kTooLarge, {}, std::to_string(json.size()) + " bytes", {}};
  }
  return Reader(json, message, lines).read();
}

}  // namespace blo::message
