"""Sticks: folders that behave like one (stick.cpp, preloaded), and images of FAT, exFAT and NTFS, mounted in user space."""

import os
import pathlib
import shutil
import subprocess
import unittest

from .programs import BIN
from .world import Office

KINDS = ("fat", "fuse")  # as stick.cpp says

_MIB = 1024 * 1024
# Of each: what makes an image, what mounts it, and whether that wants a block device.
_DRIVERS = {
    "FAT": (["mkfs.vfat"], ["fusefat", "-o", "rw+"], False),
    "exFAT": (["mkfs.exfat"], ["mount.exfat-fuse"], True),
    "NTFS": (["mkfs.ntfs", "-F", "-Q"], ["ntfs-3g"], False),
}


class Stick:
    """A folder, and the environment in which programs see it as a stick."""

    def __init__(self, folder, env):
        self.folder = folder
        self.env = env

    def path(self, name):
        return self.folder / name

    def take(self, file):
        """Copied there, as people do."""
        return pathlib.Path(shutil.copyfile(file, self.folder / pathlib.Path(file).name))

    def names(self):
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*"))

    def seen_by(self, office):
        """Whoever types there has the stick in their machine."""
        office.environment = lambda: {**Office.environment(office), **self.env}
        return office


def simulated(world, kind, **more):
    folder = world.path("-".join(["stick", kind, *more.values()]))
    folder.mkdir()
    # A sanitizer's runtime asks to be loaded first; it is content to be the second of two.
    options = ":".join(filter(None, [os.environ.get("ASAN_OPTIONS"), "verify_asan_link_order=0"]))
    return Stick(folder, {"LD_PRELOAD": str(BIN / "libstick.so"), "STICK": str(folder), "STICK_KIND": kind,
                          "ASAN_OPTIONS": options, **more})


def mounted(test, kind):
    """Gone with the test, which is skipped where nothing can be mounted."""
    make, mount, on_device = _DRIVERS[kind]
    for program in (make[0], mount[0], "losetup", "umount"):
        if shutil.which(program) is None:
            raise unittest.SkipTest(f"needs {program}")
    if os.geteuid() != 0 or not os.path.exists("/dev/fuse"):
        raise unittest.SkipTest("needs root and /dev/fuse, to mount it")
    image, folder = test.world.path(f"{kind}.image"), test.world.path(kind)
    folder.mkdir()
    with image.open("wb") as file:
        file.truncate(64 * _MIB)
    subprocess.run([*make, image], check=True, capture_output=True)
    source = image
    if on_device:
        ended = subprocess.run(["losetup", "--find", "--show", image], capture_output=True, text=True, check=False)
        if ended.returncode != 0:
            raise unittest.SkipTest("needs a loop device")
        source = ended.stdout.strip()
        test.addCleanup(subprocess.run, ["losetup", "--detach", source], check=True)
    subprocess.run([*mount, source, folder], check=True, capture_output=True, timeout=60)
    test.addCleanup(subprocess.run, ["umount", folder], check=True)
    return Stick(folder, {})
