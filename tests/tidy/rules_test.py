"""Every rule catches what it is for, and leaves alone what only looks like it. The texts are put together here so
that they are no findings themselves."""

import pathlib
import sys
import tempfile
import unittest

from rules import RULES
from tree import Tree, without_comments

LIBRARIES = "blo_library(base PUBLIC x)\nblo_library(crypto DEPENDS base)\nblo_library(store DEPENDS crypto base)\n"
EXECUTOR = "co_await boost::asio::this_coro::exec" + "utor"

# rule: ({file: text that breaks it}, {file: text that does not}), and again for each way to break it.
CASES = {
    "arrows": [
        ({"lib/crypto/a.cpp": '#include "store/b.h"\n'},
         {"lib/crypto/a.cpp": '#include "base/b.h"\n#include "crypto/c.h"\n#include <boost/x.hpp>\n'}),
        ({"lib/nowhere/a.cpp": "\n"}, {"lib/store/a.cpp": '// #include "nowhere/b.h"\n'}),
        ({"lib/CMakeLists.txt": "blo_library(base DEPENDS crypto)\nblo_library(crypto DEPENDS base)\n"},
         {"lib/CMakeLists.txt": LIBRARIES}),
    ],
    "doors": [
        ({"lib/store/a.cpp": "#include <sodium.h>\n"}, {"lib/crypto/a.cpp": "#include <sodium.h>\n"}),
        ({"lib/base/a.cpp": "#include <sqlite3.h>\n"}, {"lib/store/a.cpp": "#include <sqlite3.h>\n"}),
        ({"cli/blo/a.cpp": "#include <boost/asio/io_context.hpp>\n"},
         {"daemon/a.cpp": "#include <boost/asio/io_context.hpp>\n"}),
        ({"daemon/a.cpp": "#include <spdlog/spdlog.h>\n"}, {"lib/base/diag.cpp": "#include <spdlog/spdlog.h>\n"}),
        ({"lib/base/a.h": '#include "blo/v1/sync.pb.h"\n'}, {"lib/base/a.cpp": '#include "blo/v1/sync.pb.h"\n'}),
        ({"cli/blo/send.cpp": "#include <CLI/CLI.hpp>\n"},
         {"cli/blo/arguments_send.cpp": "#include <CLI/CLI.hpp>\n", "daemon/arguments.cpp": "#include <CLI/CLI.hpp>\n"}),
        ({"daemon/main.cpp": "#include <toml++/toml.h>\n"}, {"daemon/config.cpp": "#include <toml++/toml.h>\n"}),
        ({"cli/blo/a.cpp": "#include <nlohmann/json.hpp>\n", "cli/blo/b.cpp": "#include <nlohmann/json.hpp>\n"},
         {"cli/blo/a.cpp": "#include <nlohmann/json.hpp>\n", "cli/blo-audit/b.cpp": "#include <nlohmann/json.hpp>\n"}),
    ],
    "coroutines": [
        ({"daemon/a.cpp": "co_spawn(ex, run(), asio::deta" + "ched);\n"}, {"daemon/a.cpp": "// detached\n"}),
        ({"daemon/a.cpp": "co_spawn(ex, [s]() -> Task { co_return; }, done);\n"},
         {"daemon/a.cpp": "co_spawn(ex, run(s), [s](std::exception_ptr e) { s.end(e); });\n"}),
        ({"daemon/a.cpp": f"co_spawn({EXECUTOR}, run(), done);\n"}, {"daemon/a.cpp": f"  auto ex = {EXECUTOR};\n"}),
        ({"daemon/a.cpp": "auto f = [this](int n) -> asio::awaitable<void> { co_return; };\n"},
         {"daemon/a.cpp": "auto f = [](int n) -> asio::awaitable<void> { co_return; };\n"}),
        ({"daemon/a.cpp": "co_await post(ex, [this] { go(); });\n"}, {"daemon/a.cpp": "co_await post(table[i], go);\n"}),
        ({"daemon/a.cpp": "co_await write(Frame(1), {a, b});\n"}, {"daemon/a.cpp": "if (co_await ok(a)) { b(); }\n"}),
    ],
    "claims": [
        ({"lib/sync/frame.h": "  std::uint64_t size = 0;\n"},
         {"lib/sync/frame.h": "  Claimed<std::uint64_t> size = 0;\n  std::uint32_t body_bytes = 0;\n"}),
        ({"lib/office/recall.cpp": "row(recall.first.unjudged());\n"},
         {"lib/office/recall.cpp": "recall.first.below(row.size());\n",
          "lib/sync/frame.cpp": "to.set_first(recall.first.unjudged());\n"}),
        ({"lib/store/alarm_store.cpp": "bind(static_cast<std::int64_t>(id));\n"},
         {"lib/store/alarm_store.cpp": "bind(id);\n"}),
    ],
    "length": [({"lib/base/a.cpp": "int a;\n" * 601}, {"lib/base/a.cpp": "int a;\n" * 600})],
    "guards": [
        ({"lib/base/a.h": "#pragma once\n"}, {"lib/base/a.h": "#ifndef BLO_BASE_A_H\n#define BLO_BASE_A_H\n#endif\n"}),
        ({"lib/base/a.h": "#ifndef BLO_BASE_B_H\n#define BLO_BASE_B_H\n#endif\n"},
         {"cli/blo-audit/a.h": "#ifndef BLO_CLI_BLO_AUDIT_A_H\n#define BLO_CLI_BLO_AUDIT_A_H\n#endif\n"}),
        ({"lib/base/a.h": "#ifndef BLO_BASE_A_H\n#define BLO_BASE_A_X\n#endif\n"}, {}),
    ],
    "namespaces": [
        ({"lib/base/a.h": "using namesp" + "ace std;\n"}, {"lib/base/a.cpp": "using namesp" + "ace std;\n"}),
    ],
    "outputs": [
        ({"cli/blo/a.cpp": "std::cout << name;\n"}, {"cli/blo/report.cpp": "std::fwrite(a, 1, b, stdout);\n"}),
        ({"cli/blo/a.cpp": 'say("x " + name.c_str());\n'}, {"cli/blo/a.cpp": 'say("x " + name);\n'}),
        ({"cli/blo/a.cpp": "std::fprintf(stderr, text);\n"}, {"cli/blo-audit/a.cpp": "std::cout << text;\n"}),
    ],
    "prefixes": [
        ({"lib/crypto/a.cpp": 'sign("blo/' + 'mark/v1");\n'},
         {"lib/crypto/a.cpp": '#include "blo/v1/a.pb.h"\nsign("blo/' + 'mark/v1");\n',
          "docs/format/README.md": "| `blo/mark/v1\\0` ‖ x |\n"}),
        ({"lib/crypto/a.cpp": 'sign("blo/' + 'mark/v1\\n" "x");\n', "docs/format/README.md": "blo/other/v1\n"}, {}),
    ],
    "unfinished": [
        ({"lib/base/a.cpp": "// TO" + "DO: more\n"}, {"lib/base/a.cpp": "// mastodon\n"}),
        ({"dev": "# for " + "now\n"}, {"dev": "# for nowhere\n"}),
    ],
    "sleeps": [
        ({"tests/unit/a.cpp": "std::this_thread::sleep_" + "for(1s);\n"}, {"tests/unit/a.cpp": "asleep_form();\n"}),
        ({"tests/functional/a.py": "time.sle" + "ep(1)\n"}, {"tests/functional/a.py": "wait(1)\n"}),
        ({"tests/functional/a.sh": "sle" + "ep 1\n"}, {"daemon/a.cpp": "usle" + "ep(1);\n"}),
    ],
    "machines": [
        ({"docs/a.md": "see /wo" + "rk/x\n"}, {"docs/a.md": "see net/work/x\n"}),
        ({"a.txt": "https://de" + "b.example.org\n"}, {"a.txt": "https://www.example.org\n"}),
    ],
    "links": [
        ({"docs/a.md": "[b](b.md)\n"}, {"docs/a.md": "[b](b.md) [c](https://example.org) `[d](d.md)`\n", "docs/b.md": "\n"}),
        ({"docs/a.md": "# One\n[b](#two)\n"}, {"docs/a.md": "# One: two\n[b](#one-two)\n"}),
        ({"lib/base/a.h": "// see docs/" + "none.md\n"}, {"lib/base/a.h": "// see docs/a.md\n", "docs/a.md": "\n"}),
    ],
    "asserts": [
        ({"lib/base/a.cpp": "ass" + "ert(a);\n"}, {"lib/base/a.cpp": "static_assert(a);  // assert(b)\n"}),
        ({"lib/base/a.cpp": "#include <cass" + "ert>\n"}, {}),
    ],
    "skips": [
        ({"tests/skips.txt": "unit.a: b\n"}, {"tests/skips.txt": "# why\n\nunit.a: b | needs a clock that jumps\n"}),
    ],
}


