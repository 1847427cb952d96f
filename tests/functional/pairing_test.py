"""Pairing and certificates: what does not hold is refused, and what holds is not disturbed by it."""

import datetime
import os

from blolib import identity, wire
from blolib.programs import FAILED, OK, REFUSED, UNVERIFIED, USAGE, run
from blolib.waiting import until
from blolib.world import LEGAL_BASIS, TJ, UZ, WorldTest, confirm, invite, pair

_NEVER = {REFUSED, UNVERIFIED, USAGE}
_DAY = 86_400


def now_s():
    return int(datetime.datetime.now(datetime.timezone.utc).timestamp())


class Forger:
    """Has Oybek's and its authority's keys, and makes of them what blo never would."""

    def __init__(self, uz):
        self.uz = uz
        own = identity.seeds(uz.home / "office.key")
        self.identity_key = identity.signing_key(own[identity.USE_IDENTITY])
        authority = identity.seeds(uz.authority / "authority.key")
        self.authority_key = identity.signing_key(authority[identity.USE_AUTHORITY])
        self.authority = self._certificate(uz.authority / "authority.pem")
        self.office = self._certificate(uz.home / "office.pem")
        self.journal_key = identity.signing_key(os.urandom(32))

    @staticmethod
    def _certificate(path):
        return identity.from_pem("BLO CERTIFICATE", path.read_text())

    def office_certificate(self, key=None, unknown=b"", **changes):
        """`unknown`: fields that nobody knows, encoded."""
        details = wire.encode(identity.DETAILS, identity.details_of(self.office) | changes)
        return identity.signed("blo/certificate/v1", details + unknown, key or self.authority_key)

    def authority_certificate(self, key, **changes):
        keys = [{"use": identity.USE_AUTHORITY, "key": bytes(key.verify_key)}]
        return identity.certificate(identity.details_of(self.authority) | {"keys": keys} | changes, key)

    def journal_certificate(self, office, **changes):
        details = identity.details_of(office)
        return identity.certificate({
            "version": 1, "kind": identity.JOURNAL, "network": details["network"], "subject": f"live/{self.uz.id}/{TJ}/1",
            "statement": 1, "keys": [{"use": identity.USE_JOURNAL, "key": bytes(self.journal_key.verify_key)}],
            "not_before_s": details["not_before_s"], "not_after_s": details["not_after_s"],
            "issuer": identity.fingerprint(office)} | changes, self.identity_key)

    def file(self, office=None, key=None, journal=None, **changes):
        office = office or self.office
        return identity.pairing_file({
            "version": 1, "network": identity.LIVE, "authority_certificate": self.authority,
            "office_certificate": office, "journal_certificate": journal or self.journal_certificate(office),
            "counterpart": TJ, "one_time_key": os.urandom(32), "random": os.urandom(32), "legal_basis": LEGAL_BASIS} | changes,
            key or self.identity_key)

    def broken_files(self):
        """{what is wrong: the file}."""
        stranger = identity.signing_key(os.urandom(32))
        own_authority = self.authority_certificate(stranger)
        under_own = self.office_certificate(stranger, issuer=identity.fingerprint(own_authority))
        another = identity.certificate(identity.details_of(own_authority) | {"issuer": identity.fingerprint(self.authority)},
                                       self.authority_key)
        extended = self.office_certificate(unknown=b"\x7a\x01\x01")
        past = {"not_before_s": now_s() - 20 * _DAY, "not_after_s": now_s() - 10 * _DAY}
        future = {"not_before_s": now_s() + 10 * _DAY, "not_after_s": now_s() + 20 * _DAY}
        tajik = self.authority_certificate(self.authority_key, subject="TJ")
        exercise = self.office_certificate(network=identity.EXERCISE)
        weak = [{"use": one["use"], "key": bytes([1]) + bytes(31) if one["use"] == identity.USE_IDENTITY else one["key"]}
                for one in identity.details_of(self.office)["keys"]]
        sound = self.file()
        return {
            "the office's certificate has expired": self.file(self.office_certificate(**past)),
            "the office's certificate is not valid yet": self.file(self.office_certificate(**future)),
            "the office signed its own certificate": self.file(self.office_certificate(self.identity_key)),
            "another authority's certificate lies beside it": self.file(authority_certificate=own_authority),
            "the authority's certificate has expired": self.file(
                authority_certificate=self.authority_certificate(self.authority_key, **past)),
            "the authority is of another country": self.file(
                self.office_certificate(issuer=identity.fingerprint(tajik)), authority_certificate=tajik),
            "the certificate is another office's": self.file(self.office_certificate(subject="UZ-ALAT")),
            "the office is of a country of its own": self.file(self.office_certificate(subject="TM-FARAP")),
            "the file is for another office": self.file(counterpart="TM-FARAP"),
            "the file is for its maker": self.file(counterpart=UZ),
            "the file is of the other network": self.file(network=identity.EXERCISE),
            "the certificate is of the other network": self.file(exercise),
            "all of it is of the other network": self.file(
                exercise, network=identity.EXERCISE, authority_certificate=self.authority_certificate(
                    self.authority_key, network=identity.EXERCISE)),
            "the journal is another pair's": self.file(
                journal=self.journal_certificate(self.office, subject=f"live/{UZ}/TM-FARAP/1")),
            "the journal's certificate has expired": self.file(journal=self.journal_certificate(self.office, **past)),
            "somebody else signed the file": self.file(key=stranger),
            "an identity key of low order": self.file(self.office_certificate(keys=weak)),
            "a one-time key of low order": self.file(one_time_key=bytes(32)),
            "a random that is too short": self.file(random=bytes(16)),
            "an address that is none": self.file(addresses=["oybek"]),
            "no legal basis": self.file(legal_basis=""),
            "a legal basis that is too long": self.file(legal_basis="a" * 501),
            "a legal basis of two lines": self.file(legal_basis="Agreement\nof 2024"),
            "nine addresses": self.file(addresses=[f"127.0.0.1:{port}" for port in range(1, 10)]),
            "its end is missing": sound[:-1],
            "it goes on": sound + b"\x1a\x00",
            "it is an office's certificate": self.office,
            "it is too large": sound + bytes(70_000),
            "one office certified another": self.file(
                self.office_certificate(self.identity_key, issuer=identity.fingerprint(self.office)),
                authority_certificate=self.office),
            "an authority certified another": self.file(
                self.office_certificate(stranger, issuer=identity.fingerprint(another)), authority_certificate=another),
            "an officer in the office's place": self.file(self.office_certificate(
                kind=identity.OFFICER, person=1, roles=[1], name_commitment=bytes(32),
                keys=[{"use": identity.USE_OFFICER, "key": bytes(stranger.verify_key)}])),
            "a certificate of a later version": self.file(self.office_certificate(version=2)),
            "a certificate of a kind that nobody knows": self.file(self.office_certificate(kind=9)),
            "a certificate with a field that nobody knows": self.file(extended, journal=self.journal_certificate(
                self.office, issuer=identity.fingerprint(extended))),
            "under an authority that nobody here knows": (own_authority, under_own),
        }


