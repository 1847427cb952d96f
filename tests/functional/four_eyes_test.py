"""Four eyes: what a policy holds back, who may release it, and what is left to see of it."""

import contextlib
import datetime
import sqlite3

import verifier
from blolib import identity, journal
from blolib.control import Control, officer_of
from blolib.programs import NOT_AUTHORISED, NOT_FOUND, REFUSED, USAGE, audit
from blolib.waiting import until
from blolib.world import WorldTest


TABLE = """COUNTRY;SEIZURE_DATE;DRUG_NAME;AMOUNT;DRUG_UNIT
Uzbekistan;2024-03-07;Hashish;12;Gram
Uzbekistan;2024-03-08;Hashish;13;Gram
"""


def read_entries(folder, authorities):
    trusted = {identity.fingerprint(identity.from_pem("BLO CERTIFICATE", path.read_text())) for path in authorities}
    one = verifier.Journal(folder, trusted)
    one.read()
    return [journal.parse_entry(leaf) for leaf in one.leaves]


class FourEyes(WorldTest):
    def offices_with_policy(self, *rules):
        """Two offices; Oybek's alerts need a release by nazarova (or whatever the rules say)."""
        uz, tj = self.offices()
        uz.add_officer("nazarova", "releaser")
        uz.policy = lambda *words: uz.blo("policy", "set", tj.id, *words)
        words = [word for rule in rules or ["alert"] for word in ("--release", rule)]
        uz.policy(*words)
        return uz, tj

    def draft(self, uz, tj, *arguments, marker="hashish under the trailer"):
        return uz.alert(tj, "--as", "karimov", "--json", *arguments, marker=marker).json()["draft"]

    def drafts(self, office, officer):
        return {draft["draft"]: draft for draft in office.json("drafts", "--as", officer)["drafts"]}

    def assert_recorded(self, office, *expected):
        """(what, subject, person, exit code) of every act that came to nothing, in order."""
        found = [(act["what"], act["subject"], act["person"], act["exitCode"]) for act in office.trail() if act["exitCode"]]
        self.assertEqual(list(expected), found)

    def wait_for(self, office, number):
        until(lambda: number in [message["number"] for message in office.inbox()], f"{number} is there")


