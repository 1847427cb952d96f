"""Two offices on this machine exchange the case of 7 March 2024 and prove it: demo --build FOLDER [--keep]."""

import argparse
import json
import pathlib
import shutil
import sys
import threading
import time

sys.dont_write_bytecode = True
from stage import Stage, Unexpected, complain, end_on_signals, first_match, free_addresses, require, say

UZ, TJ = "UZ-OYBEK", "TJ-FOTEHOBOD"
DATA = pathlib.Path(__file__).resolve().parents[2] / "tests/data"
NETWORK = ("--network", "exercise")
NUMBER = r"^([A-Z0-9-]+/[A-Z0-9-]+/\d+): "


def heading(text):
    say()
    say(f"== {text}\n")


class Demo:
    def __init__(self, stage):
        self.stage = stage
        self.oybek = stage.terminal("Oybek", BLO_HOME="oybek", BLO_OFFICERS="karimov")
        self.fotehobod = stage.terminal("Fotehobod", BLO_HOME="fotehobod", BLO_OFFICERS="rahimova")
        self.auditor = stage.terminal("Auditor")
        self.addresses = dict(zip((self.oybek, self.fotehobod), free_addresses(2)))

    def play(self):
        say(f"Two Border Liaison Offices, {UZ} and {TJ}, on this machine.\n"
            f"Folder: {self.stage.folder}. Nothing leaves the loopback interface.\n"
            "Keys are left without a passphrase (--no-passphrase) so that nobody has to type one here.")
        heading("Each country has an authority, each office its keys, and the authority certifies the office")
        self.found(self.oybek, "Tashkent", "UZ", UZ, "oybek")
        say("The same on the other side, output left out:\n")
        self.found(self.fotehobod, "Dushanbe", "TJ", TJ, "fotehobod", output=False)
        heading("The daemons start; each office certifies an officer, who made the key")
        self.employ(self.oybek, UZ, "karimov", "Dilshod Karimov", "State Customs Committee")
        self.employ(self.fotehobod, TJ, "rahimova", "Zarina Rahimova", "Drug Control Agency", output=False)
        heading("Pairing: files are exchanged, digits compared by telephone, both confirm")
        self.pair()
        heading("7 March 2024: Fotehobod warns Oybek of a van, with precedence FLASH")
        alert = self.warn()
        heading("Oybek searches, finds 1,981 g of hashish, and answers with a seizure notice")
        notice = self.report(alert)
        heading("The sender's side: the message, and the receipt that proves it arrived")
        self.prove(notice)
        heading("Both offices export their journals; an auditor who trusts the two authorities alone verifies them")
        self.audit()
        heading("One byte of a copy is changed")
        self.tamper()

    def found(self, terminal, capital, country, office, home, output=True):
        def at(place, *words):
            place.run(*words, output=output)

        authority = self.stage.terminal(capital)
        folder = f"authority-{country.lower()}"
        at(authority, "blo", "authority", "create", country, *NETWORK, "--no-passphrase", "--out", folder)
        at(terminal, "blo", "office", "create", office, *NETWORK, "--no-passphrase")
        at(authority, "blo", "office", "certify", f"{home}/office.request.pem", "--authority", folder, "--out",
           f"{home}.pem")
        at(terminal, "blo", "office", "install", f"{home}.pem", f"{folder}/authority.pem")

    def employ(self, terminal, office, name, full_name, agency, output=True):
        self.stage.start(terminal, "blod", "--home", terminal.environment["BLO_HOME"], "--listen",
                         self.addresses[terminal])
        terminal.run("blo", "officer", "request", name, "--office", office, *NETWORK, "--name", full_name, "--agency",
                     agency, "--no-passphrase", output=output)
        terminal.run("blo", "officer", "add", f"{name}/{name}.request.pem", "--out", f"{name}.pem", output=output)
        terminal.run("blo", "officer", "install", name, f"{name}.pem", output=output)

    def pair(self):
        digits = {}
        sides = ((self.oybek, self.fotehobod, TJ), (self.fotehobod, self.oybek, UZ))
        for terminal, _, other in sides:
            terminal.run("blo", "pair", "invite", other, "--address", self.addresses[terminal],
                         "--legal-basis", "Agreement of 2024-01-15 on information at the border, article 7", "--out",
                         f"for-{other}.pairing")
        for terminal, _, other in sides:
            own = UZ if other == TJ else TJ
            shown = terminal.run("blo", "pair", "accept", f"for-{own}.pairing")
            block = first_match(r"^Digits:\n((?: .*\n)+)", shown, "the digits")
            digits[terminal] = " ".join(block.split())
        require(digits[self.oybek] == digits[self.fotehobod], "the two offices show different digits")
        say("Both screens show the same digits. On the telephone each reads them to the other.\n")
        for terminal, reader, other in sides:
            terminal.run("blo", "pair", "confirm", other, "--digits", digits[reader], "--how",
                         "by telephone, number known from before")
        self.wait_for_connection()

    def wait_for_connection(self):
        """The daemons find each other within a second; a message could be sent before, and would be queued."""
        end, pause = time.monotonic() + 30, threading.Event()
        while time.monotonic() < end:
            status = json.loads(self.stage.quietly(self.fotehobod, "blo", "status", "--json") or "{}")
            if any(pair["connected"] for pair in status.get("pairs", ())):
                return
            pause.wait(0.05)
        raise Unexpected("the two daemons did not connect")

    def warn(self):
        shutil.copy(DATA / "oybek_2024_alert.json", self.stage.folder / "alert.json")
        sent = self.fotehobod.run("blo", "send", "alert", "--to", UZ, "--precedence", "flash", "--file", "alert.json",
                                  "--wait", "30")
        require(f"Receipt of {UZ}" in sent, "there is no receipt of the alert")
        number = first_match(NUMBER, sent, "the alert's number")
        require(number in self.oybek.run("blo", "inbox"), "the alert is not in Oybek's inbox")
        require("01A000AA" in self.oybek.run("blo", "show", number), "the alert's plate is not shown")
        return number

    def report(self, alert):
        shutil.copy(DATA / "oybek_2024_seizure.json", self.stage.folder / "seizure.json")
        sent = self.oybek.run("blo", "send", "seizure", "--to", TJ, "--in-reply-to", alert, "--file", "seizure.json",
                              "--wait", "30")
        require(f"Receipt of {TJ}" in sent, "there is no receipt of the notice")
        number = first_match(NUMBER, sent, "the notice's number")
        require(number in self.fotehobod.run("blo", "inbox"), "the notice is not in Fotehobod's inbox")
        require("1981" in self.fotehobod.run("blo", "show", number), "the notice's quantity is not shown")
        self.fotehobod.run("blo", "acted", number, "no-action", "--text", "taken note of", "--wait", "30")
        return number

    def prove(self, notice):
        require("acted" in self.oybek.run("blo", "outbox"), "what came of the notice is not shown")
        require(f"Receipt of {TJ}" in self.oybek.run("blo", "show", notice), "the receipt is not shown")
        self.oybek.run("blo", "status")

    def audit(self):
        self.oybek.run("blo", "journal", "export", "export-oybek")
        self.fotehobod.run("blo", "journal", "export", "export-fotehobod")
        for folder in ("export-oybek", "export-fotehobod"):
            verdict = self._verify(folder)
            require(verdict.startswith("VERIFIED:"), f"{folder} is not verified")

    def tamper(self):
        self.auditor.run("cp", "-r", "export-oybek", "altered", output=False)
        entries = next(self.stage.folder.glob(f"altered/*_{UZ}_{TJ}_1/tile/entries/*"))
        entries = entries if entries.is_file() else next(entries.iterdir())
        data = bytearray(entries.read_bytes())
        at = len(data) - 20  # in the last entry, the notice
        before = data[at]
        data[at] ^= 1
        entries.write_bytes(data)
        say(f"Byte {at} of {entries.relative_to(self.stage.folder)}: 0x{before:02x} → 0x{data[at]:02x}\n")
        verdict = self._verify("altered", expect=6)
        require(verdict.startswith("NOT VERIFIED"), "the altered export is verified")
        say("Exit code 6: the altered export is refused.")

    def _verify(self, folder, expect=0):
        return self.auditor.run("blo-audit", "verify", folder, "--authority", "authority-uz/authority.pem",
                                "--authority", "authority-tj/authority.pem", expect=expect)


