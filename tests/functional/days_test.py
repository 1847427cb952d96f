"""docs/days.md typed as it stands, in a terminal of 80 columns and 24 lines."""

import re
import shlex

import operating_test
from blolib.programs import BIN, CHECKOUT
from blolib.terminal import Terminal
from blolib.waiting import until
from blolib.world import TJ, UZ, Office, WorldTest, pair

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
        terminal.wait_for(_PROMPT)
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

    def test_an_auditors_morning(self):
        uz, tj = self.offices()
        tj.alert(uz, "--precedence", "flash", "--wait", 60)
        uz.export("last-year", "--counterpart", TJ)
        uz.blo("show", f"{TJ}/{UZ}/2")
        tj.alert(uz, "--wait", 60)
        until(lambda: uz.pair_status(tj)["receipted"] == uz.pair_status(tj)["sent"], "all is receipted")
        uz.export("export", "--counterpart", TJ)
        for country in ("UZ", "TJ"):
            certificate = self.world.authority(country) / "authority.pem"
            self.world.write(f"{country.lower()}.pem", certificate.read_text())
        terminal = Terminal(uz, _PROMPT)
        self.addCleanup(terminal.hang_up)
        terminal.wait_for(_PROMPT)
        self.shell_answers(terminal, f"PATH={BIN}:$PATH; cd {self.world.folder}")
        for typed, beside in lines("An auditor's morning"):
            shown = self.shell_answers(terminal, typed + "; echo ended $?")
            self.assertIn("ended 0", shown)
            self.sees(beside, shown.replace(typed, ""))

    def test_the_page_counts_its_keystrokes(self):
        counted = {what: int(number) for what, number in re.findall(r"^\| (.*?) \| (\d+) \|$", _PAGE, re.M)}
        typed = [line for line, _ in lines("An officer's shift")]
        find = re.search(r"`(blo inbox --limit .*?)`", _PAGE)[1].replace("\\", "")
        for what, line in (("a FLASH alert", next(line for line in typed if "send alert" in line)),
                           ("saying that it was a hit", next(line for line in typed if "acted" in line)),
                           ("the night's mail", "blo inbox"), ("a plate", find)):
            number = next(number for name, number in counted.items() if name.startswith(what))
            self.assertEqual(len(line) + 1, number, line)  # with the Enter key

    def test_the_page_counts_an_administrators_commands(self):
        commands = [operating_test.lines("Install")[0]]
        for section in ("Found an authority", "Found an office", "Start the daemon", "Add an officer"):
            commands += operating_test.lines(section)
        one_side = [words for words in operating_test.steps().values() if words]
        number = re.search(r"^\| founding an office[^|]*\| (\d+) commands \|$", _PAGE, re.M)[1]
        self.assertEqual(len(commands) + len(one_side), int(number))


class FirstDay(operating_test.ManualTest):
    """An administrator's first day, from docs/operating.md, typed: passphrases and digits, too."""

    def answer(self, terminal, line, answers=()):
        """Types a line, and what is asked for, until the prompt is there again."""
        terminal.type(line)
        answers, shown = dict(answers), ""
        while True:
            asked = terminal.wait_for_one_of(_PROMPT, *answers)
            shown += asked[0]
            if asked[1] == _PROMPT:
                return shown
            terminal.type(answers[asked[1]])

    def type_at(self, terminal, office, words, answers=()):
        line = shlex.join(map(str, ["blo", *self.here(office, words)]))
        shown = self.answer(terminal, f"{line}; echo ended $?", {
            "assphrase for ": self.passphrase, "same again: ": self.passphrase, **dict(answers)})
        self.assertIn("ended 0", shown)
        return shown

    def at(self, office):
        terminal = Terminal(office, _PROMPT)
        self.addCleanup(terminal.hang_up)
        terminal.wait_for(_PROMPT)
        self.answer(terminal, f"PATH={BIN}:$PATH")
        return terminal

    def test_an_administrators_first_day(self):
        self.passphrase = self.secret.read_text().strip()
        offices = []
        for name, country in ((UZ, "UZ"), (TJ, "TJ")):
            office = Office(self.world, name, "live", f"{name}-by-the-page")
            self.world.offices.append(office)
            offices.append((office, self.at(office)))
            self.places["/media/authority-uz"] = self.world.path(f"authority-{country}-of-the-page")
            self.places["authority.pem"] = self.places["/media/authority-uz"] / "authority.pem"
            for page in ("Found an authority", "Found an office"):
                for words in operating_test.commands(page):
                    here = [{"UZ": country, UZ: name, "uz-oybek.pem": f"{country}.pem"}.get(word, word) for word in words]
                    self.type_at(*offices[-1][::-1], [word.replace("uz-oybek", country) for word in here])
            office.start("--passphrase-file", self.secret)
        (uz, at_uz), (tj, at_tj) = offices
        for words in operating_test.commands("Start the daemon") + operating_test.commands("Add an officer"):
            self.type_at(at_uz, uz, words)
        table = operating_test.steps()
        for (office, terminal), words in zip(offices, table[1], strict=True):
            self.type_at(terminal, office, words)
        heard = {}
        for (office, terminal), words in zip(offices, table[3], strict=True):
            shown = self.type_at(terminal, office, words)
            heard[office.id] = re.search(r"((?:\d{5} ){11}\d{5})", " ".join(shown.split()))[1]
        self.assertEqual(heard[UZ], heard[TJ])
        other = {UZ: TJ, TJ: UZ}
        for (office, terminal), words in zip(offices, table[5], strict=True):
            self.type_at(terminal, office, words, {"read out: ": heard[other[office.id]]})
        until(lambda: all(one["connected"] for one in uz.status()["pairs"] + tj.status()["pairs"]), "step 6")
        for (office, terminal), words in zip(offices, table[6], strict=True):
            self.assertIn("confirmed, connected", " ".join(self.type_at(terminal, office, words).split()))
