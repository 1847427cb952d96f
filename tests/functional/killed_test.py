"""A program that is killed while it writes a key leaves nothing of it."""

import resource
import signal
import subprocess

from blolib.programs import BIN, environment
from blolib.world import UZ, WorldTest

_HALF = 100  # bytes of a file, at the next of which the kernel ends the program: less than any key file has


def _limit():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_HALF, _HALF))


class Killed(WorldTest):
    def test_nothing_is_left_of_a_key_half_written(self):
        commands = {
            "authority": ("authority", "create", "UZ", "--out", "made/authority"),
            "office": ("office", "create", UZ, "--home", "made"),
            "officer": ("officer", "request", "karimov", "--office", UZ, "--name", "K", "--agency", "C"),
            "backup": ("backup", "create-key", UZ, "--out", "made/backup.key"),
        }
        for name, words in commands.items():
            with self.subTest(name):
                folder = self.world.path(name)
                made = folder / "made"
                made.mkdir(parents=True, mode=0o700)
                command = [BIN / "blo", *words, "--no-passphrase"]
                env = environment({"BLO_OFFICERS": str(made), "HOME": str(folder)})
                done = subprocess.run(command, cwd=folder, env=env, preexec_fn=_limit, stdin=subprocess.DEVNULL,
                                      capture_output=True, text=True, check=False)
                self.assertEqual(-signal.SIGXFSZ, done.returncode, done)
                self.assertEqual([], [path for path in folder.rglob("*") if not path.is_dir()])
                done = subprocess.run(command, cwd=folder, env=env, stdin=subprocess.DEVNULL, capture_output=True,
                                      text=True, check=False)
                self.assertEqual(0, done.returncode, done)
                keys = [path for path in folder.rglob("*.key")]
                self.assertEqual([True], [path.stat().st_size > _HALF for path in keys])
