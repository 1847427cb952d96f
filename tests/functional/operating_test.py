"""docs/operating.md followed literally: the commands of blo are taken from the page and run, on two offices."""

import contextlib
import datetime
import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import time

from blolib.addresses import free_address
from blolib.agreement import agreed
from blolib.faketime import ClockedOffice, needs_faketime
from blolib.programs import BIN, CHECKOUT, DEGRADED, NOT_AUTHORISED, OK, REFUSED, environment, run
from blolib.waiting import until
from blolib.world import TJ, UZ, Office, WorldTest

_PAGE = (CHECKOUT / "docs/operating.md").read_text()
# What needs a machine of its own: accounts, services, the TPM.
_MACHINE = {"useradd", "install", "tr", "systemd-creds", "shred", "cp", "systemctl", "usermod", "gpasswd"}
# Where the page's files lie; here all of them are in one folder.
_FOLDERS = ("~karimov/.config/blo/officers/", "~karimov/", "/media/stick/", "/etc/blo/", "/var/backups/blo/")
_TASHKENT = datetime.timezone(datetime.timedelta(hours=5))


def text_of(section):
    return re.search(rf"^##+ {re.escape(section)}$(.*?)(?=^##)", _PAGE, re.M | re.S)[1]


def lines(section):
    """A section's indented lines: [(the words of the command, what is said beside it)]."""
    found = [re.split(r" {2,}", line, maxsplit=1) + [""] for line in re.findall(r"^    (\S.*)$", text_of(section), re.M)]
    assert found, section
    # What the shell puts in is one word.
    together = [re.sub(r"\$\([^)]*\)", lambda put_in: put_in[0].replace(" ", "\\ "), line[0]) for line in found]
    return [(shlex.split(words.removeprefix("runuser -u blo -- ")), line[1]) for words, line in zip(together, found, strict=True)]


def commands(section):
    """The commands of blo in them, and nothing beside."""
    found = [words for words, _ in lines(section) if words[0] not in _MACHINE]
    assert found and all(words[0] == "blo" for words in found), section
    return [words[1:] for words in found]


def steps(section="Pair two offices"):
    """What each side types in a section's table: {step: [words of the first column, of the second]}."""
    rows = re.findall(r"^\| (\d) \|(.*?)\|(.*?)\|$", text_of(section), re.M)
    typed = lambda cell: [shlex.split(code)[1:] for code in re.findall(r"`(blo [^`]*)`", cell)][:1]
    return {int(step): typed(uz) + typed(tj) for step, uz, tj in rows}


