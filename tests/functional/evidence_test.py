"""Evidence of one message: made by an office, judged by strangers in two languages."""

import base64
import os
import pathlib
import random
import re
import shutil
import subprocess

import nacl.signing

import verifier
from blolib import evidence, exports, identity, journal, wire
from blolib.agreement import agreed_evidence, codes
from blolib.page import Page, browse
from blolib.programs import CHECKOUT, FAILED, NO_RECEIPT, NOT_FOUND, OK, REFUSED, TESTS, UNVERIFIED, USAGE, judge
from blolib.waiting import until
from blolib.world import TJ, UZ, WorldTest
from faults_test import Counterpart, Journal

_HOSTILE = "<script>alert(1)</script> \u202egnp.exe \x1b[2J & \"'><img src=http://evil.example/x>"


class EvidenceTest(WorldTest):
    def setUp(self):
        super().setUp()
        self.made = 0

    def _trust(self, *offices):
        self.trusted = [office.authority / "authority.pem" for office in offices]

    def _offices(self):
        offices = self.offices()
        self._trust(*offices)
        return offices

    def _evidence(self, office, number, *arguments, expect=OK):
        self.made += 1
        file = self.world.path(f"evidence-{self.made}")
        return file, office.blo("evidence", number, "--out", file, *arguments, expect=expect)

    def _agreed(self, file, about=""):
        return agreed_evidence(self, file, self.trusted, about)

    def _judged(self, office, number, *arguments):
        return self._agreed(self._evidence(office, number, *arguments)[0], number)

    @staticmethod
    def _rewritten(file, change):
        """The evidence with its values changed, in its armour again."""
        values = evidence.parse(identity.from_pem("BLO EVIDENCE", file.read_text()))
        change(values)
        file.write_text(identity.to_pem("BLO EVIDENCE", wire.encode(evidence.EVIDENCE, values)))
        return file


