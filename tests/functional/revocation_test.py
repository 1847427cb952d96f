"""An office is revoked by its authority: its counterpart enters it, whatever the office itself says."""

import shutil

from blolib.agreement import agreed
from blolib.programs import FAILED, NOT_AUTHORISED, NOT_FOUND, REFUSED, run
from blolib.waiting import until
from blolib.world import TJ, UZ, WorldTest, pair


class Revocation(WorldTest):
    def revocation(self, office_id, name="revocation.pem", authority=None, reason="key-stolen"):
        file = self.world.path(name)
        run("blo", "authority", "revoke", office_id, "--authority", authority or self.world.authority(office_id[:2]),
            "--reason", reason, "--out", file)
        return file

    def alarms(self, office):
        return [alarm["code"] for alarm in office.json("alarms")["alarms"]]

    def test_a_revoked_office_is_cut_off_though_its_thief_is_silent(self):
        uz, tj = self.offices()
        for sender, receiver in ((uz, tj), (tj, uz)):
            sender.alert(receiver, "--wait", 60)
        tj.kill()
        revoked = uz.json("pair", "revoke", self.revocation(TJ))
        self.assertEqual((TJ, "key-stolen"), (revoked["counterpart"], revoked["reason"]))
        self.assertEqual("ended", uz.pair_status(tj)["state"])
        self.assertIn("revoked-office", self.alarms(uz))
        failed = uz.json("send", "alert", "--to", TJ, "--goods", "h", "--reason", "r", "--action", "a", expect=REFUSED)
        self.assertEqual("ended-pairing", failed["error"]["reason"])
        # What was exchanged before is still there, and the export says what ended it.
        self.assertEqual(1, len(uz.inbox()))
        folder = uz.export("export")
        verdict = agreed(self, folder, [self.world.authority(country) / "authority.pem" for country in ("UZ", "TJ")])
        self.assertTrue(verdict["verified"], verdict)
        self.assertTrue(any("revoked by statement" in note for journal in verdict["journals"]
                            for note in journal["notes"]), verdict)

    def test_a_revoked_office_that_goes_on_reaches_nobody(self):
        uz, tj = self.offices()
        tj.alert(uz, "--wait", 60)
        uz.blo("pair", "revoke", self.revocation(TJ))
        until(lambda: not tj.pair_status(uz)["connected"], "the connection ends")
        tj.alert(uz)
        uz.stop()
        uz.start()
        until(lambda: "hung up" in tj.pair_status(uz)["waitingFor"] or "last:" in tj.pair_status(uz)["waitingFor"],
              "the revoked office is not let in")
        self.assertFalse(uz.pair_status(tj)["connected"])
        self.assertEqual("ended", uz.pair_status(tj)["state"])
        self.assertEqual(1, len(uz.inbox()))

    def test_an_older_statement_changes_nothing(self):
        uz, tj = self.offices()
        older, newer = self.revocation(TJ, "older.pem"), self.revocation(TJ, "newer.pem")
        uz.blo("pair", "revoke", newer)
        for file in (older, newer):
            failed = uz.json("pair", "revoke", file, expect=REFUSED)["error"]
            self.assertEqual("old-statement", failed["reason"])
        self.assertIn("old-statement", self.alarms(uz))

    def test_a_statement_older_than_the_certificate_is_refused(self):
        authority = self.world.authority("TJ")
        file = self.world.path("early.pem")
        run("blo", "authority", "revoke", TJ, "--authority", authority, "--reason", "other", "--out", file)
        uz, tj = self.offices()
        failed = uz.json("pair", "revoke", file, expect=REFUSED)["error"]
        self.assertEqual("old-statement", failed["reason"])
        self.assertEqual("confirmed", uz.pair_status(tj)["state"])
        self.assertIn("old-statement", self.alarms(uz))
        self.assert_works(uz, tj)

    def test_a_revocation_that_the_authority_did_not_sign_is_refused(self):
        uz, tj = self.offices()
        forged = self.world.authority("TJ", name="another-authority-of-tj")
        failed = uz.json("pair", "revoke", self.revocation(TJ, authority=forged), expect=REFUSED)["error"]
        self.assertEqual("untrusted-identity", failed["reason"])
        exercise = self.world.authority("TJ", "exercise")
        uz.blo("pair", "revoke", self.revocation(TJ, "exercise.pem", authority=exercise), expect=REFUSED)
        self.assertNotEqual(0, uz.blo("pair", "revoke", uz.home / "office.pem", expect=None).code)
        self.assert_works(uz, tj)

    def test_an_authority_revokes_its_own_offices_alone(self):
        file = self.world.path("never.pem")
        run("blo", "authority", "revoke", TJ, "--authority", self.world.authority("UZ"), "--reason", "left", "--out", file,
            expect=REFUSED)
        self.assertFalse(file.exists())
        self.revocation(UZ, "once.pem")
        run("blo", "authority", "revoke", UZ, "--authority", self.world.authority("UZ"), "--reason", "left", "--out",
            self.world.path("once.pem"), expect=FAILED)

    def test_only_a_security_officer_or_administrator_enters_it(self):
        uz, tj = self.offices()
        file = self.revocation(TJ)
        uz.blo("pair", "revoke", file, "--as", "karimov", expect=NOT_AUTHORISED)
        self.assertEqual("confirmed", uz.pair_status(tj)["state"])
        uz.add_officer("nazarov", "security-officer")
        uz.blo("pair", "revoke", file, "--as", "nazarov")
        self.assertEqual("ended", uz.pair_status(tj)["state"])

    def test_an_office_without_a_pairing_is_not_found(self):
        uz, _ = self.offices()
        uz.blo("pair", "revoke", self.revocation("TJ-PANJAKENT"), expect=NOT_FOUND)


class Loss(WorldTest):
    def test_an_office_that_lost_its_keys_begins_anew_under_a_new_id(self):
        """operating.md: a key is stolen, and begin anew."""
        uz, tj = self.offices()
        uz.alert(tj, "--wait", 60, marker="before the loss")
        uz.stop()
        shutil.rmtree(uz.home)
        revoked = self.world.path("revoked.pem")
        run("blo", "authority", "revoke", UZ, "--authority", self.world.authority("UZ"), "--reason", "key-lost", "--out", revoked)
        tj.blo("pair", "revoke", revoked)
        self.assertEqual("ended", tj.pair_status(uz)["state"])
        anew = self.world.office(f"{UZ}2").start()
        anew.add_officer("karimov-2", full_name="Dilshod Karimov")
        pair(anew, tj)
        anew.alert(tj, "--wait", 60, marker="after the loss")
        self.assertEqual({f"{UZ}/{TJ}/2", f"{UZ}2/{TJ}/2"}, {message["number"] for message in tj.inbox()})
        tj.json("show", f"{UZ}/{TJ}/2")
        authorities = [self.world.authority(country) / "authority.pem" for country in ("UZ", "TJ")]
        for office in (UZ, f"{UZ}2"):
            self.assertTrue(agreed(self, tj.export(f"with-{office}", "--counterpart", office), authorities)["verified"])
