"""An auditor's challenge: a text of the auditor's own in the journal, under a receipt, before the export is made."""

import shutil

import verifier
from blolib.programs import FAILED, NO_RECEIPT, NOT_FOUND, NOT_WHOLE, OK, UNVERIFIED, USAGE, audit
from blolib.waiting import until
from blolib.world import TJ, UZ, WorldTest

TEXT = "audit of 2026-11-22, 7f3a 90c1"


class Challenge(WorldTest):
    def challenged(self, office, name, *arguments, expect=0):
        return office.json("journal", "export", self.world.path(name), "--challenge", TEXT, *arguments, expect=expect)

    def test_the_export_holds_the_text_under_a_receipt(self):
        uz, tj = self.offices()
        uz.alert(tj, "--wait", 60)
        uz.add_officer("auditova", "auditor")
        challenge = self.challenged(uz, "export", "--as", "auditova")["challenge"]
        self.assertEqual((TEXT, f"live/{UZ}/{TJ}/1"), (challenge["text"], challenge["origin"]))
        self.assertGreater(challenge["receipt"]["size"], challenge["index"])
        said = uz.blo("journal", "export", self.world.path("again"), "--challenge", TEXT, "--as", "auditova").out
        self.assertIn(f"The challenge is entry {challenge['index'] + 1} of", said)

    def test_without_a_receipt_there_is_no_export_and_the_text_is_entered_once(self):
        uz, tj = self.offices()
        self.assert_works(uz, tj)
        tj.stop()
        before = uz.pair_status(tj)["sent"]
        for _ in range(2):
            failed = self.challenged(uz, "export", "--wait", 1, expect=NO_RECEIPT)["error"]
            self.assertEqual("no-receipt", failed["reason"])
            self.assertFalse(self.world.path("export").exists())
        self.assertEqual(before + 1, uz.pair_status(tj)["sent"])
        tj.start()
        until(lambda: uz.pair_status(tj)["connected"], "they meet again")
        self.assertEqual(TEXT, self.challenged(uz, "export")["challenge"]["text"])
        self.assertEqual(0, tj.pair_status(uz)["refused"])

    def test_a_text_that_is_none_enters_nothing(self):
        uz, tj = self.offices()
        self.assert_works(uz, tj)
        before = uz.pair_status(tj)["sent"]
        for text in ("", "x" * 101, "line\nline", "Фотеҳобод"):
            uz.blo("journal", "export", self.world.path("export"), "--challenge", text, expect=USAGE)
        uz.blo("journal", "export", self.world.path("export"), "--wait", 5, expect=USAGE)
        uz.blo("journal", "export", self.world.path("export"), "--trail", "--challenge", TEXT, expect=USAGE)
        uz.blo("journal", "export", self.world.path("export"), "--counterpart", "KZ-ATAMEKEN", "--challenge", TEXT,
               expect=NOT_FOUND)
        self.world.path("full").mkdir()
        (self.world.path("full") / "file").touch()
        self.challenged(uz, "full", expect=FAILED)
        self.assertEqual(before, uz.pair_status(tj)["sent"])

    # --- what an auditor says of it

    def authorities(self, *offices):
        return [office.authority / "authority.pem" for office in offices]

    def test_the_auditor_says_up_to_where_the_export_is_complete(self):
        uz, tj = self.offices()
        uz.alert(tj, "--wait", 60)
        exported = self.challenged(uz, "export")["challenge"]
        trusted = self.authorities(uz, tj)
        done = audit(self.world.path("export"), trusted, "--challenge", TEXT)
        self.assertIn(f"complete    up to the challenge (entry {exported['index']}, receipted {exported['receipt']['time']})",
                      done.out)
        self.assertIn("nothing is said about entries from", done.out)  # of the counterpart's journal
        verdict = audit(self.world.path("export"), trusted, "--challenge", TEXT, "--json").json()
        ours = next(one for one in verdict["journals"] if one["origin"] == exported["origin"])
        self.assertEqual((TEXT, [{"index": exported["index"], "text": TEXT, "receipted": exported["receipt"]["time"]}]),
                         (verdict["challenge"], ours["challenges"]))
        second = verifier.verify(self.world.path("export"), trusted, TEXT)
        self.assertTrue(second["verified"], second)
        self.assertEqual([[{"index": exported["index"], "text": TEXT, "receipted": True}], []],
                         sorted((one["challenges"] for one in second["journals"]), reverse=True))

    def test_the_journal_of_the_office_that_was_challenged_answers_and_no_other(self):
        uz, tj = self.offices()
        uz.alert(tj, "--wait", 60)
        tj.alert(uz, "--wait", 60)
        self.challenged(tj, "theirs")
        exported, trusted = uz.export("ours"), self.authorities(uz, tj)
        # The counterpart entered the text: that says nothing of the journal it stands beside.
        self.assertEqual([TEXT], [held["text"] for one in audit(exported, trusted, "--challenge", TEXT, "--json").json()["journals"]
                                  for held in one["challenges"]])
        for office, found in ((TJ, []), (UZ, ["E-CHALLENGE"]), ("KZ-ATAMEKEN", ["E-CHALLENGE"])):
            verdict = audit(exported, trusted, "--challenge", TEXT, "--challenge-of", office, "--json",
                            expect=UNVERIFIED if found else OK).json()
            self.assertEqual((office, found), (verdict["challenge_of"], [finding["code"] for finding in verdict["findings"]]))
            second = verifier.verify(exported, trusted, TEXT, office)
            self.assertEqual(found, [finding["code"] for finding in second["findings"]], office)
        audit(exported, trusted, "--challenge-of", UZ, expect=USAGE)
        for nobody in ("Oybek", ""):
            audit(exported, trusted, "--challenge", TEXT, "--challenge-of", nobody, expect=USAGE)

    def test_an_export_from_before_the_challenge_is_found_out(self):
        uz, tj = self.offices()
        uz.alert(tj, "--wait", 60)
        old = uz.export("old")
        self.challenged(uz, "new")
        trusted = self.authorities(uz, tj)
        for folder, text in ((old, TEXT), (self.world.path("new"), TEXT + "!")):
            verdict = audit(folder, trusted, "--challenge", text, "--json", expect=UNVERIFIED).json()
            self.assertEqual(["E-CHALLENGE"], [finding["code"] for finding in verdict["findings"]])
            self.assertEqual(["E-CHALLENGE"],
                             [finding["code"] for finding in verifier.verify(folder, trusted, text)["findings"]])
        said = audit(old, trusted)
        self.assertEqual(2, said.out.count("complete    not shown: nothing is said about entries from"))
        audit(old, trusted, "--challenge", "", expect=USAGE)

    def test_what_arrived_before_the_challenge_is_in_the_export(self):
        """The challenge's own stamp names what the exporting office had receipted by then."""
        uz, tj = self.offices()
        number = tj.alert(uz, "--wait", 60, "--json").json()["number"]
        self.challenged(uz, "export")
        verdict = audit(self.world.path("export"), self.authorities(uz, tj), "--challenge", TEXT, "--json").json()
        theirs = next(one for one in verdict["journals"] if one["origin"] == f"live/{TJ}/{UZ}/1")
        self.assertGreater(theirs["size"], int(number.split("/")[-1]))

    def test_what_the_challenged_journal_goes_on_from_and_names_is_not_left_out(self):
        uz, tj = self.offices()
        uz.alert(tj, "--wait", 60)
        tj.alert(uz, "--wait", 60)
        until(lambda: uz.pair_status(tj)["sent"] == uz.pair_status(tj)["receipted"], "all is receipted")
        uz.blo("pair", "renew", TJ)
        self.assertEqual(f"live/{UZ}/{TJ}/2", self.challenged(uz, "export")["challenge"]["origin"])
        trusted = self.authorities(uz, tj)
        whole = self.world.path("export")
        self.assertTrue(audit(whole, trusted, "--challenge", TEXT, "--json").json()["verified"])
        self.assertTrue(verifier.verify(whole, trusted, TEXT)["verified"])
        for folder in (f"live_{UZ}_{TJ}_1", f"live_{TJ}_{UZ}_1"):
            part = self.world.path(f"without {folder}")
            shutil.copytree(whole, part)
            shutil.rmtree(part / folder)
            self.assertEqual([], audit(part, trusted, "--json", expect=NOT_WHOLE).json()["findings"], folder)
            for verdict in (audit(part, trusted, "--challenge", TEXT, "--json", expect=UNVERIFIED).json(),
                            verifier.verify(part, trusted, TEXT)):
                self.assertEqual(["E-CHALLENGE"], [finding["code"] for finding in verdict["findings"]], folder)