class Evidence(EvidenceTest):
    def test_both_offices_prove_the_same_message(self):
        uz, tj = self._offices()
        first = tj.alert(uz, "--wait", 60, "--json", marker="one before").json()["number"]
        number = uz.json("send", "seizure", "--to", TJ, "--file", TESTS / "data/oybek_2024_seizure.json", "--wait", 60)["number"]
        for one in (first, number):
            verdicts = [self._judged(office, one) for office in (uz, tj)]
            for verdict in verdicts:
                self.assertTrue(verdict["verified"], verdict)
                self.assertEqual((one, "not-disclosed", None),
                                 (verdict["number"], verdict["content_state"], verdict["content"]))
                self.assertIsNotNone(verdict["receipt"])
                self.assertIsNone(verdict["author"]["name"])
            self.assertEqual(*[verdict["leaf_hash"] for verdict in verdicts])
            self.assertEqual(*[verdict["author"] for verdict in verdicts])
        before = verdicts[0]["not_before"]
        self.assertEqual(before["origin"], f"live/{TJ}/{UZ}/1")
        self.assertLessEqual(before["time"], verdicts[0]["receipt"])
        file, said = self._evidence(uz, number)
        self.assertIn("no content", said.out)
        self.assertIn("blo-audit evidence FILE --authority UZ.pem --authority TJ.pem\n", said.out)
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
        file, said = self._evidence(tj, number, "--disclose")
        self.assertEqual(file.stat().st_mode & 0o777, 0o600)
        told = said.out.partition("Whoever has the file reads in it:\n")[2].partition("Hand it only")[0].splitlines()
        self.assertEqual(2, len(told), said.out)
        self.assertRegex(told[0], "^  the content of the alert: .*hidden in the spare wheel")
        self.assertEqual(f"  the name and agency of officer 1: karimov of {UZ}, Customs", told[1])
        _, said = self._evidence(tj, number, "--disclose", "--json")
        self.assertEqual(([line.strip() for line in told], True), (said.json()["discloses"], said.json()["disclosed"]))
        _, said = self._evidence(tj, number, "--json")
        self.assertEqual(([], False), (said.json()["discloses"], said.json()["disclosed"]))
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
        self._evidence(uz, f"{UZ}/{TJ}/0", expect=NOT_FOUND)
        self._evidence(uz, "nonsense", expect=USAGE)
        # When the pairing is over nobody will give one.
        uz.blo("pair", "end", TJ, "--reason", "the agreement was not renewed")
        verdict = self._judged(uz, number, "--disclose")
        self.assertTrue(verdict["verified"], verdict)
        self.assertIsNone(verdict["receipt"])
        file, said = self._evidence(uz, number)
        self.assertIn("no receipt", said.out)
        self.assertIn("VERIFIED, WITHOUT A RECEIPT", judge(file, self.trusted).out)

    def test_it_tells_what_stands_in_earlier_generations_and_after_the_end(self):
        uz, tj = self._offices()
        before = uz.alert(tj, "--wait", 60, "--json", marker="before").json()["number"]
        until(lambda: uz.pair_status(tj)["sent"] == uz.pair_status(tj)["receipted"], "all is receipted")
        uz.blo("pair", "renew", TJ)
        after = uz.alert(tj, "--wait", 60, "--json", marker="after").json()["number"]
        answer = tj.alert(uz, "--wait", 60, "--json", marker="an answer").json()["number"]
        for office in (uz, tj):
            office.blo("pair", "end", tj.id if office is uz else uz.id, "--reason", "the post was closed")
        for number in (before, after, answer):
            for office in (uz, tj):
                verdict = self._judged(office, number, "--disclose")
                self.assertTrue(verdict["verified"] and verdict["receipt"], verdict)
        self.assertEqual(f"live/{UZ}/{TJ}/2", verdict["not_before"]["origin"])

    def test_four_eyes_and_a_revocation_that_came_later(self):
        uz, tj = self._offices()
        uz.add_officer("nazarova", "releaser")
        uz.blo("policy", "set", TJ, "--release", "alert")
        draft = uz.alert(tj, "--as", "karimov", "--json").json()["draft"]
        number = uz.json("release", draft, "--yes", "--as", "nazarova")["number"]
        uz.blo("officer", "revoke", 1, "--reason", "left")
        until(lambda: uz.json("show", number, "--as", "nazarova")["receipt"], "the receipt")
        for office, officer in ((uz, "nazarova"), (tj, "rahimov")):
            verdict = self._judged(office, number, "--disclose", "--as", officer)
            self.assertTrue(verdict["verified"] and verdict["message"]["release_required"], verdict)
            self.assertEqual((1, 2), (verdict["author"]["person"], verdict["releaser"]["person"]))
            self.assertEqual(f"nazarova of {UZ}", verdict["releaser"]["name"])

    def test_a_name_that_was_erased_is_not_disclosed(self):
        uz, tj = self._offices()
        number = uz.alert(tj, "--wait", 60, "--json").json()["number"]
        uz.add_officer("nazarova")
        uz.blo("officer", "revoke", 1, "--reason", "left")
        uz.blo("officer", "forget", 1)
        verdict = self._judged(uz, number, "--disclose", "--as", "nazarova")
        self.assertEqual((True, "matches", None), (verdict["verified"], verdict["content_state"], verdict["author"]["name"]))

    def test_every_making_enters_the_trail_and_a_purpose_is_asked_for(self):
        uz, tj = self._offices()
        uz.add_auditor()
        number = uz.alert(tj, "--wait", 60, "--json").json()["number"]
        before = len(uz.trail())
        self._evidence(uz, number)
        uz.blo("policy", "set", TJ, "--purpose")
        _, refused = self._evidence(uz, number, "--disclose", expect=REFUSED)
        self.assertIn("purpose", refused.err)
        self._evidence(uz, number, "--disclose", "--purpose", "case 17 of the district court")
        acts = [(act["what"], act["subject"], act["exitCode"]) for act in uz.trail()[before:] if act["what"] == "evidence"]
        self.assertEqual([("evidence", number, 0), ("evidence", number, REFUSED), ("evidence", number, 0)], acts)
        taken, _ = self._evidence(uz, number, "--purpose", "once more")
        kept = taken.read_text()
        uz.blo("evidence", number, "--out", taken, "--purpose", "again", expect=FAILED)
        self.assertEqual(kept, taken.read_text())


