"""blo backup and blo restore: nothing acknowledged is lost, nothing can be read without the key, nothing is signed twice."""

import datetime
import fcntl
import hashlib
import os
import shutil
import signal
import sqlite3
import subprocess

import verifier
from blolib import backups
from blolib.disaster import DisasterTest
from blolib.programs import (BIN, DEGRADED, FAILED, NOT_AUTHORISED, NOT_FOUND, REFUSED, UNVERIFIED, USAGE, audit,
                             environment)
from blolib.waiting import until
from blolib.world import TJ, UZ, Office


class Backup(DisasterTest):
    def key_of(self, office, name="backup.key"):
        key = self.world.path(name)
        office.blo("backup", "create-key", office.id, "--out", key, "--no-passphrase")
        return key

    def back_up(self, office, name="office.backup", key=None, *arguments):
        file = self.world.path(name)
        done = office.json("backup", "--to", key.with_suffix(".pub"), "--out", file, *arguments)
        self.assertEqual(hashlib.sha256(file.read_bytes()).hexdigest(), done["sha256"])
        self.assertEqual(file.stat().st_size, done["bytes"])
        return file, done

    def restore(self, office, file, key, name="restored", expect=0):
        """The office in a new home; its officers' keys and the copy of office.key survived elsewhere."""
        again = Office(self.world, office.id, office.network, name)
        again.officers = office.officers
        again.address = office.address
        done = again.json("restore", file, "--key", key, expect=expect)
        if expect == 0:
            if not done["officeKey"]:
                shutil.copy2(office.home / "office.key", again.home)
            self.world.offices.append(again)
        return again, done

    def left_in(self, folder):
        return sorted(path.name for path in folder.iterdir() if "copy" in path.name or "restored" in path.name or ".part" in path.name)

    def test_the_machine_is_lost_while_messages_flow(self):
        uz, tj = self.offices()
        self.exchange(uz, tj, "before")
        key = self.key_of(uz)
        sending = [uz.popen("send", "alert", "--to", TJ, "--goods", f"load {i}", "--reason", "r", "--action", "a",
                            "--json") for i in range(12)]
        file, done = self.back_up(uz, key=key)
        for sender in sending:
            self.assertEqual(0, sender.wait(60), sender.stderr.read())
            sender.stdout.close()
            sender.stderr.close()
        self.assertEqual(["authority.pem", "office.pem", "store.db"], [part for part in done["parts"] if part != "blod.toml"])
        self.assertEqual({"live/UZ-OYBEK/trail/1", "live/UZ-OYBEK/TJ-FOTEHOBOD/1", "live/TJ-FOTEHOBOD/UZ-OYBEK/1"},
                         {journal["origin"] for journal in done["journals"]})
        self.exchange(uz, tj, "after")
        until(lambda: len(tj.inbox()) == 14, "all twelve are receipted")
        uz.kill()
        again, restored = self.restore(uz, file, key)
        self.assertEqual(1, restored["pairings"])
        self.assertFalse(restored["officeKey"])
        again.start()
        self.assertEqual({"restored"}, {alarm["code"] for alarm in again.json("alarms")["alarms"]} - {"behind"})
        again.alert(tj, marker="waits for what was lost")
        self.until_given_back(again, tj)
        self.assertEqual(2, self.go_on(again, tj)["generation"])
        self.assert_works(again, tj)
        self.assert_whole(again, tj, "before from Oybek", "before from Fotehobod", "after from Oybek",
                          "after from Fotehobod", "waits for what was lost", *[f"load {i}\n" for i in range(12)])

    def test_a_backup_from_after_a_renewal_that_never_left_is_put_back_twice(self):
        uz, tj = self.offices()
        self.exchange(uz, tj, "before")
        until(lambda: uz.pair_status(tj)["sent"] == uz.pair_status(tj)["receipted"], "all is receipted")
        tj.stop()
        uz.blo("pair", "renew", TJ)
        uz.alert(tj, marker="in a generation that never left")
        key = self.key_of(uz)
        file, _ = self.back_up(uz, key=key)
        uz.kill()
        for name in ("first", "second"):
            again, _ = self.restore(uz, file, key, name)
            again.start()
            tj.start()
            self.until_given_back(again, tj)
            again.kill()
            tj.stop()
        again.start()
        tj.start()
        recovered = self.go_on(again, tj)
        self.assertEqual((1, 2), (recovered["reentered"], recovered["generation"]))
        self.assert_works(again, tj)
        self.assert_whole(again, tj, "before from Oybek", "before from Fotehobod", "in a generation that never left")

    def test_nothing_newer_exists_and_the_next_generation_begins_all_the_same(self):
        """A head that left in between, on a stick, is not known to the counterpart either."""
        uz, tj = self.offices()
        self.exchange(uz, tj, "before")
        key, key_of_tj = self.key_of(uz), self.key_of(tj, "other.key")
        file, file_of_tj = self.back_up(uz, key=key)[0], self.back_up(tj, "tj.backup", key_of_tj)[0]
        self.exchange(uz, tj, "lost on both sides")
        stick = uz.export("stick")
        uz.kill()
        tj.kill()
        again, _ = self.restore(uz, file, key)
        other, _ = self.restore(tj, file_of_tj, key_of_tj, "tj-restored")
        again.start()
        other.start()
        # The one that is ready first goes on first: the other is given back what it lacks by it.
        waiting = [(again, other), (other, again)]
        ready = lambda: next((pair for pair in waiting if "here again" in pair[0].pair_status(pair[1])["waitingFor"]), None)
        while waiting:
            office, counterpart = until(ready, "one of them is given back what was lost")
            self.assertEqual(2, self.go_on(office, counterpart)["generation"])
            waiting.remove((office, counterpart))
        self.assert_works(again, other)
        self.assert_whole(again, other, "before from Oybek", "before from Fotehobod")
        # What left on the stick is never contradicted: of generation 1 nothing was signed since.
        trusted = [office.authority / "authority.pem" for office in (uz, tj)]
        newest = again.export("newest")
        had = {journal["origin"]: journal["size"] for journal in verifier.verify(stick, trusted)["journals"]}
        for journal in verifier.verify(newest, trusted)["journals"]:
            if journal["origin"] in had:
                self.assertLess(journal["size"], had[journal["origin"]])

    def test_the_audit_trail_goes_on_in_its_next_generation(self):
        uz, tj = self.offices()
        uz.add_auditor()
        uz.add_officer("gone")
        uz.blo("officer", "revoke", next(one["person"] for one in uz.json("officer", "list")["officers"] if "gone" in one["name"]),
               "--reason", "left")
        key = self.key_of(uz)
        file, _ = self.back_up(uz, key=key)
        before = [act["what"] for act in uz.trail()]
        self.assertEqual("backup", before[-1])
        uz.alert(tj, "--as", "karimov", "--wait", 60, marker="whose act is lost")
        uz.kill()
        again, _ = self.restore(uz, file, key)
        again._auditors = uz._auditors
        again.start()
        self.until_given_back(again, tj)
        self.go_on(again, tj)
        acts = again.trail()
        self.assertEqual([*before, "trail"][:len(before)], [act["what"] for act in acts][:len(before)])
        self.assertEqual("office recover", acts[-1]["what"])
        self.assertEqual(sorted(act["index"] for act in acts), [act["index"] for act in acts])
        folder = self.world.path("trail")
        again.officers = uz._auditors()
        again.blo("journal", "export", folder, "--trail")
        generations = sorted(int(path.name.rpartition("_")[2]) for path in folder.iterdir())
        self.assertEqual((2, 1), (len(generations), generations[0]))
        trusted = [office.authority / "authority.pem" for office in (uz, tj)]
        audit(folder, trusted)
        self.assertEqual([], verifier.verify(folder, trusted)["findings"])
        both = again.export("both")
        for generation in folder.iterdir():
            shutil.copytree(generation, both / generation.name)
        audit(both, trusted)  # what the journals say of the trail holds across its generations
        again.stop()
        again.start()  # and reads both again

    def test_what_a_person_froze_stays_frozen(self):
        uz, tj = self.offices()
        self.exchange(uz, tj, "before")
        uz.blo("pair", "freeze", TJ, "--reason", "a key may be stolen")
        key = self.key_of(uz)
        file, _ = self.back_up(uz, key=key)
        uz.kill()
        again, _ = self.restore(uz, file, key)
        again.start()
        self.until_given_back(again, tj)
        self.go_on(again, tj)
        self.assertEqual("frozen", again.pair_status(tj)["state"])
        self.assertIn("a key may be stolen", again.json("pair", "show", TJ)["why"])
        again.alert(tj, expect=REFUSED)

    def test_what_is_wrong_is_refused(self):
        uz = self.world.office(UZ).start()
        uz.add_officer("karimov", full_name="Marker Markerov")
        key, other = self.key_of(uz), self.key_of(uz, "other.key")
        foreign = self.world.path("foreign.key")
        uz.blo("backup", "create-key", TJ, "--out", foreign, "--no-passphrase")
        file, _ = self.back_up(uz, key=key)
        text = file.read_bytes()
        for secret in (b"Marker", b"SQLite format", b"BEGIN", b"CREATE TABLE"):
            self.assertNotIn(secret, text)
        self.restore(uz, file, other, expect=NOT_AUTHORISED)
        self.restore(uz, file, foreign, expect=REFUSED)
        self.restore(uz, self.world.path("nothing"), key, expect=NOT_FOUND)
        uz.blo("backup", "--to", foreign.with_suffix(".pub"), "--out", self.world.path("x"), expect=REFUSED)
        uz.blo("backup", "--to", key.with_suffix(".pub"), "--out", file, expect=FAILED)
        uz.blo("backup", expect=USAGE)
        uz.blo("backup", "--to", key.with_suffix(".pub"), "--out", self.world.path("x"), "--with-office-key", expect=REFUSED)
        self.assertFalse(self.world.path("x").exists())
        header = text.index(b"\n\n") + 2
        chunk = 64 * 1024 + 16
        flipped = [0, text.index(b"time ") + 8, text.index(b"ephemeral ") + 15, header, header + chunk - 1, header + chunk + 5, len(text) - 1]
        broken = {f"flipped {at}": text[:at] + bytes([text[at] ^ 1]) + text[at + 1:] for at in flipped}
        broken |= {f"cut {size}": text[:size] for size in (0, 40, header, header + 7, header + chunk, len(text) - 1)}
        broken |= {"longer": text + b"\0", "swapped": text[:header] + text[header + chunk:header + 2 * chunk] + text[header:header + chunk] + text[header + 2 * chunk:]}
        for name, contents in broken.items():
            damaged = self.world.path("damaged")
            damaged.write_bytes(contents)
            with self.subTest(name):
                again, _ = self.restore(uz, damaged, key, "not-restored", expect=UNVERIFIED)
                if again.home.exists():
                    self.assertEqual([], [path.name for path in again.home.iterdir() if path.name != "blod.lock"])
        # Over a store, under a running daemon, or into another office's home: never.
        uz.json("restore", file, "--key", key, expect=REFUSED)
        uz.stop()
        kept = (uz.home / "store.db").read_bytes()
        self.assertIn("store-exists", uz.blo("restore", file, "--key", key, "--json", expect=REFUSED).out)
        self.assertEqual(kept, (uz.home / "store.db").read_bytes())
        tj = self.world.office(TJ)
        self.assertIn("other-office", tj.blo("restore", file, "--key", key, "--json", expect=REFUSED).out)
        self.assertFalse((tj.home / "store.db").exists())

    def test_a_home_in_use_is_left_alone(self):
        """A running daemon's, and one into which another restore writes: neither holds more afterwards."""
        uz = self.world.office(UZ).start()
        key = self.key_of(uz)
        file, _ = self.back_up(uz, key=key)
        self.assertIn("home-in-use", uz.blo("restore", file, "--key", key, "--json", expect=REFUSED).out)
        new = Office(self.world, UZ, "live", "new")
        new.home.mkdir(mode=0o700)
        with open(new.home / "blod.lock", "w", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.assertIn("home-in-use", new.blo("restore", file, "--key", key, "--json", expect=REFUSED).out)
            self.assertEqual(["blod.lock"], [path.name for path in new.home.iterdir()])
        new.blo("restore", file, "--key", key)

    def test_a_backup_older_than_ninety_days_says_so(self):
        uz = self.world.office(UZ).start()
        key = self.key_of(uz)
        file, _ = self.back_up(uz, key=key)
        now = datetime.datetime.now(datetime.timezone.utc)
        for days, old in ((89, False), (91, True)):
            with self.subTest(days):
                time = (now - datetime.timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
                dated = self.world.path(f"{days}-days.backup")
                dated.write_bytes(backups.written(file.read_bytes(), key, time))
                _, done = self.restore(uz, dated, key, f"restored-{days}")
                self.assertEqual((time, old), (done["time"], done["old"]))
                again = Office(self.world, UZ, "live", f"told-{days}")
                self.assertEqual(old, "older than 90 days" in again.blo("restore", dated, "--key", key).out)

    def test_who_may(self):
        uz = self.world.office(UZ).start()
        uz.add_officer("karimov")
        uz.add_officer("sobirova", "security-officer")
        key = self.key_of(uz)
        words = ["backup", "--to", key.with_suffix(".pub"), "--out"]
        uz.blo(*words, self.world.path("by-an-operator"), "--as", "karimov", expect=NOT_AUTHORISED)
        uz.blo(*words, self.world.path("by-a-security-officer"), "--as", "sobirova")
        self.assertFalse(self.world.path("by-an-operator").exists())

    def test_the_sealed_office_key_goes_in_when_asked(self):
        secret = self.world.write("passphrase", "of the office's key\n")
        secret.chmod(0o600)
        uz = self.world.office(UZ, passphrase_file=secret)
        uz.start("--passphrase-file", secret)
        sealed = self.world.path("backup.key")
        uz.blo("backup", "create-key", UZ, "--out", sealed, "--passphrase-file", secret)
        file, done = self.back_up(uz, "with.backup", sealed, "--with-office-key")
        self.assertIn("office.key", done["parts"])
        uz.kill()
        again = Office(self.world, UZ, "live", "restored")
        again.officers = uz.officers
        wrong = self.world.write("wrong", "another passphrase\n")
        wrong.chmod(0o600)
        again.blo("restore", file, "--key", sealed, "--passphrase-file", wrong, expect=NOT_AUTHORISED)
        again.json("restore", file, "--key", sealed, "--passphrase-file", secret)
        self.assertEqual(0o600, (again.home / "office.key").stat().st_mode & 0o777)
        self.assertEqual(0o600, (again.home / "store.db").stat().st_mode & 0o777)
        self.assertEqual((uz.home / "office.key").read_bytes(), (again.home / "office.key").read_bytes())
        self.world.offices.append(again)
        again.start("--passphrase-file", secret)

    def fill(self, uz, tj):
        """A store large enough that a backup of it can be interrupted."""
        uz.stop()
        tj.stop()
        store = sqlite3.connect(uz.home / "store.db")
        store.execute("PRAGMA journal_mode=DELETE")
        store.execute("INSERT INTO meta(name, value) VALUES('ballast', randomblob(200000000))")
        store.commit()
        store.close()
        uz.start()

    def test_a_kill_in_the_middle_leaves_nothing(self):
        uz, tj = self.offices()
        key = self.key_of(uz)
        self.fill(uz, tj)
        folder = self.world.path("stick")
        folder.mkdir()
        words = ["backup", "--to", key.with_suffix(".pub"), "--out", folder / "office.backup"]
        for victim in ("blo", "blod"):
            with self.subTest(victim):
                backing = uz.popen(*words)
                until(lambda: (uz.home / "store.db.copy").exists(), "the copy", deadline_s=180)
                if victim == "blo":
                    backing.send_signal(signal.SIGKILL)
                else:
                    uz.kill()
                    self.assertTrue((uz.home / "store.db.copy").exists())
                self.assertNotEqual(0, backing.wait(180))
                backing.stdout.close()
                backing.stderr.close()
                self.assertEqual([], list(folder.iterdir()))
                if victim == "blod":
                    uz.start()
                until(lambda: self.left_in(uz.home) == [], "nothing is left", deadline_s=180)
        uz.blo(*words)
        self.assertEqual(["office.backup"], [path.name for path in folder.iterdir()])
        self.assertEqual([], self.left_in(uz.home))

    def test_a_restore_that_was_killed_leaves_nothing_once_blod_has_started(self):
        uz = self.world.office(UZ).start()
        key = self.key_of(uz)
        file, _ = self.back_up(uz, key=key)
        uz.stop()
        kept = self.world.path("kept.db")
        (uz.home / "store.db").rename(kept)
        # A file that grows past this ends who writes it, at once.
        restoring = subprocess.run(["prlimit", "--fsize=16384", BIN / "blo", "restore", file, "--key", key], check=False,
                                   env=environment(uz.environment()), capture_output=True, timeout=60)
        self.assertEqual(-signal.SIGXFSZ, restoring.returncode, restoring.stderr)
        self.assertEqual(["store.db.restored"], self.left_in(uz.home))
        kept.rename(uz.home / "store.db")
        uz.start()
        self.assertEqual([], self.left_in(uz.home))

    def test_what_root_puts_back_is_the_services(self):
        if os.geteuid() != 0:
            self.skipTest("only root can restore into another user's home")
        service, group = 54_011, 54_012  # Unix users need no account
        uz = self.world.office(UZ).start()
        key = self.key_of(uz)
        file, _ = self.back_up(uz, key=key)
        uz.stop()
        again = Office(self.world, UZ, "live", "restored")
        again.address = uz.address
        again.home.mkdir(mode=0o750)
        (again.home / "blod.lock").touch(0o600)  # as a restore by root left it
        os.chown(again.home, service, group)
        self.world.folder.chmod(0o755)
        again.blo("restore", file, "--key", key)
        left = {path.name: path.stat() for path in again.home.iterdir()}
        self.assertLessEqual({"store.db", "blod.lock", "office.pem", "authority.pem"}, left.keys())
        self.assertEqual({(service, group)}, {(one.st_uid, one.st_gid) for one in left.values()})
        self.assertEqual({"store.db": 0o600, "blod.lock": 0o600, "office.pem": 0o644, "authority.pem": 0o644},
                         {name: left[name].st_mode & 0o777 for name in ("store.db", "blod.lock", "office.pem", "authority.pem")})
        self.assertEqual((service, group, 0o750), (again.home.stat().st_uid, again.home.stat().st_gid, again.home.stat().st_mode & 0o777))
        shutil.copy2(uz.home / "office.key", again.home)
        os.chown(again.home / "office.key", service, group)
        self.world.offices.append(again)
        again.start_as(service).wait_until_ready()
        self.assertEqual(["restored"], [alarm["code"] for alarm in again.json("alarms")["alarms"]])

    def test_a_restore_by_root_gives_away_no_file_that_the_service_linked(self):
        """The lock is the one file that root opens before it goes on as the home's owner."""
        if os.geteuid() != 0:
            self.skipTest("only root can restore into another user's home")
        service = 54_011
        uz = self.world.office(UZ).start()
        key = self.key_of(uz)
        file, _ = self.back_up(uz, key=key)
        again = Office(self.world, UZ, "live", "restored")
        again.home.mkdir(mode=0o700)
        os.chown(again.home, service, service)
        self.world.folder.chmod(0o755)
        roots = self.world.write("roots", "root's own")
        roots.chmod(0o600)
        (again.home / "blod.lock").hardlink_to(roots)
        again.blo("restore", file, "--key", key)
        self.assertEqual((0, "root's own"), (roots.stat().st_uid, roots.read_text()))

    def test_a_small_disk_is_not_filled(self):
        if os.geteuid() != 0:
            self.skipTest("only root can mount the small disk this needs")
        home = self.world.path("small")
        home.mkdir(mode=0o700)
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=20m,mode=700", "tmpfs", str(home)], check=False, capture_output=True)
        if mounted.returncode != 0:
            self.skipTest("this machine allows no mount")
        self.addCleanup(subprocess.run, ["umount", "-l", str(home)], check=False)
        uz = self.world.office(UZ, name="small").start()
        key, out = self.key_of(uz), self.world.path("x")
        self.assertIn("store-full", uz.blo("backup", "--to", key.with_suffix(".pub"), "--out", out, "--json", expect=DEGRADED).out)
        self.assertFalse(out.exists())
        self.assertEqual([], self.left_in(home))
        self.assertFalse(uz.status()["degraded"])

    def test_a_damaged_store_gives_no_backup(self):
        """SQLite's own check does not see one changed byte of an entry; the hashes do."""
        uz, tj = self.offices()
        uz.alert(tj, "--wait", 60)
        key = self.key_of(uz)
        uz.stop()
        store = sqlite3.connect(uz.home / "store.db")
        place, leaf = store.execute("SELECT place, leaf FROM entry WHERE kind > 0 AND kind < 1000 ORDER BY place LIMIT 1").fetchone()
        store.execute("UPDATE entry SET leaf = ? WHERE place = ?", (leaf[:-1] + bytes([leaf[-1] ^ 1]), place))
        store.commit()
        self.assertEqual("ok", store.execute("PRAGMA integrity_check").fetchone()[0])
        store.close()
        uz.start()
        out = self.world.path("damaged.backup")
        self.assertIn("store-damaged", uz.blo("backup", "--to", key.with_suffix(".pub"), "--out", out, "--json", expect=DEGRADED).out)
        self.assertFalse(out.exists())
        self.assertEqual([], self.left_in(uz.home))

    def test_a_damaged_body_gives_no_backup(self):
        """No hash of a journal covers what stands beside its entries: every body is opened."""
        uz, tj = self.offices()
        uz.add_officer("nazarova", "releaser")
        uz.alert(tj, "--as", "karimov", "--wait", 60)
        tj.alert(uz, "--wait", 60)
        uz.blo("policy", "set", TJ, "--release", "alert")
        uz.alert(tj, "--as", "karimov", marker="waits for a release")
        key = self.key_of(uz)
        words = ["backup", "--to", key.with_suffix(".pub"), "--json", "--out"]
        body = "FROM body JOIN entry USING(place) JOIN journal ON journal.id = entry.place >> 40"
        # Rows whose body, or whose key, is changed in one byte: all of one kind, one after another.
        places = {
            "sent": ("body", "sealed", f"SELECT body.place {body} WHERE sent AND journal.pairing IS NOT NULL AND kind BETWEEN 1 AND 999"),
            "received": ("body", "sealed", f"SELECT body.place {body} WHERE NOT sent AND kind BETWEEN 1 AND 999"),
            "content key": ("body", "wrapped_key", f"SELECT body.place {body} WHERE sent AND kind BETWEEN 1 AND 999"),
            "name": ("body", "sealed", f"SELECT body.place {body} WHERE sent AND journal.pairing IS NOT NULL AND kind = 0"),
            "act": ("body", "sealed", f"SELECT body.place {body} WHERE kind > 1000"),
            "draft": ("draft", "sealed", "SELECT rowid FROM draft"),
        }
        for name, (table, column, which) in places.items():
            with self.subTest(name):
                held = self.change(uz, table, column, which, lambda held: held[:40] + bytes([held[40] ^ 1]) + held[41:])
                out = self.world.path(f"{name}.backup")
                self.assertIn("store-damaged", uz.blo(*words, out, expect=DEGRADED).out)
                self.assertFalse(out.exists())
                self.assertEqual([], self.left_in(uz.home))
                self.change(uz, table, column, which, lambda _: held)
        uz.blo(*words, self.world.path("sound.backup"))

    def change(self, office, table, column, which, to):
        """One value of the store, as a disk would change it while nobody looks; gives what stood there."""
        office.stop()
        store = sqlite3.connect(office.home / "store.db")
        row, = store.execute(which).fetchone()
        held, = store.execute(f"SELECT {column} FROM {table} WHERE rowid = ?", (row,)).fetchone()
        store.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (to(held), row))
        store.commit()
        self.assertEqual("ok", store.execute("PRAGMA integrity_check").fetchone()[0])
        store.close()
        office.start()
        return held
