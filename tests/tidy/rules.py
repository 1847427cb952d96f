"""The project's own rules. Each is a function from a Tree to its findings; its name is the test's name.

They stand for what docs/hacking.md asks of the code and what a compiler does not see.
"""

import fnmatch
import re

from tree import Finding, call_text, line_of, relative

RULES = {}


def rule(function):
    RULES[function.__name__] = function
    return function


_INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]')


def includes(tree, path):
    for number, line in tree.code_lines(path):
        found = _INCLUDE.match(line)
        if found:
            yield number, found.group(1)


def declared_arrows(tree):
    """{folder: the folders that lib/CMakeLists.txt lets it use}."""
    arrows = {}
    for call in re.finditer(r"^blo_library\(([^)]*)\)", tree.text("lib/CMakeLists.txt"), re.M):
        words = call.group(1).split()
        depends = set()
        if "DEPENDS" in words:
            for word in words[words.index("DEPENDS") + 1:]:
                if word in ("PRIVATE", "PUBLIC"):
                    break
                depends.add(word)
        arrows[words[0]] = depends
    return arrows


@rule
def arrows(tree):
    """A lib/ folder includes only folders that its line in lib/CMakeLists.txt names; the arrows make no circle."""
    allowed = declared_arrows(tree)
    for path in tree.sources("lib"):
        folder = path.split("/")[1]
        if folder not in allowed:
            yield Finding(path, 0, f"lib/CMakeLists.txt has no line for lib/{folder}")
            continue
        for number, target in includes(tree, path):
            other = target.split("/")[0]
            if "/" in target and other in allowed and other != folder and other not in allowed[folder]:
                yield Finding(path, number, f"lib/{folder} may not use lib/{other}: not in its DEPENDS")
    reached = {}

    def reach(folder, trail):
        if folder in trail:
            return trail[trail.index(folder):]
        if folder not in reached:
            reached[folder] = True
            for other in sorted(allowed.get(folder, ())):
                circle = reach(other, trail + [folder])
                if circle:
                    return circle
        return None

    for folder in allowed:
        circle = reach(folder, [])
        if circle:
            yield Finding("lib/CMakeLists.txt", 0, "the arrows make a circle: " + " → ".join(circle))
            return


# What is included, and the files that may.
DOORS = (
    (r"sodium(\.h|/)", ("lib/crypto/*",)),
    (r"sqlite3", ("lib/store/*",)),
    (r"boost/asio", ("lib/transport/*", "daemon/*")),
    (r"spdlog/", ("lib/base/diag.cpp",)),
    (r".*\.pb\.h$", ("*.cpp",)),
    (r"google/protobuf/", ("*.cpp",)),
    (r"CLI/", ("cli/*/arguments*.cpp", "daemon/arguments.cpp")),
    (r"toml\+\+/", ("daemon/config.cpp",)),
    (r"nlohmann/", ("*.cpp",)),
)


@rule
def doors(tree):
    """Heavy headers stay behind their doors; nlohmann behind one source file per library or program."""
    nlohmann = {}
    for path in tree.sources():
        for number, target in includes(tree, path):
            for pattern, allowed in DOORS:
                if re.match(pattern, target) and not any(fnmatch.fnmatch(path, door) for door in allowed):
                    yield Finding(path, number, f"<{target}> is included only in {', '.join(allowed)}")
            if target.startswith("nlohmann/"):
                nlohmann.setdefault(path.rsplit("/", 1)[0], set()).add(path)
    for folder, paths in nlohmann.items():
        if len(paths) > 1:
            yield Finding(folder, 0, "JSON belongs in one source file, not in " + ", ".join(sorted(paths)))


_CAPTURING_LAMBDA = re.compile(r"(?<![\w\])])\[\s*[^\]\s][^\]]*\]\s*(\(|\{|mutable\b|<)")
_EXECUTOR_ALONE = re.compile(r"^\s*(const\s+)?auto\s+\w+\s*=\s*co_await\s+(\w+::)*this_coro::executor;\s*$")