class Refused(EvidenceTest):
    def test_a_refused_message_shows_its_refusal(self):
        uz, tj = self.world.office(UZ), self.world.office(TJ).start()
        tj.add_officer("rahimov")
        self._trust(uz, tj)
        oybek = Counterpart(uz, tj)
        theirs = Journal(oybek)
        theirs.message(theirs.officer(7, statement=5), Journal.UNOPENABLE)
        theirs.message(theirs.officer(8, roles=[3]), Journal.UNAUTHORISED)
        with oybek.dial() as session:
            session.say_hello(**oybek.hello())
            session.say_heads()
            session.say_batch(theirs.leaves, theirs.note())
            session.hear_receipt()
        numbers = [message["number"] for message in tj.inbox()]
        self.assertEqual(2, len(numbers))
        # Until its refusal is under a receipt, evidence would make it look accepted.
        self._evidence(tj, numbers[0], expect=NO_RECEIPT)
        tj.blo("pair", "end", UZ, "--reason", "the post was closed")
        unsigned, unopenable = numbers
        verdict = self._judged(tj, unopenable)
        self.assertTrue(verdict["verified"] and verdict["receipt"] and verdict["refusal"], verdict)
        self.assertIn("VERIFIED, AND REFUSED BY ITS RECEIVER", judge(self._evidence(tj, unopenable)[0], self.trusted).out)
        # That nobody who may have signed it did is no less of a finding for being refused.
        file, _ = self._evidence(tj, unsigned)
        self.assertEqual(["E-ROLE"], [finding["code"] for finding in self._agreed(file)["findings"]])
        said = judge(file, self.trusted, expect=UNVERIFIED).out
        self.assertTrue(said.startswith("NOT VERIFIED\n"), said)
        self.assertIn("its receiver refused it", said)
        for number in numbers:
            _, failed = self._evidence(tj, number, "--disclose", expect=REFUSED)
            self.assertIn("--disclose", failed.err)


class Tampered(EvidenceTest):
    def _sent(self, marker="hidden in the spare wheel"):
        uz, tj = self._offices()
        tj.alert(uz, "--wait", 60, marker="one before")
        number = uz.alert(tj, "--wait", 60, "--json", marker=marker).json()["number"]
        return uz, tj, number

    def test_a_byte_changed_anywhere_is_found(self):
        uz, _, number = self._sent()
        file, _ = self._evidence(uz, number, "--disclose")
        data = identity.from_pem("BLO EVIDENCE", file.read_text())
        copy = self.world.path("copy")
        for at in sorted({0, len(data) - 1, *random.sample(range(len(data)), 150)}):
            changed = bytearray(data)
            changed[at] ^= 1 << random.randrange(8)
            copy.write_text(identity.to_pem("BLO EVIDENCE", bytes(changed)))
            self.assertFalse(self._agreed(copy, f"byte {at} of {len(data)}")["verified"], at)
        # What stands around the block is nobody's word.
        copy.write_text("This is genuine.\n" + file.read_text())
        judge(copy, self.trusted)
        copy.write_text(file.read_text()[:-100])
        judge(copy, self.trusted, expect=FAILED)

    def test_no_receipt_is_asked_of_a_key_that_nobody_vouches_for(self):
        uz, tj, number = self._sent()
        file, _ = self._evidence(uz, number)
        certificate = identity.from_pem("BLO CERTIFICATE", (tj.home / "office.pem").read_text())
        key = identity.key_of(identity.details_of(certificate), identity.USE_RECEIPT)
        other = bytes(nacl.signing.SigningKey.generate().verify_key)

        def with_another_receipt_key(values):
            values["receiver_office"] = values["receiver_office"].replace(key, other)
        verdict = self._agreed(self._rewritten(file, with_another_receipt_key))
        self.assertEqual((["E-CERTIFICATE"], None),
                         ([finding["code"] for finding in verdict["findings"] if finding["where"] == "receiver"],
                          verdict["receipt"]))

    def test_what_is_left_out_is_not_claimed(self):
        uz, _, number = self._sent()
        file, _ = self._evidence(uz, number, "--disclose")
        text = file.read_text()

        def changed(change):
            file.write_text(text)
            return self._agreed(self._rewritten(file, change))

        def without_receipt(values):
            values["journal"]["checkpoint"] = values["journal"]["checkpoint"].rsplit("— ", 1)[0]
        verdict = changed(without_receipt)
        self.assertEqual((True, None), (verdict["verified"], verdict["receipt"]))
        self.assertIn("there is no receipt", " ".join(verdict["notes"]))
        verdict = changed(lambda values: values["opposite"].clear())
        self.assertEqual((True, None), (verdict["verified"], verdict["not_before"]))
        verdict = changed(lambda values: values["journal"]["entries"].pop(1))
        self.assertEqual(["E-OFFICER"], [finding["code"] for finding in verdict["findings"]])
        verdict = changed(lambda values: values["opposite"].append(values["opposite"][0]))
        self.assertEqual(["E-ORIGIN"], [finding["code"] for finding in verdict["findings"]])
        verdict = changed(lambda values: values["opposite"].append(values["journal"]))
        self.assertFalse(verdict["verified"])

        def other_content(values):
            entry, = (one for one in values["journal"]["entries"] if one["index"] == values["index"])
            entry["content"] = entry["content"].replace(b"spare wheel", b"fuel tank..")
        verdict = changed(other_content)
        self.assertEqual((["E-CONTENT"], None), ([finding["code"] for finding in verdict["findings"]], verdict["content"]))

    def test_the_page_says_it_all_and_runs_nothing(self):
        uz, _, number = self._sent(_HOSTILE)
        file, _ = self._evidence(uz, number, "--disclose")
        html = self.world.path("evidence.html")
        judge(file, self.trusted, "--html", html)
        page = Page(html.read_text())
        self.assertEqual([], page.forbidden())
        self.assertIn("default-src 'none'", page.policy)
        self.assertEqual("VERIFIED", page.verdict)
        for said in (number, "<script>alert(1)</script>", "http://evil.example/x", f"karimov of {UZ}", "witnessed by " + TJ):
            self.assertIn(said, page.text)
        for hidden in ("\u202e", "\x1b"):
            self.assertNotIn(hidden, html.read_text())
        judge(file, self.trusted[:1], "--html", html, expect=UNVERIFIED)
        page = Page(html.read_text())
        self.assertEqual(("NOT VERIFIED", []), (page.verdict, page.forbidden()))
        self.assertNotIn("evil.example", page.text)