class ManualTest(WorldTest):
    def setUp(self):
        super().setUp()
        self.places = {}  # more of the page's, and this test's for them
        self.secret = self.world.write("passphrase", "of a newcomer's office\n")
        self.secret.chmod(0o600)

    def by_the_watch(self):
        """What time it is in truth."""
        return datetime.datetime.now(datetime.timezone.utc)

    def sees(self, quoting, shown):
        """What the page quotes, *so*, is shown; after "no" it is not. "…" stands for what differs each time."""
        quotes = re.findall(r"(\bno )?\*([^*]+)\*", quoting)
        self.assertTrue(quotes, f"nothing is quoted: {quoting}")
        for no, quote in quotes:
            for place, real in self.places.items():
                quote = quote.replace(place, real)
            pattern = " +".join(re.escape(word).replace("…", ".*") for word in quote.split())
            (self.assertNotRegex if no else self.assertRegex)(shown, pattern)

    def quotes(self, section, quote):
        """A quotation that stands in a section's sentences."""
        self.assertIn(f"*{quote}*", text_of(section))
        return f"*{quote}*"

    def here(self, office, words):
        """The words of a command of the page, with this test's places for the page's."""
        places = {"/etc/blo/passphrase": self.secret, "/media/authority-uz": self.world.path("authority-uz"),
                  "oybek.example.uz:7117": office.address, "office.request.pem": office.home / "office.request.pem",
                  "2026-11-30": self.by_the_watch().strftime("%Y-%m-%d"),
                  "authority.pem": self.world.path("authority-uz") / "authority.pem", **self.places}
        mapped = []
        for word in words:
            if word not in places:
                word = word.removeprefix(next((folder for folder in _FOLDERS if word.startswith(folder)), ""))
                word = re.sub(r"\$\(.*\)", lambda put_in: self.shell(f"echo {put_in[0]}"), word)
            if word.endswith(".request.pem") and word not in places:
                mapped.append(office.officers / word)
            elif re.fullmatch(r"[\w-]+\.(pem|pairing|key|pub|backup)", word) and word not in places:
                mapped.append(self.world.path(word))
            else:
                mapped.append(places.get(word, word))
        return mapped

    def type(self, office, words, *more, expect=0):
        mapped = self.here(office, words)
        if "--passphrase-file" not in words:
            mapped += ["--passphrase-file", self.secret]
        return office.blo(*mapped, *more, expect=expect)

    def shell(self, line, **environ):
        return subprocess.run(["sh", "-c", line], env=environment(environ), check=True, capture_output=True, text=True).stdout.strip()

    def another_second(self, files):
        """What is named by the time now is none of these."""
        until(lambda: self.shell("date -u +%Y-%m-%dT%H%M%SZ") not in " ".join(map(str, files)), "the second is over")

    def inbox(self, office):
        return [message["number"] for message in office.inbox("--passphrase-file", self.secret)]

    def found(self, on_a_machine=lambda office: office):
        """An authority, an office and an officer as the page says; the other side in the usual way."""
        uz = Office(self.world, UZ, "live", "uz-by-the-page")
        self.world.offices.append(uz)
        uz = on_a_machine(uz)
        for section in ("Found an authority", "Found an office"):
            for words in commands(section):
                self.type(uz, words)
        uz.start("--passphrase-file", self.secret)
        for words in commands("Start the daemon") + commands("Add an officer"):
            if words[-3:-1] != ["unlock", "--minutes"]:  # functional.unlock does that
                self.type(uz, words)
        tj = on_a_machine(self.world.office(TJ)).start()
        tj.add_officer("rahimov")
        return uz, tj

    def pair(self, uz, tj):
        table = steps()
        for office, words in zip((uz, tj), table[1], strict=True):
            self.type(office, words)
        heard = {}
        for office, words in zip((uz, tj), table[3], strict=True):
            heard[office.id] = self.type(office, words, "--json").json()["digits"]
        self.assertEqual(heard[UZ], heard[TJ])
        for office, other, words in zip((uz, tj), (tj, uz), table[5], strict=True):
            self.type(office, words, "--digits", heard[other.id])
        for office, other in ((uz, tj), (tj, uz)):
            until(lambda: office.pair_status(other)["connected"], "step 6")
        return heard


