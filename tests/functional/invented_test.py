"""blo-audit and the second verifier judge what chance made, and say the same. HISTORIES says how many (200)."""

import os
import shutil

from blolib.agreement import agreed, agreed_evidence
from blolib.invented import History
from blolib.world import WorldTest

_HISTORIES = int(os.environ.get("HISTORIES", "200"))


class Invented(WorldTest):
    def _histories(self):
        """Each with its number, an empty folder, and who is to be trusted."""
        for number in range(_HISTORIES):
            folder = self.world.path(f"history-{number}")
            folder.mkdir()
            history = History(number)
            yield number, history, folder, [one.pem(folder / f"{one.country}.pem") for one in history.authorities]
            shutil.rmtree(folder)

    def test_two_verifiers_agree_on_exports_that_nobody_thought_of(self):
        codes = set()
        for number, history, folder, trusted in self._histories():
            history.export(folder / "export")
            verdict = agreed(self, folder / "export", trusted, f"history {number}")
            codes |= {finding["code"] for finding in verdict["findings"]} or {"verified"}
        self.assertIn("verified", codes)
        self.assertGreater(len(codes), 20, codes)

    def test_two_verifiers_agree_on_evidence_that_nobody_thought_of(self):
        codes = set()
        for number, history, folder, trusted in self._histories():
            for file in (folder / name for name in "abc"):
                file.write_text(history.evidence())
                verdict = agreed_evidence(self, file, trusted, f"history {number}, {file.name}")
                codes |= {finding["code"] for finding in verdict["findings"]} or {"verified"}
        self.assertIn("verified", codes)
        self.assertGreater(len(codes), 15, codes)