def example():
    """The evidence in docs/format/evidence.md, made without any of our programs, and who is to be trusted for it."""
    uz, tj = (exports.Office(exports.Authority(id_[:2]), id_) for id_ in (UZ, TJ))
    karimov, salt = uz.officer(), journal.sha256(b"salt")
    back, there = exports.Journal(tj, uz), exports.Journal(uz, tj)
    back.introduce(tj.officer())
    there.introduce(karimov)
    index = there.message(karimov, commitment=journal.sha256(b"blo/content/v1\0", salt, b"a"), seen=back)
    proven = there.proven([0, 1, index], receipted=True)
    proven["entries"][-1] |= {"salt": salt, "content": b"a"}
    values = {"version": 1, "index": index, "journal": proven, "receiver_authority": tj.authority.certificate,
              "receiver_office": tj.certificate, "opposite": [back.proven([0, 1])]}
    return identity.to_pem("BLO EVIDENCE", wire.encode(evidence.EVIDENCE, values)), (uz.authority, tj.authority)


class FalseTimes(EvidenceTest):
    """What the content, the author's machine or the sender dates and the receiver's receipt shows to be impossible."""

    def _made(self, content, created_s=0, ahead_s=0, receipted=True, unsure=False):
        uz, tj = (exports.Office(exports.Authority(id_[:2]), id_) for id_ in (UZ, TJ))
        self.trusted = [office.authority.pem(self.world.path(f"{office.authority.country}.pem")) for office in (uz, tj)]
        karimov, salt = uz.officer(), journal.sha256(b"salt")
        there = exports.Journal(uz, tj)
        there.introduce(karimov)
        there.time_ms += ahead_s * 1000
        there.unsure = unsure
        index = there.message(karimov, kind=2, commitment=journal.sha256(b"blo/content/v1\0", salt, content),
                              created_ms=there.time_ms + created_s * 1000)
        proven = there.proven([0, 1, index])
        if receipted:
            proven["checkpoint"] = there.cosigned(after_s=1 - ahead_s)
        proven["entries"][-1] |= {"salt": salt, "content": content}
        values = {"version": 1, "index": index, "journal": proven, "opposite": [],
                  "receiver_authority": tj.authority.certificate, "receiver_office": tj.certificate}
        return self.world.write("evidence", identity.to_pem("BLO EVIDENCE", wire.encode(evidence.EVIDENCE, values)))

    @staticmethod
    def _seizure(date):
        """A Content with a seizure of that date, by proto/blo/v1/message.proto."""
        def field(number, data):
            return bytes([number << 3 | 2, len(data)]) + data
        drug = field(1, b"Hashish") + field(2, field(1, b"1981") + field(2, b"Gram"))
        return field(11, bytes([1 << 3, 1]) + field(2, date.encode()) + field(3, field(2, b"Oybek")) + field(4, drug))

    def _told(self, *made, wanted="VERIFIED", **more):
        file, html = self._made(*made, **more), self.world.path("evidence.html")
        verdict = judge(file, self.trusted, "--json", "--html", html).json()
        said = judge(file, self.trusted).out.splitlines()
        page = Page(html.read_text())
        self.assertEqual((wanted, wanted, wanted), (verdict["verdict"], said[0], page.verdict))
        for sentence in verdict["false_times"]:
            self.assertIn(sentence, said[1])
            self.assertIn(sentence, page.text)
        self.assertEqual("careful" if verdict["false_times"] or wanted != "VERIFIED" else "good", page.tone)
        return verdict["false_times"]

    def test_a_content_that_dates_what_had_not_come_is_said_in_a_sentence(self):
        self.assertEqual([], self._told(self._seizure("2024-03-07")))
        self.assertEqual([], self._told(self._seizure("2024-03-08")), "zones differ")
        received = self._told(self._seizure("2204-03-07"))
        self.assertEqual(1, len(received))
        self.assertRegex(received[0], r"^The content gives as the date of the seizure \(seizure.date\) a day that had not come when "
                                      rf"the message was received by {TJ} \(2024-03-07T[0-9:]+Z\)\. Its author wrote that date")

    def test_without_a_receipt_its_senders_clock_counts_where_that_was_sure(self):
        never = {"wanted": "VERIFIED, WITHOUT A RECEIPT", "receipted": False}
        content, author = self._told(self._seizure("2204-03-07"), 400 * 86_400, **never)
        for sentence in content, author:
            self.assertRegex(sentence, rf"was sent by {UZ} \(2024-03-07T[0-9:]+Z\)")
        self.assertEqual([], self._told(self._seizure("2204-03-07"), 400 * 86_400, unsure=True, **never))

    def test_an_authors_clock_or_a_senders_that_was_wrong_is_said_in_a_sentence(self):
        author, = self._told(self._seizure("2024-03-07"), 400 * 86_400)
        self.assertIn("that machine's clock was wrong", author)
        told = self._told(self._seizure("2024-03-07"), 0, 400 * 86_400)
        self.assertEqual(2, len(told), "the sender's clock, and the author's, which is the same here")
        self.assertIn(f"{UZ} dated the message 2025-04-11T", told[1])


