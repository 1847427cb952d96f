"""Counterparts that are away, connections that break, daemons that are killed: nothing is lost, nothing doubled."""

import random
import threading

from blolib.programs import DEGRADED, FAILED, NO_RECEIPT, audit
from blolib.waiting import until
from blolib.world import TJ, UZ, WorldTest

HEADER = "COUNTRY;PLACE;SEIZURE_DATE;DRUG_NAME;AMOUNT;DRUG_UNIT"


class Away(WorldTest):
    def test_what_is_sent_to_an_office_that_is_away_is_queued_and_delivered(self):
        uz, tj = self.offices()
        self.assert_works(uz, tj)
        tj.stop()
        until(lambda: not uz.pair_status(tj)["connected"], "Oybek notices")
        said = uz.alert(tj, marker="while away").out
        self.assertIn("queued", said)
        self.assertIn(TJ, said)
        self.assertEqual("queued", uz.outbox()[0]["state"])
        self.assertIn("wait", uz.pair_status(tj)["waitingFor"])
        tj.start()
        until(lambda: uz.outbox()[0]["state"] == "receipted", "the queued alert is receipted")
        self.assertIn("while away", tj.inbox()[0]["summary"])

    def test_waiting_for_a_receipt_that_does_not_come_ends_with_7(self):
        uz, tj = self.offices()
        self.assert_works(uz, tj)
        tj.stop()
        failed = uz.alert(tj, "--wait", 1, expect=NO_RECEIPT)
        self.assertIn("Do not send it again", failed.err)
        as_json = uz.alert(tj, "--wait", 1, "--json", expect=NO_RECEIPT).json()
        self.assertIsNone(as_json["receipt"])
        tj.start()
        until(lambda: [message["state"] for message in uz.outbox()[:2]] == ["receipted"] * 2, "both are receipted")
        self.assertEqual(len(tj.inbox()), 3)

    def test_what_was_read_and_queued_survives_an_orderly_restart(self):
        uz, tj = self.offices()
        self.assert_works(uz, tj)
        before = uz.inbox(), uz.outbox()
        uz.stop()
        failed = uz.alert(tj, expect=FAILED)
        self.assertIn("control.sock", failed.err)
        uz.start()
        self.assertEqual(before, (uz.inbox(), uz.outbox()))
        self.assert_works(uz, tj)

    def test_a_second_daemon_on_the_same_home_is_refused(self):
        uz, tj = self.offices()
        second = uz.start_only(listen=["127.0.0.1:0"])
        self.addCleanup(second.kill)
        self.assertNotIn(second.wait(), (0, DEGRADED))
        self.assertIn("another blod", uz.log.read_text())
        self.assert_works(uz, tj)


class Broken(WorldTest):
    """The line between the two breaks."""

    def test_a_connection_cut_again_and_again_delivers_each_message_once(self):
        uz, tj, relay = self.offices_through_relay()
        self.assert_works(uz, tj)
        for round_ in range(6):
            for i in range(4):
                uz.alert(tj, marker=f"cut {round_}.{i}")
            relay.cut()
        until(lambda: uz.pair_status(tj)["receipted"] == uz.pair_status(tj)["sent"], "all is receipted")
        self.assertEqual([message["number"] for message in uz.outbox()], [message["number"] for message in tj.inbox()])
        self.assert_works(uz, tj)

    def test_a_line_that_is_dead_for_a_while_delays_and_loses_nothing(self):
        uz, tj, relay = self.offices_through_relay()
        self.assert_works(uz, tj)
        relay.close()
        until(lambda: not uz.pair_status(tj)["connected"], "Oybek notices")
        uz.alert(tj, marker="over a dead line")
        tj.alert(uz, marker="the other way")
        relay.open()
        for office in (uz, tj):
            until(lambda: office.outbox()[0]["state"] == "receipted", f"what {office.id} sent is receipted")


class Sender(threading.Thread):
    """Sends alerts one after the other; remembers which were accepted, and under which number."""

    def __init__(self, office, to, name):
        super().__init__(daemon=True)
        self.office, self.to, self.label = office, to, name
        self.accepted = {}  # number: marker
        self.tried = []
        self.failure = None
        self._ended = threading.Event()

    def run(self):
        try:
            while not self._ended.is_set():
                marker = f"{self.label} nr {len(self.tried)}."
                self.tried.append(marker)
                done = self.office.alert(self.to, "--json", marker=marker, expect={0, FAILED, DEGRADED})
                if done.code == 0:
                    self.accepted[done.json()["number"]] = marker
        except Exception as failure:  # shown by finish()
            self.failure = failure

    def finish(self):
        self._ended.set()
        self.join()
        if self.failure is not None:
            raise self.failure