class Release(FourEyes):
    def test_a_message_under_a_policy_goes_out_once_a_second_officer_has_signed_it(self):
        uz, tj = self.offices_with_policy()
        sent = uz.alert(tj, "--as", "karimov", "--wait", 60)
        self.assertIn("blo release D-1", sent.out)
        self.assertIn("1 draft waits for a releaser: blo drafts", uz.blo("status").out)
        self.assertEqual(uz.outbox("--as", "karimov"), [])
        listed = uz.blo("drafts", "--as", "nazarova")
        self.assertIn("hashish under the trailer", listed.out)

        released = uz.blo("release", "D-1", "--yes", "--as", "nazarova")
        for shown in ("hashish under the trailer", tj.id, "live", "routine", "H0", "karimov"):
            self.assertIn(shown, released.out)
        number = uz.outbox("--as", "karimov")[0]["number"]
        self.wait_for(tj, number)
        shown = tj.json("show", number)
        self.assertEqual(("received", 1, 2, f"nazarova of {uz.id}"),
                         (shown["state"], shown["authorPerson"], shown["releaserPerson"], shown["releaser"]))
        self.assertIn(f"released by nazarova of {uz.id}, person 2", tj.blo("show", number).out)
        self.assertEqual({}, self.drafts(uz, "karimov"))
        self.assertEqual(uz.status()["drafts"], 0)
        uz.blo("release", "D-1", "--yes", "--as", "nazarova", expect=NOT_FOUND)

    def test_both_signatures_and_the_policy_stand_in_the_export(self):
        uz, tj = self.offices_with_policy("alert/flash", "seizure")
        plain = uz.alert(tj, "--as", "karimov", "--wait", 60, "--json", marker="no rule fits").json()
        draft = self.draft(uz, tj, "--precedence", "flash")
        number = uz.json("release", draft, "--yes", "--as", "nazarova")["number"]
        self.wait_for(tj, number)
        until(lambda: uz.json("show", number, "--as", "karimov")["receipt"], "the receipt")
        folder = uz.export("export", "--as", "karimov")
        authorities = [office.authority / "authority.pem" for office in (uz, tj)]
        self.assertTrue(audit(folder, authorities, "--json").json()["verified"])
        second = verifier.verify(folder, authorities)
        self.assertTrue(second["verified"], second)
        entries = read_entries(folder / f"live_{uz.id}_{tj.id}_1", authorities)
        messages = [entry["message"] for entry in entries if entry["message"]]
        self.assertEqual([message["release"] is not None for message in messages], [False, True])
        self.assertEqual(messages[1]["release"]["officer"], officer_of(uz, "nazarova")[0])
        self.assertEqual([message["number"] for message in tj.inbox()], [number, plain["number"]])

    def test_d2_no_author_releases_their_own_draft(self):
        uz, tj = self.offices_with_policy()
        uz.add_auditor()
        uz.add_officer("both", "operator", "releaser")
        draft = uz.alert(tj, "--as", "both", "--json").json()["draft"]
        refused = uz.json("release", draft, "--yes", "--as", "both", expect=REFUSED)
        self.assertEqual(refused["error"]["reason"], "own-draft")
        self.assertEqual(list(self.drafts(uz, "both")), [draft])
        uz.blo("release", draft, "--yes", "--as", "nazarova")
        self.assert_recorded(uz, ("release", draft, 4, REFUSED))

    def test_d2_a_renewed_certificate_of_the_same_person_does_not_release_their_draft(self):
        uz, tj = self.offices_with_policy()
        uz.add_auditor()
        draft = self.draft(uz, tj)
        uz.blo("officer", "request", "karimov-2", "--office", uz.id, "--name", f"karimov of {uz.id}", "--agency",
               "Customs", "--no-passphrase")
        certificate = self.world.path("karimov-2.pem")
        uz.blo("officer", "add", uz.officers / "karimov-2.request.pem", "--person", 1, "--role", "operator", "--role",
               "releaser", "--out", certificate)
        uz.blo("officer", "install", "karimov-2", certificate)
        refused = uz.json("release", draft, "--yes", "--as", "karimov-2", expect=REFUSED)
        self.assertEqual(refused["error"]["reason"], "own-draft")
        # The certificate the draft was signed with is over: nobody else can make it hold, either.
        refused = uz.json("release", draft, "--yes", "--as", "nazarova", expect=REFUSED)
        self.assertEqual(refused["error"]["reason"], "author-not-in-force")
        uz.blo("reject", draft, "--reason", "signed with a key that was replaced", "--as", "nazarova")
        again = uz.alert(tj, "--as", "karimov-2", "--json").json()["draft"]
        uz.blo("release", again, "--yes", "--as", "nazarova")
        self.assert_recorded(uz, ("release", draft, 1, REFUSED), ("release", draft, 2, REFUSED))

    def test_d2_releasing_needs_the_role(self):
        uz, tj = self.offices_with_policy()
        uz.add_auditor()
        uz.add_officer("saidov", "operator")
        draft = self.draft(uz, tj)
        uz.blo("release", draft, "--yes", "--as", "saidov", expect=NOT_AUTHORISED)
        uz.blo("reject", draft, "--reason", "not mine", "--as", "saidov", expect=NOT_AUTHORISED)
        uz.blo("policy", "set", tj.id, "--no-release", "--as", "saidov", expect=NOT_AUTHORISED)
        self.assertEqual(list(self.drafts(uz, "saidov")), [draft])
        self.assert_recorded(uz, *((what, about, 4, NOT_AUTHORISED) for what, about in (
            ("release", draft), ("reject", draft), ("policy set", tj.id))))

    def test_nothing_is_released_without_a_word_or_with_a_signature_over_something_else(self):
        uz, tj = self.offices_with_policy()
        draft = self.draft(uz, tj)
        uz.blo("release", draft, "--as", "nazarova", expect=USAGE)  # no terminal to ask at
        with Control(uz) as control:
            answer = control.ask({"draft_release": {"draft": draft, "signature": bytes(64)}},
                                 officer_of(uz, "nazarova"))
            self.assertEqual(answer["failure"]["reason"], "bad-signature")
            key = officer_of(uz, "nazarova")[1]
            other = identity.sign("blo/release/v1", key, b"another envelope")
            answer = control.ask({"draft_release": {"draft": draft, "signature": other}}, officer_of(uz, "nazarova"))
            self.assertEqual(answer["failure"]["reason"], "bad-signature")
        self.assertEqual(uz.outbox("--as", "karimov"), [])

    def test_releasing_asks_for_the_passphrase(self):
        uz, tj = self.offices_with_policy()
        right, wrong = self.world.write("right", "four random words\n"), self.world.write("wrong", "five random words\n")
        for file in (right, wrong):
            file.chmod(0o600)
        uz.add_officer("sealed", "releaser", passphrase_file=right)
        draft = self.draft(uz, tj)
        uz.blo("release", draft, "--yes", "--as", "sealed", expect=USAGE)
        uz.blo("release", draft, "--yes", "--as", "sealed", "--passphrase-file", wrong, expect=NOT_AUTHORISED)
        uz.blo("release", draft, "--yes", "--as", "sealed", "--passphrase-file", right)

    def test_a_kill_between_draft_and_release_loses_and_doubles_nothing(self):
        uz, tj = self.offices_with_policy()
        drafts = [self.draft(uz, tj, marker=f"PLANTED load {number}") for number in range(3)]
        uz.kill()
        for path in uz.home.rglob("*"):
            self.assertFalse(path.is_file() and b"PLANTED" in path.read_bytes(), path)
        uz.start()
        self.assertEqual(list(self.drafts(uz, "karimov")), drafts)
        numbers = [uz.json("release", draft, "--yes", "--as", "nazarova")["number"] for draft in drafts[:2]]
        uz.kill()
        uz.start()
        self.assertEqual(list(self.drafts(uz, "karimov")), drafts[2:])
        for draft in drafts[:2]:
            uz.blo("release", draft, "--yes", "--as", "nazarova", expect=NOT_FOUND)
        numbers.append(uz.json("release", drafts[2], "--yes", "--as", "nazarova")["number"])
        self.wait_for(tj, numbers[-1])
        self.assertEqual([message["number"] for message in tj.inbox()], numbers[::-1])


