"""What officers type wrong: a clear sentence, exit code 2, nothing half-sent."""

import copy
import json

from blolib.programs import BIN, NOT_FOUND, OK, TESTS, USAGE
from blolib.terminal import Terminal
from blolib.waiting import until
from blolib.world import TJ, WorldTest

NOTICE = json.loads((TESTS / "data/oybek_2024_seizure.json").read_text())
INVENTED = TESTS / "data/seizures_invented.csv"
UNODC = TESTS.parent.parent / "shared/data/seizures/unodc_ids_2011_2016_central_asia.csv"
HEADER = "COUNTRY;PLACE;SEIZURE_DATE;DRUG_NAME;AMOUNT;DRUG_UNIT\n"


def changed(**changes):
    """The notice with seizure.<field> set, or removed where the value is None."""
    notice = copy.deepcopy(NOTICE)
    for field, value in changes.items():
        if value is None:
            del notice["seizure"][field]
        else:
            notice["seizure"][field] = value
    return json.dumps(notice, indent=1)


def drug(amount):
    return [{"substance": "Hashish", "quantity": {"amount": amount, "unit": "Gram"}}]


# What stands in the file, and what the sentence must name.
BROKEN = {
    "not JSON": ('{\n "seizure": {\n  "date": "2024-03-07",,\n }\n}', ["line 3"]),
    "cut off": (json.dumps(NOTICE, indent=1)[:-20], ["line"]),
    "not UTF-8": (b'{"seizure": {"date": "\xff\xfe"}}', []),
    "empty": ("", []),
    "a list": ("[]", []),
    "nothing in it": ("{}", ["seizure"]),
    "an unknown field": (changed(weight="12"), ["seizure.weight", "line"]),
    "another spelling of a field": (changed(hiding_place="trailer"), ["hiding_place", "line"]),
    "a field twice": ('{"seizure": {"date": "2024-03-07",\n"date": "2024-03-08"}}', ["seizure.date", "line", "twice"]),
    "a quantity that is not a number": (changed(drugs=drug("12,5x")), ["seizure.drugs[0].quantity.amount", "line", "12,5x"]),
    "a negative quantity": (changed(drugs=drug("-1")), ["seizure.drugs[0].quantity.amount", "line"]),
    "a quantity with an exponent": (changed(drugs=drug("1e3")), ["seizure.drugs[0].quantity.amount", "line"]),
    "a number without quotes where text belongs": (changed(date=20240307), ["seizure.date", "line"]),
    "a day that does not exist": (changed(date="2024-02-30"), ["seizure.date", "line", "2024-02-30"]),
    "no date": (changed(date=None), ["seizure.date"]),
    "no drugs": (changed(drugs=None), ["seizure"]),
    "an unknown code": (changed(concealment={"method": "UNDER_THE_HAT"}), ["seizure.concealment.method", "line"]),
    "an unknown country": (changed(place={"country": {"code": "XQ"}}), ["seizure.place.country.code", "line"]),
    "an alert": ((TESTS / "data/oybek_2024_alert.json").read_text(), ["seizure"]),
    "control characters that would drive a terminal": (changed(drugs=drug("\x1b[2J1")), ["quantity.amount"]),
}


