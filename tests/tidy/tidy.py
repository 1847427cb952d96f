"""Checks the checkout against the project's own rules: tidy.py ROOT [RULE…], all rules where none is named."""

import sys

from rules import RULES
from tree import Tree


def main(root, names):
    unknown = [name for name in names if name not in RULES]
    if unknown:
        print(f"there is no rule {', '.join(unknown)}; there are {', '.join(RULES)}")
        return 2
    tree = Tree(root)
    if not any(tree.sources()):
        print(f"{root} has no sources: is this the checkout?")
        return 2
    findings = [(name, finding) for name in names or RULES for finding in RULES[name](tree)]
    for name, finding in findings:
        print(f"{finding} [{name}]")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