class Trail(FourEyes):
    def test_the_audit_trail_holds_who_drafted_released_rejected_and_who_was_turned_away(self):
        uz, tj = self.offices_with_policy()
        uz.add_officer("auditova", "auditor")
        first, second = self.draft(uz, tj), self.draft(uz, tj)
        uz.blo("release", first, "--yes", "--as", "karimov", expect=NOT_AUTHORISED)
        number = uz.json("release", first, "--yes", "--as", "nazarova")["number"]
        uz.blo("release", first, "--yes", "--as", "nazarova", expect=NOT_FOUND)
        uz.blo("reject", second, "--reason", "twice the same", "--as", "nazarova")
        with Control(uz) as control:
            control.ask({"draft_release": {"draft": second, "signature": bytes(64)}}, officer_of(uz, "nazarova"))
        acts = uz.json("trail", "--limit", 1000, "--as", "auditova")["acts"][::-1]
        found = [(act["what"], act["subject"], act["person"], act["refused"], act["exitCode"]) for act in acts
                 if act["what"] in ("send", "release", "reject", "policy set")]
        self.assertEqual(found, [
            ("policy set", tj.id, None, False, 0),
            ("send", first, 1, False, 0),
            ("send", second, 1, False, 0),
            ("release", first, 1, True, NOT_AUTHORISED),
            ("release", number, 2, False, 0),
            ("reject", second, 2, False, 0),
            ("release", second, 2, False, REFUSED),
        ])
        concerned = uz.json("trail", "--message", number, "--as", "auditova")["acts"]
        self.assertEqual([act["what"] for act in concerned], ["trail", "release"])


class Expired(FourEyes):
    def test_a_draft_whose_time_is_over_is_marked_and_not_released(self):
        uz, tj = self.offices_with_policy()
        time = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=6)).strftime("%Y-%m-%dT%H:%M:%SZ")
        draft = self.draft(uz, tj, "--expires", time)
        one = until(lambda: (one := self.drafts(uz, "karimov")[draft])["expired"] and one, "it has expired")
        self.assertEqual((time, ""), (one["expires"], one["rejected"]))
        self.assertIn("  EXPIRED  (karimov", uz.blo("drafts", "--as", "karimov").out)
        refused = uz.json("release", draft, "--yes", "--as", "nazarova", expect=USAGE)
        self.assertEqual("expired", refused["error"]["reason"])
        self.assertIn(draft, self.drafts(uz, "karimov"))


