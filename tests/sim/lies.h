// Lies, field by field: every value of every field of a message, changed in turn.
#ifndef BLO_TESTS_SIM_LIES_H
#define BLO_TESTS_SIM_LIES_H

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace google::protobuf {
class FileDescriptor;
class Message;
}  // namespace google::protobuf

namespace blo::sim {

struct Lie {
  std::string field;  // "blo.v1.Stamp.size"
  std::string value;  // "off by one": for whoever reads a failure
  std::shared_ptr<google::protobuf::Message> told;
};

/// One lie for each field that `truth` holds, through all messages in it, and each wrong value:
/// numbers 0, one off, the largest, 2^63, 2^64 - 1; bytes and texts changed, empty, shorter,
/// longer, too long; lists without an item and with one twice; parts missing.
[[nodiscard]] std::vector<Lie> lies_of(const google::protobuf::Message& truth);
/// Of these, one of each field, which one BLO_SIM_SEED says; with BLO_LIES=all, every one.
[[nodiscard]] std::vector<Lie> chosen_lies_of(const google::protobuf::Message& truth);

/// The full names of all fields of all messages of a .proto file.
[[nodiscard]] std::set<std::string> fields_of(const google::protobuf::FileDescriptor& file);

}  // namespace blo::sim

#endif