class Pairing(WorldTest):
    def _invited(self):
        """Both run and have made their files; nothing is accepted yet."""
        uz, tj = self.world.office(UZ), self.world.office(TJ)
        for office, officer in ((uz, "karimov"), (tj, "rahimov")):
            office.start()
            office.add_officer(officer)
        return uz, tj, invite(uz, tj), invite(tj, uz)

    def _finish(self, uz, tj, file_of_uz, file_of_tj):
        digits = tj.json("pair", "accept", file_of_uz)["digits"]
        self.assertEqual(digits, uz.json("pair", "accept", file_of_tj)["digits"])
        for office, other in ((uz, tj), (tj, uz)):
            confirm(office, other, digits)
        self.assert_works(uz, tj)

    def test_c5_files_that_do_not_hold_are_refused_and_the_true_one_is_not(self):
        uz, tj, file_of_uz, file_of_tj = self._invited()
        tj.add_auditor()
        broken = Forger(uz).broken_files()
        # A whole chain of somebody else's is sound in itself: only the voice on the telephone tells, see below.
        del broken["under an authority that nobody here knows"]
        file = self.world.path("broken.pairing")
        codes = []
        for what, data in broken.items():
            with self.subTest(what):
                file.write_text(identity.to_pem("BLO PAIRING", data))
                failed = tj.blo("pair", "accept", file, expect=_NEVER)
                self.assertTrue(failed.err.startswith("blo: "), failed)
                self.assertEqual("invited", tj.pair_status(uz)["state"])
                codes.append(failed.code)
        for text in ("", "hello\n", file_of_uz.read_text().replace("BLO PAIRING", "BLO CERTIFICATE"),
                     file_of_uz.read_text() * 2, "x" + file_of_uz.read_text()):
            file.write_text(text)
            tj.blo("pair", "accept", file, expect=_NEVER)
        # blo reads no file that is too large; the daemon was asked about all others, and each refusal is on record.
        self.assertEqual({REFUSED, USAGE}, set(codes))
        self.assertEqual([code for code in codes if code != USAGE],
                         [act["exitCode"] for act in tj.trail() if act["what"] == "pair accept"])
        self._finish(uz, tj, file_of_uz, file_of_tj)

    def test_somebody_elses_authority_shows_in_the_digits(self):
        """A file exchanged on its way for a sound one of an impostor: the digits differ, and nothing flows."""
        uz, tj, file_of_uz, file_of_tj = self._invited()
        forger = Forger(uz)
        authority, office = forger.broken_files()["under an authority that nobody here knows"]
        file = self.world.write("exchanged.pairing", identity.to_pem("BLO PAIRING", forger.file(
            office, authority_certificate=authority, journal=forger.journal_certificate(office))))
        accepted = tj.json("pair", "accept", file)
        self.assertEqual(identity.fingerprint(authority).hex(), accepted["authorityFingerprint"])
        heard = uz.json("pair", "accept", file_of_tj)["digits"]
        self.assertNotEqual(heard, accepted["digits"])
        failed = confirm(tj, uz, heard, expect=REFUSED)
        self.assertIn("Do not confirm", failed.err)
        self.assertEqual("accepted", tj.pair_status(uz)["state"])
        tj.alert(uz, expect=REFUSED)

    def test_the_digits_must_be_the_counterparts(self):
        uz, tj, file_of_uz, file_of_tj = self._invited()
        digits = tj.json("pair", "accept", file_of_uz)["digits"]
        self.assertRegex(digits, r"^\d{5}( \d{5}){11}$")
        changed = str((int(digits[0]) + 1) % 10) + digits[1:]
        confirm(tj, uz, changed, expect=REFUSED)
        for typed in ("1", digits[:-1], digits.replace(" ", "x"), digits + " 12345"):
            confirm(tj, uz, typed, expect=USAGE)
        self.assertEqual("accepted", tj.pair_status(uz)["state"])
        confirm(tj, uz, digits.replace(" ", ""))
        self.assertEqual("confirmed", tj.pair_status(uz)["state"])

    def test_before_both_have_confirmed_nothing_flows(self):
        uz, tj, file_of_uz, file_of_tj = self._invited()
        self.assertIn("unconfirmed-pairing", uz.json("send", "alert", "--to", TJ, "--goods", "h", "--reason", "r",
                                                     "--action", "a", expect=REFUSED)["error"]["reason"])
        digits = tj.json("pair", "accept", file_of_uz)["digits"]
        uz.json("pair", "accept", file_of_tj)
        uz.alert(tj, expect=REFUSED)
        confirm(uz, tj, digits)
        sent = uz.alert(tj, "--json").json()
        self.assertTrue(sent["queued"])
        # Oybek dials and is turned away as a stranger is.
        until(lambda: tj.status()["strangers"] > 0, "Oybek is turned away")
        self.assertEqual((0, "accepted"), (tj.pair_status(uz)["received"], tj.pair_status(uz)["state"]))
        self.assertEqual([], tj.inbox())
        confirm(tj, uz, digits)
        until(lambda: tj.inbox(), "what was queued arrives")
        self.assert_works(uz, tj)

    def test_a_pairing_is_not_changed_by_another_file(self):
        uz, tj, file_of_uz, file_of_tj = self._invited()
        another = self.world.write("another.pairing", identity.to_pem("BLO PAIRING", Forger(uz).file()))
        digits = tj.json("pair", "accept", file_of_uz)["digits"]
        self.assertEqual(digits, tj.json("pair", "accept", file_of_uz)["digits"])
        tj.blo("pair", "accept", another, expect=REFUSED)
        uz.json("pair", "accept", file_of_tj)
        for office, other in ((uz, tj), (tj, uz)):
            confirm(office, other, digits)
        tj.blo("pair", "accept", another, expect=REFUSED)
        self.assert_works(uz, tj)

    def test_an_office_does_not_pair_with_itself_or_with_whom_it_did_not_invite(self):
        uz, tj, file_of_uz, file_of_tj = self._invited()
        self.assertNotEqual(OK, uz.blo("pair", "invite", UZ, "--legal-basis", LEGAL_BASIS, "--out", self.world.path("self"), expect=None).code)
        third = self.world.office("KG-DOSTUK").start()
        third.add_officer("asanov")
        self.assertNotEqual(OK, third.blo("pair", "accept", file_of_uz, expect=None).code)
        self.assertEqual([], third.status()["pairs"])

    def test_the_ceremony_survives_a_kill_after_each_step(self):
        uz, tj, file_of_uz, file_of_tj = self._invited()

        def crash():
            for office in (uz, tj):
                office.kill()
                office.start()

        crash()
        digits = tj.json("pair", "accept", file_of_uz)["digits"]
        uz.json("pair", "accept", file_of_tj)
        crash()
        self.assertEqual(digits, uz.json("pair", "accept", file_of_tj)["digits"])
        confirm(uz, tj, digits)
        crash()
        confirm(tj, uz, digits)
        crash()
        self.assert_works(uz, tj)

    def test_three_offices_keep_their_pairings_apart(self):
        uz, tj, file_of_uz, file_of_tj = self._invited()
        self._finish(uz, tj, file_of_uz, file_of_tj)
        third = self.world.office("KG-DOSTUK").start()
        third.add_officer("asanov")
        pair(uz, third)
        self.assert_works(uz, third)
        uz.alert(third, "--wait", 60, marker="for Dostuk alone")
        self.assertNotIn("Dostuk", str(tj.inbox()))
        failed = uz.blo("journal", "export", self.world.path("which"), expect=USAGE)
        self.assertIn("--counterpart", failed.err)
        uz.export("export", "--counterpart", third.id)


