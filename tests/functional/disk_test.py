"""A disk without space: nothing is accepted, reading goes on, and once there is space everything does."""

import os
import resource
import subprocess

from blolib import control
from blolib.agreement import agreed
from blolib.programs import DEGRADED, OK, run
from blolib.waiting import until
from blolib.world import TJ, UZ, WorldTest, pair


class DiskTest(WorldTest):
    """Oybek's home is a disk of its own."""

    def office_on_a_disk(self, mebibytes):
        if os.geteuid() != 0:
            self.skipTest("only root can mount the small disk this needs")
        home = self.world.path("small")
        home.mkdir(mode=0o700)
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m,mode=700", "tmpfs", str(home)], check=False,
                                 capture_output=True)
        if mounted.returncode != 0:
            self.skipTest("this machine allows no mount")
        self.addCleanup(subprocess.run, ["umount", "-l", str(home)], check=False)
        return self.world.office(UZ, name="small")

    def offices_on_a_disk(self, mebibytes):
        """Both offices work."""
        uz, tj = self.office_on_a_disk(mebibytes), self.world.office(TJ)
        for office, officer in ((uz, "karimov"), (tj, "rahimov")):
            office.start()
            office.add_officer(officer)
        pair(uz, tj)
        self.assert_works(uz, tj)
        return uz, tj

    def fill(self, office):
        filler = office.home / "filler"
        with open(filler, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 4096)
            except OSError:
                pass
        return filler


class Full(DiskTest):
    """Of two megabytes, too small for a reserve."""

    def offices_on_a_small_disk(self):
        return self.offices_on_a_disk(2)

    def test_a_full_disk_degrades_and_space_heals(self):
        uz, tj = self.offices_on_a_small_disk()
        before = uz.inbox()
        filler = self.fill(uz)
        failed = uz.alert(tj, expect=DEGRADED)
        self.assertIn("space", failed.err)
        self.assertEqual(before, uz.inbox())
        status = uz.blo("status", expect=DEGRADED)
        self.assertIn("space", status.out + status.err)

        filler.unlink()
        until(lambda: uz.alert(tj, expect=None).code == 0, "alerts are accepted again")
        uz.blo("status")
        self.assert_works(uz, tj)

    def test_an_office_killed_on_a_full_disk_starts_and_is_read(self):
        uz, tj = self.offices_on_a_small_disk()
        before = uz.inbox()
        self.kill_over_a_log(uz, tj, 128 * 1024)  # more than the database has room for
        filler = self.fill(uz)
        uz.start()
        self.assertEqual(before, uz.inbox())
        # The log it was begun over has been moved into the database and has room for a few.
        until(lambda: uz.alert(tj, expect={OK, DEGRADED}).code == DEGRADED, "nothing is accepted any more")
        filler.unlink()
        until(lambda: uz.alert(tj, expect=None).code == 0, "alerts are accepted again")
        self.assert_works(uz, tj)


class Limited(WorldTest):
    """No file of the daemon's may grow: as a disk quota, and unlike a full disk without a mount."""

    def limit(self, office, size):
        _, most = resource.prlimit(office.daemon.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(office.daemon.pid, resource.RLIMIT_FSIZE, (size, most))

    def offices(self):
        uz, tj = super().offices()
        self.assert_works(uz, tj)
        return uz, tj

    def test_a_limit_of_a_files_size_degrades_and_lifting_it_heals(self):
        uz, tj = self.offices()
        before = uz.inbox()
        self.limit(uz, 4096)
        failed = uz.alert(tj, expect=DEGRADED)
        self.assertIn("limit of a file's size", failed.err)
        self.assertEqual(before, uz.inbox())
        status = uz.blo("status", expect=DEGRADED)
        self.assertIn("limit of a file's size", status.out + status.err)
        checked = uz.blo("status", "--check", expect=2).out.partition("|")[0]
        self.assertRegex(checked, rf"\ABLO CRITICAL - {UZ}: degraded: .*limit of a file's size")

        self.limit(uz, resource.RLIM_INFINITY)
        until(lambda: uz.alert(tj, expect=None).code == 0, "alerts are accepted again")
        uz.blo("status")
        self.assert_works(uz, tj)

    def test_an_office_killed_under_such_a_limit_starts_and_is_read(self):
        uz, tj = self.offices()
        before = uz.inbox()
        self.kill_over_a_log(uz, tj)
        limit, most = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, most))  # for the program that is begun
        try:
            uz.daemon = uz.start_only()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, most))
        uz.daemon.wait_until_ready()
        self.assertEqual(before, uz.inbox())
        uz.alert(tj, expect=DEGRADED)
        self.limit(uz, resource.RLIM_INFINITY)
        until(lambda: uz.alert(tj, expect=None).code == 0, "alerts are accepted again")
        self.assert_works(uz, tj)