def findings(rule, files):
    with tempfile.TemporaryDirectory() as folder:
        for path, text in {"lib/CMakeLists.txt": LIBRARIES, **files}.items():
            place = pathlib.Path(folder, path)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text)
        return list(RULES[rule](Tree(folder)))


class RulesCatchWhatTheyAreFor(unittest.TestCase):
    def test_every_rule_has_cases(self):
        self.assertEqual(set(RULES), set(CASES))

    def test_a_violation_is_found_where_it_stands(self):
        for rule, cases in CASES.items():
            for broken, _ in cases:
                with self.subTest(rule=rule, files=broken):
                    found = findings(rule, broken)
                    self.assertTrue(found)
                    self.assertTrue(any(path.startswith(found[0].path) for path in broken), found)

    def test_what_only_looks_like_a_violation_is_not_found(self):
        for rule, cases in CASES.items():
            for _, sound in cases:
                with self.subTest(rule=rule, files=sound):
                    self.assertEqual([], findings(rule, sound))


class CommentsAndLiterals(unittest.TestCase):
    def test_they_are_blanked_and_lines_stay(self):
        self.assertEqual("a        \nb =   ;", without_comments('a // "c" \nb = "";'.replace('""', '""')))
        self.assertNotIn("x", without_comments('/* x\n x */ "x\\"x" \'x\' R"(x"x)"'))

    def test_code_around_them_stays(self):
        self.assertIn("1'000'000 + y", without_comments("z = 1'000'000 + y;"))
        self.assertIn('#include "base/a.h"', without_comments('#include "base/a.h"  // c'))


if __name__ == "__main__":
    sys.exit(unittest.main())
