"""Disasters: an old store, a rolled-back disk, a copied machine. Nothing is signed twice, and everything comes back."""

import shutil

import verifier
from blolib import identity
from blolib.disaster import DisasterTest
from blolib.programs import NOT_AUTHORISED, REFUSED, audit, run
from blolib.waiting import until
from blolib.world import TJ, UZ, Office, accept_again, confirm, offer_again


class Recovery(DisasterTest):
    def store_of(self, office):
        return sorted(office.home.glob("store.db*"))

    def keep(self, office, name):
        """What a backup or a snapshot of the disk would hold now."""
        folder = self.world.path(name)
        folder.mkdir()
        for file in self.store_of(office):
            shutil.copy2(file, folder)
        return folder

    def put_back(self, office, folder):
        for file in self.store_of(office):
            file.unlink()
        for file in folder.iterdir():
            shutil.copy2(file, office.home)

    def test_an_old_backup_is_put_back(self):
        uz, tj = self.offices()
        self.exchange(uz, tj, "before")
        uz.stop()
        backup = self.keep(uz, "backup")
        uz.start()
        self.exchange(uz, tj, "after", "later")
        uz.stop()
        tj.stop()
        self.put_back(uz, backup)
        uz.start()
        uz.alert(tj, marker="accepted on the old store")
        uz.json("office", "recover", TJ, expect=REFUSED)
        tj.start()
        self.until_given_back(uz, tj)
        self.assertEqual("frozen", uz.pair_status(tj)["state"])
        alarms = [alarm["code"] for alarm in uz.json("alarms")["alarms"]]
        self.assertEqual(["behind"], alarms)
        self.assertEqual(["rewound"], [alarm["code"] for alarm in tj.json("alarms")["alarms"]])
        recovered = self.go_on(uz, tj)
        self.assertEqual((1, 2), (recovered["reentered"], recovered["generation"]))
        until(lambda: len(tj.inbox()) == 4, "the message accepted on the old store")
        self.assert_works(uz, tj)
        self.assert_whole(uz, tj, "before from Oybek", "after from Oybek", "later from Fotehobod", "accepted on the old store")

    def test_a_disk_is_rolled_back_under_a_running_office(self):
        uz, tj = self.offices()
        self.exchange(uz, tj, "before")
        uz.kill()
        snapshot = self.keep(uz, "snapshot")  # with the write-ahead log of a crash
        uz.start()
        self.exchange(uz, tj, "after")
        uz.kill()
        self.put_back(uz, snapshot)
        uz.start()
        self.until_given_back(uz, tj)
        uz.kill()
        uz.start()
        self.go_on(uz, tj)
        self.assert_works(uz, tj)
        self.assert_whole(uz, tj, "before from Oybek", "after from Oybek", "after from Fotehobod")

    def test_a_copy_of_the_machine_runs(self):
        uz, tj = self.offices()
        self.exchange(uz, tj, "before")
        uz.stop()
        twin = Office(self.world, UZ, "live", "uz-twin")
        shutil.copytree(uz.home, twin.home)
        shutil.copytree(uz.officers, twin.officers)
        self.world.offices.append(twin)
        uz.start()
        self.exchange(uz, tj, "said by the machine")
        uz.stop()
        tj.stop()
        twin.start()
        twin.alert(tj, marker="said by its copy")
        tj.start()
        self.until_given_back(twin, tj)
        self.go_on(twin, tj)
        until(lambda: any("its copy" in tj.blo("show", message["number"]).out for message in tj.inbox()), "the copy's message")
        twin.stop()
        # The machine itself comes back: now it is the one that is behind, and it signs nothing either.
        uz.start()
        self.until_given_back(uz, tj)
        self.assertEqual(3, self.go_on(uz, tj)["generation"])
        self.assert_works(uz, tj)
        self.assert_whole(uz, tj, "before from Oybek", "said by the machine from Oybek", "said by its copy")

    def test_what_left_on_a_stick_is_never_contradicted(self):
        uz, tj = self.offices()
        self.exchange(uz, tj, "before")
        uz.stop()
        backup = self.keep(uz, "backup")
        uz.start()
        self.exchange(uz, tj, "after")
        stick = uz.export("stick")
        uz.stop()
        tj.stop()
        self.put_back(uz, backup)
        uz.start()
        uz.alert(tj, marker="accepted on the old store")
        older = uz.export("older")  # an office that is behind exports what it holds, and signs nothing for it
        tj.start()
        self.until_given_back(uz, tj)
        self.go_on(uz, tj)
        self.assert_works(uz, tj)
        newest = uz.export("newest")
        trusted = [office.authority / "authority.pem" for office in (uz, tj)]
        for folder in (older, stick, newest):
            audit(folder, trusted)
        # Every head that ever left in an export is one of the newest export's journals.
        for folder in (older, stick):
            for left in verifier.verify(folder, trusted)["journals"]:
                now = verifier.Journal(newest / left["origin"].replace("/", "_"), self.fingerprints(trusted))
                now.read()
                self.assertTrue(now.had(left["size"], bytes.fromhex(left["root"])), left)

    def test_the_audit_trail_goes_on_in_its_next_generation(self):
        """Acts of it may have left on a stick: the key that signed them signs no others in their place."""
        uz, tj = self.offices()
        uz.add_auditor()
        self.exchange(uz, tj, "before")
        uz.stop()
        backup = self.keep(uz, "backup")
        uz.start()
        self.exchange(uz, tj, "after")
        lost = self.trail_of(uz, "lost")
        uz.stop()
        self.put_back(uz, backup)
        uz.start()
        self.until_given_back(uz, tj)
        tj.stop()
        tj.start()  # who calls meanwhile is told that it waits, and is not turned away for anything
        until(lambda: "has frozen the pairing" in tj.log.read_text(), "the counterpart has called")
        self.go_on(uz, tj)
        self.assert_works(uz, tj)
        trusted = [office.authority / "authority.pem" for office in (uz, tj)]
        folder = self.trail_of(uz, "trail")
        self.assertEqual([1], self.trail_generations(lost))
        generations = self.trail_generations(folder)
        self.assertEqual((2, 1), (len(generations), generations[0]))
        audit(folder, trusted)
        self.assertEqual([], verifier.verify(folder, trusted)["findings"])
        self.assertEqual(1, [act["what"] for act in uz.trail()].count("office recover"))
        self.assertNotIn("counterpart turned away", [act["what"] for act in uz.trail()])
        uz.stop()
        uz.start()  # and reads both again
        until(lambda: uz.pair_status(tj)["connected"], "the heads have been compared")
        self.assertEqual(generations, self.trail_generations(self.trail_of(uz, "again")))

    def test_acts_on_a_rolled_back_disk_contradict_no_export(self):
        uz, tj = self.offices()
        uz.add_auditor()
        self.exchange(uz, tj, "before")
        uz.stop()
        backup = self.keep(uz, "backup")
        uz.start()
        until(lambda: uz.pair_status(tj)["connected"], "the heads have been compared")
        self.exchange(uz, tj, "after")
        shown = self.trail_of(uz, "shown")
        uz.stop()
        tj.stop()
        self.put_back(uz, backup)
        uz.start()
        uz.alert(tj, marker="accepted on the old store")
        early = self.trail_of(uz, "early")  # before any contact
        tj.start()
        self.until_given_back(uz, tj)
        self.go_on(uz, tj)
        self.assert_works(uz, tj)
        late = self.trail_of(uz, "late")
        trusted = [office.authority / "authority.pem" for office in (uz, tj)]
        for folder in (early, late):
            self.assertEqual(2, len(self.trail_generations(folder)))
            self.assertEqual([], verifier.verify(folder, trusted)["findings"])
            audit(folder, trusted)
            self.assertTrue(self.hashes_of(shown).startswith(self.hashes_of(folder)))
        self.assertGreater(len(self.hashes_of(shown)), len(self.hashes_of(late)))
        self.assertEqual(self.hashes_of(early), self.hashes_of(late))

    def test_a_journal_renewed_on_an_old_store_goes_on_from_what_is_given_back(self):
        """And once more, with a copy from before: one generation begun twice is the one that was received."""
        uz, tj = self.offices()
        self.exchange(uz, tj, "before")
        uz.stop()
        backup = self.keep(uz, "backup")
        uz.start()
        self.exchange(uz, tj, "after")
        until(lambda: uz.pair_status(tj)["sent"] == uz.pair_status(tj)["receipted"], "all is receipted")
        for generation in (2, 3):
            uz.stop()
            tj.stop()
            self.put_back(uz, backup)
            uz.start()
            uz.blo("pair", "renew", TJ)  # it believes that the counterpart holds everything
            uz.alert(tj, marker=f"accepted under key {generation}")
            tj.start()
            self.until_given_back(uz, tj)
            recovered = self.go_on(uz, tj)
            self.assertEqual((1, generation), (recovered["reentered"], recovered["generation"]))
            self.assert_works(uz, tj)
        self.assert_whole(uz, tj, "before from Oybek", "after from Oybek", "accepted under key 2", "accepted under key 3")
        self.assertNotIn("key-changed", [alarm["code"] for alarm in tj.json("alarms", "--all")["alarms"]])
        self.reconcile(uz, tj)

    def trail_generations(self, folder):
        return sorted(int(path.name.rpartition("_")[2]) for path in folder.iterdir())

    def hashes_of(self, folder):
        """Of the entries of the trail's first generation: fewer than one tile holds."""
        (tile,) = [path for path in (folder / "live_UZ-OYBEK_trail_1" / "tile" / "0").rglob("*") if path.is_file()]
        return tile.read_bytes()

    def trail_of(self, office, name):
        folder = self.world.path(name)
        officers, office.officers = office.officers, office._auditors()
        office.blo("journal", "export", folder, "--trail")
        office.officers = officers
        return folder

    def reconcile(self, uz, tj):
        trusted = [word for office in (uz, tj) for word in ("--authority", office.authority / "authority.pem")]
        folders = [office.export(f"{office.home.name}-reconciled") for office in (uz, tj)]
        verdict = run("blo-audit", "reconcile", *folders, *trusted, "--json").json()
        self.assertEqual((True, []), (verdict["verified"], verdict["findings"]))

    def test_an_office_that_lost_everything_but_its_keys_is_given_its_journals_and_contents(self):
        uz, tj = self.offices()
        tj.add_auditor()
        self.exchange(uz, tj, "before")
        uz.blo("pair", "renew", TJ)
        uz.alert(tj, "--wait", 60, marker="in the second generation from Oybek")
        uz.stop()
        self.lose(uz)
        tj.alert(uz, marker="queued while everything was lost from Fotehobod")
        uz.start()
        self.assertEqual([], uz.status()["pairs"])
        file_of_tj = offer_again(tj, uz)
        file_of_uz = offer_again(uz, tj, "--from", file_of_tj, "--address", uz.address)
        self.assertEqual(["lost"], [alarm["code"] for alarm in uz.json("alarms")["alarms"]])
        digits = accept_again(uz, tj, file_of_uz, file_of_tj)
        confirm(uz, tj, digits)
        self.assertIn("confirmed the digits, too", uz.pair_status(tj)["waitingFor"])
        uz.alert(tj, expect=NOT_AUTHORISED)  # its officers come back with its journal
        certify = ("officer", "add", uz.officers / "karimov.request.pem", "--role", "operator", "--out", self.world.path("x.pem"))
        self.assertEqual("not-recovered", uz.json(*certify, expect=REFUSED)["error"]["reason"])  # a number would be given twice
        confirm(tj, uz, digits)
        self.until_given_back(uz, tj)
        self.assertNotIn("confirmed the digits, too", uz.pair_status(tj)["waitingFor"])
        self.assertEqual(["officer-introduced", "rewound"],
                         [alarm["code"] for alarm in tj.json("alarms")["alarms"]])
        self.assertEqual(3, self.go_on(uz, tj)["generation"])
        until(lambda: len(uz.inbox()) == 2, "what waited at the counterpart")
        self.assert_works(uz, tj)
        self.assert_whole(uz, tj, "before from Oybek", "before from Fotehobod", "in the second generation from Oybek",
                          "queued while everything was lost from Fotehobod")
        self.reconcile(uz, tj)

    def test_the_audit_trail_of_an_office_that_lost_its_store_is_not_taken_for_a_changed_one(self):
        uz, tj = self.offices()
        uz.add_auditor()
        uz.alert(tj, "--wait", 60, "--as", "karimov")
        uz.stop()
        self.lose(uz)
        uz.start()
        uz.alert(tj, "--as", "karimov", expect=NOT_AUTHORISED)  # enters a trail 1 of its own
        self.pair_after_loss(uz, tj)
        self.go_on(uz, tj)
        shutil.rmtree(uz._auditors())
        self.world.path(f"{uz.home.name}-auditova.pem").unlink()
        uz.add_auditor()
        self.assert_works(uz, tj)
        self.assertEqual(["pair again", "pair accept", "pair confirm", "office recover"],
                         [act["what"] for act in uz.trail() if act["what"].startswith(("pair ", "office "))])
        folder = uz.export("both")
        officers, uz.officers = uz.officers, uz._auditors()
        uz.blo("journal", "export", self.world.path("trail"), "--trail")
        uz.officers = officers
        trails = sorted(self.world.path("trail").iterdir(), key=lambda path: int(path.name.rpartition("_")[2]))
        self.assertEqual("live_UZ-OYBEK_trail_1", trails[0].name)
        self.assertGreater(int(trails[1].name.rpartition("_")[2]), 1_700_000_000)
        for trail in trails:
            shutil.copytree(trail, folder / trail.name)
        trusted = [office.authority / "authority.pem" for office in (uz, tj)]
        done = audit(folder, trusted, "--json").json()
        self.assertEqual([], done["findings"])
        self.assertRegex(str(done), r"its start names live/UZ-OYBEK/trail/\d{10} and the end of live/UZ-OYBEK/trail/1: what was between them was lost")
        self.assertEqual(("VERIFIED", []), (done["verdict"], done["missing"]))
        self.assertEqual([], verifier.verify(folder, trusted)["findings"])

    def fingerprints(self, authorities):
        return {identity.fingerprint(identity.from_pem("BLO CERTIFICATE", path.read_text())) for path in authorities}

    def test_a_restored_counterpart_is_given_back_what_it_received(self):
        uz, tj = self.offices()
        self.exchange(uz, tj, "before")
        tj.stop()
        backup = self.keep(tj, "backup")
        tj.start()
        self.exchange(uz, tj, "after")
        tj.stop()
        self.put_back(tj, backup)
        tj.start()
        self.until_given_back(tj, uz)
        self.go_on(tj, uz)
        self.assert_works(uz, tj)
        self.assert_whole(uz, tj, "before from Fotehobod", "after from Oybek")
