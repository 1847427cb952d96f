"""What must happen when somebody pretends, steals or oversteps: the outcome, the exit code, and what the audit trail says.

Each test is named after its row in the tables of faults. Where a file of its own looks at a row more closely, this one
holds what that leaves open.
"""

import base64
import os
import pathlib
import shutil
import time

import nacl.bindings

from blolib import identity, journal, noise, peer, wire
from blolib.programs import FAILED, NOT_AUTHORISED, NOT_CONFIGURED, NOT_FOUND, REFUSED, UNVERIFIED, USAGE, audit, run
from blolib.waiting import until
from blolib.world import TJ, UZ, WorldTest, confirm, invite, pair
from pairing_test import Forger

_PASSPHRASE = "MARKERPASSPHRASE four random words"


class Faults(WorldTest):
    def secret(self, name, text=_PASSPHRASE):
        file = self.world.write(name, text)
        file.chmod(0o600)
        return file

    @staticmethod
    def recorded(office, since=()):
        """(what, about what, who, exit code) of the acts after `since`: a person's number, or the Unix user's."""
        return [(act["what"], act["subject"], act["person"] or f"user {act['user']}", act["exitCode"])
                for act in office.trail()[len(since):]]

    def assert_turned_away(self, office, reason, since):
        """That Oybek was turned away stands there once, and nothing else: once for each reason and hour."""
        added = until(lambda: office.trail()[len(since):], "it is recorded")
        self.assertEqual([("counterpart turned away", f"{UZ}: {reason}", True, None, 0)],
                         [(act["what"], act["subject"], act["refused"], act["user"], act["exitCode"]) for act in added])

    @staticmethod
    def alarms(office):
        return [(alarm["code"], alarm["subject"]) for alarm in office.json("alarms")["alarms"]]

    def owner(self):
        """How the trail names what stands on the Unix user alone."""
        return f"user {os.getuid()}"


