"""docs/days.md typed as it stands, in a terminal of 80 columns and 24 lines."""

import re

from blolib.programs import BIN, CHECKOUT
from blolib.terminal import Terminal
from blolib.waiting import until
from blolib.world import TJ, UZ, WorldTest, pair

_PAGE = (CHECKOUT / "docs/days.md").read_text()
_PROMPT = "officer-at-oybek> "
_PASSPHRASE = "seven quiet camels cross"


def lines(section):
    """What is typed, and what stands beside it."""
    text = re.search(rf"^## {re.escape(section)}$(.*?)(?=^## |\Z)", _PAGE, re.M | re.S)[1]
    found = [re.split(r" {2,}", line, maxsplit=1) + [""] for line in re.findall(r"^    (\S.*)$", text, re.M)]
    return [(line[0], line[1]) for line in found]


def screen_lines(text):
    """How many of the terminal's lines it takes."""
    return sum(max(1, -(-len(line) // 80)) for line in text.splitlines())


class Days(WorldTest):
    def sees(self, beside, shown):
        """What the page quotes, *so*, is shown; after "no" it is not. A terminal's line ends wherever it is full."""
        flat = " ".join(shown.split())
        for no, quote in re.findall(r"(\bno )?\*([^*]+)\*", beside):
            (self.assertNotIn if no else self.assertIn)(quote, flat)

    def shell_answers(self, terminal, line):
        terminal.type(line)
        return terminal.wait_for(_PROMPT).replace("\r", "").removeprefix(line)

    def test_an_officers_shift(self):
        secret = self.world.write("passphrase", _PASSPHRASE + "\n")
        secret.chmod(0o600)
        uz, tj = self.world.office(UZ).start(), self.world.office(TJ).start()
        tj.add_officer("rahimov")
        uz.add_officer("karimov", passphrase_file=secret)
        pair(uz, tj)
        tj.blo("send", "alert", "--precedence", "flash", "--person", "KARIMOV, Anvar", "--vehicle", "01A123BC/UZ", "--warning",
               "armed", "--reason", "seen at the market", "--action", "hold", "--wait", 60)
        terminal = Terminal(uz, _PROMPT)
        self.addCleanup(terminal.hang_up)
        self.shell_answers(terminal, f"PATH={BIN}:$PATH")
        for typed, beside in lines("An officer's shift"):
            if typed == "blo unlock":
                terminal.type(typed)
                terminal.wait_for("assphrase")
                shown = self.shell_answers(terminal, _PASSPHRASE)
            else:
                shown = self.shell_answers(terminal, typed)
            self.sees(beside, shown)
            if typed.split()[1] in ("status", "inbox", "outbox"):
                self.assertLessEqual(screen_lines(shown), 23, shown)
        until(lambda: tj.outbox()[0]["state"] == "acted", "what came of it is told")
        self.assertEqual("hit", tj.outbox()[0]["outcome"])

    def test_the_page_counts_its_keystrokes(self):
        counted = {what: int(number) for what, number in re.findall(r"^\| (.*?) \| (\d+) \|$", _PAGE, re.M)}
        typed = [line for line, _ in lines("An officer's shift")]
        find = re.search(r"`(blo inbox --limit .*?)`", _PAGE)[1].replace("\\", "")
        for what, line in (("a FLASH alert", next(line for line in typed if "send alert" in line)),
                           ("saying that it was a hit", next(line for line in typed if "acted" in line)),
                           ("the night's mail", "blo inbox"), ("a plate", find)):
            number = next(number for name, number in counted.items() if name.startswith(what))
            self.assertEqual(len(line) + 1, number, line)  # with the Enter key
