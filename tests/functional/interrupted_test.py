"""Ctrl-C, SIGTERM and a line that is cut, while blo waits for a receipt: what was accepted remains, and blo says so."""

import json
import signal
import subprocess
import threading

from blolib.programs import BIN, FAILED, NO_RECEIPT, environment
from blolib.terminal import Terminal
from blolib.waiting import until
from blolib.world import TJ, UZ, WorldTest
from terminal_test import FakeDaemon

_ALERT = ("send", "alert", "--to", TJ, "--goods", "hashish", "--reason", "expected", "--action", "search")
_LONG_S = 86_400


class Interrupted(WorldTest):
    def _waiting(self, office, *arguments):
        """blo, which has said that the message is accepted; and its number."""
        process = office.popen(*arguments, "--wait", _LONG_S)
        process.stdout.readline()  # what leaves, and to whom
        return process, process.stdout.readline().partition(":")[0]

    def assert_tells_what_remains(self, process, number):
        _, err = process.communicate(timeout=60)
        self.assertEqual(NO_RECEIPT, process.returncode, err)
        self.assertIn(f"no receipt for {number} yet", err)
        for said in ("accepted", "remains queued", "goes out by itself", "Do not send it again", TJ):
            self.assertIn(said, err)

    def test_what_was_accepted_is_told_and_goes_out_once(self):
        uz, tj = self.offices()
        received = uz.alert(tj, "--wait", 60, "--json").json()["number"]
        answered = tj.alert(uz, "--wait", 60, "--json").json()["number"]
        self.assertIn(received, [message["number"] for message in tj.inbox()])
        tj.stop()
        numbers = []
        for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            process, number = self._waiting(uz, *_ALERT)
            process.send_signal(sign)
            self.assert_tells_what_remains(process, number)
            numbers.append(number)
        process, number = self._waiting(uz, "acted", answered, "no-action")
        process.send_signal(signal.SIGINT)
        self.assert_tells_what_remains(process, number)
        self.assertEqual("queued", uz.json("show", number)["state"])
        tj.start()
        until(lambda: all(message["state"] == "receipted" for message in uz.outbox()), "all of it is there")
        self.assertEqual(sorted([received, *numbers]), sorted(message["number"] for message in tj.inbox()))

    def test_in_json_it_is_the_object_of_exit_code_7_whole(self):
        uz, tj = self.offices()
        tj.stop()
        process = uz.popen(*_ALERT, "--wait", _LONG_S, "--json")
        until(lambda: len(uz.outbox()) == 1, "it is accepted")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        self.assertEqual((NO_RECEIPT, ""), (process.returncode, err))
        said = json.loads(out)
        self.assertEqual((uz.outbox()[0]["number"], None), (said["number"], said["receipt"]))
        self.assertTrue(said["queued"])

    def test_at_a_terminal(self):
        uz, tj = self.offices()
        tj.stop()
        terminal = Terminal(uz)
        self.addCleanup(terminal.hang_up)
        terminal.type(" ".join([str(BIN / "blo"), *_ALERT, "--wait", str(_LONG_S)]))
        terminal.wait_for("accepted and queued")
        terminal.type("\x03")
        terminal.wait_for("remains queued")
        terminal.type("echo code:$?")
        terminal.wait_for(f"code:{NO_RECEIPT}")
        self.assertEqual(["queued"], [message["state"] for message in uz.outbox()])

    def test_a_challenge_that_waits_is_told_and_nothing_is_exported(self):
        uz, tj = self.offices()
        tj.stop()
        before = uz.pair_status(tj)["sent"]
        folder = self.world.path("export")
        process = uz.popen("journal", "export", folder, "--challenge", "today", "--wait", _LONG_S, "--json")
        until(lambda: uz.pair_status(tj)["sent"] == before + 1, "it is entered")
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=60)
        self.assertEqual(NO_RECEIPT, process.returncode)
        said = json.loads(out)["error"]
        self.assertEqual("no-receipt", said["reason"])
        self.assertIn("interrupted", said["sentence"])
        self.assertIn("not entered twice", said["nextStep"])
        self.assertFalse(folder.exists())

    def test_what_was_ignored_before_is_ignored_still(self):
        """As nohup does it."""
        uz, tj = self.offices()
        tj.stop()
        process = subprocess.Popen([str(BIN / "blo"), *_ALERT, "--wait", "600"], env=environment(uz.environment()),
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                   preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
        process.stdout.readline()
        self.assertIn("accepted", process.stdout.readline())
        process.send_signal(signal.SIGHUP)
        tj.start()
        out, err = process.communicate(timeout=60)
        self.assertEqual((0, ""), (process.returncode, err))
        self.assertIn(f"Receipt of {TJ}", out)

    def test_before_the_daemon_has_answered_nobody_is_told_that_it_was_accepted(self):
        uz = self.world.office(UZ).start()
        uz.add_officer("karimov")
        uz.stop()
        uz.daemon = None
        asked = threading.Event()

        class Silent(FakeDaemon):
            def _answers(self, name):
                if name == "send":
                    asked.set()
                    return iter(())
                return super()._answers(name)

        fake = Silent(uz.home)
        self.addCleanup(fake.close)
        process = uz.popen(*_ALERT, "--wait", _LONG_S, "--json")
        self.assertTrue(asked.wait(60))
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=60)
        self.assertEqual(FAILED, process.returncode)
        said = json.loads(out)["error"]
        self.assertEqual("interrupted", said["reason"])
        self.assertIn("blo outbox", said["nextStep"])

    def test_where_nothing_waits_the_program_ends_as_any_other(self):
        uz = self.world.office(UZ).start()
        uz.add_officer("karimov")
        process = uz.popen("inbox", "--follow", "--json")
        until(lambda: uz.status()["office"], "it is asked")
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        self.assertEqual(-signal.SIGINT, process.returncode)