class Installing(WorldTest):
    """blo office install and the daemon's own start."""

    def test_certificates_that_do_not_hold_are_not_installed(self):
        uz = self.world.office(UZ)
        forger = Forger(uz)
        other = self.world.office("UZ-ALAT")
        exercise = self.world.authority("UZ", "exercise")
        stranger = identity.signing_key(os.urandom(32))
        past = {"not_before_s": now_s() - 20 * _DAY, "not_after_s": now_s() - 10 * _DAY}
        true_authority = (uz.authority / "authority.pem").read_text()
        own_authority = identity.to_pem("BLO CERTIFICATE", forger.authority_certificate(stranger))
        cases = {
            "expired": (forger.office_certificate(statement=9, **past), true_authority),
            "of another office": (forger.office_certificate(statement=9, subject="UZ-ALAT"), true_authority),
            "self-signed": (forger.office_certificate(forger.identity_key, statement=9), true_authority),
            "under another authority": (forger.office_certificate(statement=9), own_authority),
            "of the other network": (forger.office_certificate(statement=9, network=identity.EXERCISE), true_authority),
            "the other network's authority": (forger.office_certificate(statement=9),
                                              (exercise / "authority.pem").read_text()),
            "an authority's": (forger.authority, true_authority),
        }
        before = (uz.home / "office.pem").read_bytes(), (uz.home / "authority.pem").read_bytes()
        for what, (certificate, authority) in cases.items():
            with self.subTest(what):
                file = self.world.write("case.pem", identity.to_pem("BLO CERTIFICATE", certificate))
                trust = self.world.write("case-authority.pem", authority)
                failed = uz.blo("office", "install", file, trust, expect=UNVERIFIED)
                self.assertTrue(failed.err.startswith("blo: "), failed)
        uz.blo("office", "install", self.world.path("UZ-ALAT.pem") if self.world.path("UZ-ALAT.pem").exists()
               else other.home / "office.pem", uz.authority / "authority.pem", expect=UNVERIFIED)
        older = forger.office_certificate(statement=1)
        uz.blo("office", "install", self.world.write("older.pem", identity.to_pem("BLO CERTIFICATE", older)),
               uz.authority / "authority.pem", expect=REFUSED)
        self.assertEqual(before, ((uz.home / "office.pem").read_bytes(), (uz.home / "authority.pem").read_bytes()))
        uz.start()

    def test_an_authority_certifies_its_own_countrys_offices_of_its_network(self):
        uz = self.world.office(UZ)
        for country, network in (("TJ", "live"), ("UZ", "exercise")):
            out = self.world.path(f"never-{country}-{network}.pem")
            run("blo", "office", "certify", uz.home / "office.request.pem", "--authority",
                self.world.authority(country, network), "--out", out, expect=REFUSED)
            self.assertFalse(out.exists())

    def test_a_daemon_does_not_start_on_what_does_not_hold(self):
        uz = self.world.office(UZ)
        forger = Forger(uz)
        past = {"not_before_s": now_s() - 20 * _DAY, "not_after_s": now_s() - 10 * _DAY}
        sound = (uz.home / "office.pem").read_text()
        for what, text in {
                "expired": identity.to_pem("BLO CERTIFICATE", forger.office_certificate(**past)),
                "another office's": (self.world.office("UZ-ALAT").home / "office.pem").read_text(),
                "garbage": "garbage\n",
                "nothing": None}.items():
            with self.subTest(what):
                (uz.home / "office.pem").unlink()
                if text is not None:
                    (uz.home / "office.pem").write_text(text)
                daemon = uz.start_only()
                self.addCleanup(daemon.kill)
                self.assertNotIn(daemon.wait(), (OK, -6, -11))
                self.assertIn("blod: ", daemon.said())
                (uz.home / "office.pem").write_text(sound)
        uz.start()

    def test_a_configuration_that_is_wrong_is_named(self):
        uz = self.world.office(UZ)
        for text, name in (("listne = []\n", "listne"), ("listen = 7\n", "listen"), ("\nlisten = [\n", "line"),
                           ('log_level = "loud"\n', "loud"), ('listen = ["nowhere"]\n', "nowhere")):
            (uz.home / "blod.toml").write_text(text)
            daemon = uz.start_only(listen=[])
            self.addCleanup(daemon.kill)
            self.assertNotIn(daemon.wait(), (OK, -6, -11), text)
            self.assertIn(name, daemon.said())
            uz.log.unlink()

    def test_the_configuration_that_blo_makes_is_one_that_blod_reads(self):
        uz = self.world.office(UZ).start()
        self.assertEqual(UZ, uz.status()["office"])
        self.assertNotEqual(FAILED, uz.blo("office", "show").code)