class Manual(ManualTest):
    def test_a_newcomer_founds_an_office_and_pairs_it(self):
        uz, tj = self.found()
        self.pair(uz, tj)
        uz.alert(tj, "--passphrase-file", self.secret, "--wait", 60)
        self.assertEqual("Dilshod Karimov", tj.inbox()[0]["author"])

    def test_a_certificate_is_renewed_and_an_officer_dismissed(self):
        uz, tj = self.found()
        self.pair(uz, tj)
        for words in commands("Renew a certificate"):
            self.type(uz, words)
        uz.alert(tj, "--as", "karimov", "--passphrase-file", self.secret, expect=NOT_AUTHORISED)
        uz.alert(tj, "--as", "karimov-2", "--passphrase-file", self.secret, "--wait", 60)
        for words in commands("Dismiss an officer"):
            self.type(uz, words)
        uz.alert(tj, "--as", "karimov-2", "--passphrase-file", self.secret, expect=NOT_AUTHORISED)

    def test_contents_are_kept_as_long_as_the_rules_say(self):
        uz, tj = self.found()
        self.pair(uz, tj)
        uz.alert(tj, "--passphrase-file", self.secret, "--wait", 60)
        uz.add_officer("chief", "security-officer", passphrase_file=self.secret)
        uz.stop()
        with open(uz.home / "blod.toml", "a", encoding="utf-8") as settings:
            settings.write(re.search(r"```toml\n(\[retention\].*?)```", _PAGE, re.S)[1])
        uz.start("--passphrase-file", self.secret)
        for words in commands("Retention"):
            self.type(uz, words, *(["--as", "chief"] if words[0] == "hold" else ["--json"]))

    def test_a_journals_key_is_replaced(self):
        uz, tj = self.found()
        self.pair(uz, tj)
        uz.alert(tj, "--passphrase-file", self.secret, "--wait", 60)
        until(lambda: uz.pair_status(tj)["sent"] == uz.pair_status(tj)["receipted"], "everything has a receipt")
        renew, show = commands("Replace a journal's key")
        self.type(uz, renew)
        self.assertIn("ours in generation 2", self.type(uz, show).out)
        sent = uz.alert(tj, "--passphrase-file", self.secret, "--wait", 60, "--json").json()
        self.assertIn("/TJ-FOTEHOBOD/2/", sent["number"])

    def test_a_backup_is_written_and_put_back(self):
        uz, tj = self.found()
        self.pair(uz, tj)
        for words in commands("Make the backup key") + commands("Write a backup"):
            self.type(uz, words)
        next(self.world.folder.glob("office-*Z.backup")).rename(self.world.path("office.backup"))
        uz.alert(tj, "--passphrase-file", self.secret, "--wait", 60, marker="after the backup")
        uz.kill()
        again = Office(self.world, UZ, "live", "uz-restored")
        again.officers, again.address = uz.officers, uz.address
        for words in commands("Put a backup back"):
            self.type(again, words)
        self.world.offices.append(again)
        shutil.copy2(uz.home / "office.key", again.home)
        again.start("--passphrase-file", self.secret)
        until(lambda: "here again" in again.pair_status(tj)["waitingFor"], "what was lost is here again")
        self.type(again, ["office", "recover", TJ])
        again.alert(tj, "--passphrase-file", self.secret, "--wait", 60)
        self.assertEqual(2, len(tj.inbox()))

    def test_the_nightly_backup_of_every_night_is_another_and_old_ones_go(self):
        uz, tj = self.found()
        self.pair(uz, tj)
        for words in commands("Make the backup key"):
            self.type(uz, words)
        folder, unit = self.world.path("backups"), (CHECKOUT / "packaging/blo-backup.service").read_text()
        folder.mkdir()
        program, = re.findall(r"^ExecStart=\S+/(\S+)$", unit, re.M)
        environ = uz.environment() | {"PATH": f"{BIN}:/usr/bin:/bin", "BLO_OFFICERS": str(self.world.path("none"))}
        typed = re.search(r"runuser -u blo -- (blo backup .*)", text_of("Write a backup"))[1]
        self.assertEqual([word for word in typed.split() if word.startswith(("--to", "--out"))], ["--to", "--out"])
        for place, real in (("/etc/blo/backup.pub", "backup.pub"), ("/var/backups/blo", "backups")):
            self.assertIn(place, typed)
            typed = typed.replace(place, str(self.world.path(real)))
        old = [folder / f"office-2026-01-0{day}T023000Z.backup" for day in (1, 2)]
        other = folder / "office.key"
        nightly = f"{CHECKOUT / 'packaging' / program} {folder} {self.world.path('backup.pub')}"
        for night, line in enumerate((typed, typed, nightly, nightly), start=1):
            names = set(folder.glob("office-2*.backup"))
            for path in (*old, other):
                path.write_text("of a hundred days ago")
                os.utime(path, (time.time() - 100 * 86_400,) * 2)
            self.another_second(names)
            said = self.shell(line, **environ)
            made = set(folder.glob("office-2*.backup")) - names - set(old)
            self.assertEqual(1, len(made), f"{night}: {said}")
            self.assertTrue(uz.status()["clock"]["mayDestroy"])
            self.assertEqual(line == typed, all(path.exists() for path in old), said)
            self.assertTrue(other.exists(), "it is no backup")
        # Nobody vouches for the clock: it may be that which makes them look old.
        for path in old:
            path.write_text("of a hundred days ago")
            os.utime(path, (time.time() - 100 * 86_400,) * 2)
        tj.stop()
        uz.stop()
        with contextlib.closing(sqlite3.connect(uz.home / "store.db")) as database, database:
            database.execute("UPDATE clock SET vouched_ms = ?", (int((time.time() - 8 * 86_400) * 1000),))
        uz.start("--passphrase-file", self.secret)
        self.assertFalse(uz.status()["clock"]["mayDestroy"])
        self.another_second(list(folder.iterdir()))
        self.assertIn("Old backups are kept", self.shell(nightly, **environ))
        self.assertTrue(all(path.exists() for path in old))

    def test_an_office_that_lost_its_store_is_given_it_back(self):
        uz, tj = self.found()
        self.pair(uz, tj)
        uz.alert(tj, "--passphrase-file", self.secret, "--wait", 60, marker="before everything was lost")
        uz.stop()
        for file in uz.home.glob("store.db*"):
            file.unlink()
        uz.start("--passphrase-file", self.secret)
        table = steps("Everything but the keys is lost")
        for office, number in ((tj, 1), (uz, 2)):
            self.type(office, table[number][0])
        heard = {}
        for office, words in zip((tj, uz), table[3], strict=True):
            heard[office.id] = self.type(office, words, "--json").json()["digits"]
        for office, other, words in zip((tj, uz), (uz, tj), table[5], strict=True):
            self.type(office, words, "--digits", heard[other.id])
        until(lambda: "here again" in uz.pair_status(tj)["waitingFor"], "what was lost is here again")
        self.type(uz, ["office", "recover", TJ])
        self.assertIn("before everything was lost", uz.blo("show", uz.outbox("--passphrase-file", self.secret)[0]["number"],
                                                           "--passphrase-file", self.secret).out)
        uz.alert(tj, "--passphrase-file", self.secret, "--wait", 60)

    def test_a_secret_that_is_too_old_is_replaced(self):
        uz, tj = self.found()
        self.pair(uz, tj)
        again, accept, confirm = commands("A pairing secret is too old")
        self.type(uz, again)
        self.type(tj, ["pair", "again", UZ, "--out", "again-for-uz.pairing"])
        self.type(tj, ["pair", "accept", "again-for-tj.pairing"])
        digits = self.type(uz, accept, "--json").json()["digits"]
        for office, words in ((uz, confirm), (tj, ["pair", "confirm", UZ, "--how", "by telephone"])):
            self.type(office, words, "--digits", digits)
        uz.alert(tj, "--passphrase-file", self.secret, "--wait", 60)

    def test_a_pairing_is_stopped(self):
        uz, tj = self.found()
        heard = self.pair(uz, tj)
        freeze, confirm, end = commands("Stop a pairing")
        self.type(uz, freeze)
        uz.alert(tj, "--passphrase-file", self.secret, expect=REFUSED)
        self.type(uz, confirm, "--digits", heard[TJ])
        uz.alert(tj, "--passphrase-file", self.secret, "--wait", 60)
        self.type(uz, end)
        self.assertEqual("ended", uz.pair_status(tj)["state"])


