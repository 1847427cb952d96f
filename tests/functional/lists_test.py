"""Lists say what they leave out: nothing that was received is out of reach, and what is urgent comes first."""

import contextlib
import json
import re
import signal
import socket
import struct
import threading

from blolib import control, wire
from blolib.daemon import read_frame
from blolib.programs import USAGE
from blolib.waiting import until
from blolib.world import TJ, UZ, WorldTest


class Gate:
    """Stands where a control socket was, passes everything on, and holds requests for a list until it is opened."""

    def __init__(self, path):
        self._behind = path.rename(path.with_name("behind.sock"))
        self._lists = next(number for number, (name, _) in control.REQUEST.items() if name == "list")
        self._connections = []
        self.held, self.opened = threading.Event(), threading.Event()
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def open(self):
        self.held.wait()
        self.opened.set()

    def cut(self):
        """Ends every connection, and holds lists again."""
        self.held, self.opened = threading.Event(), threading.Event()
        for connection in self._connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def close(self):
        self.opened.set()
        self.cut()
        self._listener.close()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.socket(socket.AF_UNIX)
                far.connect(str(self._behind))
                self._connections += [near, far]
                threading.Thread(target=self._there, args=(near, far), daemon=True).start()
                threading.Thread(target=self._back, args=(far, near), daemon=True).start()

    def _there(self, near, far):
        with contextlib.suppress(OSError, EOFError, AssertionError, struct.error):
            while True:
                frame = read_frame(near)
                request = dict(wire.fields(frame))[1]
                if self._lists in dict(wire.fields(request)):
                    opened = self.opened
                    self.held.set()
                    opened.wait()
                far.sendall(struct.pack(">I", len(frame)) + frame)
        self._end(far)

    def _back(self, far, near):
        with contextlib.suppress(OSError):
            while data := far.recv(65_536):
                near.sendall(data)
        self._end(near)

    @staticmethod
    def _end(connection):
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)


