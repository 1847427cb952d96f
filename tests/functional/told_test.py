"""Somebody is told: alarms in the journal, for a monitor and by a program."""

import json
import os
import pathlib
import shutil
import signal
import socket
import struct
import subprocess
import sys
import unittest

from blolib import control, proto, wire
from blolib.programs import BIN, FAILED, NOT_AUTHORISED, NOT_CONFIGURED, environment
from blolib.waiting import until
from blolib.world import TJ, UZ, WorldTest, pair

# Runs a program as a unit would be run whose stderr is the journal's; $1 is the folder with the journal's socket.
_UNDER_A_JOURNAL = """
mount -t tmpfs tmpfs /run && mkdir -p /run/systemd/journal && mount --bind "$1" /run/systemd/journal || exit 77
shift
JOURNAL_STREAM=$(stat -Lc %d:%i /proc/self/fd/2) exec "$@"
"""


class Told(WorldTest):
    def with_an_alarm(self):
        """An office with the alarm `certificate-expires` about officer 1."""
        office = self.world.office(UZ).start()
        office.blo("officer", "request", "karimov", "--office", UZ, "--name", "Karimov, Aziz", "--agency", "Customs",
                   "--no-passphrase")
        certificate = self.world.path("karimov.pem")
        office.blo("officer", "add", office.officers / "karimov.request.pem", "--valid-days", 20, "--out", certificate)
        office.blo("officer", "install", "karimov", certificate)
        office.stop()
        return office

    def lines(self, office, what="raised"):
        return [line for line in office.log.read_text().splitlines() if f" alarm {what} code=" in line]


