#include <algorithm>

#include "base/utf8.h"
#include "base/wire.h"
#include "blo/v1/message.pb.h"
#include "message/message.h"
#include "message/text.h"
#include "message/walk.h"

namespace blo::message {
namespace {

bool is_latin(char32_t point) {
  return (point >= U'A' && point <= U'Z') || (point >= U'a' && point <= U'z');
}

bool is_cyrillic(char32_t point) { return point >= 0x400 && point <= 0x52F; }

bool mixes_scripts(std::string_view text) {
  bool latin = false;
  bool cyrillic = false;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = code_point_at(text, at);
    latin = latin || (point.bytes != 0 && is_latin(point.value));
    cyrillic = cyrillic || (point.bytes != 0 && is_cyrillic(point.value));
    at += std::max<std::size_t>(point.bytes, 1);
  }
  return latin && cyrillic;
}

void doubt_mixed(const std::string& text, const std::string& path, std::vector<Doubt>& doubts) {
  if (mixes_scripts(text))
    doubts.push_back({path, "has Latin and Cyrillic letters, of which some look alike", text});
}

void look_at(const v1::Person& person, const std::string& path, std::vector<Doubt>& doubts) {
  if (trim(person.surnames()).find_first_of(" \t") != std::string_view::npos &&
      is_blank(person.forenames())) {
    doubts.push_back({path + ".surnames",
                      "is all surname: a comma stands between surnames and forenames",
                      person.surnames()});
  }
}

void look_at(const v1::Vehicle& vehicle, const std::string& path, std::vector<Doubt>& doubts) {
  doubt_mixed(vehicle.plate(), path + ".plate", doubts);
  doubt_mixed(vehicle.trailer_plate(), path + ".trailerPlate", doubts);
}

void look_at(const v1::Document& document, const std::string& path, std::vector<Doubt>& doubts) {
  doubt_mixed(document.number(), path + ".number", doubts);
}

}  // namespace

std::vector<Doubt> doubts(ByteView content) {
  std::vector<Doubt> found;
  v1::Content parsed;
  if (!parse_wire(content, parsed)) return found;
  walk(parsed, "", [&](const google::protobuf::Message& part, const std::string& path) {
    if (const auto* person = dynamic_cast<const v1::Person*>(&part)) look_at(*person, path, found);
    if (const auto* vehicle = dynamic_cast<const v1::Vehicle*>(&part))
      look_at(*vehicle, path, found);
    if (const auto* document = dynamic_cast<const v1::Document*>(&part))
      look_at(*document, path, found);
  });
  return found;
}

}  // namespace blo::message