class Moved(ManualTest):
    _SECTION = "The counterpart's address changed"

    def test_the_counterparts_address_changed(self):
        uz, tj = self.found()
        self.pair(uz, tj)
        look, set_it, connected, shown, at_theirs, at_ours = lines(self._SECTION)
        self.places = {"oybek.example.uz:7117": uz.address, "fotehobod.example.tj:7117": tj.address}
        uz.stop()
        uz.address = free_address()
        uz.start("--passphrase-file", self.secret)
        self.places["oybek-2.example.uz:7117"] = uz.address
        until(lambda: "refused" in tj.pair_status(uz)["waitingFor"], "Oybek is where nobody looks for it")
        self._type(tj, look)
        number = tj.alert(uz, "--json", marker="while nobody knew").json()["number"]
        self._type(tj, set_it)
        until(lambda: tj.pair_status(uz)["connected"], "it is found")
        for line in (connected, shown):
            self._type(tj, line)
        until(lambda: number in self.inbox(uz), "what was sent meanwhile is there")
        self.type(uz, at_theirs[0][1:])
        self._type(tj, at_ours)
        uz.alert(tj, "--passphrase-file", self.secret, "--wait", 60)

    def test_an_office_says_where_it_will_be(self):
        uz, tj = self.found()
        self.pair(uz, tj)
        uz.stop()
        with open(uz.home / "blod.toml", "a", encoding="utf-8") as settings:
            settings.write(re.search(r"```toml\n(announce = .*?)```", text_of(self._SECTION), re.S)[1])
        uz.start("--passphrase-file", self.secret)
        until(lambda: tj.json("pair", "show", UZ)["announcedAddresses"], "Fotehobod knows where Oybek goes next")
        self.sees(self.quotes(self._SECTION, "They announce: 203.0.113.7:7117, since …"), tj.blo("pair", "show", UZ).out)

    def _type(self, office, line):
        words, beside = line
        self.sees(beside, self.type(office, words[1:]).out)