class Reject(FourEyes):
    def left(self, office, *secrets):
        """Those of them that stand in a file of the store."""
        files = [path.read_bytes() for path in office.home.glob("store.db*")]
        return [one for one in secrets if any(one in file for file in files)]

    def test_a_rejected_draft_says_why_and_is_never_sent(self):
        uz, tj = self.offices_with_policy()
        draft = self.draft(uz, tj, marker="the wrong lorry")
        uz.blo("reject", draft, "--reason", "the plate is wrong", "--as", "nazarova")
        shown = self.drafts(uz, "karimov")[draft]
        self.assertEqual(("the plate is wrong", f"nazarova of {uz.id}", ""),
                         (shown["rejected"], shown["rejectedBy"], shown["summary"]))
        self.assertIn("the plate is wrong", uz.blo("drafts", "--as", "karimov").out)
        for command in (("reject", draft, "--reason", "again"), ("release", draft, "--yes")):
            refused = uz.json(*command, "--as", "nazarova", expect=REFUSED)
            self.assertEqual(refused["error"]["reason"], "rejected-draft")
        self.assertEqual((uz.outbox("--as", "karimov"), uz.status()["drafts"]), ([], 0))

    def test_the_content_of_a_rejected_draft_is_in_no_file_of_the_store(self):
        uz, tj = self.offices_with_policy()
        draft = self.draft(uz, tj)
        uz.stop()
        with contextlib.closing(sqlite3.connect(uz.home / "store.db")) as store:
            (sealed, key), = store.execute("SELECT sealed, wrapped_key FROM draft")
        uz.start()

        self.assertEqual([sealed[:64], key], self.left(uz, sealed[:64], key))
        uz.blo("reject", draft, "--reason", "the plate is wrong", "--as", "nazarova")
        self.assertEqual([], self.left(uz, sealed[:64], key))

    def test_a_rejected_draft_is_forgotten_after_its_time_though_nobody_asks_for_drafts(self):
        uz, tj = self.offices_with_policy()
        draft = self.draft(uz, tj)
        uz.blo("reject", draft, "--reason", "the plate is wrong", "--as", "nazarova")
        uz.stop()
        with contextlib.closing(sqlite3.connect(uz.home / "store.db")) as store:
            (envelope, reason), = store.execute("SELECT envelope, wrapped_reason FROM draft")
            store.execute("UPDATE draft SET rejected_ms = rejected_ms - ?", (30 * 86_400_000,))
            store.commit()
        self.assertEqual([envelope, reason], self.left(uz, envelope, reason))
        uz.start()
        until(lambda: self.left(uz, envelope, reason) == [], "the daemon forgets it by itself, within a minute of a clock that agrees", 200)

    def test_an_author_withdraws_their_own_draft_and_no_other(self):
        uz, tj = self.offices_with_policy()
        uz.add_officer("saidov", "operator")
        draft = self.draft(uz, tj)
        uz.blo("reject", draft, "--reason", "not yours", "--as", "saidov", expect=NOT_AUTHORISED)
        uz.blo("reject", draft, "--reason", "found to be wrong", "--as", "karimov")
        self.assertEqual(self.drafts(uz, "saidov")[draft]["rejected"], "found to be wrong")

    def test_a_reason_is_a_sentence(self):
        uz, tj = self.offices_with_policy()
        draft = self.draft(uz, tj)
        for reason in ("", " ", "x" * 501):
            uz.blo("reject", draft, "--reason", reason, "--as", "nazarova", expect=USAGE)
        uz.blo("reject", "D-99", "--reason", "there is none", "--as", "nazarova", expect=NOT_FOUND)
        uz.blo("reject", "17", "--reason", "no draft's name", "--as", "nazarova", expect=USAGE)