class Reserve(DiskTest):
    """Of 64 megabytes, of which the audit trail's reserve takes half."""

    def offices_on_a_full_disk(self):
        """Oybek's is full to the last byte, and blod has noticed; gives the filler, too."""
        uz, tj = self.offices_on_a_disk(64)
        uz.add_auditor()
        filler = self.fill(uz)
        until(lambda: uz.alert(tj, expect={OK, DEGRADED}).code == DEGRADED, "nothing is accepted any more")
        return uz, tj, filler

    def ask(self, office, request, times=1):
        """Karimov's request, so often on one connection; the answers."""
        with control.Control(office) as connection:
            karimov = control.officer_of(office, "karimov")
            return [connection.ask(request, karimov) for _ in range(times)]

    def reads(self, office):
        """How many reads of Karimov's the trail has: one by one, and counted."""
        acts = [act for act in office.trail() if act["officer"].startswith("karimov")]
        counted = [int(act["subject"].split()[0]) for act in acts if act["what"] == "requests on a full disk"]
        return len([act for act in acts if act["what"] in ("list", "show")]), sum(counted)

    def alarms(self, office):
        return [alarm for alarm in office.json("alarms")["alarms"] if alarm["code"] == "unentered"]

    def verify_trail(self, office):
        folder = self.world.path("trail")
        run("blo", "journal", "export", folder, "--trail", env=office.auditors_environment())
        self.assertTrue(agreed(self, folder, [office.authority / "authority.pem"])["verified"])

    def test_who_reads_on_a_full_disk_stands_in_the_trail(self):
        uz, tj, filler = self.offices_on_a_full_disk()
        before, _ = self.reads(uz)
        self.assertTrue(all("list" in answer for answer in self.ask(uz, {"list": {}}, 20)))
        self.assertEqual((before + 20, 0), self.reads(uz))
        uz.export("while-full", "--counterpart", TJ)
        uz.kill()
        uz.start()
        self.assertEqual((before + 20, 0), self.reads(uz))
        filler.unlink()
        until(lambda: uz.alert(tj, expect=None).code == OK, "alerts are accepted again")
        self.assertEqual([], self.alarms(uz))
        self.verify_trail(uz)

    def test_one_officer_takes_a_tenth_and_is_counted_beyond_it(self):
        uz, tj, filler = self.offices_on_a_full_disk()
        number = uz.outbox()[0]["number"]
        before, _ = self.reads(uz)
        self.assertTrue(all("list" in answer for answer in self.ask(uz, {"list": {}}, 130)))
        self.assertTrue("show" in self.ask(uz, {"show": {"number": number}})[0])
        entered, counted = self.reads(uz)  # which the auditor sees, who has a tenth of their own
        self.assertEqual(0, counted)
        self.assertGreater(entered, before + 90)
        self.assertLessEqual(entered, before + 100)

        for request in ({"follow": {}}, {"export": {"counterpart": TJ}}):
            failure = self.ask(uz, request)[0]["failure"]
            self.assertEqual((DEGRADED, "unentered"), (failure["exit_code"], failure["reason"]))
            self.assertIn("Make space", failure["next_step"])
        disclosed = uz.blo("evidence", number, "--out", self.world.path("evidence"), "--disclose", expect=DEGRADED)
        self.assertIn("Make space", disclosed.err)
        key = self.world.path("backup.key")
        uz.blo("backup", "create-key", UZ, "--out", key, "--no-passphrase")
        self.assertIn("store-full", uz.blo("backup", "--to", key.with_suffix(".pub"), "--out", self.world.path("backup"),
                                           "--json", expect=DEGRADED).out)

        filler.unlink()
        until(lambda: self.reads(uz)[1], "what was counted is entered")
        self.assertEqual((entered, before + 131 - entered), self.reads(uz))
        alarm, = self.alarms(uz)
        self.assertEqual(before + 131 - entered, alarm["occurrences"])
        self.assertIn("officer 1 ", alarm["sentence"])
        self.verify_trail(uz)
        # And the tenth is there again.
        self.assertTrue("list" in self.ask(uz, {"list": {}})[0])
        self.assertEqual(entered + 1, self.reads(uz)[0])

    def test_what_was_counted_is_entered_when_the_daemon_ends(self):
        uz, tj, filler = self.offices_on_a_full_disk()
        before, _ = self.reads(uz)
        self.ask(uz, {"list": {}}, 130)
        entered, _ = self.reads(uz)
        uz.stop()
        uz.start()
        self.assertEqual((entered, before + 130 - entered), self.reads(uz))
        filler.unlink()
        until(lambda: uz.alert(tj, expect=None).code == OK, "alerts are accepted again")

    def test_the_line_does_not_use_the_reserve(self):
        uz, tj, filler = self.offices_on_a_full_disk()
        for _ in range(30):
            tj.alert(uz, marker="x" * 200)
        uz.alert(tj, expect=DEGRADED)
        before, _ = self.reads(uz)
        self.ask(uz, {"list": {}}, 80)
        self.assertEqual((before + 80, 0), self.reads(uz))
        filler.unlink()
        until(lambda: len(uz.inbox()) >= 30, "what waited at the counterpart's arrives")