class Killed(WorldTest):
    """kill -9 in the middle of work."""

    def _assert_nothing_lost_or_doubled(self, uz, tj, senders):
        until(lambda: uz.pair_status(tj)["receipted"] == uz.pair_status(tj)["sent"] > 0, "all is receipted")
        sent = {message["number"]: message["summary"] for message in uz.outbox()}
        received = {message["number"]: message["summary"] for message in tj.inbox()}
        self.assertEqual(sent, received)
        summaries = list(received.values())
        for sender in senders:
            for number, marker in sender.accepted.items():
                self.assertIn(marker, received[number])
            for marker in sender.tried:
                count = sum(marker in summary for summary in summaries)
                self.assertLessEqual(count, 1, f"{marker!r} is there {count} times")
        folder = tj.export("export-after-kills")
        audit(folder, [uz.authority / "authority.pem", tj.authority / "authority.pem"])

    def _kill_during_stream(self, victim, rounds):
        uz, tj = self.offices()
        senders = []
        for round_ in range(rounds):
            sender = Sender(uz, tj, f"round {round_}")
            senders.append(sender)
            sender.start()
            wanted = random.randint(1, 12)
            until(lambda: len(sender.accepted) >= wanted or sender.failure, "some are accepted")
            office = victim(uz, tj, round_)
            office.kill()
            sender.finish()
            office.start()
        self._assert_nothing_lost_or_doubled(uz, tj, senders)

    def test_the_sender_is_killed_while_it_accepts(self):
        self._kill_during_stream(lambda uz, tj, round_: uz, rounds=5)

    def test_the_receiver_is_killed_while_messages_come_in(self):
        self._kill_during_stream(lambda uz, tj, round_: tj, rounds=5)

    def test_either_is_killed_by_turns(self):
        self._kill_during_stream(lambda uz, tj, round_: (uz, tj)[round_ % 2], rounds=4)

    def test_an_import_that_was_killed_goes_on_where_it_was(self):
        uz, tj = self.offices()
        rows = 1500
        table = self.world.write("many.csv", HEADER + "\n" + "".join(
            f"Uzbekistan;place {i};2024-03-07;Hashish;{i};Gram\n" for i in range(rows)))
        killed = 0
        for _ in range(3):
            before = uz.pair_status(tj)["sent"]
            importing = uz.popen("import", "seizures", table, "--to", TJ, "--json")
            self.addCleanup(importing.kill)
            until(lambda: importing.poll() is not None or uz.pair_status(tj)["sent"] > before, "the import is under way")
            (uz, tj)[killed % 2].kill()
            importing.communicate(timeout=120)
            (uz, tj)[killed % 2].start()
            killed += 1
        done = uz.json("import", "seizures", table, "--to", TJ)
        self.assertEqual((rows, []), (done["sent"] + done["alreadySent"], done["rejected"]))
        again = uz.json("import", "seizures", table, "--to", TJ)
        self.assertEqual((0, rows), (again["sent"], again["alreadySent"]))
        until(lambda: uz.pair_status(tj)["receipted"] == uz.pair_status(tj)["sent"], "all is receipted")
        # Beside the rows: the start of the generation and the officer's certificate.
        self.assertEqual(tj.pair_status(uz)["received"], rows + 2)

    def test_a_stop_in_the_middle_of_work_is_clean(self):
        uz, tj = self.offices()
        for round_, office in enumerate((uz, tj)):
            sender = Sender(uz, tj, f"stop {round_}")
            sender.start()
            until(lambda: len(sender.accepted) >= 5 or sender.failure, "some are accepted")
            office.stop()
            sender.finish()
            office.start()
            self._assert_nothing_lost_or_doubled_in(uz, tj, sender)

    def _assert_nothing_lost_or_doubled_in(self, uz, tj, sender):
        until(lambda: uz.pair_status(tj)["receipted"] == uz.pair_status(tj)["sent"], "all is receipted")
        received = {message["number"]: message["summary"] for message in tj.inbox()}
        self.assertEqual(len(set(received.values())), len(received))
        for number, marker in sender.accepted.items():
            self.assertIn(marker, received[number])
