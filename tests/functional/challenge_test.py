"""An auditor's challenge: a text of the auditor's own in the journal, under a receipt, before the export is made."""

from blolib.programs import FAILED, NO_RECEIPT, NOT_FOUND, USAGE
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