class ReadOnly(DiskTest):
    """A disk that takes no writes, as after an error of its file system."""

    def remount(self, office, how):
        subprocess.run(["mount", "-o", f"remount,{how}", str(office.home)], check=True)

    def test_an_office_on_a_disk_that_became_read_only_starts_and_is_read(self):
        uz, tj = self.office_on_a_disk(64), self.world.office(TJ)
        sockets = self.world.path("run")
        sockets.mkdir(mode=0o750)
        (uz.home / "blod.toml").write_text(f'control_socket = "{sockets / "control.sock"}"\n')
        for office, officer in ((uz, "karimov"), (tj, "rahimov")):
            office.start()
            office.add_officer(officer)
        pair(uz, tj)
        self.assert_works(uz, tj)
        before = uz.inbox()
        self.kill_over_a_log(uz, tj)
        self.remount(uz, "ro")
        uz.start()
        self.assertEqual(before, uz.inbox())
        self.assertIn(before[0]["number"], uz.blo("show", before[0]["number"]).out)
        self.assertIn("read-only", uz.alert(tj, expect=DEGRADED).err)
        status = uz.blo("status", expect=DEGRADED).out
        self.assertIn("read-only", status)
        self.assertIn("start it again", status)
        tj.alert(uz)
        self.assertEqual(before, uz.inbox())

        uz.kill()
        self.remount(uz, "rw")
        uz.start()
        until(lambda: len(uz.inbox()) > len(before), "what waited at the counterpart's arrives")
        self.assert_works(uz, tj)

    def test_one_that_had_ended_cleanly_starts_there_too(self):
        uz, tj = self.office_on_a_disk(64), self.world.office(TJ)
        service = {"RUNTIME_DIRECTORY": str(self.world.path("run"))}
        self.world.path("run").mkdir(mode=0o750)
        uz.start(env=service)
        tj.start()
        for office, officer in ((uz, "karimov"), (tj, "rahimov")):
            office.add_officer(officer)
        pair(uz, tj)
        self.assert_works(uz, tj)
        before = uz.inbox()
        uz.stop()
        self.remount(uz, "ro")
        uz.start(env=service)
        self.assertEqual(before, uz.inbox())
        self.assertIn("read-only", uz.alert(tj, expect=DEGRADED).err)
        uz.kill()
        self.remount(uz, "rw")
        uz.start(env=service)
        self.assert_works(uz, tj)
