"""The audit trail: what officers asked of the office, whether they might, what came of it, and that an auditor can verify it."""

import os
import random
import shutil

from blolib.agreement import agreed, codes
from blolib.control import Control, officer_of
from blolib.programs import NOT_AUTHORISED, NOT_FOUND, OK, REFUSED, TESTS, USAGE, audit
from blolib.waiting import until
from blolib.world import HOW, TJ, UZ, WorldTest


class Trail(WorldTest):
    def _offices(self):
        uz, tj = self.offices()
        uz.add_officer("auditova", "auditor")
        return uz, tj

    def _acts(self, office, *arguments):
        """Oldest first."""
        return office.json("--as", "auditova", "trail", "--limit", 1000, *arguments)["acts"][::-1]

    def _said(self, acts):
        return [(act["officer"], act["what"], act["subject"], act["exitCode"]) for act in acts]

    def test_what_officers_did_stands_in_it_in_order(self):
        uz, tj = self._offices()
        number = uz.json("send", "alert", "--as", "karimov", "--to", TJ, "--goods", "x", "--reason", "r", "--action", "a",
                         "--wait", 60)["number"]
        uz.blo("--as", "karimov", "show", number)
        uz.blo("--as", "karimov", "outbox")
        uz.export("seen", "--as", "karimov", "--counterpart", TJ)
        said = self._said(act for act in self._acts(uz) if act["person"] == 1)
        karimov = f"karimov of {uz.id}"
        for one in ((karimov, "send", number, 0), (karimov, "show", number, 0), (karimov, "journal export", TJ, 0)):
            self.assertIn(one, said)
        self.assertLess(said.index((karimov, "send", number, 0)), said.index((karimov, "journal export", TJ, 0)))

    def test_a_list_of_acts_says_where_it_goes_on(self):
        uz, tj = self._offices()
        for _ in range(7):
            uz.blo("--as", "karimov", "outbox")
        whole = uz.json("--as", "auditova", "trail", "--limit", 1000)
        self.assertIsNone(whole["next"])
        typed = ["--limit", 3]
        seen = []
        while True:
            shown = uz.blo("--as", "auditova", "trail", *typed).out.splitlines()
            seen += [int(line.split()[0]) for line in shown if line[:1].isdigit()]
            if not shown[-1].startswith("Older: blo trail "):
                break
            typed = shown[-1].split()[3:]
        # Each reading is entered, too, and comes before what is listed.
        self.assertEqual([act["index"] for act in whole["acts"]], [index for index in seen if index <= whole["acts"][0]["index"]])

    def test_a_refusal_is_recorded_before_it_is_answered(self):
        uz, tj = self._offices()
        uz.alert(tj, "--as", "auditova", expect=NOT_AUTHORISED)
        uz.blo("--as", "karimov", "trail", expect=NOT_AUTHORISED)
        acts = self._acts(uz)
        refused = [(act["officer"], act["what"]) for act in acts if act["refused"]]
        self.assertEqual(refused, [(f"auditova of {uz.id}", "send"), (f"karimov of {uz.id}", "trail")])
        self.assertTrue(all(act["exitCode"] == NOT_AUTHORISED for act in acts if act["refused"]))
        self.assertTrue(agreed(self, self._exported(uz), [uz.authority / "authority.pem"])["verified"])

    def test_two_dials_at_once_are_nobodys_fault(self):
        """Both offices dial as they start, each with something to send: a session too many is not a counterpart turned away."""
        uz, tj = self._offices()
        for started in range(5):
            for office in (uz, tj):
                office.stop()
            for office in (uz, tj):
                office.start()
            for office, other, officer in ((uz, tj, "karimov"), (tj, uz, "rahimov")):
                office.alert(other, "--as", officer, "--wait", 60)
        self.assertEqual([act for act in self._acts(uz) if act["refused"]], [])

    def test_what_came_to_nothing_says_so(self):
        uz, tj = self._offices()
        uz.blo("--as", "karimov", "show", f"{UZ}/{TJ}/4711", expect=NOT_FOUND)
        uz.blo("pair", "confirm", TJ, "--digits", "1" * 60, "--how", HOW, expect=REFUSED)
        failed = {act["what"]: act["exitCode"] for act in self._acts(uz) if act["exitCode"]}
        self.assertEqual(failed, {"show": NOT_FOUND, "pair confirm": REFUSED})
        self.assertTrue(agreed(self, self._exported(uz), [uz.authority / "authority.pem"])["verified"])

    def test_without_an_officer_the_unix_user_stands_there(self):
        uz, tj = self._offices()
        acts = [act for act in self._acts(uz) if act["what"] == "pair confirm"]
        self.assertEqual([(act["person"], act["user"], act["subject"]) for act in acts], [(None, os.getuid(), TJ)])

    def test_a_purpose_stands_beside_the_act(self):
        uz, tj = self._offices()
        uz.blo("--as", "karimov", "--purpose", "case 17/2024", "inbox")
        self.assertIn("case 17/2024", [act["purpose"] for act in self._acts(uz) if act["what"] == "list"])
        uz.blo("--as", "karimov", "--purpose", "x" * 501, "inbox", expect=USAGE)

    def test_it_is_searched_by_officer_and_by_message(self):
        uz, tj = self._offices()
        first = uz.json("send", "alert", "--as", "karimov", "--to", TJ, "--goods", "x", "--reason", "r", "--action", "a")["number"]
        uz.alert(tj, "--as", "karimov")
        uz.blo("--as", "auditova", "show", first)
        self.assertEqual(self._said(act for act in self._acts(uz, "--message", first) if act["what"] != "trail"),
                         [(f"karimov of {UZ}", "send", first, 0), (f"auditova of {UZ}", "show", first, 0)])
        mine = self._acts(uz, "--officer", 2)
        self.assertTrue(mine)
        self.assertEqual({act["person"] for act in mine}, {2})
        uz.blo("--as", "auditova", "trail", "--officer", 99, expect=NOT_FOUND)
        uz.blo("--as", "auditova", "trail", "--message", "nonsense", expect=USAGE)

    def test_a_message_of_a_bulk_is_found_by_its_number(self):
        uz, tj = self._offices()
        uz.blo("--as", "karimov", "import", "seizures", TESTS / "data" / "seizures_invented.csv", "--to", TJ, expect={OK, USAGE})
        sent = [message["number"] for message in uz.outbox("--as", "karimov")]
        self.assertGreaterEqual(len(sent), 2)
        for number in sent:
            self.assertIn("send", [act["what"] for act in self._acts(uz, "--message", number)])
        self.assertNotIn("send", [act["what"] for act in self._acts(uz, "--message", f"{UZ}/{TJ}/4711")])

    def _exported(self, office, name="trail"):
        return office.export(name, "--as", "auditova", "--trail")

    def test_an_auditor_verifies_it_offline(self):
        uz, tj = self._offices()
        uz.alert(tj, "--as", "karimov", "--wait", 60)
        folder = self._exported(uz)
        trusted = [uz.authority / "authority.pem"]
        done = audit(folder, trusted)
        self.assertTrue(agreed(self, folder, trusted)["verified"])
        self.assertTrue(done.out.startswith("VERIFIED: 1 journal"), done.out)
        self.assertIn(f"live/{UZ}/trail/1", done.out)
        self.assertEqual(sorted(path.name for path in folder.iterdir()), [f"live_{UZ}_trail_1"])
        self.assertNotIn("hashish", "".join(map(str, (path.read_bytes() for path in folder.rglob("*") if path.is_file()))))

    def test_a_changed_act_is_found(self):
        uz, tj = self._offices()
        uz.alert(tj, "--as", "karimov", "--wait", 60)
        folder = self._exported(uz)
        bundle = next(path for path in folder.rglob("tile/entries/**/*") if path.is_file())
        whole = bundle.read_bytes()
        position = whole.index(f"{UZ}/{TJ}/2".encode())
        bundle.write_bytes(whole[:position] + b"XX" + whole[position + 2:])
        self.assertEqual(["E-ROOT", "E-TILE"], codes(agreed(self, folder, [uz.authority / "authority.pem"])))

    def test_a_byte_changed_in_any_file_of_it_is_found(self):
        uz, tj = self._offices()
        uz.alert(tj, "--as", "karimov", "--wait", 60)
        folder, trusted = self._exported(uz), [uz.authority / "authority.pem"]
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            whole = path.read_bytes()
            for at in {0, len(whole) // 2, len(whole) - 1, random.randrange(len(whole))}:
                path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1:])
                self.assertFalse(agreed(self, folder, trusted, f"{path}, byte {at}")["verified"], f"{path}, byte {at}")
            path.write_bytes(whole)
        self.assertTrue(agreed(self, folder, trusted)["verified"])

    def test_it_stands_beside_the_journals_of_the_pairs(self):
        uz, tj = self._offices()
        uz.alert(tj, "--as", "karimov", "--wait", 60)
        tj.alert(uz, "--wait", 60)
        folder = uz.export("both", "--as", "auditova")
        journal_, = self._exported(uz).iterdir()
        shutil.copytree(journal_, folder / journal_.name)
        verdict = agreed(self, folder, [office.authority / "authority.pem" for office in (uz, tj)])
        self.assertTrue(verdict["verified"], verdict)
        self.assertEqual(3, len(verdict["journals"]))

    def test_it_goes_on_after_a_kill(self):
        uz, tj = self._offices()
        before = self._said(self._acts(uz))
        uz.kill()
        uz.start()
        uz.alert(tj, "--as", "karimov", "--wait", 60)
        after = self._said(self._acts(uz))
        self.assertEqual(after[:len(before)], before)
        self.assertIn("send", [what for _, what, _, _ in after[len(before):]])
        self.assertTrue(agreed(self, self._exported(uz), [uz.authority / "authority.pem"])["verified"])

    def test_a_signature_that_does_not_hold_is_recorded_once_an_hour(self):
        uz, tj = self._offices()
        fingerprint, key = officer_of(uz, "karimov")
        _, other = officer_of(tj, "rahimov")
        for _ in range(5):
            with Control(uz) as control:
                answer = control.ask({"list": {"direction": 1}}, (fingerprint, other))
                self.assertEqual(answer["failure"]["exit_code"], NOT_AUTHORISED)
        refused = [act for act in self._acts(uz) if act["refused"]]
        self.assertEqual([(act["subject"], act["user"]) for act in refused], [("a signature that does not hold", os.getuid())])
        self.assertTrue(agreed(self, self._exported(uz), [uz.authority / "authority.pem"])["verified"])

    def test_a_signature_that_does_not_hold_is_no_word_of_the_officer_it_names(self):
        """Whoever reaches the socket without a key cannot make the office's own trail contradict itself."""
        uz, tj = self._offices()
        uz.blo("--as", "karimov", "inbox")  # known to the trail from here on
        fingerprint, _ = officer_of(uz, "karimov")
        with Control(uz) as control:
            answer = control.ask({"list": {"direction": 1}}, (fingerprint, officer_of(tj, "rahimov")[1]))
            self.assertEqual(answer["failure"]["exit_code"], NOT_AUTHORISED)
        self.assertTrue(agreed(self, self._exported(uz), [uz.authority / "authority.pem"])["verified"])
        refused, = [act for act in self._acts(uz) if act["refused"]]
        self.assertEqual((refused["person"], refused["user"]), (None, os.getuid()))

    def test_a_request_signed_by_an_officer_who_is_revoked_is_entered_once(self):
        uz, tj = self._offices()
        officer = officer_of(uz, "karimov")
        uz.blo("--as", "karimov", "inbox")
        with Control(uz) as control:
            control.ask({"list": {"direction": 1}}, officer)
            uz.blo("officer", "revoke", 1, "--reason", "left")
            answer = control.ask({"list": {"direction": 1}}, officer)
            self.assertEqual(answer["failure"]["exit_code"], NOT_AUTHORISED)
        self.assertEqual([act["person"] for act in self._acts(uz) if act["refused"]], [1])
        self.assertTrue(agreed(self, self._exported(uz), [uz.authority / "authority.pem"])["verified"])

    def test_strangers_on_the_network_cannot_fill_it(self):
        import socket
        uz, tj = self._offices()
        before = len(self._acts(uz))
        host, _, port = uz.address.rpartition(":")
        for _ in range(50):
            with socket.create_connection((host.strip("[]"), int(port))) as stranger:
                stranger.sendall(b"\x00\x30" + os.urandom(48))
        until(lambda: uz.status()["strangers"] >= 40, "the strangers are counted")
        # The listing itself is the one act that was added.
        self.assertEqual(len(self._acts(uz)), before + 1)

    def test_a_counterpart_that_is_turned_away_is_entered_once(self):
        uz, tj = self._offices()
        uz.blo("pair", "freeze", TJ, "--reason", "a drill")
        said = lambda: tj.pair_status(uz)["waitingFor"]
        until(lambda: "frozen" in said(), "the counterpart is told")
        for _ in range(3):
            tj.stop()
            tj.start()
            until(lambda: "frozen" in said(), "the counterpart is told again")
        entered = [act["subject"] for act in self._acts(uz) if act["what"] == "counterpart turned away"]
        self.assertEqual(entered, [f"{TJ}: frozen"])
        self.assertTrue(agreed(self, self._exported(uz), [uz.authority / "authority.pem"])["verified"])
