"""Words as people type them: none at all, mistyped, in capitals, in small letters."""

import re

from blolib.programs import NOT_FOUND, OK, USAGE, run
from blolib.world import TJ, UZ, WorldTest, confirm, invite
from four_eyes_test import TABLE


class Unknown(WorldTest):
    """Needs no office."""

    def refused(self, *words):
        """What is said of them, in two lines, and the same in JSON."""
        said = run("blo", *words, expect=USAGE)
        self.assertEqual("", said.out)
        lines = [line.removeprefix("blo:").strip() for line in said.err.splitlines()]
        error = run("blo", "--json", *words, expect=USAGE).json()["error"]
        self.assertEqual([error["sentence"], error["nextStep"]], lines)
        self.assertEqual("usage", error["reason"])
        return lines

    def test_blo_alone_and_a_group_alone_show_their_help(self):
        for words, commands in (([], ("authority", "inbox", "send", "status")), (["pair"], ("invite", "accept", "list")),
                                (["--home", "/tmp", "officer"], ("request", "revoke")), (["send"], ("alert", "seizure"))):
            with self.subTest(words):
                shown = run("blo", *words, expect=USAGE)
                self.assertEqual("", shown.err)
                self.assertEqual(shown.out, run("blo", *words, "--help").out)
                for command in commands:
                    self.assertRegex(shown.out, rf"(?m)^  {command} ")
                error = run("blo", *words, "--json", expect=USAGE).json()["error"]
                self.assertIn("--help", error["nextStep"])

    def test_an_unknown_command_is_named_with_the_nearest(self):
        for words, path, guess in (
                (["sned"], "blo", "blo send"), (["stauts"], "blo", "blo status"), (["INBOX"], "blo", "blo inbox"),
                (["pair", "lst"], "blo pair", "blo pair list"), (["pair", "confrim", TJ], "blo pair", "blo pair confirm"),
                (["--home", "/tmp/sned", "officer", "revoek"], "blo officer", "blo officer revoke"),
                (["send", "alerts", "--to", TJ], "blo send", "blo send alert"), (["polic"], "blo", "blo policy"),
                (["backup", "create-kye"], "blo backup", "blo backup create-key"),
                # Known elsewhere in the tree.
                (["certify"], "blo", "blo office certify"), (["pair", "status"], "blo pair", "blo status"),
                (["list"], "blo", "blo officer list, blo pair list or blo hold list")):
            with self.subTest(words):
                word = next(word for word in words if word[0] not in "-/" and word not in path.split())
                self.assertEqual([f"'{word}' is not a command of {path}.", f"Did you mean: {guess}?"], self.refused(*words))

    def test_where_nothing_is_near_nothing_is_guessed(self):
        for words, path in ((["frobnicate"], "blo"), (["report"], "blo"), (["x"], "blo"), (["pair", "telephone"], "blo pair")):
            with self.subTest(words):
                self.assertEqual([f"'{words[-1]}' is not a command of {path}.", f"{path} --help lists them."],
                                 self.refused(*words))

    def test_an_unknown_option_is_named_with_the_nearest(self):
        alert = ["send", "alert", "--to", TJ, "--goods", "x", "--reason", "x", "--action", "x"]
        for words, option, path, guess in (
                ([*alert, "--precedense", "flash"], "--precedense", "blo send alert", "--precedence"),
                ([*alert, "--precedense=flash"], "--precedense", "blo send alert", "--precedence"),
                (["--hmoe", "/tmp", "status"], "--hmoe", "blo", "--home"),
                (["status", "--purpos", "x"], "--purpos", "blo status", "--purpose"),
                (["inbox", "--folow"], "--folow", "blo inbox", "--follow")):
            with self.subTest(words):
                self.assertEqual([f"'{option}' is not an option of {path}.", f"Did you mean: {guess}?"], self.refused(*words))
        self.assertEqual(["'--urgent' is not an option of blo send alert.", "blo send alert --help lists them."],
                         self.refused(*alert, "--urgent"))
        # The value of an option is no option, whatever it looks like.
        self.assertIn("'sned'", self.refused("--purpose", "--to", "sned")[0])

    def test_a_word_too_many_is_named(self):
        self.assertEqual("'into' is one word too many for blo ack.", self.refused("ack", "3", "looked", "into", "it")[0])
        self.assertEqual("'now' is one word too many for blo status.", self.refused("status", "now")[0])

    def test_an_unknown_word_of_a_closed_list_is_named_with_the_nearest(self):
        alert = ["send", "alert", "--to", TJ, "--goods", "x", "--reason", "x", "--action", "x"]
        for words, named, guess in (
                ([*alert, "--precedence", "flahs"], "--precedence: 'flahs' is not routine, priority, immediate or flash.", "flash"),
                (["acted", "12", "hti"], "OUTCOME: 'hti' is not hit, no-hit", "hit"),
                (["officer", "add", "file", "--out", "out", "--role", "administrater"], "--role: 'administrater'", "administrator"),
                (["officer", "revoke", "3", "--reason", "key_lost"], "--reason: 'key_lost'", "key-lost")):
            with self.subTest(words):
                sentence, next_step = self.refused(*words)
                self.assertIn(named, sentence)
                self.assertEqual(f"Did you mean: {guess}?", next_step)
        self.assertIn("--help", self.refused(*alert, "--precedence", "urgent")[1])


