"""Receipts in three steps: stored, opened by a named officer, acted upon; and what is said where one does not come."""

import select

import verifier
from blolib.programs import NOT_AUTHORISED, NOT_CONFIGURED, NOT_FOUND, USAGE, audit
from blolib.waiting import DEADLINE_S, until
from blolib.world import TJ, UZ, WorldTest, pair


class Steps(WorldTest):
    def sent(self, uz, tj, *arguments, marker="hashish under the trailer"):
        return uz.alert(tj, "--wait", 60, "--json", *arguments, marker=marker).json()["number"]

    def state(self, office, number, *arguments):
        return office.json("show", number, *arguments)["state"]

    def wait_for_state(self, office, number, state, *arguments):
        until(lambda: self.state(office, number, *arguments) == state, f"{number} is {state}")

    def test_the_sender_sees_stored_then_opened_by_whom_then_what_came_of_it(self):
        uz, tj = self.offices()
        number = self.sent(uz, tj)
        self.assertEqual(("receipted", []), (uz.outbox()[0]["state"], uz.json("show", number)["steps"]))

        text = tj.blo("show", number).out
        self.assertIn(f"The sender is told that you opened it: {TJ}/{UZ}/", text)
        self.wait_for_state(uz, number, "opened")
        self.assertEqual("opened", uz.outbox()[0]["state"])
        step, = uz.json("show", number)["steps"]
        self.assertEqual(("opened", 1, f"rahimov of {TJ}", "Customs", None, ""),
                         tuple(step[name] for name in ("kind", "person", "officer", "agency", "outcome", "text")))
        self.assertIn(f"by rahimov of {TJ}, Customs, person 1", uz.blo("show", number).out)

        said = tj.blo("acted", number, "hit", "--text", "van stopped at lane 2", "--wait", 60)
        self.assertIn("hit: van stopped at lane 2", said.out)
        self.assertEqual("acted", self.state(uz, number))
        steps = uz.json("show", number)["steps"]
        self.assertEqual([("opened", None), ("acted", "hit")], [(one["kind"], one["outcome"]) for one in steps])
        self.assertIn("acted upon", uz.blo("show", number).out)
        self.assertIn("hit: van stopped at lane 2", uz.blo("show", number).out)
        # The receiving office sees the same.
        self.assertEqual(steps, tj.json("show", number)["steps"])
        self.assertEqual("acted", tj.inbox()[0]["state"])

    def test_whoever_opens_it_next_sends_nothing_and_restarts_change_nothing(self):
        uz, tj = self.offices()
        tj.add_officer("nazarova")
        number = self.sent(uz, tj)
        first = tj.json("show", number, "--as", "rahimov")["openedAs"]
        self.assertTrue(first)
        self.assertIsNone(tj.json("show", number, "--as", "nazarova")["openedAs"])
        tj.kill()
        tj.start()
        self.assertIsNone(tj.json("show", number, "--as", "rahimov")["openedAs"])
        self.wait_for_state(uz, number, "opened")
        self.assertEqual([first], [one["number"] for one in uz.inbox("--receipts")])

    def test_two_officers_who_open_it_at_once_are_one_opened(self):
        uz, tj = self.offices()
        tj.add_officer("nazarova")
        number = self.sent(uz, tj)
        both = [tj.popen("show", number, "--as", name) for name in ("rahimov", "nazarova")]
        for one in both:
            one.communicate(timeout=DEADLINE_S)
            self.assertEqual(0, one.returncode)
        self.wait_for_state(uz, number, "opened")
        self.assertEqual(1, len(uz.inbox("--receipts")))

    def test_who_may_not_sign_messages_reads_without_a_word(self):
        uz, tj = self.offices()
        tj.add_officer("auditova", "auditor")
        tj.add_officer("chief", "releaser")
        number = self.sent(uz, tj)
        self.assertIsNone(tj.json("show", number, "--as", "auditova")["openedAs"])
        self.assertNotIn("told", tj.blo("show", number, "--as", "auditova").text)
        self.assertIsNone(uz.json("show", number)["openedAs"])  # an own message
        tj.inbox("--as", "auditova")
        self.assertEqual("receipted", uz.outbox()[0]["state"])
        self.assertTrue(tj.json("show", number, "--as", "chief")["openedAs"])
        tj.blo("acted", number, "no-action", "--as", "chief", expect=NOT_AUTHORISED)
        self.wait_for_state(uz, number, "opened")
        self.assertEqual(f"chief of {TJ}", uz.json("show", number)["steps"][0]["officer"])

    def test_the_newest_outcome_is_what_came_of_it(self):
        uz, tj = self.offices()
        number = self.sent(uz, tj, "--precedence", "flash")
        first = tj.json("acted", number, "in-progress", "--wait", 60)
        self.assertEqual(("acted", "flash"), (first["kind"], first["precedence"]))
        last = tj.json("acted", number, "no-hit", "--precedence", "routine", "--wait", 60)
        self.assertEqual("routine", last["precedence"])
        steps = uz.json("show", number)["steps"]
        self.assertEqual([(first["number"], "in-progress"), (last["number"], "no-hit")],
                         [(step["number"], step["outcome"]) for step in steps])
        answer = uz.json("show", last["number"])
        self.assertEqual((number, "no-hit"), (answer["inReplyTo"], "no-hit"))
        self.assertEqual({"outcome": "NO_HIT"}, answer["content"]["acted"])
        self.assertIn(f"answers {number}", uz.blo("show", last["number"]).out)

    def test_receipts_are_listed_where_they_are_asked_for(self):
        uz, tj = self.offices()
        number = self.sent(uz, tj)
        opened = tj.json("show", number)["openedAs"]
        acted = tj.json("acted", number, "no-action", "--wait", 60)["number"]
        self.assertEqual(([], []), (uz.inbox(), tj.outbox()))
        for listed in (uz.inbox("--receipts"), tj.outbox("--receipts")):
            self.assertEqual([(acted, "acted", number), (opened, "opened", number)],
                             [(one["number"], one["kind"], one["inReplyTo"]) for one in listed])
        self.assertIn(f"{number} was opened", uz.blo("inbox", "--receipts").out)
        self.assertIn(f"{number}: no-action", uz.blo("inbox", "--receipts").out)
        # What says "opened" is not itself opened.
        self.assertIsNone(uz.json("show", opened)["openedAs"])
        uz.blo("acted", opened, "no-action", expect=NOT_FOUND)

    def test_followers_read_who_opened_it(self):
        uz, tj = self.offices()
        number = self.sent(uz, tj)
        following = uz.popen("inbox", "--follow")
        self.addCleanup(lambda: (following.kill(), following.communicate()))
        before = tj.alert(uz, "--wait", 60, "--json", marker="a first line").json()["number"]
        self.assertIn(before, self._line(following))
        tj.blo("show", number)
        self.assertEqual(f"{number} was opened by rahimov of {TJ}", self._line(following))
        tj.blo("acted", number, "passed-on", "--text", "to the prosecutor")
        self.assertEqual(f"{number}: passed-on: to the prosecutor  (rahimov of {TJ})", self._line(following))

    def _line(self, process):
        ready, _, _ = select.select([process.stdout], [], [], DEADLINE_S)
        self.assertTrue(ready, "nothing came")
        return process.stdout.readline().rstrip("\n")

    def test_what_was_opened_while_the_line_was_down_is_told_later(self):
        uz, tj = self.offices()
        number = self.sent(uz, tj)
        uz.stop()
        until(lambda: not tj.pair_status(uz)["connected"], "Fotehobod notices")
        self.assertIn("The sender is told", tj.blo("show", number).out)
        tj.kill()
        tj.start()
        uz.start()
        self.wait_for_state(uz, number, "opened")
        self.assertEqual(1, len(uz.inbox("--receipts")))

    def test_what_cannot_be_told_is_shown_all_the_same(self):
        uz, tj = self.offices()
        number = self.sent(uz, tj)
        tj.blo("pair", "freeze", UZ, "--reason", "a laptop was stolen")
        shown = tj.blo("show", number)
        self.assertIn("hashish under the trailer", shown.out)
        self.assertIn("The sender was not told that you opened it", shown.err)
        self.assertIsNone(tj.json("show", number)["openedAs"])

    def test_what_is_acted_upon_was_received(self):
        uz, tj = self.offices()
        number = self.sent(uz, tj)
        uz.blo("acted", number, "no-action", expect=USAGE)  # its own message
        tj.blo("acted", f"{UZ}/{TJ}/99", "no-action", expect=NOT_FOUND)
        for outcome in ("hit", "passed-on", "not-possible"):
            failed = tj.blo("acted", number, outcome, expect=USAGE)
            self.assertIn("acted.text", failed.err)
        tj.blo("acted", number, "vanished", expect=USAGE)
        tj.blo("acted", number, "hit", "--text", "x" * 4097, expect=USAGE)
        self.assertEqual("receipted", self.state(uz, number))

    def test_a_policy_for_everything_lets_opened_pass_and_holds_back_what_was_done(self):
        uz, tj = self.offices()
        tj.add_officer("nazarova", "releaser")
        tj.blo("policy", "set", UZ, "--release", "any")
        tj.blo("policy", "set", UZ, "--release", "opened", expect=USAGE)
        number = self.sent(uz, tj)
        self.assertTrue(tj.json("show", number, "--as", "rahimov")["openedAs"])
        self.wait_for_state(uz, number, "opened")
        draft = tj.json("acted", number, "no-action", "--as", "rahimov")["draft"]
        self.assertEqual("opened", self.state(uz, number))
        tj.blo("release", draft, "--yes", "--as", "nazarova")
        self.wait_for_state(uz, number, "acted")
        self.assertEqual(0, uz.pair_status(tj)["refused"])
        folder = uz.export("export")
        authorities = [office.authority / "authority.pem" for office in (uz, tj)]
        verdict = audit(folder, authorities, "--json").json()
        self.assertTrue(verdict["verified"], verdict)
        self.assertTrue(verifier.verify(folder, authorities)["verified"])

    def test_an_answer_shows_the_number_of_what_it_answers(self):
        uz, tj = self.offices()
        number = self.sent(uz, tj)
        answer = tj.alert(uz, "--in-reply-to", number, "--wait", 60, "--json", marker="found it").json()["number"]
        for office in (uz, tj):
            self.assertEqual(number, office.json("show", answer)["inReplyTo"])
            self.assertIn(f"answers {number}", office.blo("show", answer).out)
        self.assertEqual([""], [one["inReplyTo"] for one in tj.inbox()])


