// Every limit on what comes from outside, in one place, with its reason. Units are in the names.
#ifndef BLO_BASE_LIMITS_H
#define BLO_BASE_LIMITS_H

#include <cstddef>
#include <cstdint>

#include "base/clock.h"

namespace blo::limits {

// --- messages and entries
// -------------------------------------------------------------------------

/// A notice with its texts is 1–5 KiB; a long wanted-list update stays under this. Larger things
/// are attachments.
inline constexpr std::size_t kContentBytesMax = 256 * 1024;
/// salt ‖ length ‖ content, padded (Padmé adds at most 12 %), plus the tag: what a body may
/// measure.
inline constexpr std::size_t kBodyBytesMax = 300 * 1024;
/// An envelope with 64 attachments is 5 KiB; a record with three certificates 2 KiB. tlog-tiles
/// allows 65,535.
inline constexpr std::size_t kEntryBytesMax = 16'384;
/// A certificate is 300–600 bytes.
inline constexpr std::size_t kCertificateBytesMax = 4'096;
/// Rules of one policy: every kind in every precedence is fewer.
inline constexpr std::size_t kReleaseRulesMax = 64;
/// What people state in a sentence: a purpose, a reason, how digits were compared.
inline constexpr std::size_t kSentenceBytesMax = 500;
/// Nothing here nests deeper than content → seizure → drug → quantity; protobuf would allow 100.
inline constexpr int kProtobufDepthMax = 16;
/// Three texts and a cosignature are 500 bytes; sixteen signatures, which a reader must accept, 3
/// KiB.
inline constexpr std::size_t kNoteBytesMax = 16'384;

// --- the session
// ----------------------------------------------------------------------------------

/// Noise revision 34 §3: a message is at most 65,535 bytes, its tag included.
inline constexpr std::size_t kNoiseMessageBytesMax = 65'535;
inline constexpr std::size_t kTagBytes = 16;
inline constexpr std::size_t kFramePlaintextBytesMax = kNoiseMessageBytesMax - kTagBytes;
/// What this side puts into one frame: an urgent frame waits for at most one of these.
inline constexpr std::size_t kBulkFrameBytes = 16 * 1024;
/// A handshake takes 1.5 round trips; a satellite link has 0.7 s each.
inline constexpr milliseconds kHandshakeTimeMax{10'000};
/// Callers of whom nothing is known yet, at once: those whose first message is not whole, those
/// whose first message waits to be looked at, those who have shown that they know our key. Of each,
/// in all and from one network (an IPv4 address, an IPv6 /64), behind which a counterpart may
/// stand, too. The first two are cheap: a socket and 50 bytes.
inline constexpr std::size_t kSilentCallersMax = 256;
inline constexpr std::size_t kSilentCallersPerNetworkMax = 128;
inline constexpr std::size_t kWaitingCallersMax = 128;
inline constexpr std::size_t kWaitingCallersPerNetworkMax = 64;
inline constexpr std::size_t kHalfOpenMax = 64;
inline constexpr std::size_t kHalfOpenPerNetworkMax = 32;
/// First messages that are looked at (0.2 ms each) as soon as they come, from one network and from
/// all: so many at once, and then so many a second.
inline constexpr std::size_t kFirstMessagesAtOnce = 16;
inline constexpr std::size_t kFirstMessagesPerSecond = 4;
inline constexpr std::size_t kFirstMessagesAtOnceOfAll = 128;
inline constexpr std::size_t kFirstMessagesPerSecondOfAll = 125;
/// Beyond that one of those who wait, chosen at random, is looked at this often.
inline constexpr milliseconds kDrawEvery{50};
/// First messages that verified are remembered, so that none is looked at twice; twice as many at
/// most.
inline constexpr std::size_t kFirstMessagesRemembered = 65'536;
/// Both directions rekey after so many messages or so long, whichever comes first.
inline constexpr std::uint64_t kRekeyMessages = 1U << 14U;
inline constexpr milliseconds kRekeyTime{15 * 60 * 1000};
/// A session is dialled anew after a day, which heals a stolen session key.
inline constexpr milliseconds kSessionTimeMax{24LL * 60 * 60 * 1000};
/// A pairing secret is replaced after a month: who steals one reads sessions recorded since, not
/// for years.
inline constexpr milliseconds kPairingSecretAgeMax{30LL * 24 * 60 * 60 * 1000};
/// Clocks further apart than this: one of them is wrong, and nothing is signed.
inline constexpr milliseconds kClockSkewMax{24LL * 60 * 60 * 1000};
/// A machine that was off for longer than a weekend's two days asks what time it is.
inline constexpr milliseconds kClockGoesOnMax{48LL * 60 * 60 * 1000};
/// A clock that keeps time does not step further, and two that do are not further apart.
inline constexpr milliseconds kClockStepMax{5LL * 60 * 1000};
/// How often it is kept what time it is: so much of what was known is lost with the power.
inline constexpr milliseconds kClockMarkEvery{60LL * 60 * 1000};
/// Contents are destroyed by a date that a counterpart's clock has shown this recently,
inline constexpr milliseconds kClockVouchedMax{7LL * 24 * 60 * 60 * 1000};
/// or that an officer has typed within the day.
inline constexpr milliseconds kDateTypedMax{24LL * 60 * 60 * 1000};
/// Open sessions with one counterpart: the one in use, one that replaces it, and as many that are
/// ending or come to nothing. Of more the oldest without a Hello gives way.
inline constexpr std::size_t kSessionsPerPairMax = 6;
/// Open sessions in all are so many fewer than the process may have descriptors: for handshakes,
/// the control socket, the store and what officers read.
inline constexpr std::size_t kDescriptorsKept = 400;
inline constexpr std::size_t kSessionsMin = 16;
/// A peer that says nothing is asked after this, and given up after three times as long.
inline constexpr milliseconds kPingAfter{30'000};
inline constexpr milliseconds kDeadAfter{90'000};
/// What may wait to be written to one connection: two batches, or the peer is not reading.
inline constexpr std::size_t kSendQueueBytesMax = 4 * 1024 * 1024;

// --- sync
// -----------------------------------------------------------------------------------------

/// A batch is what one receipt covers. The receiver holds it in memory until its checkpoint
/// arrives.
inline constexpr std::size_t kBatchEntriesMax = 1'024;
inline constexpr std::size_t kBatchBytesMax = 2 * 1024 * 1024;
inline constexpr std::size_t kBatchBytesMin = 16 * 1024;
/// Batches sent and not yet receipted: one on the line, one being committed.
inline constexpr std::size_t kBatchesInFlightMax = 2;
/// A batch that is complete waits so long for another one to be committed with it.
inline constexpr milliseconds kCommitWaitMax{50};
/// The longest that a counterpart may ask us to wait with the next batch: what counts for a day is
/// counted by the hour.
inline constexpr milliseconds kHoldBackMax{25LL * 60 * 60 * 1000};

// --- what else a counterpart may ask for, and how often
// ----------------------------------------------------------------------------------

/// Sessions that a counterpart begins: each has its heads compared, and is hung up on where there
/// were more. An honest one that is cut off waits longer each time.
inline constexpr std::uint32_t kSessionsAtOnce = 20;
inline constexpr milliseconds kSessionEvery{1'000};
/// More pings are not answered. A session is pinged after silence, when another one came, and after
/// a new secret.
inline constexpr std::uint32_t kPingsAtOnce = 5;
inline constexpr milliseconds kPingEvery{1'000};
/// More offers of a secret are not answered; each answer is a write to the disk.
inline constexpr std::uint32_t kSecretOffersAtOnce = 3;
inline constexpr milliseconds kSecretOfferEvery{60'000};
/// Addresses of a counterpart that a person sets, and that it announces: each is dialled in turn,
/// so a counterpart that lies has us try so many hosts and no more.
inline constexpr std::size_t kAddressesMax = 4;
/// A change of what a counterpart announces is taken so often; each is a write to the disk.
inline constexpr std::uint32_t kAnnouncementsAtOnce = 1;
inline constexpr milliseconds kAnnouncementEvery{60LL * 60 * 1000};
/// Audit challenges of a day: each stands in a journal for ever.
inline constexpr std::uint32_t kChallengesAtOnce = 10;
inline constexpr milliseconds kChallengeEvery{24LL * 60 * 60 * 1000 / 10};
/// Of the last answer to a Recall this much may still wait to be sent when the next one comes.
inline constexpr std::size_t kUnsentAnswerBytesMax = 64 * 1024;

// --- the control socket
// -----------------------------------------------------------------------------

/// One answer. The largest is an entry bundle of an export: 256 entries of 16 KiB.
inline constexpr std::size_t kControlFrameBytesMax = 5 * 1024 * 1024;
/// One request: a part of a table that is imported, 1 MiB of messages, and the last of them.
inline constexpr std::size_t kControlRequestBytesMax = 1'536 * 1024;
/// A page of a list: as many rows as a person looks through, and of long rows fewer, so that what
/// is answered at once is small beside what a user's connections may hold.
inline constexpr std::size_t kPageRowsMax = 200;
inline constexpr std::size_t kPageBytesMax = 1024 * 1024;
/// `next` of a page: the longest is a fingerprint, or a hold's time, pairing and message.
inline constexpr std::size_t kPageKeyBytesMax = 100;
/// What a list leaves out is counted up to here: beyond it nobody pages by hand.
inline constexpr std::size_t kListCountMax = 10'000;
/// A content for reading. One of line ends alone is seventeen times as long as sent.
inline constexpr std::size_t kRenderedBytesMax = 1024 * 1024;
/// Messages in one request; the client splits what is longer.
inline constexpr std::size_t kControlMessagesMax = 256;
/// In all (the daemon's own user and root apart), and of one Unix user; of these, who may follow.
inline constexpr std::size_t kControlConnectionsMax = 192;
inline constexpr std::size_t kControlConnectionsPerUserMax = 32;
inline constexpr std::size_t kControlFollowersPerUserMax = 16;
/// Parts of requests and answers not yet taken, of all connections and of one user's.
inline constexpr std::size_t kControlHeldBytesMax = 48 * 1024 * 1024;
inline constexpr std::size_t kControlHeldBytesPerUserMax = 16 * 1024 * 1024;
/// A client asks as soon as it is connected; a person may read a draft before releasing it.
inline constexpr milliseconds kControlSilenceTimeMax{60'000};
inline constexpr milliseconds kControlBetweenTimeMax{60 * 60 * 1000};
/// From a request's first byte to its last, and until an answer's next bytes are taken.
inline constexpr milliseconds kControlRequestTimeMax{20'000};
inline constexpr milliseconds kControlUntakenTimeMax{60'000};

// --- files
// ----------------------------------------------------------------------------------------

/// Certificates, requests, pairing files: a few KiB.
inline constexpr std::size_t kSmallFileBytesMax = 64 * 1024;
/// Two checkpoints of at most 16 KiB, a proof of 128 hashes, three certificates.
inline constexpr std::size_t kForkProofBytesMax = 128 * 1024;
/// A CSV of 311,038 seizures is 60 MiB.
inline constexpr std::size_t kCsvBytesMax = 256 * 1024 * 1024;

}  // namespace blo::limits

#endif
