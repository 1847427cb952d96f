"""Evidence of one message: made by an office, judged by a stranger."""

from blolib.programs import NOT_FOUND, NO_RECEIPT, OK, REFUSED, TESTS, UNVERIFIED, judge
from blolib.waiting import until
from blolib.world import TJ, UZ, WorldTest


class Evidence(WorldTest):
    def setUp(self):
        super().setUp()
        self.made = 0

    def _offices(self):
        uz, tj = self.offices()
        self.trusted = [office.authority / "authority.pem" for office in (uz, tj)]
        return uz, tj

    def _evidence(self, office, number, *arguments, expect=OK):
        self.made += 1
        file = self.world.path(f"evidence-{self.made}")
        return file, office.blo("evidence", number, "--out", file, *arguments, expect=expect)

    def _judged(self, office, number, *arguments):
        file, _ = self._evidence(office, number, *arguments)
        return judge(file, self.trusted, "--json").json()

    def test_both_offices_prove_the_same_message(self):
        uz, tj = self._offices()
        first = tj.alert(uz, "--wait", 60, "--json", marker="one before").json()["number"]
        number = uz.json("send", "seizure", "--to", TJ, "--file", TESTS / "data/oybek_2024_seizure.json", "--wait", 60)["number"]
        for one in (first, number):
            verdicts = [self._judged(office, one) for office in (uz, tj)]
            for verdict in verdicts:
                self.assertTrue(verdict["verified"], verdict)
                self.assertEqual(verdict["number"], one)
                self.assertEqual(verdict["content_state"], "not-disclosed")
                self.assertIsNone(verdict["content"])
                self.assertIsNotNone(verdict["receipt"])
                self.assertIsNone(verdict["author"]["name"])
            self.assertEqual(*[verdict["leaf_hash"] for verdict in verdicts])
            self.assertEqual(*[verdict["author"] for verdict in verdicts])
        before = verdicts[0]["not_before"]
        self.assertEqual(before["origin"], f"live/{TJ}/{UZ}/1")
        self.assertLessEqual(before["time"], verdicts[0]["receipt"])
        file, said = self._evidence(uz, number)
        self.assertIn("no content", said.out)
        done = judge(file, self.trusted)
        self.assertTrue(done.out.startswith("VERIFIED\n"), done.out)
        self.assertIn("content               not disclosed", done.out)

    def test_disclosed_content_is_what_its_author_signed(self):
        uz, tj = self._offices()
        number = uz.alert(tj, "--wait", 60, "--json", marker="hidden in the spare wheel").json()["number"]
        for office in (uz, tj):
            verdict = self._judged(office, number, "--disclose")
            self.assertTrue(verdict["verified"], verdict)
            self.assertEqual(verdict["content_state"], "matches")
            self.assertIn("hidden in the spare wheel", str(verdict["content"]))
            self.assertEqual(verdict["author"]["name"], f"karimov of {UZ}")
        file, _ = self._evidence(tj, number, "--disclose")
        self.assertEqual(file.stat().st_mode & 0o777, 0o600)
        self.assertIn("hidden in the spare wheel", judge(file, self.trusted).out)
        without = judge(file, self.trusted[:1], "--json", expect=UNVERIFIED).json()
        self.assertEqual(["E-UNTRUSTED"], sorted({finding["code"] for finding in without["findings"]}))
        self.assertNotIn("spare wheel", judge(file, self.trusted[1:], expect=UNVERIFIED).out)

    def test_a_message_without_a_receipt_has_no_evidence_yet(self):
        uz, tj = self._offices()
        tj.stop()
        until(lambda: not uz.pair_status(tj)["connected"], "Oybek notices")
        number = uz.alert(tj, "--json").json()["number"]
        _, failed = self._evidence(uz, number, expect=NO_RECEIPT)
        self.assertIn("receipt", failed.err)
        self._evidence(uz, f"{UZ}/{TJ}/999", expect=NOT_FOUND)
        # When the pairing is over nobody will give one.
        uz.blo("pair", "end", TJ, "--reason", "the agreement was not renewed")
        verdict = self._judged(uz, number, "--disclose")
        self.assertTrue(verdict["verified"], verdict)
        self.assertIsNone(verdict["receipt"])
        file, said = self._evidence(uz, number)
        self.assertIn("no receipt", said.out)
        self.assertIn("VERIFIED, WITHOUT A RECEIPT", judge(file, self.trusted).out)