class Overdue(WorldTest):
    def configured(self, receipts):
        """The offices; Oybek waits no longer than `receipts` say."""
        uz, tj = self.world.office(UZ), self.world.office(TJ)
        (uz.home / "blod.toml").write_text(f"[receipts]\n{receipts}\n")
        for office, officer in ((uz, "karimov"), (tj, "rahimov")):
            office.start()
            office.add_officer(officer)
        pair(uz, tj)
        return uz, tj

    def alarms(self, office):
        return [(alarm["code"], alarm["sentence"]) for alarm in office.json("alarms")["alarms"]]

    def restart(self, office):
        """What is overdue is looked for at the start, before anybody is answered."""
        office.stop()
        office.start()

    def test_a_receipt_that_does_not_come_is_one_alarm_and_quiet_once_acknowledged(self):
        uz, tj = self.configured('stored = { flash = "1s" }\nopened = "off"\nacted = "off"')
        self.assert_works(uz, tj)
        tj.stop()
        first = uz.alert(tj, "--precedence", "flash", "--json").json()["number"]
        self.assertEqual([("receipt-overdue", f"Message {first} has no receipt yet")],
                         until(lambda: self.alarms(uz), "the alarm"))
        self.restart(uz)
        alarm, = uz.json("alarms")["alarms"]
        self.assertEqual(TJ, alarm["subject"])
        uz.blo("ack", alarm["alarm"], "the line is down, the provider was called")
        self.restart(uz)
        self.assertEqual([], self.alarms(uz))
        uz.alert(tj, "--precedence", "flash", marker="one more")
        self.assertEqual(
            [("receipt-overdue", f"2 messages to {TJ} have no receipt yet; the oldest is {first}")],
            until(lambda: self.alarms(uz), "the next alarm"))
        tj.start()
        until(lambda: uz.outbox()[0]["state"] == "receipted", "it is receipted")

    def test_nobody_opened_it_and_nobody_said_what_came_of_it(self):
        uz, tj = self.configured('stored = "off"\nopened = { flash = "1s" }\nacted = { flash = "1s" }')
        uz.alert(tj, "--wait", 60, marker="routine waits for ever")
        number = uz.alert(tj, "--wait", 60, "--precedence", "flash", "--json").json()["number"]
        self.assertEqual([("opening-overdue", f"Message {number} is stored there and nobody has opened it")],
                         until(lambda: self.alarms(uz), "the alarm"))
        uz.blo("ack", 1, "called them")
        tj.blo("show", number)
        self.assertEqual(
            [("outcome-overdue", f"Message {number} was opened there and nobody has said what came of it")],
            until(lambda: self.alarms(uz), "the alarm"))
        uz.blo("ack", 2, "called them again")
        tj.blo("acted", number, "no-hit", "--wait", 60)
        self.restart(uz)
        self.assertEqual([], self.alarms(uz))

    def test_a_time_that_is_none_stops_the_start(self):
        for wrong, about in (('stored = "1 hour"', "stored"), ('opened = { urgent = "1h" }', "urgent"),
                             ('reading = "1h"', "reading"), ('acted = { flash = "0s" }', "flash"), ("stored = 5", "stored"),
                             ('stored = "999d"', "999d")):
            with self.subTest(wrong):
                uz = self.world.office(UZ, name=f"wrong-{abs(hash(wrong))}")
                (uz.home / "blod.toml").write_text(f"[receipts]\n{wrong}\n")
                daemon = uz.start_only()
                self.assertEqual(NOT_CONFIGURED, daemon.wait())
                self.assertIn(about, uz.log.read_text())