class ListsTest(WorldTest):
    def busy(self, rows):
        """An armed FLASH that nobody opens, and a table of seizures after it."""
        uz, tj = self.offices()
        flash = uz.json("send", "alert", "--to", tj.id, "--precedence", "flash", "--vehicle", "01A123BC/UZ", "--person",
                        "KARIMOV, Anvar", "--warning", "armed", "--reason", "seen at the market", "--action", "hold")["number"]
        for i in range(rows):
            uz.alert(tj, marker=f"notice {i}")
        until(lambda: uz.pair_status(tj)["receipted"] == uz.pair_status(tj)["sent"], "all is receipted")
        return uz, tj, flash

    def rows(self, done):
        return [line.split()[0] for line in done.out.splitlines() if line.startswith(f"{UZ}/")]

    def test_an_urgent_message_is_first_and_every_page_is_reached_by_what_the_list_says(self):
        uz, tj, flash = self.busy(25)
        done = tj.blo("inbox", "--limit", 10)
        self.assertEqual(flash, self.rows(done)[0])
        first = done.out.splitlines()[0]
        self.assertIn("ARMED, KARIMOV Anvar, 01A123BC", first)
        self.assertLess(first.index("KARIMOV"), first.index("01A123BC"))
        seen = set(self.rows(done))
        pages = 1
        while hint := re.fullmatch(r"(\d+) more, \d+ of them .*unopened: blo (inbox .*)", done.out.splitlines()[-1]):
            done = tj.blo(*hint[2].split())
            self.assertTrue(self.rows(done))
            seen |= set(self.rows(done))
            pages += 1
        self.assertEqual(3, pages)
        self.assertEqual({message["number"] for message in tj.inbox()}, seen)
        self.assertEqual(26, len(seen))

    def test_json_says_the_same(self):
        uz, tj, flash = self.busy(8)
        listed = tj.json("inbox", "--limit", 3)
        self.assertEqual(flash, listed["messages"][0]["number"])
        self.assertTrue(listed["messages"][0]["unopened"])
        more, = listed["more"]
        self.assertEqual((uz.id, 6, 6, 0), (more["counterpart"], more["messages"], more["unopened"]["routine"],
                                            more["unopened"]["flash"]))
        rest = tj.json("inbox", "--before", more["before"])
        self.assertEqual([], rest["more"])
        self.assertEqual(7, len(rest["messages"]))  # the urgent one comes again in its turn
        self.assertEqual({"flash": 1, "immediate": 0, "priority": 0, "routine": 8}, tj.status()["unopened"])
        self.assertIn("UNOPENED: 1 FLASH, 8 ROUTINE: blo inbox", tj.blo("status").out)
        tj.blo("show", flash)
        self.assertEqual(0, tj.status()["unopened"]["flash"])
        self.assertNotEqual(flash, tj.json("inbox", "--limit", 3)["messages"][0]["number"])
        self.assertEqual({"flash": 0, "immediate": 0, "priority": 0, "routine": 0}, uz.status()["unopened"])

    def test_what_nobody_opened_stands_by_precedence_however_old_it_is(self):
        uz, tj = self.offices()

        def sent(precedence):
            return uz.alert(tj, "--precedence", precedence, "--wait", 60, "--json").json()["number"]

        def listed(*words):
            return [message["number"] for message in tj.json("inbox", *words)["messages"]]
        immediate, flash, priority = (sent(precedence) for precedence in ("immediate", "flash", "priority"))
        urgent = [flash, immediate, priority]
        routine = [sent("routine") for _ in range(4)][::-1]
        self.assertEqual(urgent + routine[:2], listed("--limit", 5))
        self.assertEqual(urgent + routine[3:], listed("--before", routine[2]), "on a later page, too")
        self.assertEqual([flash, immediate], listed("--unopened", "--limit", 2))
        self.assertEqual([priority, *routine], listed("--unopened", "--before", immediate))
        tj.blo("show", routine[0])
        self.assertEqual([*urgent, *routine[1:], routine[0]], listed(), "what somebody opened is last")
        tj.blo("show", flash)
        self.assertEqual([immediate, priority, *routine[1:], routine[0], flash], listed())

    def test_unopened_alone_and_by_days(self):
        uz, tj, flash = self.busy(3)
        tj.blo("show", tj.inbox()[0]["number"])
        listed = tj.json("inbox", "--unopened")["messages"]
        self.assertEqual([flash], [one["number"] for one in listed if one["precedence"] == "flash"])
        self.assertEqual(3, len(listed))
        self.assertEqual(4, len(tj.json("inbox", "--since", "2020-01-01")["messages"]))
        self.assertEqual([], tj.json("inbox", "--before", "2020-01-01")["messages"])
        self.assertEqual([], tj.json("inbox", "--since", "2199-01-01T00:00:00Z")["messages"])
        options = "--since 2020-01-01 --unopened --receipts --limit 1"
        self.assertRegex(tj.blo("inbox", *options.split()).out.splitlines()[-1], rf"blo inbox --before \S+ {options}$")
        for words, told in ((("--since", "yesterday"), "'yesterday' is neither a day nor a time"),
                            (("--before", "yesterday"), "'yesterday' is neither a message's number nor a day"),
                            (("--before", f"{TJ}/{UZ}/2"), "it was not sent to TJ-FOTEHOBOD")):
            self.assertIn(told, tj.blo("inbox", *words, expect=USAGE).err)

    def test_the_outbox_puts_first_what_the_counterpart_has_not_opened(self):
        uz, tj, flash = self.busy(6)
        listed = uz.blo("outbox", "--limit", 2)
        self.assertEqual(flash, self.rows(listed)[0])
        self.assertRegex(listed.out.splitlines()[-1], r"5 more, 5 of them ROUTINE and unopened: blo outbox --before \S+ --limit 2")
        tj.blo("show", flash)
        tj.blo("acted", flash, "no-hit")
        until(lambda: uz.json("show", flash)["state"] == "acted", "the outcome is here")
        self.assertNotEqual(flash, self.rows(uz.blo("outbox", "--limit", 2))[0])
        line = next(line for line in uz.blo("outbox").out.splitlines() if line.startswith(flash + " "))
        self.assertIn("acted: no-hit", line)
        self.assertEqual("no-hit", next(one for one in uz.outbox() if one["number"] == flash)["outcome"])

    def test_a_row_says_what_it_answers(self):
        uz, tj, flash = self.busy(0)
        until(lambda: tj.inbox(), "it arrives")
        answer = tj.alert(uz, "--in-reply-to", flash, "--wait", 60, "--json").json()["number"]
        line = next(line for line in uz.blo("inbox").out.splitlines() if line.startswith(answer))
        self.assertIn(f"answers {flash}", line)

    def test_an_unread_flash_is_an_alarm_at_the_receiver(self):
        uz, tj = self.offices()
        config = tj.home / "blod.toml"
        tj.stop()
        config.write_text(config.read_text() + '\n[receipts]\nread = { flash = "1s" }\n')
        tj.start()
        number = uz.json("send", "alert", "--to", tj.id, "--precedence", "flash", "--goods", "arms", "--reason", "r",
                         "--action", "hold", "--wait", 60)["number"]
        uz.alert(tj, "--wait", 60)
        alarm = until(lambda: next((one for one in tj.json("alarms")["alarms"] if one["code"] == "unread"), None), "the alarm")
        self.assertEqual(uz.id, alarm["subject"])
        self.assertIn(f"Message {number} has been here for its time and nobody has opened it", alarm["sentence"])
        self.assertEqual([], [one for one in uz.json("alarms")["alarms"] if one["code"] == "unread"])

    def following(self, office):
        follower = office.popen("inbox", "--follow", "--json")
        self.addCleanup(lambda: (follower.kill(), follower.communicate()))
        return follower

    def test_following_goes_on_when_blod_is_started_again_and_misses_nothing(self):
        uz, tj = self.offices()
        uz.alert(tj, "--wait", 60, marker="before")
        follower = self.following(tj)
        lines = [self.line(follower.stdout)]
        tj.stop()
        self.assertIn("blod has ended", self.line(follower.stderr, parsed=False))
        sent = [uz.alert(tj, "--json", marker=f"while it was away {i}").json()["number"] for i in range(3)]
        tj.start()
        self.assertIn("blod is there again", self.line(follower.stderr, parsed=False))
        sent.append(uz.alert(tj, "--wait", 60, "--json", marker="after").json()["number"])
        lines += [self.line(follower.stdout) for _ in sent]
        self.assertEqual(sent, [line["number"] for line in lines[1:]])
        tj.kill()
        self.assertIn("blod has ended", self.line(follower.stderr, parsed=False))
        last = uz.alert(tj, "--json", marker="once more").json()["number"]
        tj.start()
        self.assertEqual(last, self.line(follower.stdout)["number"])

    def test_what_came_before_the_follower_was_back_is_shown_once(self):
        uz, tj = self.offices()
        uz.alert(tj, "--wait", 60, marker="before")
        opened = tj.alert(uz, "--wait", 60, "--json").json()["number"]
        follower = self.following(tj)
        sent = [self.line(follower.stdout)["number"]]
        follower.send_signal(signal.SIGSTOP)
        sent.append(uz.alert(tj, "--wait", 60, "--json", marker="told to who does not listen").json()["number"])
        tj.stop()
        tj.start()
        uz.blo("show", opened)
        said = until(lambda: [one for one in tj.inbox("--receipts") if one["kind"] == "opened"], "what says opened is there")
        sent += [one["number"] for one in said]
        sent += [uz.alert(tj, "--wait", 60, "--json", marker=f"to nobody {i}").json()["number"] for i in range(3)]
        follower.send_signal(signal.SIGCONT)
        sent.append(uz.alert(tj, "--wait", 60, "--json", marker="after").json()["number"])
        self.assertEqual(sent[1:], [self.line(follower.stdout)["number"] for _ in sent[1:]])

    def test_what_comes_between_following_and_the_list_is_shown_once(self):
        uz, tj = self.offices()
        gate = Gate(tj.home / "control.sock")
        self.addCleanup(gate.close)
        follower = self.following(tj)
        for when in ("at first", "again"):
            gate.held.wait()
            sent = [uz.alert(tj, "--wait", 60, "--json", marker=f"between, {when}").json()["number"]]
            gate.open()
            sent.append(uz.alert(tj, "--wait", 60, "--json", marker=f"after, {when}").json()["number"])
            self.assertEqual(sent, [self.line(follower.stdout)["number"] for _ in sent], when)
            gate.cut()

    def test_of_very_much_that_came_meanwhile_nothing_is_missed(self):
        """More than a page of it."""
        uz, tj = self.offices()
        uz.alert(tj, "--wait", 60, marker="before")
        follower = self.following(tj)
        lines = [self.line(follower.stdout)]
        follower.send_signal(signal.SIGSTOP)
        tj.stop()
        tj.start()
        rows = "".join(f"Uzbekistan;2024-03-07;Hashish;{amount};Gram\n" for amount in range(1, 1_011))
        table = self.world.write("seizures.csv", "COUNTRY;SEIZURE_DATE;DRUG_NAME;AMOUNT;DRUG_UNIT\n" + rows)
        self.assertEqual(1_010, uz.json("import", "seizures", table, "--to", TJ)["sent"])
        until(lambda: uz.pair_status(tj)["receipted"] == uz.pair_status(tj)["sent"], "all is there")
        follower.send_signal(signal.SIGCONT)
        lines += [self.line(follower.stdout) for _ in range(1_010)]
        numbers = [int(line["number"].rpartition("/")[2]) for line in lines]
        self.assertEqual(list(range(numbers[0], numbers[0] + 1_011)), numbers)

    def line(self, stream, parsed=True):
        text = stream.readline()
        return json.loads(text) if parsed else text
