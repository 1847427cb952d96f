"""Nothing that officers write is on any disk in the clear, whatever happens to the daemon."""

import os
import signal

from blolib.programs import FAILED
from blolib.waiting import until
from blolib.world import TJ, WorldTest

MARKERS = ("MARKERGOODS", "MARKERREASON", "MARKERACTION", "MARKERREMARK", "Маркерёр")


def places(folder):
    """(file, marker) for every marker found below a folder, in the encodings text has on disks."""
    for path in folder.rglob("*"):
        if not path.is_file():
            continue
        data = path.read_bytes()
        for marker in MARKERS:
            for written in (marker.encode(), marker.encode("utf-16-le"), marker.encode().hex().encode()):
                if written in data:
                    yield path, marker


class OnDisk(WorldTest):
    def _exchange(self, uz, tj):
        uz.blo("send", "alert", "--to", TJ, "--goods", MARKERS[0], "--reason", MARKERS[1], "--action", MARKERS[2],
               "--wait", 60)
        notice = self.world.write_json("notice.json", {"seizure": {
            "date": "2024-03-07", "place": {"country": {"code": "UZ"}}, "remarks": MARKERS[3],
            "drugs": [{"substance": MARKERS[4], "quantity": {"amount": "1", "unit": "Gram"}}]}})
        self.assertTrue(list(places(self.world.folder)), "the search does not find what is there")
        uz.blo("send", "seizure", "--to", TJ, "--file", notice, "--wait", 60)
        notice.unlink()
        shown = tj.blo("show", tj.inbox()[0]["number"]).out + tj.blo("show", tj.inbox()[1]["number"]).out
        for marker in MARKERS:
            self.assertIn(marker, shown)

    def test_no_content_is_in_the_store_the_wal_or_the_diagnostics(self):
        uz, tj = self.world.office("UZ-OYBEK"), self.world.office(TJ)
        from blolib.world import pair
        for office, officer in ((uz, "karimov"), (tj, "rahimov")):
            office.start("--log-level", "debug")
            office.add_officer(officer)
        pair(uz, tj)
        self._exchange(uz, tj)
        self.assertEqual([], list(places(self.world.folder)), "while both run")
        uz.alert(tj, expect=0)
        tj.stop()
        uz.blo("send", "alert", "--to", TJ, "--goods", MARKERS[0], "--reason", "queued", "--action", "search")
        uz.kill()
        self.assertEqual([], list(places(self.world.folder)), "after a kill")
        uz.start()
        tj.start()
        until(lambda: uz.outbox()[0]["state"] == "receipted", "what was queued is receipted")
        for office in (uz, tj):
            office.export(f"export-of-{office.home.name}")
            office.stop()
        self.assertEqual([], list(places(self.world.folder)), "after a stop, and in the exports")

    def test_a_crash_leaves_no_core(self):
        uz, tj = self.offices()
        self._exchange(uz, tj)
        limits = open(f"/proc/{uz.daemon.pid}/limits", encoding="ascii").read()
        core = next(line for line in limits.splitlines() if line.startswith("Max core file size"))
        self.assertEqual(["0", "0"], core.split()[4:6])
        os.kill(uz.daemon.pid, signal.SIGABRT)
        self.assertNotEqual(0, uz.daemon.wait())
        self.assertEqual([], list(places(self.world.folder)))
        uz.alert(tj, expect=FAILED)
        uz.start()
        self.assert_works(uz, tj)

    def test_the_wire_carries_no_content(self):
        uz, tj, relay = self.offices_through_relay()
        self._exchange(uz, tj)
        wire = b"".join(map(bytes, relay.said))
        self.assertGreater(len(wire), 1000)
        for clear in (*MARKERS, "karimov", uz.id, tj.id, "live"):
            self.assertNotIn(clear.encode(), wire)
