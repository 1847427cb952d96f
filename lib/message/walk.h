// Every part of a content, wherever it stands in it. Private to lib/message.
#ifndef BLO_MESSAGE_WALK_H
#define BLO_MESSAGE_WALK_H

#include <functional>
#include <string>

namespace google::protobuf {
class Message;
}

namespace blo::message {

/// Called with a part and its path as the JSON has it ("alert.persons[1]").
using VisitPart = std::function<void(const google::protobuf::Message&, const std::string& path)>;

/// The message itself and all messages in it, in the proto's order.
void walk(const google::protobuf::Message& message, const std::string& path,
          const VisitPart& visit);

}  // namespace blo::message

#endif