class Notices(WorldTest):
    def test_each_mistake_is_named_and_nothing_is_sent(self):
        uz, tj = self.offices()
        self.assert_works(uz, tj)
        before = uz.outbox(), uz.pair_status(tj)["sent"]
        for what, (text, names) in BROKEN.items():
            with self.subTest(what):
                file = self.world.path("notice.json")
                file.write_bytes(text if isinstance(text, bytes) else text.encode())
                failed = uz.blo("send", "seizure", "--to", TJ, "--file", file, expect=USAGE)
                self.assertEqual("", failed.out)
                for name in names:
                    self.assertIn(name, failed.err)
                self.assertNotIn("\x1b", failed.err)
                as_json = uz.json("send", "seizure", "--to", TJ, "--file", file, expect=USAGE)["error"]
                self.assertEqual(USAGE, as_json["exitCode"])
        self.assertEqual(before, (uz.outbox(), uz.pair_status(tj)["sent"]))
        uz.json("send", "seizure", "--to", TJ, "--file", self.world.write_json("notice.json", NOTICE), "--wait", 60)

    def test_mistakes_in_flags_are_named_and_nothing_is_sent(self):
        uz, tj = self.offices()
        before = uz.pair_status(tj)["sent"]
        say = ("--reason", "why", "--action", "search")
        for arguments, names in (
                ((*say,), ["vehicle"]),
                (("--goods", "hashish", "--action", "search"), ["reason"]),
                (("--goods", "hashish", "--reason", "why"), ["action"]),
                ((*say, "--vehicle", "01A123BC/XQ"), ["XQ"]),
                ((*say, "--person", "KARIMOV, Aziz, 1980-02-30"), ["1980-02-30"]),
                ((*say, "--container", "MSKU1234567"), ["MSKU1234567"]),
                ((*say, "--goods", "h", "--expires", "2001-01-01T00:00:00Z"), ["2001-01-01"]),
                ((*say, "--goods", "h", "--expires", "tomorrow"), ["tomorrow"]),
                ((*say, "--goods", "h", "--precedence", "soon"), ["--precedence"]),
                ((*say, "--goods", "h", "--wait", "0"), ["--wait"]),
                ((*say, "--goods", "h", "--file", "notice.json"), ["--file"])):
            with self.subTest(arguments):
                failed = uz.blo("send", "alert", "--to", TJ, *arguments, expect=USAGE)
                for name in names:
                    self.assertIn(name, failed.err)
        uz.blo("send", "alert", "--to", "fotehobod", *say, "--goods", "h", expect=USAGE)
        uz.blo("send", "seizure", "--to", TJ, "--file", self.world.path("nowhere.json"), expect=NOT_FOUND)
        self.assertEqual(before, uz.pair_status(tj)["sent"])

    def test_content_cannot_drive_the_terminal_of_its_reader(self):
        uz, tj = self.offices()
        hostile = "\x1b]52;c;aGFja2Vk\x07 \x9b31m \u202eabc \r\nlast"
        file = self.world.write_json("notice.json", json.loads(changed(remarks=hostile, drugs=[
            {"substance": hostile, "quantity": {"amount": "1", "unit": "Gram"}}])))
        number = uz.json("send", "seizure", "--to", TJ, "--file", file, "--wait", 60)["number"]
        for done in (tj.blo("inbox"), tj.blo("show", number), tj.blo("show", number, "--json")):
            for character in ("\x1b", "\x07", "\x9b", "\u202e", "\r"):
                self.assertNotIn(character, done.out, done.command)
        self.assertEqual(hostile, tj.json("show", number)["content"]["seizure"]["remarks"])


class Slips(WorldTest):
    """What is allowed and mostly a slip is asked about; nobody is there to answer where there is no terminal."""

    def test_what_looks_like_a_slip_is_refused_without_a_terminal_unless_it_is_meant(self):
        uz, tj = self.offices()
        before = uz.pair_status(tj)["sent"]
        say = ("send", "alert", "--to", TJ, "--reason", "hidden compartment", "--action", "search")
        for slip, field in ((("--vehicle", "01A123\u0412C/UZ"), "alert.vehicles[0].plate"),
                            (("--document", "UZ/P/\u0410A1234567"), "alert.documents[0].number"),
                            (("--person", "KARIMOV Aziz"), "alert.persons[0].surnames")):
            refused = uz.blo(*say, *slip, expect=USAGE)
            self.assertIn(field, refused.err)
            self.assertIn("--as-typed", refused.err)
        self.assertEqual(before, uz.pair_status(tj)["sent"])
        for right in (("--vehicle", "\u0410123\u0412\u0421/UZ"), ("--vehicle", "01A123BC/UZ"), ("--person", "KARIMOV"), ("--person", "KARIMOV, Aziz")):
            uz.blo(*say, *right)
        number = uz.json(*say, "--vehicle", "01A123\u0412C/UZ", "--as-typed", "--wait", 60)["number"]
        self.assertEqual("01A123\u0412C", tj.json("show", number)["content"]["alert"]["vehicles"][0]["plate"])

    def test_somebody_at_a_terminal_is_asked(self):
        uz, tj = self.offices()
        before = len(uz.outbox())
        terminal = Terminal(uz)
        self.addCleanup(terminal.hang_up)
        command = f"{BIN / 'blo'} send alert --to {TJ} --reason r --action a --vehicle 01A123\u0412C"
        for answer, shown in (("", "It was not sent."), ("n", "It was not sent."), ("y", "accepted")):
            terminal.type(command)
            terminal.wait_for("look alike. Send it as typed? [y/N] ")
            terminal.type(answer)
            terminal.wait_for(shown)
        self.assertEqual(before + 1, len(uz.outbox()))


