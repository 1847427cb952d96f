"""The checkout as the rules see it: text files by path, and C++ without its comments and strings."""

import functools
import os
import pathlib
import re
import subprocess
from typing import NamedTuple


class Finding(NamedTuple):
    path: str
    line: int  # from 1; 0: the file as a whole
    message: str

    def __str__(self):
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.message}"


class Tree:
    """The text files below `root`: what git tracks or would add, or every file where git knows nothing."""

    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.paths = sorted(path for path in self._list() if (self.root / path).is_file())

    def _list(self):
        listing = subprocess.run(
            ["git", "-c", f"safe.directory={self.root.resolve()}", "ls-files", "-z", "--cached", "--others",
             "--exclude-standard"],
            cwd=self.root, capture_output=True, check=False)
        if listing.returncode == 0:
            return [path for path in listing.stdout.decode().split("\0") if path]
        return [str(path.relative_to(self.root)) for path in self.root.rglob("*") if ".git" not in path.parts]

    def under(self, *folders, suffixes=None):
        """Paths in these folders, or these very files, with one of these endings."""
        for path in self.paths:
            if suffixes and not path.endswith(tuple(suffixes)):
                continue
            if any(path == folder or path.startswith(folder + "/") for folder in folders):
                yield path

    def sources(self, *folders):
        return self.under(*(folders or ("lib", "daemon", "cli")), suffixes=(".h", ".cpp"))

    def exists(self, path):
        return (self.root / path).exists()

    @functools.lru_cache(maxsize=None)
    def text(self, path):
        """The file's text; nothing where it is not UTF-8 text."""
        content = (self.root / path).read_bytes()
        if b"\0" in content[:8192]:
            return ""
        try:
            return content.decode()
        except UnicodeDecodeError:
            return ""

    def lines(self, path):
        return enumerate(self.text(path).split("\n"), start=1)

    @functools.lru_cache(maxsize=None)
    def code(self, path):
        return without_comments(self.text(path))

    def code_lines(self, path):
        return enumerate(self.code(path).split("\n"), start=1)


_COMMENT_OR_STRING = re.compile(
    r"""//[^\n]*|/\*.*?\*/|R"(?P<d>[^()\s\\]{0,16})\(.*?\)(?P=d)"|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])+'""", re.S)


def without_comments(source):
    """C++ with comments and literals blanked; lines and #include paths stay where they are."""

    def blank(match):
        text = match.group()
        if text[0] == "'" and match.start() > 0 and source[match.start() - 1].isalnum():
            return text  # a digit separator
        if text[0] == '"' and source.rfind("\n", 0, match.start()) + 1 <= source.rfind("#include", 0, match.start()):
            return text
        return re.sub(r"[^\n]", " ", text)

    return _COMMENT_OR_STRING.sub(blank, source)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def call_text(code, open_parenthesis):
    """From an opening parenthesis to the one that closes it."""
    depth = 0
    for at in range(open_parenthesis, len(code)):
        if code[at] in "([{":
            depth += 1
        elif code[at] in ")]}":
            depth -= 1
            if depth == 0:
                return code[open_parenthesis:at + 1]
    return code[open_parenthesis:]


def relative(path):
    return os.path.normpath(path).replace(os.sep, "/")
