#include "lies.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <cstdint>
#include <cstdlib>
#include <limits>
#include <map>

#include "seed.h"

namespace blo::sim {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

/// Where in a message a change is made: from its root, field by field, with an index where it is a
/// list.
struct Step {
  const FieldDescriptor* field;
  int index;
};
using Path = std::vector<Step>;

// Longer than any field may be; an entry that holds it still fits into a frame.
constexpr std::size_t kTooLongBytes = 5'000;

class Teller {
 public:
  explicit Teller(const Message& truth) : truth_(truth) {}

  void walk(const Message& at, Path path) {
    const auto& descriptor = *at.GetDescriptor();
    const auto& reflection = *at.GetReflection();
    for (int i = 0; i < descriptor.field_count(); ++i) {
      const auto* field = descriptor.field(i);
      if (field->is_repeated()) {
        walk_list(at, reflection, field, path);
      } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        if (!reflection.HasField(at, field)) continue;
        tell(field, "left out", path,
             [field](Message& message) { message.GetReflection()->ClearField(&message, field); });
        Path deeper = path;
        deeper.push_back({field, -1});
        walk(reflection.GetMessage(at, field), std::move(deeper));
      } else if (field->containing_oneof() == nullptr || reflection.HasField(at, field)) {
        tell_scalar(at, reflection, field, path);
      }
    }
  }

  std::vector<Lie> lies;

 private:
  using Change = std::function<void(Message&)>;

  void tell(const FieldDescriptor* field, std::string value, const Path& path,
            const Change& change) {
    std::shared_ptr<Message> told(truth_.New());
    told->CopyFrom(truth_);
    Message* at = told.get();
    for (const Step& step : path) {
      const auto& reflection = *at->GetReflection();
      at = step.index < 0 ? reflection.MutableMessage(at, step.field)
                          : reflection.MutableRepeatedMessage(at, step.field, step.index);
    }
    change(*at);
    if (told->SerializeAsString() == truth_.SerializeAsString()) return;
    lies.push_back({std::string(field->full_name()), std::move(value), std::move(told)});
  }

  void walk_list(const Message& at, const Reflection& reflection, const FieldDescriptor* field,
                 const Path& path) {
    const int size = reflection.FieldSize(at, field);
    const bool messages = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    if (size == 0) {
      tell(field, "one more", path, [field, messages](Message& message) {
        const auto& inside = *message.GetReflection();
        if (messages) {
          inside.AddMessage(&message, field);
        } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_UINT32) {
          inside.AddUInt32(&message, field, UINT32_MAX);
        } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
          inside.AddEnumValue(&message, field, 99);
        }
      });
      return;
    }
    tell(field, "one less", path,
         [field](Message& message) { message.GetReflection()->RemoveLast(&message, field); });
    if (!messages) return;
    tell(field, "one twice", path, [field](Message& message) {
      const auto& inside = *message.GetReflection();
      const auto& last =
          inside.GetRepeatedMessage(message, field, inside.FieldSize(message, field) - 1);
      std::unique_ptr<Message> copy(last.New());
      copy->CopyFrom(last);
      inside.AddMessage(&message, field)->CopyFrom(*copy);
    });
    Path deeper = path;
    deeper.push_back({field, size - 1});
    walk(reflection.GetRepeatedMessage(at, field, size - 1), std::move(deeper));
  }

  void tell_scalar(const Message& at, const Reflection& reflection, const FieldDescriptor* field,
                   const Path& path) {
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_UINT64: {
        const std::uint64_t truth = reflection.GetUInt64(at, field);
        for (const std::uint64_t value :
             {std::uint64_t{0}, truth + 1, truth - 1, std::uint64_t{1} << 63U, UINT64_MAX}) {
          tell(field, std::to_string(value), path, [field, value](Message& message) {
            message.GetReflection()->SetUInt64(&message, field, value);
          });
        }
        return;
      }
      case FieldDescriptor::CPPTYPE_UINT32: {
        const std::uint32_t truth = reflection.GetUInt32(at, field);
        for (const std::uint32_t value :
             {std::uint32_t{0}, truth + 1, truth - 1, std::uint32_t{1} << 31U, UINT32_MAX}) {
          tell(field, std::to_string(value), path, [field, value](Message& message) {
            message.GetReflection()->SetUInt32(&message, field, value);
          });
        }
        return;
      }
      case FieldDescriptor::CPPTYPE_BOOL:
        return tell(field, "the other", path, [field](Message& message) {
          const auto& inside = *message.GetReflection();
          inside.SetBool(&message, field, !inside.GetBool(message, field));
        });
      case FieldDescriptor::CPPTYPE_ENUM: {
        const int truth = reflection.GetEnumValue(at, field);
        for (const int value : {0, truth + 1, 99, std::numeric_limits<int>::max()}) {
          tell(field, std::to_string(value), path, [field, value](Message& message) {
            message.GetReflection()->SetEnumValue(&message, field, value);
          });
        }
        return;
      }
      case FieldDescriptor::CPPTYPE_STRING: return tell_bytes(at, reflection, field, path);
      default: return;
    }
  }

  void tell_bytes(const Message& at, const Reflection& reflection, const FieldDescriptor* field,
                  const Path& path) {
    const std::string truth = reflection.GetString(at, field);
    const bool text = field->type() == FieldDescriptor::TYPE_STRING;
    const auto other = [&](std::string value, const char* what) {
      tell(field, what, path, [field, value](Message& message) {
        message.GetReflection()->SetString(&message, field, value);
      });
    };
    other("", "empty");
    other(truth + "x", "longer");
    other(std::string(kTooLongBytes, 'x'), "too long");
    if (truth.empty()) return;
    other(truth.substr(0, truth.size() - 1), "shorter");
    for (const std::size_t place : {std::size_t{0}, truth.size() / 2, truth.size() - 1}) {
      std::string changed = truth;
      changed[place] =
          text ? (changed[place] == 'Z' ? 'Y' : 'Z') : static_cast<char>(changed[place] ^ 1);
      other(changed, "another byte");
    }
    if (!text) other(std::string(truth.size(), '\0'), "zeros");
  }

  const Message& truth_;
};

}  // namespace

std::vector<Lie> lies_of(const Message& truth) {
  Teller teller(truth);
  teller.walk(truth, {});
  return std::move(teller.lies);
}

std::vector<Lie> chosen_lies_of(const Message& truth) {
  std::vector<Lie> all = lies_of(truth);
  const char* wanted = std::getenv("BLO_LIES");
  if (wanted != nullptr && std::string(wanted) == "all") return all;
  std::map<std::string, std::vector<std::size_t>> by_field;
  for (std::size_t i = 0; i < all.size(); ++i) by_field[all[i].field].push_back(i);
  std::vector<Lie> chosen;
  for (const auto& [field, places] : by_field)
    chosen.push_back(all[places[seed_from_environment() % places.size()]]);
  return chosen;
}

std::set<std::string> fields_of(const google::protobuf::FileDescriptor& file) {
  std::set<std::string> fields;
  for (int i = 0; i < file.message_type_count(); ++i) {
    const auto& message = *file.message_type(i);
    for (int k = 0; k < message.field_count(); ++k)
      fields.insert(std::string(message.field(k)->full_name()));
  }
  return fields;
}

}  // namespace blo::sim