@needs_faketime
class WrongClock(ManualTest):
    _SECTION = "The clock is wrong after a power cut"

    def setUp(self):
        super().setUp()
        self.away = datetime.timedelta()

    def by_the_watch(self):
        return super().by_the_watch() + self.away

    def test_a_morning_after_a_weekend_without_power_and_with_an_empty_clock_battery(self):
        uz, tj = self.found(ClockedOffice)
        for office in (uz, tj):
            office.add_auditor()
        self.pair(uz, tj)
        known = tj.alert(uz, "--wait", 60, "--json").json()["number"]
        on_duty, date, set_it, date_again, confirm, status, inbox, alarms, acknowledge = lines(self._SECTION)

        uz.kill()
        self._later(tj, days=3)
        waits = tj.alert(uz, "--json", marker="over the weekend").json()["number"]
        self._power_is_back(uz, tj)
        self._type(uz, on_duty, expect=DEGRADED)
        read = uz.blo("show", known, *self._key()).out
        self.assertIn("hashish", read)
        self.sees(self.quotes(self._SECTION, "claims 2026-…"), read)
        said = uz.alert(tj, *self._key(), marker="before the clock was right").out
        self.sees(self.quotes(self._SECTION, "queued"), said)
        self.assertNotIn(waits, self.inbox(uz))

        tj.stop()  # there is no line either
        self._type(uz, date)
        early = self.type(uz, [*confirm[0][1:], "--json"], expect=REFUSED).json()
        self.assertIn(f"`{early['error']['reason']}`", text_of(self._SECTION))
        self._type(uz, set_it)
        self._shows_the_right_time(self._type(uz, date_again))
        self.assertFalse(uz.status()["clock"]["believed"], "nobody has said so")
        self._type(uz, confirm)
        tj.start()
        until(lambda: uz.pair_status(tj)["connected"], "the line is back")
        self._type(uz, status)

        until(lambda: waits in self.inbox(uz), "what waited is here")
        self.assertIn(waits, self._type(uz, inbox))
        self._type(uz, alarms)
        for office, officer in ((uz, "karimov"), (tj, "rahimov")):
            self._acknowledge(office, officer, acknowledge[0])
        sent = uz.outbox(*self._key())[0]["number"]
        until(lambda: sent in [message["number"] for message in tj.inbox()], "what was sent is there")
        mark = self.quotes(self._SECTION, "at about 1970-…, the office's clock was not sure")
        for shown in (uz.blo("outbox", *self._key()).out, tj.blo("show", sent).out):
            self.sees(mark, shown)
        self.assertEqual(tj.today(), tj.json("show", sent)["receiptTime"][:10])
        for office in (uz, tj):
            self._verified(office)

    def test_after_a_night_a_clock_that_is_set_right_is_believed_at_once(self):
        uz, tj = self.found(ClockedOffice)
        self.pair(uz, tj)
        _, _, set_it, _, confirm, *_ = lines(self._SECTION)
        uz.kill()
        self._later(tj, hours=9)
        self._power_is_back(uz, tj)
        tj.stop()
        self._type(uz, set_it)
        self.assertTrue(uz.status()["clock"]["believed"])
        self._type(uz, confirm)
        self.assertTrue(uz.status()["clock"]["believed"])
        # After a weekend, where a counterpart is connected.
        uz.kill()
        self._later(tj, days=3)
        self._power_is_back(uz, tj)
        self._type(uz, set_it)
        until(lambda: uz.status()["clock"]["believed"], "Fotehobod says so")

    def _key(self):
        return "--passphrase-file", self.secret

    def _later(self, tj, **time):
        """At the counterpart's, where the clock is right."""
        self.away = datetime.timedelta(**time)
        tj.stop()
        tj.set_clock(**time)
        tj.start()
        tj.blo("clock", "confirm", tj.today())

    def _power_is_back(self, uz, tj):
        uz.empty_rtc(minutes=4)
        uz.start(*self._key())
        until(lambda: "differ" in uz.json("status", expect=DEGRADED)["pairs"][0]["waitingFor"], "they have met")

    def _type(self, office, line, expect=OK):
        """As the page has it, and what it quotes beside is shown."""
        words, beside = line
        shown = self._run(office, words, expect)
        if "*" in beside:
            self.sees(beside, shown)
        return shown

    def _run(self, office, words, expect):
        if words[0] == "blo":
            return self.type(office, words[1:], expect=expect).out
        if words[0] == "date":
            return subprocess.run(words, env=environment(office.environment()), check=True, capture_output=True, text=True).stdout
        # In timedatectl's place, on a machine in Tashkent: what it is told is UTC where that is said.
        self.assertEqual(["timedatectl", "set-time"], words[:2])
        told = words[2].replace("2026-11-30 03:15:00", self.by_the_watch().strftime("%Y-%m-%d %H:%M:%S"))
        zone = datetime.timezone.utc if told.endswith(" UTC") else _TASHKENT
        right = datetime.datetime.fromisoformat(told.removesuffix(" UTC")).replace(tzinfo=zone)
        office.set_clock(seconds=(right - datetime.datetime.now(datetime.timezone.utc)).total_seconds())
        return ""

    def _shows_the_right_time(self, shown):
        shown = datetime.datetime.strptime(shown, "%a %b %d %H:%M:%S UTC %Y\n").replace(tzinfo=datetime.timezone.utc)
        self.assertLess(abs(shown - self.by_the_watch()), datetime.timedelta(hours=1))

    def _acknowledge(self, office, officer, words):
        """The one alarm there is, by the number that it has there."""
        alarm, = office.json("alarms")["alarms"]
        self.assertEqual("clock-skew", alarm["code"])
        theirs = {"karimov": officer, "1": str(alarm["alarm"])}
        self.type(office, [theirs.get(word, word) for word in words[1:]])
        self.assertEqual([], office.json("alarms")["alarms"])

    def _verified(self, office):
        """Both verifiers verify its journals and its trail, and find what is marked."""
        folder, trail = self.world.path(f"{office.id}-export"), self.world.path(f"{office.id}-trail")
        for words in ([folder], [trail, "--trail"]):
            run("blo", "journal", "export", *words, env=office.auditors_environment())
        for generation in trail.iterdir():
            generation.rename(folder / generation.name)
        authorities = self.world.path("authority-uz"), self.world.authority("TJ")
        verdict = agreed(self, folder, [authority / "authority.pem" for authority in authorities])
        self.assertTrue(verdict["verified"], verdict)
        marked = {one["origin"]: one["clock_unsure"] for one in verdict["journals"] if one["clock_unsure"]}
        self.assertEqual(3, marked.pop(f"live/{UZ}/{TJ}/1"), "the officer, what was opened, what was sent")
        self.assertTrue(marked, "what was read, and that somebody spoke for the clock, stands in its trail")
