"""What an earlier release wrote is opened, and what a later one wrote is refused before it is touched."""

import contextlib
import hashlib
import os
import sqlite3
import tarfile

from blolib.agreement import agreed
from blolib.programs import CHECKOUT, NOT_CONFIGURED, run
from blolib.waiting import until
from blolib.world import TJ, UZ, Office, WorldTest

_HOMES = CHECKOUT / "tests/data/home-0.1.0/homes.tar.xz"


class Upgrade(WorldTest):
    def unpacked(self, office_id, name):
        """An office as 0.1.0 left it."""
        office = Office(self.world, office_id, "live", name)
        self.world.offices.append(office)
        return office

    def homes(self):
        with tarfile.open(_HOMES) as homes:  # tar itself would ask for xz, which a small system has not
            for member in homes:
                member.uid, member.gid, member.uname, member.gname = os.getuid(), os.getgid(), "", ""
                homes.extract(member, self.world.folder)
        return self.unpacked(UZ, "uz"), self.unpacked(TJ, "tj")

    def test_homes_of_0_1_0_are_opened_with_keys_certificates_and_pairings(self):
        uz, tj = self.homes()
        kept = {path: path.read_bytes() for office in (uz, tj) for path in (*office.home.glob("office.*"), *office.officers.iterdir())}
        uz.start("--passphrase-file", self.world.path("passphrase"))
        tj.start()
        self.assertEqual(kept, {path: path.read_bytes() for path in kept})
        uz.blo("pair", "address", TJ, tj.address)
        for office, other in ((uz, tj), (tj, uz)):
            until(lambda: office.pair_status(other)["connected"], "they meet")
        first = next(row for row in uz.outbox() if row["kind"] == "alert")
        shown = uz.json("show", first["number"])
        self.assertIn("hashish under the trailer", str(shown))
        self.assertIn("the van was searched", str(shown))
        self.assertEqual([first["number"]], [hold["number"] for hold in uz.json("hold", "list")["holds"]])
        self.assertEqual({"karimov of UZ-OYBEK"}, {row["name"] for row in uz.json("officer", "list")["officers"]})
        for office in (uz, tj):
            until(lambda: office.status()["clock"]["believed"], "both clocks agree")
        self.assert_works(uz, tj)
        folder = uz.export("export")
        verdict = agreed(self, folder, [self.world.path(f"authority-{country}/authority.pem") for country in ("UZ", "TJ")])
        self.assertTrue(verdict["verified"], verdict)

    def test_a_store_of_a_later_release_is_refused_and_not_touched(self):
        _, tj = self.homes()
        store = tj.home / "store.db"
        tj.start()
        tj.stop()
        with contextlib.closing(sqlite3.connect(store)) as database, database:
            database.execute("PRAGMA user_version = " + str(database.execute("PRAGMA user_version").fetchone()[0] + 1))
        before = hashlib.sha256(store.read_bytes()).digest()
        said = run("blod", "--home", tj.home, "--listen", tj.address, expect=NOT_CONFIGURED).err
        self.assertIn("written by a newer version of blod", said)
        self.assertIn("install that release", said)
        self.assertEqual(before, hashlib.sha256(store.read_bytes()).digest())
        log = tj.home / "store.db-wal"
        self.assertEqual(0, log.stat().st_size if log.exists() else 0)
