#include "session/frame.h"

#include <catch2/catch.hpp>

namespace blo::session {
namespace {

TEST_CASE("a message is framed by its length in two bytes") {
  Bytes out{0xaa};
  append_framed(out, Bytes(0x0102, 7));
  REQUIRE(out.size() == 1 + 2 + 0x0102);
  CHECK(Bytes(out.begin(), out.begin() + 4) == Bytes{0xaa, 0x01, 0x02, 7});
}

TEST_CASE("messages come out as they went in whatever the portions") {
  const std::vector<Bytes> messages{{1}, {}, Bytes(300, 2), {3, 3}, Bytes(65'535, 4)};
  Bytes stream;
  for (const Bytes& message : messages) append_framed(stream, message);
  for (const std::size_t portion :
       {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{299}, stream.size()}) {
    FrameBuffer buffer;
    std::vector<Bytes> read;
    for (std::size_t at = 0; at < stream.size(); at += portion) {
      buffer.add(ByteView(stream).subspan(at, std::min(portion, stream.size() - at)));
      while (const auto message = buffer.next()) {
        CHECK(buffer.next_length() == message->size());
        read.push_back(to_bytes(*message));
        buffer.drop();
      }
    }
    CHECK(read == messages);
    CHECK_FALSE(buffer.next_length());
  }
}

TEST_CASE("a length is known with its second byte and not before") {
  FrameBuffer buffer;
  CHECK_FALSE(buffer.next_length());
  buffer.add(Bytes{0x12});
  CHECK_FALSE(buffer.next_length());
  buffer.add(Bytes{0x34});
  CHECK(buffer.next_length() == 0x1234U);
  CHECK_FALSE(buffer.next());
}

}  // namespace
}  // namespace blo::session
