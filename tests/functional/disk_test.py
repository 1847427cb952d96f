"""A disk without space: nothing is accepted, reading goes on, and once there is space everything does."""

import os
import subprocess

from blolib.programs import DEGRADED
from blolib.waiting import until
from blolib.world import TJ, UZ, WorldTest, pair


class Full(WorldTest):
    def offices_on_a_small_disk(self):
        """Oybek's home has two megabytes; both offices work."""
        if os.geteuid() != 0:
            self.skipTest("only root can mount the small disk this needs")
        home = self.world.path("small")
        home.mkdir(mode=0o700)
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m,mode=700", "tmpfs", str(home)], check=False,
                                 capture_output=True)
        if mounted.returncode != 0:
            self.skipTest("this machine allows no mount")
        self.addCleanup(subprocess.run, ["umount", "-l", str(home)], check=False)

        uz, tj = self.world.office(UZ, name="small"), self.world.office(TJ)
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
        uz.kill()
        # The log holds more than the database has room for.
        self.assertGreater((uz.home / "store.db-wal").stat().st_size, 0)
        filler = self.fill(uz)
        uz.start()
        self.assertEqual(before, uz.inbox())
        uz.alert(tj, expect=DEGRADED)
        filler.unlink()
        until(lambda: uz.alert(tj, expect=None).code == 0, "alerts are accepted again")
        self.assert_works(uz, tj)