class Counterpart:
    """Oybek, with all its keys and the pairing's secret, and bound by none of blod's rules; Fotehobod is `tj`."""

    def __init__(self, uz, tj, valid_until_s=None):
        self.uz, self.tj = uz, tj
        self.forger = Forger(uz)
        file_of_tj = invite(tj, uz)
        self.office = self.forger.office
        if valid_until_s is not None:
            self.office = self.forger.office_certificate(not_after_s=valid_until_s())
        self.journal = self.forger.journal_certificate(self.office)
        one_time = os.urandom(32)
        mine = self.forger.file(self.office, journal=self.journal, random=os.urandom(32),
                                one_time_key=nacl.bindings.crypto_scalarmult_base(one_time))
        file = uz.world.write("oybek.pairing", identity.to_pem("BLO PAIRING", mine))
        digits = tj.json("pair", "accept", file)["digits"]
        confirm(tj, uz, digits)
        self.psk = identity.noise_psk(mine, one_time, identity.from_pem("BLO PAIRING", file_of_tj.read_text()))
        self.secret = identity.seeds(uz.home / "office.key")[identity.USE_TRANSPORT]

    def dial(self, secret=None):
        """A session, with another transport key where one is given."""
        certificate = identity.from_pem("BLO CERTIFICATE", (self.tj.home / "office.pem").read_text())
        key = identity.key_of(identity.details_of(certificate), identity.USE_TRANSPORT)
        return peer.Peer(self.tj.address, noise.Initiator("live", TJ, key, secret or self.secret, self.psk))

    def hello(self, **changes):
        return {"office_certificate": self.office, "journal_certificate": self.journal,
                "time_ms": time.time_ns() // 1_000_000} | changes

    def turned_away(self, **changes):
        """What Fotehobod still says when Oybek's Hello is changed in this way."""
        with self.dial() as session:
            session.say_hello(**self.hello(**changes))
            return session.hear_all()


class Journal:
    """What a Counterpart writes: entries without bodies, under certificates that hold and others, and how each must be
    judged."""

    UNAUTHORISED, UNOPENABLE, SUPERSEDED = 3, 6, 11

    def __init__(self, counterpart, after=None):
        """`after`: the generation before, under another key."""
        self._office = counterpart
        self.generation = after.generation + 1 if after else 1
        self._origin = f"live/{counterpart.uz.id}/{TJ}/{self.generation}"
        self.key, self.certificate = counterpart.forger.journal_key, counterpart.journal
        if after:
            self.key = identity.signing_key(os.urandom(32))
            self.certificate = counterpart.forger.journal_certificate(
                counterpart.office, subject=self._origin, statement=self.generation,
                keys=[{"use": identity.USE_JOURNAL, "key": bytes(self.key.verify_key)}])
        self._time_ms = time.time_ns() // 1_000_000
        self.leaves, self.refusals = [], {}
        start = {"authority_certificate": counterpart.forger.authority, "office_certificate": counterpart.office,
                 "journal_certificate": self.certificate}
        if after:
            start["previous"] = {"size": len(after.leaves), "root": after.root()}
        self._record("generation_start", start)

    def officer(self, person, roles=(1,), statement=1, issuer_key=None, unknown=b"", refused=None, **changes):
        """Introduces an officer; gives what message() wants."""
        key = identity.signing_key(os.urandom(32))
        now = self._time_ms // 1000
        details = wire.encode(identity.DETAILS, {
            "version": 1, "kind": identity.OFFICER, "network": identity.LIVE, "subject": self._office.uz.id, "statement": statement,
            "keys": [{"use": identity.USE_OFFICER, "key": bytes(key.verify_key)}], "not_before_s": now - 86_400,
            "not_after_s": now + 86_400, "issuer": identity.fingerprint(self._office.office), "person": person,
            "roles": list(roles), "name_commitment": os.urandom(32)} | changes) + unknown
        issuer_key = key if issuer_key == "its own" else issuer_key or self._office.forger.identity_key
        certificate = identity.signed("blo/certificate/v1", details, issuer_key)
        self._record("certificate", {"certificate": certificate}, refused)
        return identity.fingerprint(certificate), key

    def revoke(self, person, statement, refused=None):
        details = wire.encode(identity.REVOCATION, {
            "version": 1, "kind": identity.OFFICER, "network": identity.LIVE, "subject": self._office.uz.id, "statement": statement,
            "person": person, "reason": 3, "time_s": self._time_ms // 1000,
            "issuer": identity.fingerprint(self._office.office)})
        revocation = identity.signed("blo/revocation/v1", details, self._office.forger.identity_key)
        self._record("revocation", {"revocation": revocation}, refused)

    def message(self, officer, refused):
        fingerprint, key = officer
        envelope = wire.encode(journal.ENVELOPE, {
            "version": 1, "network": identity.LIVE, "message_id": os.urandom(16), "from": self._office.uz.id, "to": TJ,
            "officer": fingerprint, "kind": 1, "precedence": 1, "created_ms": self._time_ms, "commitment": os.urandom(32),
            "padded_bytes": 64})
        self._entry({"message": {"envelope": envelope, "signature": identity.sign("blo/envelope/v1", key, envelope)}}, refused)

    def root(self):
        return journal.root([journal.leaf_hash(leaf) for leaf in self.leaves])

    def note(self, key=None):
        """The checkpoint over all of it, signed with the journal's key or another."""
        text = f"{self._origin}\n{len(self.leaves)}\n{base64.b64encode(self.root()).decode()}\n"
        key = key or self.key
        name = journal.NoteKey(self._origin, journal.NoteKey.ED25519, bytes(key.verify_key))
        signature = base64.b64encode(name.id + key.sign(text.encode()).signature).decode()
        return f"{text}\n\u2014 {self._origin} {signature}\n"

    def _record(self, kind, values, refused=None):
        self._entry({"record": wire.encode(journal.RECORD, {kind: values})}, refused)

    def _entry(self, what, refused):
        if refused:
            self.refusals[len(self.leaves)] = refused
        self.leaves.append(wire.encode(journal.ENTRY, {"version": 1, "stamp": {"time_ms": self._time_ms}, **what}))


class Sessions(Faults):
    """C4, C5, C6: who proves to hold a key, and what still does not hold."""

    def paired(self, **certificate):
        uz, tj = self.world.office(UZ), self.world.office(TJ).start()
        tj.add_officer("rahimov")
        tj.add_auditor()
        return uz, tj, Counterpart(uz, tj, **certificate)

    def assert_served(self, tj, counterpart):
        """The true counterpart is heard."""
        with counterpart.dial() as session:
            session.say_hello(**counterpart.hello())
            self.assertEqual(["hello", "heads"], [session.hear()[0], session.hear()[0]])
            session.say_heads()
            until(lambda: tj.pair_status(counterpart.uz)["connected"], "the session stands")

    def test_c4_an_unknown_key_and_our_own_are_strangers_even_with_the_pairing_secret(self):
        uz, tj, oybek = self.paired()
        acts, strangers = tj.trail(), tj.status()["strangers"]
        itself = identity.seeds(tj.home / "office.key")[identity.USE_TRANSPORT]
        for secret in (os.urandom(32), itself):
            with oybek.dial(secret) as session:
                session.say_hello(**oybek.hello())
                self.assertEqual([], session.hear_all())
        until(lambda: tj.status()["strangers"] == strangers + 2, "both are counted")
        self.assertEqual(acts, tj.trail())
        self.assertEqual([], self.alarms(tj))
        self.assert_served(tj, oybek)

    def test_c4_a_known_key_that_shows_another_certificate_is_turned_away_with_an_alarm(self):
        uz, tj, oybek = self.paired()
        acts, before = tj.trail(), tj.pair_status(uz)
        forger = oybek.forger
        other_keys = [{"use": one["use"], "key": one["key"] if one["use"] == identity.USE_TRANSPORT
                       else bytes(identity.signing_key(os.urandom(32)).verify_key)}
                      for one in identity.details_of(forger.office)["keys"]]
        for certificate in (forger.office_certificate(subject="UZ-ALAT", statement=9),
                            forger.office_certificate(statement=9, keys=other_keys), b""):
            said = oybek.turned_away(office_certificate=certificate)
            self.assertEqual(("close", {"reason": peer.IDENTITY}), said[-1])
            self.assertNotIn("heads", [what for what, _ in said])
        self.assertEqual([("key-changed", UZ)], self.alarms(tj))
        self.assertIn("ALARM: 1 alarm waits", tj.blo("status").out)
        self.assert_turned_away(tj, "identity", acts)
        after = tj.pair_status(uz)
        for field in ("state", "received", "refused"):
            self.assertEqual(before[field], after[field])
        self.assert_served(tj, oybek)

    def test_c10_two_histories_of_one_journal_are_a_proof_for_strangers(self):
        uz, tj, oybek = self.paired()
        told, hidden = Journal(oybek), Journal(oybek)
        told.officer(7)
        told.officer(8)
        hidden.officer(9)
        with oybek.dial() as session:
            session.say_hello(**oybek.hello())
            session.say_heads()
            session.say_batch(told.leaves, told.note())
            session.hear_receipt()
        received = tj.pair_status(uz)["received"]
        with oybek.dial() as session:
            session.say_hello(**oybek.hello())
            session.say_heads(size=len(hidden.leaves), checkpoint=hidden.note().encode(), receipt_time_s=1,
                              receipt_signature=bytes(64))
            self.assertEqual(("close", {"reason": peer.FROZEN}), session.hear_all()[-1])
        self.assertEqual([("officer-introduced", UZ), ("forked", UZ)], self.alarms(tj))
        self.assertEqual("frozen", tj.pair_status(uz)["state"])
        self.assertEqual(received, tj.pair_status(uz)["received"])
        proof = self.world.path("fork.txt")
        alarm = next(one for one in tj.json("alarms")["alarms"] if one["code"] == "forked")
        self.assertTrue(alarm["evidence"])
        tj.blo("alarms", "--evidence", alarm["alarm"], "--out", proof)
        trusted = ["--authority", uz.authority / "authority.pem"]
        proven = run("blo-audit", "fork", proof, *trusted, "--json").json()
        self.assertEqual((True, [3, 2]), (proven["proven"], [one["size"] for one in proven["checkpoints"]]))
        self.assertEqual(hidden.root().hex(), proven["checkpoints"][1]["root"])
        self.assertIn("FORK PROVEN", run("blo-audit", "fork", proof, *trusted).out)
        # Nobody is accused without both signatures, or by an authority that is not the office's.
        run("blo-audit", "fork", proof, "--authority", tj.authority / "authority.pem", expect=UNVERIFIED)
        text = proof.read_text()
        changed = self.world.write("changed.txt", text.replace(told.note().splitlines()[2], hidden.note().splitlines()[2]))
        self.assertIn("NOT PROVEN", run("blo-audit", "fork", changed, *trusted, expect=UNVERIFIED).out)
        tj.blo("alarms", "--evidence", 99, "--out", self.world.path("none"), expect=NOT_FOUND)

    def test_c5_an_office_whose_certificate_ended_after_the_pairing_is_turned_away(self):
        ends = []

        def soon():
            ends.append(int(time.time()) + 20)
            return ends[0]
        uz, tj, oybek = self.paired(valid_until_s=soon)
        acts = tj.trail()
        until(lambda: time.time() > ends[0] + 1, "the certificate has ended")
        said = oybek.turned_away()
        self.assertEqual(("close", {"reason": peer.IDENTITY}), said[-1])
        self.assert_turned_away(tj, "identity", acts)
        self.assertEqual(0, tj.pair_status(uz)["received"])

    def test_c5_entries_under_certificates_that_do_not_hold_are_refused_by_records_and_block_nothing(self):
        uz, tj, oybek = self.paired()
        acts = tj.trail()
        theirs, now = Journal(oybek), int(time.time())
        past = {"not_before_s": now - 20 * 86_400, "not_after_s": now - 10 * 86_400}
        future = {"not_before_s": now + 10 * 86_400, "not_after_s": now + 20 * 86_400}
        never = {"refused": Journal.UNAUTHORISED}
        sound = theirs.officer(7, statement=5)
        theirs.message(sound, Journal.UNOPENABLE)  # the officer may; it has no body
        for officer in (theirs.officer(8, roles=[3]), theirs.officer(9, **past, **never), theirs.officer(10, **future, **never),
                        theirs.officer(11, issuer_key="its own", **never), theirs.officer(12, issuer_key=sound[1], **never),
                        theirs.officer(13, issuer=sound[0], **never), theirs.officer(14, unknown=b"\x7a\x01\x01", **never),
                        theirs.officer(7, statement=4, refused=Journal.SUPERSEDED)):
            theirs.message(officer, Journal.UNAUTHORISED)
        theirs.message(sound, Journal.UNOPENABLE)
        theirs.revoke(7, statement=6)
        theirs.message(sound, Journal.UNAUTHORISED)
        theirs.revoke(7, statement=5, refused=Journal.SUPERSEDED)
        again = theirs.officer(7, statement=7)
        theirs.message(again, Journal.UNOPENABLE)
        with oybek.dial() as session:
            session.say_hello(**oybek.hello())
            session.say_heads()
            session.say_batch(theirs.leaves, theirs.note())
            records = [wire.parse(journal.ENTRY, leaf)["record"] for leaf in session.hear_receipt()]
        refusals = [wire.parse(journal.RECORD, record)["refusal"] for record in records if record]
        self.assertEqual(theirs.refusals, {refusal["index"]: refusal["reason"] for refusal in refusals if refusal})
        status = tj.pair_status(uz)
        self.assertEqual((len(theirs.leaves), len(theirs.refusals)), (status["received"], status["refused"]))
        self.assertEqual({("refused", "", "")}, {(one["state"], one["author"], one["summary"]) for one in tj.inbox()})
        # Records in the pair's own journal are what stays of it; the trail has the look at the inbox alone.
        self.assertEqual([("list", "", 1, 0)], self.recorded(tj, acts))
        self.assertEqual("confirmed", status["state"])

    def test_c5_a_statement_that_does_not_count_is_refused_and_recorded(self):
        uz, tj, oybek = self.paired()
        authorities = {"true": self.world.authority("UZ"), "forged": self.world.authority("UZ", name="another-authority")}
        statements = {}
        for name, authority in (("older", "true"), ("newer", "true"), ("forged", "forged")):
            statements[name] = self.world.path(f"{name}.pem")
            run("blo", "authority", "revoke", UZ, "--authority", authorities[authority], "--reason", "key-stolen", "--out",
                statements[name])
        acts = tj.trail()
        handed_in = [("forged", REFUSED, "untrusted-identity"), ("newer", 0, "key-stolen"), ("older", REFUSED, "old-statement"),
                     ("newer", REFUSED, "old-statement")]
        for name, code, reason in handed_in:
            answer = tj.json("pair", "revoke", statements[name], expect=code)
            self.assertEqual(reason, answer.get("error", answer)["reason"], name)
        self.assertEqual([("pair revoke", self.owner(), code) for _, code, _ in handed_in],
                         [(what, who, code) for what, _, who, code in self.recorded(tj, acts)])
        self.assertEqual({("revoked-office", UZ), ("old-statement", UZ)}, set(self.alarms(tj)))
        self.assertEqual("ended", tj.pair_status(uz)["state"])

    def test_c6_a_later_minor_version_and_features_unknown_here_are_passed_over(self):
        uz, tj, oybek = self.paired()
        acts = tj.trail()
        with oybek.dial() as session:
            session.say_hello(unknown=b"\x7a\x01\x01", **oybek.hello(minor=7, features=[1, 2**31]))
            what, ours = session.hear()
            self.assertEqual(("hello", 0, []), (what, ours["minor"], ours["features"]))
            self.assertEqual("heads", session.hear()[0])
        self.assertEqual((acts, []), (tj.trail(), self.alarms(tj)))

    def test_c6_a_frame_that_no_version_knows_ends_the_session_and_is_recorded_once(self):
        uz, tj, oybek = self.paired()
        acts = tj.trail()
        for data in (wire.encode({99: ("unknown", "bytes")}, {"unknown": b"later"}), b"\xff", b"\x0a\x05ab"):
            with oybek.dial() as session:
                session.say(data)
                said = session.hear_all()
                self.assertEqual(("close", {"reason": peer.PROTOCOL}), said[-1])
        self.assert_turned_away(tj, "protocol", acts)
        self.assert_served(tj, oybek)


class Insiders(Faults):
    """D1 to D3: people of the office, and users of its machine."""

    def test_d1_whose_unix_user_it_was_stands_with_every_act(self):
        uz, tj = self.offices()
        uz.add_auditor()
        acts = uz.trail()
        uz.blo("inbox", "--as", "karimov")
        uz.blo("policy", "set", TJ, "--no-purpose")
        sent = uz.alert(tj, "--as", "karimov", "--json").json()["number"]
        uz.blo("status")  # shows no message and changes nothing
        done = uz.trail()[len(acts):]
        self.assertEqual({os.getuid()}, {act["user"] for act in done})
        self.assertEqual([("list", "", 1, 0), ("policy set", TJ, self.owner(), 0), ("send", sent, 1, 0)],
                         self.recorded(uz, acts))

    def test_d2_an_officer_without_the_role_is_refused_and_recorded(self):
        uz, tj = self.offices()
        uz.add_officer("nazarova", "releaser")
        uz.add_auditor()
        uz.blo("officer", "request", "umarov", "--office", UZ, "--name", "U", "--agency", "Customs", "--no-passphrase")
        request = uz.officers / "umarov.request.pem"
        revocation = self.world.path("revocation.pem")
        run("blo", "authority", "revoke", TJ, "--authority", tj.authority, "--reason", "other", "--out", revocation)
        out, folder = self.world.path("never.pem"), self.world.path("never")
        acts = uz.trail()
        refused = [
            ("karimov", 1, "trail export", "", ("journal", "export", folder, "--trail")),
            ("karimov", 1, "trail", "", ("trail",)),
            ("karimov", 1, "officer add", "a new officer", ("officer", "add", request, "--out", out)),
            ("karimov", 1, "officer revoke", "officer 2", ("officer", "revoke", 2, "--reason", "left")),
            ("karimov", 1, "officer forget", "officer 2", ("officer", "forget", 2)),
            ("karimov", 1, "policy set", TJ, ("policy", "set", TJ, "--no-release")),
            ("karimov", 1, "pair freeze", TJ, ("pair", "freeze", TJ, "--reason", "no")),
            ("karimov", 1, "pair end", TJ, ("pair", "end", TJ, "--reason", "no")),
            ("karimov", 1, "pair renew", TJ, ("pair", "renew", TJ)),
            ("karimov", 1, "pair revoke", TJ, ("pair", "revoke", revocation)),
            ("nazarova", 2, "send", TJ, ("send", "alert", "--to", TJ, "--goods", "g", "--reason", "r", "--action", "a")),
            ("nazarova", 2, "trail export", "", ("journal", "export", folder, "--trail")),
            ("nazarova", 2, "policy set", TJ, ("policy", "set", TJ, "--release", "any")),
        ]
        for officer, _, _, _, command in refused:
            error = uz.json(*command, "--as", officer, expect=NOT_AUTHORISED)["error"]
            self.assertEqual((NOT_AUTHORISED, "not-authorised"), (error["exitCode"], error["reason"]), command)
        found = uz.trail()[len(acts):]
        # Nazarova is a releaser, who may send that something was opened: what she may not send only the envelope tells.
        self.assertEqual([(what, person, what != "send", NOT_AUTHORISED) for _, person, what, _, _ in refused],
                         [(act["what"], act["person"], act["refused"], act["exitCode"]) for act in found])
        for act, (_, _, _, about, _) in zip(found, refused, strict=True):
            self.assertEqual(about, act["subject"])
        self.assertFalse(out.exists() or folder.exists())
        self.assertEqual(("confirmed", []), (uz.pair_status(tj)["state"], uz.outbox("--as", "karimov")))
        self.assertEqual({"release": [], "purpose": False}, uz.json("policy", "show")["policies"][0]["ours"])
        self.assertEqual([1, 2, 3], [officer["person"] for officer in uz.json("officer", "list")["officers"]])

    def test_d3_an_export_goes_into_no_folder_that_is_a_link(self):
        uz, _ = self.offices()
        uz.add_auditor()
        acts = uz.trail()
        elsewhere, link = self.world.path("elsewhere"), self.world.path("link")
        elsewhere.mkdir()
        link.symlink_to(elsewhere)
        failed = uz.blo("journal", "export", link, expect=FAILED)
        self.assertIn(str(link), failed.err)
        self.assertEqual([], list(elsewhere.iterdir()))
        self.assertEqual([], self.recorded(uz, acts))
        uz.blo("journal", "export", elsewhere)
        self.assertEqual([("journal export", TJ, 1, 0)], self.recorded(uz, acts))


def written(secret):
    """How bytes could stand on a disk or in a line of text."""
    return [secret, secret.hex().encode(), secret.hex().upper().encode(), base64.b64encode(secret).rstrip(b"=")[:-1]]


class Secrets(Faults):
    """D4, D5: what a process gives away, and what a stolen disk does."""

    def sealed_office(self):
        file = self.secret("passphrase")
        uz = self.world.office(UZ, passphrase_file=file)
        uz.start("--log-level", "debug", "--passphrase-file", file)
        uz.add_officer("saidov", passphrase_file=file)
        uz.add_auditor()
        return uz, file

    def secrets(self, uz):
        keys = [uz.home / "office.key", uz.officers / "saidov.key"]
        seeds = [seed for key in keys for seed in identity.sealed_seeds(key, _PASSPHRASE.encode()).values()]
        self.assertEqual(6, len(set(seeds)))
        return [form for secret in (_PASSPHRASE.encode(), *seeds) for form in written(secret)]

    def test_d4_no_secret_is_in_arguments_environment_or_diagnostics(self):
        uz, file = self.sealed_office()
        follower = uz.popen("inbox", "--follow", "--as", "saidov", "--passphrase-file", file)
        self.addCleanup(follower.communicate)
        self.addCleanup(follower.terminate)
        until(lambda: any(act["what"] == "follow" for act in uz.trail()), "it follows")
        wrong = self.secret("wrong", "five random words")
        uz.blo("inbox", "--as", "saidov", "--passphrase-file", wrong, expect=NOT_AUTHORISED)
        places = [uz.log.read_bytes()]
        for process in (uz.daemon.pid, follower.pid):
            for name in ("cmdline", "environ"):
                try:
                    places.append(pathlib.Path(f"/proc/{process}/{name}").read_bytes())
                except PermissionError:  # closed even to its own user
                    self.assertEqual("environ", name)
        self.assertTrue(any(str(file).encode() in place for place in places), "the arguments were read")
        for secret in self.secrets(uz):
            for place in places:
                self.assertNotIn(secret, place)

    def test_d4_a_secret_is_taken_from_no_flag_and_no_variable(self):
        uz, _ = self.sealed_office()
        acts = uz.trail()
        for flag in ("--passphrase", "--password", "--key"):
            uz.blo("inbox", "--as", "saidov", flag, _PASSPHRASE, expect=USAGE)
        for variable in ("BLO_PASSPHRASE", "BLO_PASSPHRASE_FILE", "PASSPHRASE"):
            asked = run("blo", "--as", "saidov", "inbox", env=uz.environment() | {variable: _PASSPHRASE}, expect=USAGE)
            self.assertIn("--passphrase-file", asked.err)
        self.assertEqual([], self.recorded(uz, acts))
        uz.stop()
        for arguments, env in ((("--passphrase", _PASSPHRASE), None), ((), {"BLO_PASSPHRASE": _PASSPHRASE})):
            daemon = uz.start_only(*arguments, env=env)
            self.addCleanup(daemon.kill)
            self.assertIn(daemon.wait(), (NOT_CONFIGURED, USAGE))

    def test_d5_a_stolen_disk_opens_for_nobody_without_the_passphrase(self):
        uz, file = self.sealed_office()
        tj = self.world.office(TJ).start()
        tj.add_officer("rahimov")
        pair(uz, tj)
        words = ("--as", "saidov", "--passphrase-file", file)
        uz.alert(tj, *words, "--wait", 60, "--purpose", "MARKERPURPOSE", marker="MARKERGOODS")
        uz.blo("inbox", *words, "--purpose", "MARKERPURPOSE")
        tj.stop()  # who calls a frozen pairing is turned away, and the trail says so at any moment
        uz.blo("pair", "freeze", TJ, "--reason", "MARKERFREEZE")
        self.assertIn("MARKERPURPOSE", [act["purpose"] for act in uz.trail()])
        acts = uz.trail()
        uz.kill()
        stolen = self.world.path("stolen")
        shutil.copytree(uz.home, stolen, ignore=shutil.ignore_patterns("*.sock"))
        markers = [marker.encode() for marker in ("MARKERGOODS", "MARKERPURPOSE", "MARKERFREEZE", "saidov of")]
        secrets = self.secrets(uz)
        for path in (path for path in stolen.rglob("*") if path.is_file()):
            data = path.read_bytes()
            for one in (*secrets, *markers):
                self.assertNotIn(one, data, path)

        def contents():
            return {path.name: path.read_bytes() for path in stolen.iterdir() if path.is_file() and path.name != "blod.lock"}
        before = contents()
        uz.home, home = stolen, uz.home
        wrong = self.secret("wrong", "five random words")
        for arguments in ((), ("--passphrase-file", wrong)):
            daemon = uz.start_only(*arguments)
            self.addCleanup(daemon.kill)
            self.assertEqual(NOT_CONFIGURED, daemon.wait())
        self.assertEqual(before, contents(), "nobody gets as far as the store")
        uz.home = home
        uz.start("--passphrase-file", file)
        self.assertEqual(acts, uz.trail())


class Theft(Faults):
    """D9: a key in wrong hands is worth nothing from the position on at which it is revoked."""

    def test_d9_an_officers_stolen_key_ends_at_its_revocation(self):
        uz, tj = self.offices()
        uz.add_auditor()
        uz.alert(tj, "--as", "karimov", "--wait", 60, marker="before the theft")
        stolen = self.world.path("stolen")
        shutil.copytree(uz.officers, stolen)
        thief = uz.environment() | {"BLO_OFFICERS": str(stolen)}
        send = ("send", "alert", "--to", TJ, "--goods", "g", "--reason", "r", "--action", "a", "--json")
        by_the_thief = run("blo", *send, "--wait", 60, env=thief).json()["number"]  # nobody can tell yet
        acts = uz.trail()
        uz.blo("officer", "revoke", 1, "--reason", "key-stolen")
        for command in (send, ("inbox", "--json"), ("officer", "list", "--as", "karimov", "--json")):
            error = run("blo", *command, env=thief, expect=NOT_AUTHORISED).json()["error"]
            self.assertEqual("not-in-force", error["reason"])
        uz.blo("officer", "request", "karimov-2", "--office", UZ, "--name", "Karimov", "--agency", "Customs", "--no-passphrase")
        certificate = self.world.path("karimov-2.pem")
        uz.blo("officer", "add", uz.officers / "karimov-2.request.pem", "--person", 1, "--out", certificate)
        uz.blo("officer", "install", "karimov-2", certificate)
        anew = uz.alert(tj, "--as", "karimov-2", "--json").json()["number"]
        self.assertEqual([("officer revoke", "officer 1", self.owner(), 0),
                          ("unknown", "an officer not in force", 1, NOT_AUTHORISED),  # once an hour
                          ("officer add", "officer 1", self.owner(), 0), ("send", anew, 1, 0)],
                         self.recorded(uz, acts))
        until(lambda: len(tj.inbox()) == 3, "what the new key signed arrives")
        # The position decides: what was sent with the key before stays, the thief's message too.
        self.assertEqual({by_the_thief, anew}, {message["number"] for message in tj.inbox()[:2]})
        self.assertEqual(0, tj.pair_status(uz)["refused"])
        authorities = [office.authority / "authority.pem" for office in (uz, tj)]
        self.assertTrue(audit(tj.export("export"), authorities, "--json").json()["verified"])

    def test_d9_a_stolen_journal_key_ends_with_its_generation(self):
        uz, tj = self.world.office(UZ), self.world.office(TJ).start()
        tj.add_officer("rahimov")
        oybek = Counterpart(uz, tj)
        first = Journal(oybek)
        second = Journal(oybek, after=first)
        for one in (first, second):
            with oybek.dial() as session:
                session.say_hello(**oybek.hello(journal_certificate=one.certificate))
                session.say_heads(one.generation)
                session.say_batch(one.leaves, one.note())
                session.hear_receipt()
        self.assertEqual(2, tj.json("pair", "show", UZ)["theirGeneration"])
        before = tj.pair_status(uz)
        # The old key speaks for the new generation: its checkpoint is none, and nothing of the batch is stored.
        second.officer(7)
        with oybek.dial() as thief:
            thief.say_hello(**oybek.hello(journal_certificate=second.certificate))
            thief.say_heads(2)
            thief.say_batch(second.leaves[1:], second.note(first.key), first=1)
            self.assertEqual(("close", {"reason": peer.PROTOCOL}), thief.hear_all()[-1])
        self.assertEqual([], self.alarms(tj))
        # It shows the certificate of its own, which is over: that is an alarm, and what it sends is not even read.
        with oybek.dial() as thief:
            thief.say_hello(**oybek.hello(journal_certificate=first.certificate))
            thief.say_heads(1)
            first.officer(8)
            thief.say_batch(first.leaves[1:], first.note(), first=1)
            until(lambda: self.alarms(tj) == [("rewound", UZ)], "the alarm")
        self.assertEqual(before["received"], tj.pair_status(uz)["received"])
        with oybek.dial() as session:
            session.say_hello(**oybek.hello(journal_certificate=second.certificate))
            session.say_heads(2)
            session.say_batch(second.leaves[1:], second.note(), first=1)
            session.hear_receipt()
        self.assertEqual(before["received"] + 1, tj.pair_status(uz)["received"])

    def test_d9_an_office_whose_keys_are_stolen_is_a_stranger_from_its_revocation_on(self):
        uz, tj = self.world.office(UZ), self.world.office(TJ).start()
        tj.add_officer("rahimov")
        tj.add_auditor()
        thief = Counterpart(uz, tj)
        revocation = self.world.path("revocation.pem")
        run("blo", "authority", "revoke", UZ, "--authority", uz.authority, "--reason", "key-stolen", "--out", revocation)
        with thief.dial() as session:
            session.say_hello(**thief.hello())
            self.assertEqual(["hello", "heads"], [session.hear()[0], session.hear()[0]])
            acts = tj.trail()
            self.assertEqual("key-stolen", tj.json("pair", "revoke", revocation)["reason"])
            self.assertEqual("close", session.hear_all()[-1][0])
        strangers = tj.status()["strangers"]
        for _ in range(3):
            with thief.dial() as session:
                session.say_hello(**thief.hello())
                self.assertEqual([], session.hear_all())
        until(lambda: tj.status()["strangers"] == strangers + 3, "the thief is a stranger")
        self.assertEqual([("pair revoke", self.owner(), 0)], [(what, who, code) for what, _, who, code in self.recorded(tj, acts)])
        self.assertEqual([("revoked-office", UZ)], self.alarms(tj))
        tj.alert(uz, expect=REFUSED)
        self.assertEqual(("ended", 0), (tj.pair_status(uz)["state"], tj.pair_status(uz)["received"]))
