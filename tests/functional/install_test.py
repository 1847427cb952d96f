"""What `cmake --install` puts where, and the units: what systemd says of them."""

import json
import re
import shutil
import subprocess
import unittest

from blolib.programs import BIN, CHECKOUT, environment
from blolib.world import WorldTest

_BUILD = BIN.parent
_UNITS = ("blod.service", "blo-ntp.service", "blo-backup.service", "blo-backup.timer", "blo-retention.service",
          "blo-retention.timer", "blo-alarm.service")
_OFFICE = {"bin/blo", "bin/blod", "share/man/man1/blo.1", "share/man/man5/blod.toml.5", "share/man/man8/blod.8", "share/bash-completion/completions/blo",
           "share/bash-completion/completions/blod", "share/doc/blo-link/docs/operating.md", "share/doc/blo-link/certs/README.md",
           "share/doc/blo-link/CHANGELOG.md", "lib/sysusers.d/blo-link.conf", "lib/tmpfiles.d/blo-link.conf",
           "lib/blo-link/nightly-backup", *(f"lib/systemd/system/{unit}" for unit in _UNITS)}
_AUDIT = {"bin/blo-audit", "share/man/man1/blo-audit.1", "share/bash-completion/completions/blo-audit",
          "share/doc/blo-audit/docs/auditing.md"}
# The measure of `systemd-analyze security`, in tenths.
_EXPOSURE_MAX = {"blod.service": 13, "blo-ntp.service": 9, "blo-backup.service": 5, "blo-retention.service": 5, "blo-alarm.service": 13}

needs_systemd_analyze = unittest.skipUnless(shutil.which("systemd-analyze"), "systemd-analyze is not installed")


class Install(WorldTest):
    def installed(self, *words):
        """{path under the prefix}, and the folder that stands for /."""
        root = self.world.path("root")
        subprocess.run(["cmake", "--install", _BUILD, "--prefix", "/opt/blo", *words], check=True, capture_output=True,
                       env=environment({"DESTDIR": str(root)}))
        top = root / "opt/blo"
        self.assertEqual([top], [path for path in (root / "opt").iterdir()], "all of it stands under the prefix")
        return {str(path.relative_to(top)) for path in top.rglob("*") if path.is_file()}, top

    def test_an_office_and_an_auditor_get_what_they_need_and_no_more(self):
        found, _ = self.installed("--component", "office")
        self.assertEqual(set(), _OFFICE - found)
        self.assertFalse({path for path in found if "audit" in path and not path.startswith("share/doc/")})
        shutil.rmtree(self.world.path("root"))
        found, _ = self.installed("--component", "audit")
        self.assertEqual(set(), _AUDIT - found)
        self.assertFalse({path for path in found if path.startswith("lib/")})

    def test_what_is_installed_runs_and_the_units_name_it(self):
        found, top = self.installed()
        self.assertEqual(set(), (_OFFICE | _AUDIT) - found)
        for program in ("blo", "blod", "blo-audit"):
            said = subprocess.run([top / "bin" / program, "--version"], check=True, capture_output=True, text=True).stdout
            self.assertTrue(said.startswith(program + " "), said)
        for unit in _UNITS:
            text = (top / "lib/systemd/system" / unit).read_text()
            self.assertNotIn("/usr/local", text)
            for path in re.findall(r"^Exec\w+=(/opt/blo\S*)", text, re.M):
                self.assertIn(path.removeprefix("/opt/blo/"), found)


@needs_systemd_analyze
class Units(WorldTest):
    def test_systemd_finds_nothing_wrong_with_the_units(self):
        for unit in _UNITS:
            text = (CHECKOUT / "packaging" / unit).read_text()
            for place in (BIN, CHECKOUT / "packaging"):  # where they are before anything is installed
                for path in re.findall(r"=(/usr/local/\S+)", text):
                    if (place / path.rsplit("/", 1)[1]).exists():
                        text = text.replace(path, str(place / path.rsplit("/", 1)[1]))
            self.world.write(unit, re.sub(r"^Documentation=man:.*\n", "", text, flags=re.M))
        verified = subprocess.run(["systemd-analyze", "verify", *(self.world.path(unit) for unit in _UNITS)],
                                  capture_output=True, text=True, check=False)
        self.assertEqual((0, ""), (verified.returncode, "".join(
            line for line in verified.stderr.splitlines(True) if str(self.world.folder) in line or "blo" in line)))

    def test_no_unit_is_exposed_more_than_it_must_be(self):
        for unit, exposure in _EXPOSURE_MAX.items():
            path = CHECKOUT / "packaging" / unit
            said = subprocess.run(["systemd-analyze", "security", "--offline=true", f"--threshold={exposure}", path],
                                  capture_output=True, text=True, check=False)
            self.assertEqual(0, said.returncode, said.stdout)

    def test_each_line_left_open_has_its_reason_in_the_unit(self):
        path = CHECKOUT / "packaging/blod.service"
        said = subprocess.run(["systemd-analyze", "security", "--offline=true", "--json=short", path], capture_output=True,
                              text=True, check=True)
        reasons = re.search(r"^# What `systemd-analyze security` still counts.*?(?=^[^#])", path.read_text(), re.M | re.S)[0]
        left = [line["name"] for line in json.loads(said.stdout) if line["set"] is False]
        self.assertGreater(len(left), 4)
        for name in left:
            for word in re.findall(r"AF_\w+|\w+=", name.replace("AF_(INET|INET6)", "AF_INET AF_INET6").removeprefix("RestrictAddressFamilies=~")):
                if word != "RootImage=":
                    self.assertIn(word, reasons)
