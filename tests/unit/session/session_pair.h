// Two ends of a session with fixed keys, and the line between them.
#ifndef BLO_TESTS_UNIT_SESSION_SESSION_PAIR_H
#define BLO_TESTS_UNIT_SESSION_SESSION_PAIR_H

#include <vector>

#include "session/session.h"

namespace blo::session {

inline crypto::Key key_of(Byte fill) { return crypto::Key(ByteView(Bytes(32, fill))); }

inline crypto::DhKeyPair pair_of(Byte fill) { return crypto::DhKeyPair::from_secret(key_of(fill)); }

inline constexpr Byte kDialler = 0x11;
inline constexpr Byte kResponder = 0x22;
inline constexpr Byte kPsk = 0x33;
inline constexpr SteadyTime kStart{milliseconds(1'000'000)};

inline OfficeId office(std::string_view text) { return OfficeId::parse(text).value(); }

/// What the responder does with a caller: the PSKs of `fills` for the known dialler, none for
/// others.
inline Responder::PskLookup knows_dialler(std::vector<Byte> fills) {
  return [fills](const crypto::DhPublic& caller) {
    std::vector<crypto::Key> psks;
    if (caller != pair_of(kDialler).public_key) return psks;
    for (const Byte fill : fills) psks.push_back(key_of(fill));
    return psks;
  };
}

inline DialOptions dial_options() {
  return {Network::kLive, office("TJ-FOTEHOBOD"), pair_of(kResponder).public_key, pair_of(kDialler),
          key_of(kPsk)};
}

inline AnswerOptions answer_options() {
  return {Network::kLive, office("TJ-FOTEHOBOD"), pair_of(kResponder), knows_dialler({kPsk})};
}

inline Session dialling(DialOptions options = dial_options()) {
  return Session::dial(std::move(options), kStart);
}

inline Session answering(AnswerOptions options = answer_options()) {
  return Session::answer(std::move(options), kStart);
}

/// All that `from` has to send, taken off its queue.
inline Bytes take_output(Session& from) {
  Bytes out = to_bytes(from.to_send());
  from.sent(out.size());
  return out;
}

inline Result<void> pass(Session& from, Session& to) { return to.receive(take_output(from)); }

/// The frames that are whole; stops at the first error, which failure() keeps.
inline std::vector<Bytes> read_frames(Session& session) {
  std::vector<Bytes> frames;
  for (;;) {
    auto frame = session.next_frame();
    if (!frame || !*frame) return frames;
    frames.push_back(std::move(**frame));
  }
}

/// A dialler and a responder that are through with their handshake.
struct OpenPair {
  Session dialler = dialling();
  Session responder = answering();
  OpenPair() {
    BLO_CHECK(pass(dialler, responder));
    BLO_CHECK(pass(responder, dialler));
    BLO_CHECK(pass(dialler, responder));
    BLO_CHECK(dialler.open() && responder.open());
  }
};

template <class T>
bool ok(const Result<T>& result) {
  return result.has_value();
}

template <class T>
bool fails_with(const Result<T>& result, SessionError code) {
  return !result && result.error() == code;
}

}  // namespace blo::session

#endif