class Foreign(EvidenceTest):
    def test_the_example_in_the_docs_is_made_and_judged(self):
        text, authorities = example()
        page = (CHECKOUT / "docs/format/evidence.md").read_text()
        shown = dict(re.findall(r"<!-- example: ([a-z-]+) -->\n\n```\n(.*?)```\n", page, re.S))
        self.assertEqual(text, shown["evidence"], text)
        self.trusted = [authority.pem(self.world.path(f"{authority.country}.pem")) for authority in authorities]
        file, out = self.world.write("example", shown["evidence"]), self.world.path("example.tlog-proof")
        verdict = self._agreed(file)
        self.assertEqual((True, f"{UZ}/{TJ}/2", "matches"),
                         (verdict["verified"], verdict["number"], verdict["content_state"]))
        self.assertTrue(verdict["receipt"] and verdict["not_before"])
        judge(file, self.trusted, "--tlog-proof", out)
        self.assertEqual(out.read_text(), shown["tlog-proof"], out.read_text())

    def test_a_message_out_of_form_is_of_its_time_all_the_same(self):
        """An office that was no longer valid said it, whatever it is."""
        authorities = [exports.Authority(id_[:2]) for id_ in (UZ, TJ)]
        uz = exports.Office(authorities[0], UZ, not_after_s=exports.TIME_MS // 1000 + 2)
        there = exports.Journal(uz, exports.Office(authorities[1], TJ))
        karimov = uz.officer(end_s=exports.TIME_MS // 1000 + 2)
        there.introduce(karimov)
        index = there.message(karimov, precedence=0)
        values = {"version": 1, "index": index, "journal": there.proven([0, 1, index]), "opposite": [],
                  "receiver_authority": authorities[1].certificate, "receiver_office": there.counterpart.certificate}
        file = self.world.write("evidence", identity.to_pem("BLO EVIDENCE", wire.encode(evidence.EVIDENCE, values)))
        self.trusted = [authority.pem(self.world.path(f"{authority.country}.pem")) for authority in authorities]
        self.assertEqual(["E-MALFORMED", "E-VALIDITY"], codes(self._agreed(file)))

    def test_golang_verifies_checkpoints_and_proofs(self):
        """golang.org/x/mod, which knows nothing of us, accepts what must hold and nothing else."""
        if not shutil.which("go") or not pathlib.Path("/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog").is_dir():
            self.skipTest("golang-go and golang-golang-x-mod-dev are not installed")
        uz, tj = self._offices()
        for number in range(12):
            sent = uz.alert(tj, "--wait", 60, "--json", marker=f"number {number}").json()["number"]
            if number in (2, 7):
                answer = tj.alert(uz, "--wait", 60, "--json").json()["number"]
        until(lambda: uz.pair_status(tj)["sent"] == uz.pair_status(tj)["receipted"], "all is receipted")
        folder = uz.export("export")
        encoded = lambda data: base64.b64encode(data).decode()  # noqa: E731
        logs, proofs, consistency = [], [], []
        for name in (f"live_{UZ}_{TJ}_1", f"live_{TJ}_{UZ}_1"):
            one = verifier.Journal(folder / name, {identity.fingerprint(identity.from_pem("BLO CERTIFICATE", path.read_text()))
                                                   for path in self.trusted})
            one.read()
            logs.append({"key": str(one.keys.journal), "note": (folder / name / "checkpoint").read_text(),
                         "leaves": [encoded(leaf) for leaf in one.leaves]})
        for number in (answer, sent):
            file, _ = self._evidence(tj, number)
            values = evidence.parse(identity.from_pem("BLO EVIDENCE", file.read_text()))
            for proven in (values["journal"], *values["opposite"]):
                _, size, root = journal.parse_checkpoint(journal.Note(proven["checkpoint"]).text)
                proofs += [{"index": entry["index"], "size": size, "root": encoded(root), "leaf": encoded(entry["leaf"]),
                            "hashes": list(map(encoded, entry["proof"]))} for entry in proven["entries"]]
            stamp = journal.parse_entry(values["journal"]["entries"][-1]["leaf"])["stamp"]
            consistency.append({"old": stamp["size"], "old_root": encoded(stamp["root"]), "size": size, "root": encoded(root),
                                "hashes": list(map(encoded, proven["consistency"]))})
        given = self.world.write_json("given.json", {"logs": logs, "proofs": proofs, "consistency": consistency})
        env = os.environ | {"GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOCACHE": str(self.world.path("go-cache")),
                            "GOFLAGS": "", "GOTOOLCHAIN": "local"}
        done = subprocess.run(["go", "run", TESTS / "functional/foreign/tlog.go", given], env=env, capture_output=True, text=True,
                              timeout=240, check=False)
        self.assertEqual((0, ""), (done.returncode, done.stderr))
        self.assertEqual(f"2 logs, {len(proofs)} inclusion proofs, 2 consistency proofs\n", done.stdout)

    def test_chromium_shows_the_page_as_it_is(self):
        """The rendered page, headless: the verdict on top, and nothing that ran."""
        uz, tj = self._offices()
        number = uz.alert(tj, "--wait", 60, "--json", marker=_HOSTILE).json()["number"]
        file, _ = self._evidence(uz, number, "--disclose")
        html = self.world.path("evidence.html")
        judge(file, self.trusted, "--html", html)
        page = browse(html, self.world.path("browser"))
        if page is None:
            self.skipTest("chromium is not installed")
        self.assertEqual(("VERIFIED", []), (page.verdict, page.forbidden()))
        self.assertIn("<script>alert(1)</script>", page.text)

    def test_the_place_in_the_journal_as_a_tlog_proof(self):
        uz, tj = self._offices()
        for number in range(5):
            sent = uz.alert(tj, "--wait", 60, "--json", marker=f"number {number}").json()["number"]
        file, _ = self._evidence(tj, sent)
        out = self.world.path("message.tlog-proof")
        judge(file, self.trusted, "--tlog-proof", out)
        verdict = evidence.Verdict(self.trusted)
        verdict.read(evidence.parse(identity.from_pem("BLO EVIDENCE", file.read_text())))
        key = verdict.journal.keys.journal
        proof = evidence.TlogProof(out.read_text())
        self.assertTrue(proof.holds(key))
        self.assertEqual(int(sent.rsplit("/", 1)[1]), proof.index)
        proof.index -= 1
        self.assertFalse(proof.holds(key))
        out.unlink()
        judge(file, self.trusted[:1], "--tlog-proof", out, expect=UNVERIFIED)
        self.assertEqual("", out.read_text())
