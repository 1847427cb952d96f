"""The man pages and bash's completion know every command and option that the programs know."""

import re
import shutil
import subprocess

from blolib.programs import BIN, CHECKOUT, run
from blolib.world import WorldTest

_REFERENCE = BIN.parent / "reference"
_SETTINGS = CHECKOUT / "packaging/man/blod.toml.5"
_PAGES = {"blo": "blo.1", "blo-audit": "blo-audit.1", "blod": "blod.8"}
# Prints what bash would offer for each line of words, told apart by tabs. The last is the one being typed; -none-: nothing yet.
_COMPLETE = """
. "$1"
while IFS=$'\\t' read -r -a words; do
  COMP_WORDS=("${words[@]%-none-}") COMP_CWORD=$((${#words[@]} - 1)) COMPREPLY=()
  "_${words[0]//-/_}"
  echo "${COMPREPLY[*]}"
done
"""


def unescaped(text):
    return re.sub(r"\\f[BIR]", "", text).replace("\\-", "-").replace("\\&", "").replace("\\e", "\\")


class Reference(WorldTest):
    def helps(self, program, *words):
        """What --help says of a command and of everything below it: {words: (commands, options)}."""
        text = run(program, *words, "--help").out
        below = re.search(r"^Subcommands:\n((?:  .*\n?)*)", text, re.M)
        commands = re.findall(r"^  ([a-z][a-z-]*)", below[1], re.M) if below else []
        found = {words: (commands, set(re.findall(r"^  (?:-\w,)?(--[a-z-]+)", text, re.M)) - {"--help"})}
        for command in commands:
            found |= self.helps(program, *words, command)
        return found

    def test_each_command_and_option_stands_in_the_man_page(self):
        for program, page in _PAGES.items():
            text = unescaped((_REFERENCE / "man" / page).read_text())
            sections = dict(re.findall(r"^\.S[HS] (.*)\n((?:(?!\.S[HS]).*\n)*)", text, re.M))
            helps = self.helps(program)
            self.assertGreater(len(helps), {"blo": 50, "blo-audit": 6, "blod": 0}[program])
            for words, (commands, options) in helps.items():
                if words and commands and not options:
                    continue  # a group: what stands in it has the sections
                section = sections[" ".join([program, *words]) if words else "OPTIONS"]
                for option in options:
                    self.assertRegex(section, rf"(?m)^(-\w, )?{option}\b", f"{program} {words}")

    def test_each_command_and_option_is_completed(self):
        for program in _PAGES:
            helps = self.helps(program)
            typed = []
            for words, (commands, options) in helps.items():
                typed += [([program, *words, "--"], options)]
                typed += [([program, *words, command[:-1]], {command}) for command in commands]
            for (words, wanted), offered in zip(typed, self.complete(program, [words for words, _ in typed]), strict=True):
                self.assertLessEqual(wanted, set(offered), words)

    def test_values_are_completed_where_there_is_a_list_of_them(self):
        one = self.complete("blo", [["blo", "send", "alert", "--precedence", ""],
                                    ["blo", "--json", "send", "alert", "--precedence", "=", "im"],
                                    ["blo", "--home", "send", "send", ""],
                                    ["blo", "acted", "TJ-FOTEHOBOD/1", "hi"],
                                    ["blo", "inbox", "--limit", ""],
                                    ["blo", "send", "alert", "--file", "/et"]])
        self.assertEqual({"routine", "priority", "immediate", "flash"}, set(one[0]))
        self.assertEqual(["immediate"], one[1])
        self.assertEqual({"alert", "seizure"}, set(one[2]), "the first send is the home")
        self.assertEqual(["hit"], one[3])
        self.assertEqual([[], []], one[4:], "a number; a file, which bash itself completes")

    def test_the_man_pages_have_no_error(self):
        if not shutil.which("mandoc"):
            self.skipTest("mandoc is not installed")
        pages = [_SETTINGS, *(_REFERENCE / "man" / page for page in _PAGES.values())]
        lint = subprocess.run(["mandoc", "-Tlint", "-Wwarning", *pages], capture_output=True, text=True, check=False)
        self.assertEqual("", lint.stdout)

    def test_each_setting_stands_in_its_man_page(self):
        source = (CHECKOUT / "daemon/config.cpp").read_text()
        settings = set(re.findall(r'\b(?:key|name) == "(\w+)"', source)) | {"alert", "seizure"}
        self.assertGreater(len(settings), 14)
        text = unescaped(_SETTINGS.read_text())
        self.assertEqual(set(), {setting for setting in settings if not re.search(rf"\b{setting}\b", text)})

    def complete(self, program, lines):
        script = _REFERENCE / "completions" / program
        text = "".join("\t".join(words[:-1] + [words[-1] or "-none-"]) + "\n" for words in lines)
        bash = subprocess.run(["bash", "-c", _COMPLETE, "bash", script],
                              input=text, capture_output=True, text=True, check=True)
        self.assertEqual("", bash.stderr)
        return [line.split() for line in bash.stdout.splitlines()]
