// What a journal says, up to some entry, of who may speak in it and what its policy asks for, and
// what of that people are to hear of: somebody new, and a policy that asks for less.
#ifndef BLO_OFFICE_STANDING_H
#define BLO_OFFICE_STANDING_H

#include <map>

#include "journal/entry.h"

namespace blo::office {

/// Whether somebody may do more from now on: `before` are the roles of the certificate that this
/// one takes the place of; null: none, or one that a revocation ended. A renewal gives no more.
[[nodiscard]] bool gives_more(const std::vector<identity::Role>* before,
                              const std::vector<identity::Role>& now);
/// "operator, releaser"
[[nodiscard]] std::string words_of(const std::vector<identity::Role>& roles);
/// "a release for alert/flash, seizure; a purpose of readers", "nothing"
[[nodiscard]] std::string words_of(const journal::Policy& policy);

/// A person by the newest certificate that the journal introduced.
struct Speaker {
  std::uint64_t person = 0;
  identity::Fingerprint certificate{};
  std::vector<identity::Role> roles;
  std::uint64_t statement = 0;
  WallTime not_after;
  WallTime since;  // the stamp of its entry
  WallTime first;  // the stamp of the person's first
  bool revoked = false;

  [[nodiscard]] bool may_speak(WallTime time) const { return !revoked && time <= not_after; }
};

struct PolicyInForce {
  journal::Policy policy;
  WallTime since;  // the stamp of its entry; day 0: none was ever set
};

/// What people are to hear of.
struct StandingNews {
  std::uint64_t index;             // of the entry
  std::optional<Speaker> speaker;  // none: the policy asks for less than the one before it
};

/// A value: follow a batch on a copy, and keep it once the batch has committed.
class Standing {
 public:
  /// Whether a record is of a kind that says anything here.
  [[nodiscard]] static bool counts(const journal::Record& record);
  /// A record that counts: accepted, or refused for nothing but a name beside it. In order, and
  /// through all generations. The first person whom a journal introduces at all is no news: that
  /// somebody speaks is what the pairing was made for.
  void take(std::uint64_t index, const journal::Record& record, WallTime stamp);
  /// What a generation says anew about its policy has been said: a message follows, or the batch
  /// has ended.
  void settle();

  [[nodiscard]] const std::map<std::uint64_t, Speaker>& speakers() const { return speakers_; }
  [[nodiscard]] const PolicyInForce& policy() const { return policy_; }
  /// Since the last call, in order.
  [[nodiscard]] std::vector<StandingNews> take_news() { return std::exchange(news_, {}); }

 private:
  void introduce(std::uint64_t index, const identity::CertificateDetails& details,
                 const identity::Fingerprint& certificate, WallTime stamp);
  void change_policy(std::uint64_t index, journal::Policy policy, WallTime stamp);

  std::map<std::uint64_t, Speaker> speakers_;
  PolicyInForce policy_;
  struct Begun {
    std::uint64_t index;
    WallTime stamp;
  };
  std::optional<Begun> begun_;  // a generation that has not said its policy yet
  std::vector<StandingNews> news_;
};

}  // namespace blo::office

#endif
