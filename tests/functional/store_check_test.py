"""A store is checked when it is opened, and what is damaged in it is never served as good."""

import contextlib
import shutil
import sqlite3

from blolib.disaster import DisasterTest
from blolib.programs import DEGRADED, NOT_CONFIGURED
from blolib.waiting import until



class StoreCheck(DisasterTest):
    def keep(self, office, name):
        folder = self.world.path(name)
        folder.mkdir()
        for file in office.home.glob("store.db*"):
            shutil.copy2(file, folder)
        return folder

    def lay(self, office, database, log):
        """store.db from one folder beside store.db-wal from another; None: no log."""
        for file in office.home.glob("store.db*"):
            file.unlink()
        shutil.copy2(database / "store.db", office.home)
        if log is not None:
            shutil.copy2(log / "store.db-wal", office.home)

    def assert_refuses(self, office, *says):
        """It ends at once and changes neither file, twice."""
        def files():  # SQLite makes an empty log where there was none
            return [(file.name, content) for file in sorted(office.home.glob("store.db*")) if (content := file.read_bytes())]

        before = files()
        for _ in range(2):
            daemon = office.start_only()
            self.assertEqual(NOT_CONFIGURED, daemon.wait())
            for text in says + ("Nothing was signed", "put the newest backup back"):
                self.assertIn(text, daemon.said())
        self.assertEqual(before, files())

    def moments(self, uz, tj):
        """Copies of Oybek's files at two kills, each with a log that holds something, and the log moved between them."""
        self.exchange(uz, tj, "before")
        self.kill_over_a_log(uz, tj)
        first = self.keep(uz, "first")
        uz.start()
        self.exchange(uz, tj, "between", "again")
        uz.stop()
        uz.start()
        self.exchange(uz, tj, "after")
        self.kill_over_a_log(uz, tj)
        second = self.keep(uz, "second")
        return first, second

    def test_an_older_database_beside_a_newer_log_is_refused(self):
        uz, tj = self.offices()
        first, second = self.moments(uz, tj)
        self.lay(uz, first, second)
        self.assert_refuses(uz, "store.db-wal are not of one time")
        # Together as they were, nothing is missing.
        self.lay(uz, second, second)
        uz.start()
        until(lambda: uz.pair_status(tj)["connected"], "the heads have been compared")
        self.assertEqual([], uz.json("alarms")["alarms"])
        self.assert_works(uz, tj)
        self.assert_whole(uz, tj, "before from Oybek", "between from Fotehobod", "after from Oybek", "after from Fotehobod")

    def test_a_newer_database_beside_an_older_log_is_refused(self):
        uz, tj = self.offices()
        first, second = self.moments(uz, tj)
        self.lay(uz, second, first)
        self.assert_refuses(uz, "store.db-wal are not of one time")
        # Without the log the database is of the time when its own log was last moved into it: older, and one thing.
        self.lay(uz, second, None)
        uz.start()
        self.until_given_back(uz, tj)
        self.assertEqual(["behind"], [alarm["code"] for alarm in uz.json("alarms")["alarms"]])
        self.go_on(uz, tj)
        self.assert_works(uz, tj)
        self.assert_whole(uz, tj, "before from Oybek", "between from Fotehobod", "after from Oybek", "after from Fotehobod")

    def test_both_files_of_an_earlier_moment_are_an_older_store(self):
        uz, tj = self.offices()
        first, _ = self.moments(uz, tj)
        self.lay(uz, first, first)
        uz.start()
        self.until_given_back(uz, tj)
        self.assertEqual(["behind"], [alarm["code"] for alarm in uz.json("alarms")["alarms"]])
        self.go_on(uz, tj)
        self.assert_works(uz, tj)
        self.assert_whole(uz, tj, "before from Oybek", "between from Fotehobod", "after from Oybek", "after from Fotehobod")

    # --- what no copying does

    def change(self, office, sql, *values):
        """While it is stopped."""
        with contextlib.closing(sqlite3.connect(office.home / "store.db")) as store:
            changed = store.execute(sql, values).rowcount
            store.commit()
            self.assertGreater(changed, 0)

    def value(self, office, sql, *values):
        with contextlib.closing(sqlite3.connect(office.home / "store.db")) as store:
            return store.execute(sql, values).fetchone()[0]

    def place(self, office, message, sent=0):
        """Of a message of the pairing's journal, in either direction."""
        journal = self.value(office, "SELECT id FROM journal WHERE pairing IS NOT NULL AND sent = ?", sent)
        return (journal << 40) + int(message["number"].rpartition("/")[2])

    def flip(self, office, table, column, place):
        data = bytearray(self.value(office, f"SELECT {column} FROM {table} WHERE place = ?", place))
        data[len(data) // 2] ^= 1
        self.change(office, f"UPDATE {table} SET {column} = ? WHERE place = ?", bytes(data), place)

    def test_entries_missing_in_a_store_are_said_and_nothing_is_signed(self):
        uz, tj = self.offices()
        self.exchange(uz, tj, "one", "two")
        newest = uz.inbox()[0]
        uz.stop()
        self.change(uz, "DELETE FROM body WHERE place = ?", self.place(uz, newest))
        self.change(uz, "DELETE FROM entry WHERE place = ?", self.place(uz, newest))
        self.assert_refuses(uz, "missing", "TJ-FOTEHOBOD/UZ-OYBEK/1")

    def test_a_receipt_over_more_than_is_held_is_said_and_nothing_is_signed(self):
        uz, tj = self.offices()
        self.exchange(uz, tj, "one", "two")
        uz.stop()
        sent = self.value(uz, "SELECT id FROM journal WHERE pairing IS NOT NULL AND sent = 1")
        self.change(uz, "UPDATE journal SET frontier = (SELECT frontier FROM head WHERE journal = ? ORDER BY size LIMIT 1) WHERE id = ?",
                    sent, sent)
        size = self.value(uz, "SELECT min(size) FROM head WHERE journal = ?", sent)
        self.change(uz, "DELETE FROM body WHERE place >= ?", (sent << 40) + size)
        self.change(uz, "DELETE FROM entry WHERE place >= ? AND place < ?", (sent << 40) + size, (sent + 1) << 40)
        self.assert_refuses(uz, "a receipt is kept over", "UZ-OYBEK/TJ-FOTEHOBOD/1")

    def test_what_is_damaged_is_shown_as_damaged_and_the_rest_is_read(self):
        uz, tj = self.offices()
        self.exchange(uz, tj, "whole", "with another content", "with another leaf", "newest")
        newest, leaf, content, whole = uz.inbox()
        uz.stop()
        self.flip(uz, "body", "sealed", self.place(uz, content))
        uz.start()
        self.assertIn("DAMAGED", uz.blo("show", content["number"]).out)
        self.assertNotIn("with another content", uz.blo("show", content["number"]).out)
        shown = uz.json("show", content["number"])
        self.assertEqual((True, None, None), (shown["damaged"], shown["content"], shown["openedAs"]))
        self.assertIn("whole from Fotehobod", uz.blo("show", whole["number"]).out)
        self.assertEqual([False, False, True, False], [message["damaged"] for message in uz.inbox()])
        self.assertEqual({"ended": None, "entries": 0, "damaged": 0, "underWay": False}, uz.status()["scrub"])
        self.assertIn("has not been scrubbed yet", uz.blo("status").out)
        uz.export("its leaf is whole")
        # An entry that is not the one accepted leaves in no export.
        uz.stop()
        self.flip(uz, "entry", "leaf", self.place(uz, leaf))
        uz.start()
        self.assertIn("DAMAGED", uz.blo("show", leaf["number"]).out)
        failed = uz.json("journal", "export", self.world.path("damaged"), expect=DEGRADED)
        self.assertEqual("store-damaged", failed["error"]["reason"])
        self.assert_works(uz, tj)