def explain_kept(stage):
    folder = stage.folder
    heading("Both offices keep running")
    for place, home, officers in (("Oybek", "oybek", "karimov"), ("Fotehobod", "fotehobod", "rahimova")):
        say(f"A terminal of your own is at {place} after\n\n"
            f"  export PATH={stage.programs}:$PATH BLO_HOME={folder}/{home} BLO_OFFICERS={folder}/{officers}\n")
    say("Then, for example: blo status, blo inbox, blo outbox, and at Oybek\n\n"
        f"  blo send alert --to {TJ} --vehicle 01A123BC/UZ --reason 'hidden compartment' --action search --wait 10\n\n"
        "To stop both and remove everything:\n\n"
        f"  kill {' '.join(str(daemon.pid) for daemon in stage.daemons)} && sleep 1 && rm -r {folder}")


def main():
    parser = argparse.ArgumentParser(prog="demo", description=__doc__)
    parser.add_argument("--build", required=True, help="the build folder; the programs are in its bin/")
    parser.add_argument("--keep", action="store_true", help="leave both offices running and say how to use them")
    arguments = parser.parse_args()
    end_on_signals()
    started = time.monotonic()
    stage, keep = None, False
    try:
        stage = Stage(pathlib.Path(arguments.build) / "bin")
        Demo(stage).play()
        say(f"\nEverything came out as it should, in {time.monotonic() - started:.1f} seconds.")
        keep = arguments.keep
        if keep:
            explain_kept(stage)
    except Unexpected as what:
        complain(f"this is not what should have happened: {what}")
        return 1
    except KeyboardInterrupt:
        complain("interrupted; everything is removed")
        return 130
    finally:
        if stage is not None and not keep:
            stage.clear()
    return 0


if __name__ == "__main__":
    sys.exit(main())