class Journal(Told):
    def test_an_alarm_is_one_line_when_it_is_raised_and_one_when_it_is_acknowledged(self):
        office = self.with_an_alarm()
        office.start("--log-level", "error")
        line, = until(lambda: self.lines(office), "the alarm is written")
        self.assertRegex(line, r'^\S+Z warning alarm raised code=certificate-expires '
                               r'subject="officer 1 until \S+ \(30 days\)" number=1$')
        office.blo("ack", 1, "a new one is asked for")
        line, = self.lines(office, "acknowledged")
        self.assertIn('code=certificate-expires subject="officer 1 until ', line)
        for told in ("Karimov", "a new one is asked for"):
            self.assertNotIn(told, office.log.read_text())
        # Told once: also by who starts anew.
        office.kill()
        office.start()
        office.blo("status")
        office.stop()
        self.assertEqual(1, len(self.lines(office)))

    @unittest.skipUnless(os.geteuid() == 0, "needs root, for a journal of its own")
    def test_under_systemd_an_alarm_is_an_entry_of_the_journal_with_fields(self):
        if subprocess.run(["unshare", "-m", "true"], stderr=subprocess.DEVNULL, check=False).returncode != 0:
            self.skipTest("this machine allows no mounts of its own")
        office = self.with_an_alarm()
        folder = self.world.path("journal")
        folder.mkdir()
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as journal:
            journal.bind(str(folder / "socket"))
            journal.settimeout(60)
            with open(office.log, "ab") as log:
                daemon = subprocess.Popen(
                    ["unshare", "-m", "sh", "-c", _UNDER_A_JOURNAL, "sh", str(folder), str(BIN / "blod"), "--home", str(office.home),
                     "--listen", office.address], env=environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
            try:
                fields = dict(line.split("=", 1) for line in journal.recv(65_536).decode().splitlines())
            except TimeoutError:
                if daemon.poll() == 77:
                    self.skipTest("this machine allows no mount")
                raise
            finally:
                daemon.terminate()
                daemon.wait(60)
        subject = fields.pop("BLO_SUBJECT")
        self.assertTrue(subject.startswith("officer 1 until "), subject)
        self.assertEqual({"PRIORITY": "4", "SYSLOG_IDENTIFIER": "blod", "BLO_ALARM": "certificate-expires",
                          "BLO_ALARM_NUMBER": "1", "BLO_ALARM_STATE": "raised",
                          "MESSAGE": f'alarm raised code=certificate-expires subject="{subject}" number=1'}, fields)
        self.assertEqual([], self.lines(office))  # not twice


class Settings(Told):
    def test_a_setting_of_alarms_that_does_not_fit_is_named(self):
        office = self.world.office(UZ)
        for setting, told in (('disk = "5"', "alarms, disk, '5' (a share such as 10%, a size such as 500M or 2G"),
                              ('disk = "100%"', "'100%' (a share such as 10%"), ('backup = "1y"', "alarms, backup, "),
                              ("contact = 24", "alarms, contact, "), ('frozen = "1h"', "alarms, frozen")):
            (office.home / "blod.toml").write_text(f"[alarms]\n{setting}\n")
            office.log.write_text("")
            self.assertEqual(NOT_CONFIGURED, office.start_only().wait(), setting)
            self.assertIn(told, office.log.read_text())
        (office.home / "blod.toml").write_text('[alarms]\ndisk = "900000G"\nbackup = "off"\ncontact = "off"\nclock = "off"\n')
        office.start()
        alarm, = until(lambda: office.json("alarms")["alarms"], "the alarm is raised")
        self.assertEqual(("disk-low", "warning", UZ), (alarm["code"], alarm["severity"], alarm["subject"]))
        self.assertRegex(alarm["sentence"], r"^The disk that holds the store has \d+ MiB free of \d+ MiB$")

    def test_a_backup_is_remembered(self):
        office = self.world.office(UZ).start()
        self.assertIsNone(office.status()["backup"])
        key = self.world.path("backup.key")
        office.blo("backup", "create-key", UZ, "--out", key, "--no-passphrase")
        office.blo("backup", "--to", key.with_suffix(".pub"), "--out", self.world.path("office.backup"))
        made = office.status()["backup"]
        self.assertIsNotNone(made)
        office.kill()
        office.start()
        self.assertEqual(made, office.status()["backup"])
        self.assertIn("the newest backup was made at " + made, office.blo("status").out)


class Diagnostics(Told):
    def test_a_start_says_whether_the_last_end_was_clean(self):
        office = self.world.office(UZ).start()
        self.assertNotIn("the last run", office.log.read_text())
        office.stop()
        office.start()
        self.assertIn(" info the last run ended cleanly\n", office.log.read_text())
        office.kill()
        office.log.write_text("")
        office.start()
        self.assertIn(" warning the last run did not end cleanly: blod was killed, or the machine lost power;", office.log.read_text())


class Check(Told):
    def check(self, office, code, *arguments):
        line, = office.blo("status", "--check", *arguments, expect=code).out.splitlines()
        return line

    def test_a_monitor_is_told_in_one_line_by_severity(self):
        uz, tj = self.offices()
        self.assertRegex(self.check(uz, 0), r"^BLO OK - UZ-OYBEK: nothing waits\|alarms_critical=0;;0;0 alarms_warning=0;0;;0 "
                                            r"pairs_frozen=0;;0;0 drafts=0;;;0 strangers=\d+c;;;0$")
        uz.add_officer("nazarov", "security-officer")
        self.assertRegex(self.check(uz, 1), r"^BLO WARNING - UZ-OYBEK: alarm officer-introduced\|alarms_critical=0;;0;0 alarms_warning=1;0;;0 ")
        self.assertEqual([{"code": "officer-introduced", "severity": "warning", "count": 1}], uz.status()["openAlarms"])
        self.assertEqual("warning", uz.json("alarms")["alarms"][0]["severity"])
        uz.blo("pair", "freeze", tj.id, "--reason", "a laptop was stolen")
        self.assertRegex(self.check(uz, 2), r"^BLO CRITICAL - UZ-OYBEK: a pairing is frozen; alarm officer-introduced\|.* pairs_frozen=1;;0;0 ")

    def test_a_critical_alarm_is_critical(self):
        uz, tj = self.offices()
        file = self.world.path("revocation.pem")
        uz.blo("authority", "revoke", tj.id, "--authority", self.world.authority("TJ"), "--reason", "other", "--out", file)
        uz.blo("pair", "revoke", file)
        self.assertTrue(self.check(uz, 2).startswith("BLO CRITICAL - UZ-OYBEK: alarm revoked-office|alarms_critical=1;;0;0 "))
        line, = until(lambda: self.lines(uz), "the alarm is written")
        self.assertRegex(line, r"^\S+Z error alarm raised code=revoked-office ")

    def test_what_cannot_be_asked_is_unknown(self):
        office = self.world.office(UZ)
        self.assertTrue(self.check(office, 3).startswith("BLO UNKNOWN - "))
        office.start()
        self.assertTrue(self.check(office, 3, "--json").startswith("BLO UNKNOWN - --check prints one line"))
        self.assertTrue(self.check(office, 3, "--as", "nobody").startswith("BLO UNKNOWN - "))
        self.assertIn("no/body", self.check(office, 3, "--as", "no|body"), "numbers begin where there is a bar")

    def test_an_exercise_says_so_in_the_one_line(self):
        office = self.world.office(UZ, network="exercise").start()
        self.assertTrue(self.check(office, 0).startswith("BLO OK - UZ-OYBEK (exercise): nothing waits|"))


_MONITOR, _STRANGER = 13, 1  # Unix users that every Debian has: proxy and daemon


@unittest.skipUnless(os.geteuid() == 0, "needs root, to act as other Unix users")
class Monitors(Told):
    """Unix users named in blod.toml, who have no key."""

    def setUp(self):
        super().setUp()
        self.blo = self.world.path("blo")  # where any user may run it
        shutil.copy(BIN / "blo", self.blo)
        self.world.folder.chmod(0o755)
        self.office = self.with_an_alarm()
        (self.office.home / "blod.toml").write_text('monitors = ["proxy"]\n')
        self.open_socket(self.office.start())

    def open_socket(self, office):
        """As the group blo would have it."""
        office.home.chmod(0o711)
        (office.home / "control.sock").chmod(0o666)

    def ask(self, *arguments, user=_MONITOR):
        return subprocess.run([str(self.blo), "--home", str(self.office.home), *arguments], env=environment({"HOME": "/nonexistent"}), cwd="/", user=user,
                              group=user, extra_groups=[], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)

    def test_a_monitor_without_a_key_sees_status_and_alarms(self):
        until(lambda: self.office.json("alarms")["alarms"], "the alarm is raised")
        checked = self.ask("status", "--check")
        self.assertEqual(1, checked.returncode, checked)
        self.assertTrue(checked.stdout.startswith("BLO WARNING - UZ-OYBEK: alarm certificate-expires|"), checked)
        self.office.blo("ack", 1, "asked for a new one", "--as", "karimov")
        alarm, = json.loads(self.ask("--json", "alarms", "--all").stdout)["alarms"]
        self.assertEqual((1, "", ""), tuple(alarm["acknowledged"][name] for name in ("person", "by", "sentence")))
        stranger = self.ask("status", "--check", user=_STRANGER)
        self.assertEqual(3, stranger.returncode, stranger)
        self.assertTrue(stranger.stdout.startswith("BLO UNKNOWN - blo status needs an officer of this office"), stranger)
        self.assertEqual(NOT_AUTHORISED, self.ask("alarms", user=_STRANGER).returncode)

    def test_a_monitor_is_refused_every_other_request(self):
        messages, _ = proto.read("identity", "journal", "control")
        requests = {field.name: field.number for field in messages["Request"] if field.kind.endswith("Request")}
        self.assertGreater(len(requests), 40)
        reasons = {name: self.reason({number: (name, control.EMPTY)}, {name: {}}) for name, number in requests.items()}
        self.assertEqual({"status", "alarm_list"}, {name for name, reason in reasons.items() if reason is None})
        self.assertEqual({None, "not-authorised"}, set(reasons.values()))
        evidence = {"alarm_list": {"alarm": 1}}  # what an alarm rests on
        self.assertEqual("not-authorised", self.reason(control.REQUEST, evidence))

    def reason(self, form, request):
        """Of the failure that answers the monitor; None: it was answered."""
        os.seteuid(_MONITOR)
        try:
            asking = control.Control(self.office)
        finally:
            os.seteuid(0)
        with asking:
            signed = wire.encode(control.SIGNED_REQUEST, {"request": wire.encode(form, request)})
            answer = asking.send(struct.pack(">I", len(signed)) + signed)
        return answer["failure"]["reason"] if "failure" in answer else None

    def test_a_name_that_nobody_has_is_an_error_of_the_configuration(self):
        self.office.stop()
        toml = self.office.home / "blod.toml"
        toml.write_text('monitors = ["nobody-of-that-name"]\n')
        self.assertEqual(NOT_CONFIGURED, self.office.start_only().wait())
        self.assertIn("monitors, 'nobody-of-that-name' (this machine has no such user)",
                      self.office.log.read_text())

    def test_monitors_change_with_a_reload(self):
        (self.office.home / "blod.toml").write_text("monitors = []\n")
        self.office.daemon.process.send_signal(signal.SIGHUP)
        until(lambda: self.ask("status").returncode == NOT_AUTHORISED, "the monitor may ask no more")
        (self.office.home / "blod.toml").write_text('monitors = ["proxy"]\n')
        self.office.daemon.process.send_signal(signal.SIGHUP)
        until(lambda: self.ask("status").returncode == 0, "the monitor may ask again")


# Adds what it is given to a file, and ends as the file "code" says; with a file "hang" it and a process of its own do not.
_COMMAND = """
import os, pathlib, sys
folder = pathlib.Path(sys.argv[1])
with open(folder / "told", "a") as told:
    told.write(sys.stdin.read())
if (folder / "hang").exists():
    os.fork()
    with open(folder / "hangs", "a") as hangs:
        hangs.write(f"{os.getpgrp()} {os.getpid()}\\n")
while (folder / "hang").exists():
    os.sched_yield()
code = folder / "code"
sys.exit(int(code.read_text()) if code.exists() else 0)
"""


class Watch(Told):
    def setUp(self):
        super().setUp()
        self.folder = self.world.path("command")
        self.folder.mkdir()
        self.state = self.world.path("told")
        self.said = self.world.path("watch.said")

    def watch(self, office, *options):
        with open(self.said, "ab") as said:
            watching = subprocess.Popen(
                [str(BIN / "blo"), "watch", "--state", str(self.state), "--every", "1", *map(str, options), "--", sys.executable, "-c",
                 _COMMAND, str(self.folder)], env=environment(office.environment()), stdin=subprocess.DEVNULL, stdout=said, stderr=said)
        self.addCleanup(watching.wait)
        self.addCleanup(watching.kill)
        return watching

    def told(self):
        """What the command was given so far."""
        file = self.folder / "told"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []

    def until_told(self, *numbers):
        until(lambda: [alarm["alarm"] for alarm in self.told()] == list(numbers), f"told are {numbers}: {self.said.read_text()}")

    def end(self, watching, last):
        """Killed once it has kept what was told: before that it would tell it again."""
        until(lambda: self.state.exists() and self.state.read_text().split()[:1] == [str(last)], f"{last} is kept as told")
        watching.kill()
        watching.wait()

    def office_with_alarms(self):
        """Each officer that is added is an alarm, once the one before is acknowledged."""
        office, other = self.world.office(UZ).start(), self.world.office(TJ).start()
        office.add_officer("karimov", "security-officer")
        other.add_officer("rahimov")
        pair(office, other)  # before that nobody relies on who may speak
        return office

    def alarm(self, office):
        """One more."""
        for alarm in office.json("alarms")["alarms"]:
            office.blo("ack", alarm["alarm"], "it is known", "--as", "karimov")
        count = len(office.json("officer", "list", "--all")["officers"])
        office.add_officer(f"officer{count}", "auditor")
        return office.json("alarms")["alarms"][0]["alarm"]

    def test_a_command_is_run_once_for_each_alarm_over_restarts_of_both(self):
        office = self.office_with_alarms()
        first = self.alarm(office)
        watching = self.watch(office)
        self.until_told(first)
        told, = self.told()
        self.assertEqual(("officer-introduced", "warning", UZ, UZ, "live", 0, None),
                         tuple(told[name] for name in ("code", "severity", "subject", "office", "network", "heldBack", "acknowledged")))
        listed = office.json("alarms")["alarms"][0]
        self.assertEqual(listed, {name: told[name] for name in listed})
        self.assertEqual(set(listed) | {"office", "network", "heldBack"}, set(told))
        second = self.alarm(office)
        self.until_told(first, second)
        before = len(self.said.read_text())
        office.stop()
        until(lambda: "answer" in self.said.read_text()[before:], "blo watch says that nobody answers")
        office.start()
        third = self.alarm(office)
        self.until_told(first, second, third)
        until(lambda: "blod answers again" in self.said.read_text(), "it is said")
        self.end(watching, third)
        fourth = self.alarm(office)
        fifth = self.alarm(office)
        watching = self.watch(office)
        self.until_told(first, second, third, fourth, fifth)
        self.end(watching, fifth)
        self.watch(office)
        sixth = self.alarm(office)
        self.until_told(first, second, third, fourth, fifth, sixth)

    def test_more_than_so_many_an_hour_are_told_together(self):
        office = self.office_with_alarms()
        first = self.alarm(office)
        watching = self.watch(office, "--most", 1)
        self.until_told(first)
        self.alarm(office)
        until(lambda: "more than 1 an hour; further alarms are told together" in self.said.read_text(), "it is said")
        third = self.alarm(office)
        self.assertEqual(1, len(self.told()))
        self.end(watching, first)
        # Another run begins with another hour; what was held back is told one by one, for nothing is lost.
        self.watch(office, "--most", 3600)
        until(lambda: len(self.told()) == 3, "the others are told")
        self.assertEqual(third, self.told()[-1]["alarm"])

    def test_a_command_that_fails_is_tried_again_and_then_tells_of_all(self):
        office = self.office_with_alarms()
        (self.folder / "code").write_text("3")
        first = self.alarm(office)
        self.watch(office, "--most", 3600)
        until(lambda: len(self.told()) >= 2, "it is tried again")
        self.assertEqual({first}, {alarm["alarm"] for alarm in self.told()})
        self.assertIn("is not told yet, for of the command", self.said.read_text())
        self.assertIn("it ended with 3; it is tried again", self.said.read_text())
        file = self.world.path("revocation.pem")
        office.blo("authority", "revoke", TJ, "--authority", self.world.authority("TJ"), "--reason", "other", "--out", file)
        office.blo("pair", "revoke", file)
        numbers = {alarm["code"]: alarm["alarm"] for alarm in office.json("alarms")["alarms"]}
        self.assertEqual({"officer-introduced": first, "revoked-office": max(numbers.values())}, numbers)
        worst = numbers["revoked-office"]
        (self.folder / "code").unlink()
        until(lambda: f"alarm {worst} (revoked-office) is told, and 1 more with it." in self.said.read_text(), "it is told")
        self.assertEqual((worst, "critical", 1), tuple(self.told()[-1][name] for name in ("alarm", "severity", "heldBack")))
        until(lambda: self.state.read_text().split()[:1] == [str(worst)], "it is kept as told")

    def test_a_command_that_does_not_end_is_killed(self):
        office = self.office_with_alarms()
        (self.folder / "hang").touch()
        self.alarm(office)
        self.watch(office, "--within", 1)
        until(lambda: "it was killed after 1 s; it is tried again" in self.said.read_text(), "it is killed")
        killed = until(self.killed, "two that were killed have said who they are")
        until(lambda: not any(map(self.runs, killed)), "neither runs")
        (self.folder / "hang").unlink()
        until(lambda: " is told." in self.said.read_text(), "it is told")

    def killed(self):
        """A command that is over and the process that it had begun; none: each was killed sooner than it wrote."""
        hangs = self.folder / "hangs"
        lines = [line.split() for line in hangs.read_text().splitlines()] if hangs.exists() else []
        groups = {}
        for group, process in lines:
            groups.setdefault(group, []).append(process)
        return next((group for number, group in groups.items() if number != lines[-1][0] and len(group) == 2), None)

    @staticmethod
    def runs(process):
        try:
            stat = pathlib.Path(f"/proc/{process}/stat").read_text()
        except (FileNotFoundError, ProcessLookupError):
            return False
        return stat.rpartition(")")[2].split()[0] not in "ZX"

    def test_a_store_whose_alarms_are_counted_anew_is_told_from_the_beginning(self):
        office = self.office_with_alarms()
        first = self.alarm(office)
        self.state.write_text(f"{first + 7} 1709788329000\n")
        self.watch(office)
        self.until_told(first)
        self.assertIn("counted anew", self.said.read_text())

    def test_a_state_that_says_nothing_is_not_taken_for_none(self):
        office = self.office_with_alarms()
        self.state.write_text("seven\n")
        office.blo("watch", "--state", self.state, "--", "true", expect=FAILED)
        self.assertEqual("seven\n", self.state.read_text())
