"""Keys are kept out of swap, and where the system does not let blod do that, it says so."""

import os
import pathlib
import shlex

from blolib.daemon import Daemon
from blolib.programs import BIN, CHECKOUT
from blolib.world import UZ, WorldTest

_WORDS = "LimitMEMLOCK=64M"


class Memory(WorldTest):
    def start_without_locked_memory(self, office):
        # Root may lock what it likes, whatever the limit, by this one capability.
        wrapper = ["setpriv", "--bounding-set=-ipc_lock", "--inh-caps=-ipc_lock"] if os.geteuid() == 0 else []
        words = shlex.join([*wrapper, "prlimit", "--memlock=0:0", str(BIN / "blod")])
        program = self.world.write("blod-without-locked-memory", f'#!/bin/sh\nexec {words} "$@"\n')
        program.chmod(0o700)
        office.daemon = Daemon(office.home, office.log, "--listen", office.address, program=program).wait_until_ready()

    def locked_kib(self, office):
        status = pathlib.Path(f"/proc/{office.daemon.pid}/status").read_text()
        return int(status.split("VmLck:")[1].split()[0])

    def test_memory_that_cannot_be_locked_is_said_at_the_start_and_in_the_status(self):
        uz = self.world.office(UZ)
        self.start_without_locked_memory(uz)
        self.assertEqual(0, self.locked_kib(uz))
        why = uz.status()["memoryUnlockedWhy"]
        self.assertIn(_WORDS, why)
        self.assertIn(f"UNLOCKED MEMORY: {why}", uz.blo("status").out)
        self.assertIn(f"BLO WARNING - {UZ}: unlocked memory|", uz.blo("status", "--check", expect=1).out)
        self.assertEqual(1, uz.log.read_text().count(_WORDS))
        self.assertIn(f"\n{_WORDS}\n", (CHECKOUT / "packaging/blod.service").read_text())
        uz.add_officer("karimov")  # it works all the same
        uz.stop()

    def test_locked_memory_needs_no_word(self):
        uz = self.world.office(UZ).start()
        self.assertGreater(self.locked_kib(uz), 0)
        self.assertEqual("", uz.status()["memoryUnlockedWhy"])
        self.assertNotIn("MEMORY", uz.blo("status").out)
        self.assertNotIn(_WORDS, uz.log.read_text())
