"""--json: every command prints one object, with the members that its reference in docs/cli.md gives it."""

import re

from blolib.programs import CHECKOUT, NOT_FOUND, TESTS, USAGE
from blolib.terminal import Session
from blolib.waiting import until
from blolib.world import HOW, LEGAL_BASIS, TJ, UZ, WorldTest, invite, pair

_REFERENCE = (CHECKOUT / "docs/cli.md").read_text()


def members(form):
    """The names at the top level of a form such as {"a","b":[…],"c":{"d"}}."""
    names, depth = set(), 0
    for token in re.finditer(r'[{}\[\]]|"(\w+)"', form):
        if token[1]:
            names |= {token[1]} if depth == 1 else set()
        else:
            depth += 1 if token[0] in "{[" else -1
    assert depth == 0, form
    return names


def forms(section):
    """The forms in the section of the reference whose heading begins so."""
    found = re.search(rf"^### {section}\b.*?(?=^##)", _REFERENCE, re.M | re.S)
    assert found, f"docs/cli.md has no section {section}"
    return [members(form) for form in re.findall(r"^    (\{.*?\})$(?!\n     )", found[0], re.M | re.S)]


def form_of(section):
    return forms(section)[0]


class Schema(WorldTest):
    def assert_form(self, value, *expected):
        self.assertEqual(set().union(*expected), set(value))

    def test_setting_up(self):
        # World makes these without --json; here each is made once more, with it.
        folder = self.world.path("authority")
        made = self.world.office(UZ)
        self.assert_form(made.json("authority", "create", "UZ", "--out", folder, "--no-passphrase"),
                         form_of("blo authority create"))
        uz = self.world.office(UZ, name="again")
        uz.authority = folder
        (uz.home / "office.key").unlink()
        (uz.home / "office.pem").unlink()
        (uz.home / "office.request.pem").unlink()
        self.assert_form(uz.json("office", "create", UZ, "--no-passphrase"), form_of("blo office create"))
        self.assertIsNone(uz.json("office", "show")["certificate"])
        self.assert_form(uz.json("office", "certify", uz.home / "office.request.pem", "--authority", folder, "--out",
                                 self.world.path("certificate")), form_of("blo office certify"))
        self.assert_form(uz.json("office", "install", self.world.path("certificate"), folder / "authority.pem"),
                         form_of("blo office install"))
        self.assert_form(uz.json("office", "show"), form_of("blo office show"))
        self.assertEqual("live", uz.json("office", "show")["network"])

    def test_backup_and_restore(self):
        uz = self.world.office(UZ).start()
        key, file = self.world.path("backup.key"), self.world.path("office.backup")
        self.assert_form(uz.json("backup", "create-key", UZ, "--out", key, "--no-passphrase"), form_of("blo backup create-key"))
        self.assert_form(uz.json("backup", "--to", key.with_suffix(".pub"), "--out", file), form_of("blo backup --to"))
        self.assert_form(uz.json("restore", file, "--key", key, "--home", self.world.path("restored")), form_of("blo restore"))

    def test_officers_and_pairing(self):
        uz, tj = self.world.office(UZ).start(), self.world.office(TJ).start()
        self.assert_form(uz.json("officer", "request", "karimov", "--office", UZ, "--name", "Dilshod Karimov", "--agency",
                                 "Customs", "--no-passphrase"), form_of("blo officer request"))
        certificate = self.world.path("karimov.pem")
        added = uz.json("officer", "add", uz.officers / "karimov.request.pem", "--role", "operator", "--role", "releaser",
                        "--out", certificate)
        self.assert_form(added, form_of("blo officer add"))
        self.assertEqual(["operator", "releaser"], added["roles"])
        self.assert_form(uz.json("officer", "install", "karimov", certificate), form_of("blo officer install"))
        listed = uz.json("officer", "list")
        self.assert_form(listed, form_of("blo officer list"))
        self.assertEqual(1, len(listed["officers"]))

        file_of_tj = invite(tj, uz)
        file_of_uz = self.world.path("uz.pairing")
        self.assert_form(uz.json("pair", "invite", TJ, "--legal-basis", LEGAL_BASIS, "--out", file_of_uz), form_of("blo pair invite"))
        accepted = uz.json("pair", "accept", file_of_tj)
        self.assert_form(accepted, form_of("blo pair accept"))
        self.assert_form(uz.json("pair", "confirm", TJ, "--digits", accepted["digits"], "--how", HOW), form_of("blo pair confirm"))
        listed = uz.json("pair", "list")
        pair_list, one_pair = forms("blo pair list")
        self.assert_form(listed, pair_list)
        self.assert_form(listed["pairs"][0], one_pair)
        self.assert_form(uz.json("pair", "show", TJ), one_pair, form_of("blo pair show"))
        self.assert_form(uz.json("pair", "address", TJ, tj.address), form_of("blo pair address"))
        self.assert_form(uz.json("pair", "show", TJ)["setAddresses"], {"addresses", "since", "byPerson", "by"})
        self.assert_form(uz.json("pair", "again", TJ, "--out", self.world.path("uz.again")), form_of("blo pair again"))
        self.assert_form(uz.json("status"), form_of("blo status"))
        self.assert_form(uz.json("status")["pairs"][0], one_pair)

    def test_messages(self):
        uz, tj = self.offices()
        sent_form, receipt_form, _ = forms("blo send seizure")
        sent = uz.json("send", "seizure", "--to", TJ, "--file", TESTS / "data/oybek_2024_seizure.json", "--wait", 60)
        self.assert_form(sent, sent_form)
        self.assert_form(sent["receipt"], receipt_form)
        self.assertIsNone(uz.alert(tj, "--json").json()["receipt"])
        list_form, sent_list_form, message_form = forms("blo inbox")
        for listed, form in ((tj.json("inbox"), list_form), (uz.json("outbox"), sent_list_form)):
            self.assert_form(listed, form)
            self.assert_form(listed["messages"][-1], message_form)
        for office in (uz, tj):
            shown = office.json("show", sent["number"])
            self.assert_form(shown, message_form, form_of("blo show"))
            self.assert_form(shown["receipt"], receipt_form)
        imported = uz.json("import", "seizures", TESTS / "data/seizures_invented.csv", "--to", TJ, expect=USAGE)
        self.assert_form(imported, form_of("blo import seizures"))
        self.assert_form(imported["rejected"][0], {"row", "reason"})
        made = uz.json("evidence", sent["number"], "--out", self.world.path("evidence"), "--disclose")
        self.assert_form(made, form_of("blo evidence"))
        self.assertEqual((sent["number"], True, True), (made["number"], made["receipted"], made["disclosed"]))
        self.assert_form(uz.json("journal", "export", self.world.path("export")), form_of("blo journal export"))

    def test_unlocking(self):
        uz = self.world.office(UZ).start()
        uz.add_officer("karimov")
        session = Session(uz)
        self.addCleanup(session.close)
        unlocked, locked = forms("blo unlock")
        first = session.blo("unlock", "--seconds", 61, "--json").json()
        self.assert_form(first, unlocked)
        self.assertEqual(2, first["minutes"])
        self.assert_form(session.blo("lock", "--json").json(), locked)

    def test_alarms_and_what_ends(self):
        uz, tj = self.offices()
        self.assert_form(uz.json("alarms"), form_of("blo alarms"))
        self.assert_form(uz.json("officer", "list", "--all")["officers"][0],
                         {"person", "name", "agency", "state", "statement", "roles", "fingerprint", "notBefore", "notAfter",
                          "reads", "readsUntil"})
        self.assert_form(uz.json("officer", "revoke", 1, "--reason", "left"), form_of("blo officer revoke"))
        self.assert_form(uz.json("officer", "forget", 1), form_of("blo officer forget"))
        file = self.world.path("revocation.pem")
        self.assert_form(uz.json("authority", "revoke", TJ, "--authority", self.world.authority("TJ"), "--reason", "other",
                                 "--out", file), form_of("blo authority revoke"))
        self.assert_form(uz.json("pair", "revoke", file), form_of("blo pair revoke"))
        alarm, = uz.json("alarms")["alarms"]
        self.assert_form(alarm, {"alarm", "raised", "code", "severity", "subject", "sentence", "nextStep", "occurrences", "last",
                                 "evidence", "acknowledged"})
        uz.add_officer("nazarov", "security-officer")
        self.assert_form(uz.json("ack", alarm["alarm"], "the office moved", "--as", "nazarov"), form_of("blo ack"))

    def test_four_eyes(self):
        uz, tj = self.offices()
        uz.add_officer("nazarova", "releaser")
        set_form, = forms("blo policy set")
        show_form, policy_form = forms("blo policy show")
        changed = uz.json("policy", "set", TJ, "--release", "any/routine", "--release", "seizure")
        self.assert_form(changed, set_form)
        self.assertEqual(["any/routine", "seizure"], changed["ours"]["release"])
        shown = uz.json("policy", "show", TJ)
        self.assert_form(shown, show_form)
        self.assert_form(shown["policies"][0], {"counterpart", "ours", "theirs"})
        for side in ("ours", "theirs"):
            self.assert_form(shown["policies"][0][side], policy_form)
        drafts = [uz.json("send", "seizure", "--to", TJ, "--file", TESTS / "data/oybek_2024_seizure.json", "--wait", 60,
                          "--as", "karimov") for _ in range(2)]
        self.assert_form(drafts[0], forms("blo send seizure")[2])
        self.assert_form(uz.json("reject", drafts[0]["draft"], "--reason", "twice", "--as", "nazarova"),
                         form_of("blo reject"))
        listed = uz.json("drafts", "--as", "nazarova")
        list_form, draft_form = forms("blo drafts")
        self.assert_form(listed, list_form)
        self.assert_form(listed["drafts"][0], draft_form)
        self.assert_form(uz.json("show", drafts[1]["draft"], "--as", "karimov"), draft_form, {"content"})
        self.assert_form(uz.json("release", drafts[1]["draft"], "--yes", "--as", "nazarova"), form_of("blo release"))

    def test_errors(self):
        uz, _ = self.offices()
        for arguments, code in ((("show", f"{UZ}/{TJ}/99"), NOT_FOUND), (("show",), USAGE), (("nothing",), USAGE),
                                (("send", "alert", "--to", TJ), USAGE)):
            error = uz.json(*arguments, expect=code)
            self.assert_form(error, {"error"})
            self.assert_form(error["error"], {"exitCode", "reason", "sentence", "nextStep"})
            self.assertEqual(code, error["error"]["exitCode"])

    def test_output_is_ascii(self):
        uz, tj = self.offices()
        number = uz.alert(tj, "--wait", 60, "--json", marker="Фотеҳобод \u202e").json()["number"]
        for done in (tj.blo("inbox", "--json"), tj.blo("show", number, "--json"), uz.blo("outbox", "--json")):
            self.assertTrue(done.out.isascii(), done)
        self.assertEqual("Фотеҳобод \u202e", tj.json("show", number)["content"]["alert"]["goods"][0]["description"])

    def test_the_trail(self):
        uz, tj = self.offices()
        uz.add_officer("auditova", "auditor")
        uz.alert(tj, "--as", "karimov")
        list_form, act_form = forms("blo trail")
        listed = uz.json("--as", "auditova", "trail")
        self.assert_form(listed, list_form)
        for act in listed["acts"]:
            self.assert_form(act, act_form)
        exported = uz.json("--as", "auditova", "journal", "export", self.world.path("trail"), "--trail")
        self.assert_form(exported, form_of("blo journal export"))
        self.assertIsNone(exported["counterpart"])

    def test_retention_and_holds(self):
        uz, tj = self.world.office(UZ), self.world.office(TJ)
        (uz.home / "blod.toml").write_text('[retention]\nalert = { keep = "1s", basis = "Act 12" }\n')
        for office, officer in ((uz, "karimov"), (tj, "rahimov")):
            office.start()
            office.add_officer(officer, "operator", "releaser")
        pair(uz, tj)
        number = uz.alert(tj, "--wait", 60, "--json").json()["number"]
        placed_form, list_form, hold_form = forms("blo hold place")
        self.assert_form(uz.json("hold", "place", number, "--reason", "a court asks for it"), placed_form)
        listed = uz.json("hold", "list")
        self.assert_form(listed, list_form)
        self.assert_form(listed["holds"][0], hold_form, {"number"})
        self.assert_form(uz.json("show", number)["hold"], hold_form)
        self.assert_form(uz.json("hold", "lift", number, "--reason", "it is over"), placed_form)
        report = form_of("blo retention preview")
        found = until(lambda: (one := uz.json("retention", "preview"))["messages"] and one, "it is due")
        self.assert_form(found, report)
        self.assert_form(found["messages"][0], {"number", "kind", "direction", "stamped", "due", "held"})
        self.assert_form(found["rules"][0], {"kind", "keptSeconds", "basis"})
        self.assert_form(uz.json("retention", "apply"), report)
        erasure_form = forms("blo show")[2]
        self.assert_form(uz.json("show", number)["erasures"][0], erasure_form)