class Policy(FourEyes):
    def test_both_offices_see_both_policies_and_the_newest_counts(self):
        uz, tj = self.offices_with_policy("alert/flash", "seizure")
        ours = {"release": ["alert/flash", "seizure"], "purpose": False}
        self.assertEqual(uz.json("policy", "show")["policies"],
                         [{"counterpart": tj.id, "ours": ours, "theirs": {"release": [], "purpose": False}}])
        until(lambda: tj.json("policy", "show", uz.id)["policies"][0]["theirs"] == ours, "the policy arrived")
        uz.policy("--purpose")
        self.assertEqual(uz.json("policy", "show")["policies"][0]["ours"], {**ours, "purpose": True})
        uz.policy("--release", "alert/flash", "--release", "seizure")
        self.assertEqual(uz.json("policy", "show")["policies"][0]["ours"], {**ours, "purpose": True})
        uz.policy("--no-release", "--no-purpose")
        uz.kill()
        uz.start()
        self.assertEqual(uz.json("policy", "show")["policies"][0]["ours"], {"release": [], "purpose": False})
        uz.alert(tj, "--as", "karimov", "--precedence", "flash", "--wait", 60)
        for words in ((), ("--release", "parcel"), ("--release", "alert/soon"), ("--release", "any", "--no-release")):
            uz.blo("policy", "set", tj.id, *words, expect=USAGE)
        uz.blo("policy", "set", "TJ-NOWHERE", "--no-release", expect=NOT_FOUND)

    def test_a_draft_outlives_the_policy_that_asked_for_it(self):
        uz, tj = self.offices_with_policy("any")
        draft = self.draft(uz, tj)
        uz.policy("--no-release")
        self.assertEqual(list(self.drafts(uz, "karimov")), [draft])
        number = uz.json("release", draft, "--yes", "--as", "nazarova")["number"]
        self.wait_for(tj, number)
        uz.alert(tj, "--as", "karimov", "--wait", 60)

    def test_reading_asks_for_a_purpose_where_the_policy_does(self):
        uz, tj = self.offices()
        number = uz.alert(tj, "--wait", 60, "--json").json()["number"]
        uz.blo("policy", "set", tj.id, "--purpose")
        for words in (("inbox",), ("outbox", "--to", tj.id), ("show", number), ("journal", "export", "nowhere"),
                      ("inbox", "--follow"), ("inbox", "--purpose", "  ")):
            refused = uz.json(*words, expect=REFUSED)
            self.assertEqual(refused["error"]["reason"], "purpose-needed", words)
        self.assertEqual(len(uz.outbox("--purpose", "case 17")), 1)
        uz.blo("show", number, "--purpose", "case 17")
        uz.export("with-a-purpose", "--purpose", "yearly audit")
        uz.blo("inbox", "--purpose", "x" * 501, expect=USAGE)
        tj.inbox()  # what they ask of their officers is theirs
        uz.add_officer("auditova", "auditor")
        acts = uz.json("trail", "--limit", 1000, "--as", "auditova")["acts"]
        self.assertEqual([act["what"] for act in acts if act["purpose"] == "case 17"], ["show", "list"])
        self.assertEqual([act["exitCode"] for act in acts if act["what"] == "show" and not act["purpose"]],
                         [REFUSED, 0])  # the first is what send --wait asked


class Import(FourEyes):
    def test_an_imported_row_is_drafted_once_and_sent_once(self):
        uz, tj = self.offices_with_policy("seizure")
        table = self.world.write("seizures.csv", TABLE)
        tried = uz.json("import", "seizures", table, "--to", tj.id, "--as", "karimov", "--dry-run")
        self.assertEqual({"drafted"}, {row["would"] for row in tried["rows"]})
        self.assertEqual([], uz.json("drafts", "--as", "karimov")["drafts"])
        first = uz.json("import", "seizures", table, "--to", tj.id, "--as", "karimov")
        self.assertEqual((first["sent"], first["drafted"], first["alreadySent"]), (0, 2, 0))
        again = uz.json("import", "seizures", table, "--to", tj.id, "--as", "karimov")
        self.assertEqual((again["sent"], again["drafted"], again["alreadySent"]), (0, 0, 2))
        one, two = self.drafts(uz, "karimov")
        number = uz.json("release", one, "--yes", "--as", "nazarova")["number"]
        uz.blo("reject", two, "--reason", "not this one yet", "--as", "nazarova")
        # A row that was rejected may be sent anew; one that was released may not.
        third = uz.json("import", "seizures", table, "--to", tj.id, "--as", "karimov")
        self.assertEqual((third["sent"], third["drafted"], third["alreadySent"]), (0, 1, 1))
        self.assertNotIn(two, self.drafts(uz, "karimov"))
        self.wait_for(tj, number)
        self.assertEqual(len(tj.inbox()), 1)