@rule
def coroutines(tree):
    """GCC 12 destroys some temporaries of a co_await expression twice: its known patterns are not used."""
    for path in tree.sources("lib", "daemon", "cli", "tests"):
        code = tree.code(path)
        for number, line in tree.code_lines(path):
            if re.search(r"\bdetached\b", line):
                yield Finding(path, number, "detached swallows exceptions: give co_spawn a completion handler")
            if re.search(r"this_coro::executor\b", line) and not _EXECUTOR_ALONE.match(line):
                yield Finding(path, number, "'auto ex = co_await this_coro::executor;' stands on a line of its own")
        for spawn in re.finditer(r"\bco_spawn\s*(?=\()", code):
            if _CAPTURING_LAMBDA.search(spawned(call_text(code, spawn.end()))):
                yield Finding(path, line_of(code, spawn.start()),
                              "co_spawn of a capturing lambda: spawn a coroutine that is a function")
        for coroutine in re.finditer(r"\[\s*[^\]\s][^\]]*\]\s*\([^()]*\)[^{};]*->\s*(\w+::)*awaitable\b", code):
            yield Finding(path, line_of(code, coroutine.start()),
                          "a coroutine that is a capturing lambda: its captures die before it does")
        for awaited in re.finditer(r"\bco_await\b[^;{}]*", code):
            place = line_of(code, awaited.start())
            if _CAPTURING_LAMBDA.search(awaited.group() + code[awaited.end():awaited.end() + 1]):
                yield Finding(path, place, "a capturing lambda inside a co_await expression: name it on the line above")
            if re.search(r"[(,]\s*$", awaited.group()) and code[awaited.end():awaited.end() + 1] == "{" \
                    and not re.match(r"\{\s*\}", code[awaited.end():]):
                yield Finding(path, place, "a braced argument inside a co_await expression: name it on the line above")


def spawned(arguments):
    """co_spawn's first two arguments; its third, the completion handler, may capture."""
    depth, commas = 0, 0
    for at, character in enumerate(arguments):
        if character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
        elif character == "," and depth == 1:
            commas += 1
            if commas == 2:
                return arguments[:at]
    return arguments


@rule
def length(tree):
    """No source file has more than 600 lines."""
    for path in tree.sources():
        count = tree.text(path).count("\n")
        if count > 600:
            yield Finding(path, 0, f"{count} lines: split it (600 at most)")


def guard_of(path):
    """lib/base/hex.h: BLO_BASE_HEX_H; cli/blo-audit/report.h: BLO_CLI_BLO_AUDIT_REPORT_H."""
    return "BLO_" + re.sub(r"[^A-Z0-9]", "_", re.sub(r"^lib/", "", path).upper())


@rule
def guards(tree):
    """A header's guard is its path, so that no two headers share one."""
    for path in tree.sources("lib", "daemon", "cli", "tests"):
        if path.endswith(".h") and not re.search(rf"^#ifndef {guard_of(path)}\n#define {guard_of(path)}$",
                                                 tree.text(path), re.M):
            yield Finding(path, 0, f"its include guard is {guard_of(path)}")


@rule
def namespaces(tree):
    """No header opens a namespace to all who include it."""
    for path in tree.sources("lib", "daemon", "cli", "tests"):
        if path.endswith(".h"):
            for number, line in tree.code_lines(path):
                if re.search(r"\busing\s+namespace\b", line):
                    yield Finding(path, number, "'using namespace' in a header")


# Brackets keep this file from matching itself.
_UNFINISHED = re.compile(
    r"\b(T[O]DO|F[I]XME|X[X]X|H[A]CK|not (yet )?implem[e]nted|st[u]b(bed)?|placeh[o]lder|for n[o]w)\b", re.I)


@rule
def unfinished(tree):
    """What is committed is finished: no words that say otherwise."""
    for path in tree.under("lib", "daemon", "cli", "proto", "scripts", "cmake", "dev", ".ci"):
        for number, line in tree.lines(path):
            found = _UNFINISHED.search(line)
            if found:
                yield Finding(path, number, f"'{found.group()}' is a word of unfinished work")


_SLEEP = re.compile(r"\b(sleep_f[o]r|sleep_u[n]til|nanosl[e]ep|usl[e]ep|time\.sl[e]ep)\b|^\s*sl[e]ep [0-9]")


@rule
def sleeps(tree):
    """Tests wait for a condition, never for a time."""
    for path in tree.under("tests"):
        for number, line in tree.lines(path):
            if _SLEEP.search(line):
                yield Finding(path, number, "a sleep in a test: wait for the condition")


_MACHINE = re.compile(r"(^|[^a-z.])/(w[o]rk|f[a]rm|r[o]ot)/|https?://(d[e]b|s[e]curity|r[e]gistry)[.]")


@rule
def machines(tree):
    """No path of one machine and no host of a package registry is tracked."""
    for path in tree.paths:
        for number, line in tree.lines(path):
            if _MACHINE.search(line):
                yield Finding(path, number, "a path of one machine, or a package registry's host")


def anchors(text):
    """The anchors that a page's headings give, as the common forges write them."""
    for heading in re.finditer(r"^#{1,6}\s+(.*?)\s*#*$", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S), re.M):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading.group(1)).lower()
        yield re.sub(r"[^\w\- ]", "", words).replace(" ", "-")