class Tables(WorldTest):
    def _import(self, office, file, expect, *how):
        done = office.json("import", "seizures", file, "--to", TJ, *how, expect=expect)
        of_rows = sum(done[name] for name in ("sent", "alreadySent", "drafted", "waiting")) + len(done["rejected"])
        self.assertEqual(done["lines"], of_rows + done["blank"] + done["continued"])  # whatever the file holds
        return done

    def test_rows_stand_alone_and_are_sent_once(self):
        uz, tj = self.offices()
        done = self._import(uz, INVENTED, USAGE, "--multiline")
        self.assertEqual((5, 0), (done["sent"], done["alreadySent"]))
        reasons = {one["row"]: one["reason"] for one in done["rejected"]}
        for row, name in {6: "AMOUNT", 7: "DRUG_UNIT", 8: "SEIZURE_DATE", 9: "COUNTRY", 10: "PLACE", 11: "cells", 12: "DRUG_NAME"}.items():
            self.assertIn(name, reasons[row])
        # Rows 2 and 4 are equal and are two seizures all the same; a second import sends neither again.
        again = self._import(uz, INVENTED, USAGE, "--multiline")
        self.assertEqual((0, 5), (again["sent"], again["alreadySent"]))
        self.assertEqual(done["rejected"], again["rejected"])
        until(lambda: uz.pair_status(tj)["receipted"] == uz.pair_status(tj)["sent"], "all is receipted")
        self.assertEqual(len(tj.inbox()), 5)

    def test_corrected_rows_follow_and_the_others_stay_sent(self):
        uz, tj = self.offices()
        rows = ["Uzbekistan;Oybek;2024-03-07;Hashish;1981;Gram\n", "Uzbekistan;Oybek;2024-03-0x;Heroin;5;Gram\n"]
        table = self.world.write("table.csv", HEADER + "".join(rows))
        self.assertEqual(1, self._import(uz, table, USAGE)["sent"])
        table.write_text(HEADER + rows[0] + rows[1].replace("0x", "08"))
        done = self._import(uz, table, OK)
        self.assertEqual((1, 1, []), (done["sent"], done["alreadySent"], done["rejected"]))

    def test_tables_that_went_wrong(self):
        uz, tj = self.offices()
        tables = TESTS / "data/tables"
        done = self._import(uz, tables / "quote_merge.csv", USAGE)
        self.assertEqual((3, [3, 5]), (done["sent"], [one["row"] for one in done["rejected"]]))
        done = self._import(uz, tables / "separator_rows.csv", OK)
        self.assertEqual((0, 1, 5), (done["sent"], done["alreadySent"], done["blank"]))  # of the table before
        self.assertEqual(2, self._import(uz, tables / "reimport_v1.csv", OK)["sent"])
        done = self._import(uz, tables / "reimport_v2_extra_column.csv", OK)
        self.assertEqual((0, 2), (done["sent"], done["alreadySent"]))
        self.assertEqual(2, self._import(uz, tables / "excel_ru.csv", OK)["sent"])
        cyrillic = self.world.path("cyrillic.csv")
        cyrillic.write_bytes((tables / "excel_ru.csv").read_text("utf-8-sig").encode("cp1251"))
        refused = uz.blo("import", "seizures", cyrillic, "--to", TJ, expect=USAGE)
        self.assertEqual(1, refused.err.count("CSV UTF-8"))
        self.assertEqual(2, self._import(uz, cyrillic, OK, "--encoding", "windows-1251")["alreadySent"])
        until(lambda: uz.pair_status(tj)["receipted"] == uz.pair_status(tj)["sent"], "all is receipted")
        places = [tj.json("show", message["number"])["content"]["seizure"]["place"]["locality"] for message in tj.inbox()]
        self.assertEqual(sorted(["Oybek", "Termez", "Dustlik", "Oybek", "Termez", "Ойбек", "Термез"]), sorted(places))

    def test_days_to_come_are_refused(self):
        uz, tj = self.offices()
        table = self.world.write("table.csv", HEADER + "Uzbekistan;Oybek;2204-03-07;Hashish;1;Gram\n" +
                                 "Uzbekistan;Oybek;2024-03-07;Hashish;1;Gram\n")
        done = self._import(uz, table, USAGE)
        self.assertEqual(1, done["sent"])
        self.assertEqual((2, "seizure.date is a day to come"), (done["rejected"][0]["row"], done["rejected"][0]["reason"][:29]))
        alert = {"alert": {"reason": "r", "action": "a", "persons": [{"surnames": "Aliev", "birthDate": "2980-02-28"}]}}
        refused = uz.blo("send", "alert", "--to", TJ, "--file", self.world.write_json("alert.json", alert), expect=USAGE)
        self.assertIn("alert.persons[0].birthDate is a day to come", refused.err)

    def test_a_dry_run_says_what_would_become_of_each_row(self):
        uz, tj = self.offices()
        before = uz.pair_status(tj)["sent"]
        rows = ["Uzbekistan;Oybek;2024-03-07;Hashish;1981;Gram\n", "Uzbekistan;Oybek;2024-03-0x;Heroin;5;Gram\n", ";;;;;\n"]
        table = self.world.write("table.csv", HEADER + "".join(rows))
        for _ in range(2):
            tried = self._import(uz, table, USAGE, "--dry-run")
            self.assertEqual((1, 1, 1), (tried["sent"], len(tried["rejected"]), tried["blank"]))
            row, = tried["rows"]
            self.assertEqual((2, "sent"), (row["row"], row["would"]))
            self.assertIn("Hashish", row["summary"])
        said = uz.blo("import", "seizures", table, "--to", TJ, "--dry-run", expect=USAGE).out
        self.assertIn("row 2 would be sent: ", said)
        self.assertIn("3 lines below the header: 1 would be sent to TJ-FOTEHOBOD, 0 had been sent before, 1 rejected, 1 blank.\n", said)
        self.assertIn("Nothing was sent.\n", said)
        self.assertEqual(before, uz.pair_status(tj)["sent"])
        self.assertEqual(1, self._import(uz, table, USAGE)["sent"])
        tried = self._import(uz, table, USAGE, "--dry-run")
        self.assertEqual((0, 1, "alreadySent"), (tried["sent"], tried["alreadySent"], tried["rows"][0]["would"]))

    def test_a_table_that_is_none_sends_nothing(self):
        uz, tj = self.offices()
        before = uz.pair_status(tj)["sent"]
        for text in ("", "COUNTRY;PLACE\nUzbekistan;Oybek\n", "just a text\n", HEADER.replace(";", "|")):
            failed = uz.blo("import", "seizures", self.world.write("table.csv", text), "--to", TJ, expect=USAGE)
            self.assertTrue(failed.err, repr(text))
        uz.blo("import", "seizures", self.world.path("nowhere.csv"), "--to", TJ, expect=NOT_FOUND)
        self.assertEqual(before, uz.pair_status(tj)["sent"])

    def test_the_unodc_table(self):
        if not UNODC.exists():
            self.skipTest("UNODC's table is not here, and its licence keeps it out of this repository")
        uz, tj = self.offices()
        done = self._import(uz, UNODC, USAGE)
        self.assertGreaterEqual(done["sent"], 1475)
        self.assertEqual(1504, done["sent"] + len(done["rejected"]))
        for one in done["rejected"]:
            self.assertTrue(2 <= one["row"] <= 1505 and one["reason"], one)
        again = self._import(uz, UNODC, USAGE)
        self.assertEqual((0, done["sent"]), (again["sent"], again["alreadySent"]))
        until(lambda: uz.pair_status(tj)["receipted"] == uz.pair_status(tj)["sent"], "all is receipted")
        self.assertEqual((done["sent"] + 2, 0), (tj.pair_status(uz)["received"], tj.pair_status(uz)["refused"]))
