"""Officers come, get new keys, are dismissed and forgotten."""

from blolib.agreement import agreed
from blolib.programs import NOT_AUTHORISED, NOT_FOUND, OK, REFUSED, USAGE
from blolib.waiting import until
from blolib.world import WorldTest


class OfficerLife(WorldTest):
    def certify_again(self, office, name, person, expect=OK):
        """A second key, `name`, of the officer with that number."""
        office.blo("officer", "request", name, "--office", office.id, "--name", f"{name} again", "--agency", "Customs",
                   "--no-passphrase")
        certificate = self.world.path(f"{name}.pem")
        done = office.blo("officer", "add", office.officers / f"{name}.request.pem", "--person", person, "--out",
                          certificate, expect=expect)
        if expect == OK:
            office.blo("officer", "install", name, certificate)
        return done

    def states(self, office):
        return [(officer["person"], officer["state"]) for officer in office.json("officer", "list", "--all")["officers"]]

    def assert_verifies(self, office):
        """Its journals, and its trail beside them, when an officer called auditova exports them."""
        folder = office.export(f"export-of-{office.id}", "--as", "auditova")
        trail, = office.export(f"trail-of-{office.id}", "--as", "auditova", "--trail").iterdir()
        trail.rename(folder / trail.name)
        trusted = [self.world.authority(country) / "authority.pem" for country in ("UZ", "TJ")]
        verdict = agreed(self, folder, trusted)
        self.assertTrue(verdict["verified"], verdict)
        self.assertEqual(3, len(verdict["journals"]))

    def test_a_new_certificate_takes_the_place_of_the_old_one(self):
        uz, tj = self.offices()
        uz.alert(tj, "--wait", 60)
        self.certify_again(uz, "karimov-2", 1)
        self.assertEqual([(1, "replaced"), (1, "in-force")], self.states(uz))
        failed = uz.alert(tj, "--as", "karimov", expect=NOT_AUTHORISED)
        self.assertIn("replaced", failed.err)
        uz.alert(tj, "--as", "karimov-2", "--wait", 60)
        self.assertEqual([1, 1], [tj.json("show", message["number"])["authorPerson"] for message in tj.inbox()])

    def test_a_person_nobody_knows_gets_no_certificate(self):
        uz, _ = self.offices()
        self.certify_again(uz, "karimov-2", 9, expect=NOT_FOUND)

    def test_a_dismissed_officer_is_turned_away_at_once_and_on_record(self):
        uz, tj = self.offices()
        uz.add_officer("auditova", "auditor")
        uz.alert(tj, "--as", "karimov", "--wait", 60)
        follower = uz.popen("inbox", "--follow", "--as", "karimov")
        revoked = uz.json("officer", "revoke", 1, "--reason", "left")
        self.assertEqual({"person": 1, "reason": "left"}, revoked)
        for arguments in (("inbox",), ("outbox",), ("send", "alert", "--to", tj.id, "--goods", "h", "--reason", "r",
                                                    "--action", "a")):
            failed = uz.json(*arguments, "--as", "karimov", expect=NOT_AUTHORISED)["error"]
            self.assertEqual("not-in-force", failed["reason"])
            self.assertIn("revoked", failed["sentence"])
        tj.alert(uz, "--wait", 60)
        self.assertNotIn("hashish", follower.communicate(timeout=60)[0])
        self.assertEqual(1, len(uz.outbox("--as", "auditova")))
        self.assertEqual([(1, "revoked"), (2, "in-force")], self.states(uz))
        self.assertEqual([2], [officer["person"] for officer in uz.json("officer", "list")["officers"]])
        # What was sent before stays, there and here, and an auditor sees nothing wrong.
        until(lambda: uz.pair_status(tj)["receipted"] == uz.pair_status(tj)["sent"], "the revocation is receipted")
        self.assertEqual(1, len(tj.inbox()))
        self.assertEqual(0, tj.pair_status(uz)["refused"])
        self.assert_verifies(uz)

    def test_after_a_dismissal_the_person_may_come_back_with_a_new_key(self):
        uz, tj = self.offices()
        uz.alert(tj, "--wait", 60)
        uz.blo("officer", "revoke", 1, "--reason", "key-lost")
        self.certify_again(uz, "karimov-2", 1)
        self.assertEqual([(1, "revoked"), (1, "in-force")], self.states(uz))
        uz.alert(tj, "--as", "karimov-2", "--wait", 60)
        uz.alert(tj, "--as", "karimov", expect=NOT_AUTHORISED)
        self.assertEqual(2, len(tj.inbox()))
        self.assertEqual(0, tj.pair_status(uz)["refused"])
        uz.add_officer("auditova", "auditor")
        self.assert_verifies(uz)

    def test_who_is_not_here_or_is_revoked_is_not_revoked(self):
        uz, _ = self.offices()
        uz.blo("officer", "revoke", 9, "--reason", "left", expect=NOT_FOUND)
        uz.blo("officer", "revoke", 1, "--reason", "bored", expect=USAGE)
        uz.blo("officer", "revoke", 1, "--reason", "left")
        uz.blo("officer", "revoke", 1, "--reason", "left", expect=REFUSED)

    def test_an_operator_dismisses_nobody(self):
        uz, _ = self.offices()
        uz.add_officer("saidov")
        for command in ("revoke", "forget"):
            words = ("--reason", "left") if command == "revoke" else ()
            failed = uz.blo("officer", command, 1, *words, "--as", "saidov", expect=NOT_AUTHORISED)
            self.assertIn("security officer", failed.err)
        self.assertEqual([(1, "in-force"), (2, "in-force")], self.states(uz))

    def test_a_forgotten_officers_name_is_nowhere(self):
        uz, tj = self.offices()
        uz.add_officer("auditova", "auditor")
        uz.alert(tj, "--as", "karimov", "--wait", 60)
        number = tj.inbox()[0]["number"]
        name = f"karimov of {uz.id}"
        self.assertEqual(name, tj.inbox()[0]["author"])
        uz.blo("officer", "forget", 1, expect=REFUSED)
        uz.blo("officer", "revoke", 1, "--reason", "left")
        self.assertEqual({"person": 1}, uz.json("officer", "forget", 1))
        until(lambda: tj.inbox()[0]["author"] == "", "the counterpart forgets the name")
        self.assertEqual("", uz.outbox("--as", "auditova")[0]["author"])
        shown = tj.json("show", number)
        self.assertEqual(("", "", 1), (shown["author"], shown["authorAgency"], shown["authorPerson"]))
        self.assertNotIn(name, uz.blo("officer", "list", "--all").out)
        until(lambda: uz.pair_status(tj)["receipted"] == uz.pair_status(tj)["sent"], "the erasure is receipted")
        self.assert_verifies(uz)
        for office in (uz, tj):
            office.stop()
            for file in (office.home / "store.db", office.home / "store.db-wal", office.log):
                if file.exists():
                    self.assertNotIn(name.encode(), file.read_bytes())
            office.start()
        self.assertEqual("", tj.inbox()[0]["author"])