@rule
def links(tree):
    """A link between pages leads somewhere, and a page that the code or another page names exists."""
    for path in tree.paths:
        if not path.endswith(".md"):
            continue
        text = re.sub(r"^```.*?^```|`[^`\n]*`", lambda m: re.sub(r"[^\n]", " ", m.group()), tree.text(path),
                      flags=re.M | re.S)
        for link in re.finditer(r"\[[^\]]*\]\(([^)\s]+)[^)]*\)", text):
            target, _, anchor = link.group(1).partition("#")
            if re.match(r"[a-z]+:", target):
                continue
            page = relative(path.rsplit("/", 1)[0] + "/" + target if "/" in path else target) if target else path
            number = line_of(text, link.start())
            if page.startswith("..") or not tree.exists(page):
                yield Finding(path, number, f"the link to {link.group(1)} leads nowhere")
            elif anchor and page.endswith(".md") and anchor not in anchors(tree.text(page)):
                yield Finding(path, number, f"{page} has no heading #{anchor}")
    for path in tree.under("lib", "daemon", "cli", "proto", "tests", "scripts", "dev", "README.md"):
        if path.startswith("tests/tidy/"):
            continue
        for number, line in tree.lines(path):
            for page in re.findall(r"(?<![\w/.-])docs/[\w/-]+\.md\b", line):
                if not tree.exists(page):
                    yield Finding(path, number, f"there is no {page}")


_PREFIX = re.compile(r'"(blo/[a-z0-9]+(?:[-/][a-z0-9]+)*)/?[^a-z0-9.]')


_WRITES = re.compile(r"\b(std::(cout|cerr|clog)|v?f?printf|f?puts|f?putc|putchar|fwrite)\b|\bwrite(_all)?\(STD\w+_FILENO\s*,")
_OWN_WORDS = re.compile(r"\b(say|warn|Shown)\([^;]*\.(c_str|data)\(\)")


@rule
def outputs(tree):
    """blo speaks through report.cpp alone, where every std::string is made safe; no field passes for a literal."""
    for path in tree.sources("cli/blo"):
        for number, line in tree.code_lines(path):
            if path != "cli/blo/report.cpp" and _WRITES.search(line):
                yield Finding(path, number, "blo writes to a terminal in report.cpp alone: say(), warn(), print()")
            if _OWN_WORDS.search(line):
                yield Finding(path, number, "a C string counts as this program's own words: give the std::string")


@rule
def prefixes(tree):
    """What begins a signed, hashed or derived string stands in docs/format/README.md: its tables are complete."""
    tables = tree.text("docs/format/README.md") if tree.exists("docs/format/README.md") else ""
    for path in tree.sources("lib", "daemon", "cli"):
        for number, line in tree.lines(path):
            for found in () if _INCLUDE.match(line) else _PREFIX.findall(line):
                if f"`{found}" not in tables:
                    yield Finding(path, number, f"{found} is in no table of docs/format/README.md")


@rule
def asserts(tree):
    """BLO_CHECK stays on in release builds; what only debug builds check is not used."""
    for path in tree.sources():
        for number, line in tree.code_lines(path):
            if re.search(r"\bassert\s*\(|<cassert>|<assert\.h>", line):
                yield Finding(path, number, "assert is off in release builds: BLO_CHECK")


# Where what was said becomes bytes, or goes under a signature that is about to be verified.
_UNJUDGED = ("lib/base/outside.h", "lib/sync/frame.cpp", "lib/office/peer.cpp", "lib/office/peer_heads.cpp",
             "lib/office/recovery.cpp")
_NUMBER_DOORS = ("lib/store/database.h", "lib/store/database.cpp", "lib/store/place.h")
_BARE_NUMBER = re.compile(r"^\s*(?:std::)?(?:u?int\d+_t|std::size_t|unsigned|int|long)\s+(\w+)\s*(=|;|\{)")


@rule
def claims(tree):
    """A number in a frame is a Claimed until it has been compared; few files may take it as it was said, and only the
    store's doors turn a number into SQLite's."""
    for number, line in tree.code_lines("lib/sync/frame.h") if tree.exists("lib/sync/frame.h") else ():
        bare = _BARE_NUMBER.match(line)
        if bare and bare.group(1) not in ("body_bytes", "wait_s"):  # the frame's reader compares these
            yield Finding("lib/sync/frame.h", number, f"'{bare.group(1)}' is what somebody outside says: Claimed<…>")
    for path in tree.sources("lib", "daemon", "cli"):
        for number, line in tree.code_lines(path):
            if "unjudged()" in line and path not in _UNJUDGED:
                yield Finding(path, number, "a number is taken as somebody outside said it: compare it")
            if path.startswith("lib/store/") and path not in _NUMBER_DOORS \
                    and re.search(r"static_cast<std::int64_t>|bind\(to_unix_", line):
                yield Finding(path, number, "a number wraps here: bind() takes it as it is, and fails where it must")


@rule
def skips(tree):
    """Each line of tests/skips.txt gives its reason."""
    for number, line in tree.lines("tests/skips.txt") if tree.exists("tests/skips.txt") else ():
        if line and not line.startswith("#") and not re.fullmatch(r"\S.* \| \S.+", line):
            yield Finding("tests/skips.txt", number, "write: the test's name | why it may be skipped")