class Case(WorldTest):
    def test_words_of_closed_lists_and_names_of_offices_are_understood_in_any_case(self):
        country = self.world.path("kz")
        run("blo", "authority", "create", "kz", "--out", country, "--network", "LIVE", "--no-passphrase")
        uz, tj = self.offices()
        uz.add_officer("yusupov", "Security-Officer", "RELEASER")
        listed = uz.json("officer", "list")["officers"]
        self.assertIn(["releaser", "security-officer"], [officer["roles"] for officer in listed])
        karimov = ("--as", "karimov")
        sent = uz.json(*karimov, "send", "alert", "--to", "tj-fotehobod", "--precedence", "FLASH", "--warning", "Armed",
                       "--warning", "Speaks ARMED", "--goods", "Hashish", "--reason", "Why", "--action", "Search",
                       "--wait", 60)
        self.assertEqual((TJ, "flash"), (sent["to"], sent["precedence"]))
        number = sent["number"]
        listed = tj.json("inbox", "--from", UZ.lower())["messages"]
        self.assertEqual([number], [message["number"] for message in listed])
        content = tj.json("show", number.lower())["content"]["alert"]
        self.assertEqual(["armed", "Speaks ARMED"], content["warnings"])
        self.assertEqual(("Why", "Search"), (content["reason"], content["action"]))
        acted = tj.json("acted", number.title(), "NO-Hit", "--precedence", "Priority", "--text", "Nothing Found", "--wait", 60)
        self.assertEqual((UZ, "priority"), (acted["to"], acted["precedence"]))
        step = uz.json(*karimov, "show", number)["steps"][-1]
        self.assertEqual(("no-hit", "Nothing Found"), (step["outcome"], step["text"]))
        answer = tj.json("send", "alert", "--to", "Uz-Oybek", "--goods", "x", "--reason", "x", "--action", "x",
                         "--in-reply-to", number.lower())
        self.assertEqual(UZ, answer["to"])
        self.assertEqual([number], [message["inReplyTo"] for message in tj.json("outbox", "--to", "uz-oybek")["messages"]])
        self.assertEqual(TJ, uz.json("pair", "show", "tj-Fotehobod")["counterpart"])
        changed = uz.json("policy", "set", "tj-fotehobod", "--release", "Alert/FLASH", "--release", "SEIZURE")
        self.assertEqual((TJ, ["alert/flash", "seizure"]), (changed["counterpart"], changed["ours"]["release"]))
        self.assertEqual(TJ, uz.json("policy", "show", "tj-fotehobod")["policies"][0]["counterpart"])
        draft = uz.alert(tj, *karimov, "--precedence", "Flash", "--json").json()["draft"]
        self.assertEqual("D-1", draft)
        self.assertEqual(draft, uz.json(*karimov, "show", "d-1")["draft"])
        self.assertEqual({"draft": draft, "rejected": "Not Now"},
                         uz.json(*karimov, "reject", "d-1", "--reason", "Not Now"))
        evidence = uz.json(*karimov, "evidence", number.lower(), "--out", self.world.path("Evidence.pem"))
        self.assertEqual((number, str(self.world.path("Evidence.pem"))), (evidence["number"], evidence["file"]))
        held = uz.json("--as", "yusupov", "hold", "place", number.lower(), "--reason", "The Court of Navoi")
        self.assertEqual(number, held["number"])
        self.assertIn("The Court of Navoi", uz.blo(*karimov, "hold", "list").out)
        export = uz.json(*karimov, "journal", "export", self.world.path("Export"), "--counterpart", "tj-fotehobod")
        self.assertEqual((TJ, str(self.world.path("Export"))), (export["counterpart"], export["folder"]))
        frozen = uz.json("pair", "freeze", "tj-fotehobod", "--reason", "Asked To")
        self.assertEqual(TJ, frozen["counterpart"])
        self.assertIn("Asked To", uz.blo("pair", "show", TJ).out)
        person = next(o["person"] for o in uz.json("officer", "list")["officers"] if "karimov" in o["name"])
        self.assertEqual("left", uz.json("officer", "revoke", person, "--reason", "LEFT")["reason"])

    def test_an_option_takes_offices_and_numbers_in_any_case(self):
        uz, tj = self.offices()
        uz.add_auditor()
        first, last = (uz.alert(tj, "--wait", 60, "--json").json()["number"] for _ in range(2))
        for office, box in ((uz, "outbox"), (tj, "inbox")):
            older = office.json(box, "--before", last.lower())["messages"]
            self.assertEqual([first], [message["number"] for message in older], box)
        acts = run("blo", "trail", "--message", first.lower(), "--json", env=uz.auditors_environment()).json()["acts"]
        self.assertEqual({first}, {act["subject"] for act in acts})
        table = self.world.write("seizures.csv", TABLE)
        tried = uz.json("import", "seizures", table, "--to", "tj-fotehobod", "--dry-run")
        self.assertEqual({"sent"}, {row["would"] for row in tried["rows"]})
        requested = uz.json("officer", "request", "azimov", "--office", "uz-oybek", "--name", "Azimov", "--agency", "Customs",
                            "--no-passphrase")
        key = uz.json("backup", "create-key", "uz-oybek", "--out", self.world.path("backup.key"), "--no-passphrase")
        self.assertEqual((UZ, UZ), (requested["office"], key["office"]))

    def test_a_counterpart_that_is_none_is_named_with_the_one_that_is_near(self):
        uz, _ = self.offices()
        for words in (["pair", "show", "tj-fotehobd"], ["pair", "rotate", "TJ-FOTEHOBD"],
                      ["send", "alert", "--to", "TJ-FOTEHOBD", "--goods", "x", "--reason", "x", "--action", "x"]):
            self.assertIn("TJ-FOTEHOBD (did you mean TJ-FOTEHOBOD?)", uz.blo(*words, expect=NOT_FOUND).err)
        self.assertNotIn("did you mean", uz.blo("pair", "show", "KG-OSH", expect=NOT_FOUND).err)

    def test_capitals_of_other_scripts_are_no_capitals(self):
        uz, tj = self.offices()
        self.assertNotEqual(OK, uz.alert(tj, "--precedence", "ﬂash", expect=None).code)
        failed = uz.blo("pair", "show", "тj-fotehobod", expect={USAGE, NOT_FOUND})
        self.assertIn("is not an office", failed.err)


class To(WorldTest):
    def test_where_a_message_could_go_to_several_offices_nobody_guesses(self):
        uz, tj = self.offices()
        kg = self.world.office("KG-DOSTUK").start()
        alert = ("send", "alert", "--goods", "x", "--reason", "x", "--action", "x")
        file_of_uz, file_of_kg = invite(uz, kg), invite(kg, uz)
        digits = {office.json("pair", "accept", file)["digits"] for office, file in ((kg, file_of_uz), (uz, file_of_kg))}
        self.assertEqual(TJ, uz.json(*alert)["to"], "with the other the pairing is not confirmed")
        for office, counterpart in ((uz, kg), (kg, uz)):
            confirm(office, counterpart, *digits)
        before = len(uz.outbox())
        error = uz.json(*alert, expect=USAGE)["error"]
        self.assertIn(f"there are several: {TJ}, {kg.id}.", error["sentence"])
        self.assertEqual(f"Name one: --to {TJ}.", error["nextStep"])
        self.assertEqual(before, len(uz.outbox()), "nothing was sent")
        uz.blo("pair", "end", kg.id, "--reason", "the post was closed")
        self.assertEqual(TJ, uz.json(*alert)["to"])
