"""An office on a machine whose wall clock is wrong: Debian's libfaketime, under blod and under who types there."""

import datetime
import glob
import os
import pathlib
import shutil
import subprocess
import time
import unittest

from .programs import BIN
from .world import Office

_LIBRARY = os.environ.get("LIBFAKETIME") or next(iter(glob.glob("/usr/lib/*/faketime/libfaketime.so.1")), "")
_SANITIZED = b"__asan_init" in (BIN / "blod").read_bytes()

# libfaketime leaves adjtimex(2) alone, and blod believes no kernel that knows another time than itself.
_IN_STEP = """
#include <sys/timex.h>
#include <time.h>
int adjtimex(struct timex* answer) {
  answer->status = 0;
  answer->time.tv_sec = time(0);
  return TIME_OK;
}
"""


def needs_faketime(tests):
    """Decorates a class of tests, or one."""
    missing = unittest.skipUnless(_LIBRARY, "needs Debian's libfaketime")
    return missing(unittest.skipIf(_SANITIZED, "a sanitizer's runtime must be loaded first, and so must libfaketime")(tests))


def needs_compiler(tests):
    """Of those in which NTP keeps a wrong clock in step."""
    return unittest.skipUnless(shutil.which("cc"), "needs a C compiler")(tests)


def environment(*libraries, **how):
    """For a program that shall see another wall clock; the monotonic one goes on as it is."""
    return {"LD_PRELOAD": ":".join([_LIBRARY, *map(str, libraries)]), "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_NO_CACHE": "1", **how}


def in_step(world):
    """A library by which the kernel says that NTP keeps in step whatever clock is shown."""
    library = world.path("in_step.so")
    subprocess.run(["cc", "-shared", "-fPIC", "-x", "c", "-o", library, "-"], input=_IN_STEP.encode(), check=True)
    return library


class ClockedOffice(Office):
    """Its blod, and whoever types at it, see one wall clock, which is set while they run: `ahead` of this machine's."""

    def __init__(self, office, under_ntp=False):
        """In the place of one that has its keys and does not run yet."""
        world = office.world
        super().__init__(world, office.id, office.network, office.home.name)
        world.offices[world.offices.index(office)] = self
        self.ntp = [in_step(world)] if under_ntp else []
        self._file = world.path(f"{self.home.name}.clock")
        self.set_clock()

    def set_clock(self, **ahead):
        """The true time, or so far from it, as timedelta takes it."""
        self.ahead = datetime.timedelta(**ahead)
        new = self._file.with_suffix(".new")
        new.write_text(f"{self.ahead.total_seconds():+.0f}\n")
        os.replace(new, self._file)  # never half of it

    def empty_rtc(self, **later):
        """1970 begins, or began so long ago."""
        self.set_clock(seconds=-int(time.time()) + datetime.timedelta(**later).total_seconds())

    def now(self):
        return datetime.datetime.now(datetime.timezone.utc) + self.ahead

    def today(self):
        return self.now().strftime("%Y-%m-%d")

    def _clock(self, *libraries):
        return environment(*libraries, FAKETIME_TIMESTAMP_FILE=str(self._file))

    def start(self, *arguments, listen=None, env=None):
        return super().start(*arguments, listen=listen, env={**(env or {}), **self._clock(*self.ntp)})

    def kill(self):
        super().kill()
        for left in pathlib.Path("/dev/shm").glob(f"*faketime_s*m_{self.daemon.pid}"):
            left.unlink()

    def environment(self):
        return super().environment() | self._clock()
