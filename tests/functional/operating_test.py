"""docs/operating.md followed literally: the commands of blo are taken from the page and run, on two offices."""

import datetime
import re
import shlex
import shutil

from blolib.addresses import free_address
from blolib.programs import CHECKOUT, NOT_AUTHORISED, REFUSED
from blolib.waiting import until
from blolib.world import TJ, UZ, Office, WorldTest

_PAGE = (CHECKOUT / "docs/operating.md").read_text()
# What needs a machine of its own: accounts, services, the TPM.
_MACHINE = {"useradd", "install", "tr", "systemd-creds", "shred", "cp", "systemctl", "usermod", "gpasswd"}


def commands(section):
    """The commands of blo in a section's indented lines, without what is said beside them."""
    text = re.search(rf"^##+ {re.escape(section)}$(.*?)(?=^##)", _PAGE, re.M | re.S)[1]
    found = []
    for line in re.findall(r"^    (\S.*)$", text, re.M):
        words = re.split(r" {2,}", line)[0].removeprefix("runuser -u blo -- ")
        if words.split()[0] in _MACHINE:
            continue
        assert words.startswith("blo "), line
        found.append(shlex.split(words)[1:])
    assert found, section
    return found


def steps(section="Pair two offices"):
    """What each side types in a section's table: {step: [words of the first column, of the second]}."""
    text = re.search(rf"^##+ {re.escape(section)}$(.*?)(?=^##)", _PAGE, re.M | re.S)[1]
    rows = re.findall(r"^\| (\d) \|(.*?)\|(.*?)\|$", text, re.M)
    typed = lambda cell: [shlex.split(code)[1:] for code in re.findall(r"`(blo [^`]*)`", cell)][:1]
    return {int(step): typed(uz) + typed(tj) for step, uz, tj in rows}


class Manual(WorldTest):
    def setUp(self):
        super().setUp()
        self.secret = self.world.write("passphrase", "of a newcomer's office\n")
        self.secret.chmod(0o600)

    def type(self, office, words, *more, expect=0):
        """As the page has it, with this test's places for the page's."""
        places = {"/etc/blo/passphrase": self.secret, "/media/authority-uz": self.world.path("authority-uz"),
                  "oybek.example.uz:7117": office.address, "office.request.pem": office.home / "office.request.pem",
                  "2026-11-30": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d"),
                  "authority.pem": self.world.path("authority-uz") / "authority.pem"}
        mapped = []
        for word in words:
            if word.endswith(".request.pem") and word not in places:
                mapped.append(office.officers / word)
            elif re.fullmatch(r"[\w-]+\.(pem|pairing|key|pub|backup)", word) and word not in places:
                mapped.append(self.world.path(word))
            else:
                mapped.append(places.get(word, word))
        if "--passphrase-file" not in words:
            mapped += ["--passphrase-file", self.secret]
        return office.blo(*mapped, *more, expect=expect)

    def found(self):
        """An authority, an office and an officer as the page says; the other side in the usual way."""
        uz = Office(self.world, UZ, "live", "uz-by-the-page")
        self.world.offices.append(uz)
        for section in ("Found an authority", "Found an office"):
            for words in commands(section):
                self.type(uz, words)
        uz.start("--passphrase-file", self.secret)
        for words in commands("Start the daemon") + commands("Add an officer"):
            if words[-3:-1] != ["unlock", "--minutes"]:  # functional.unlock does that
                self.type(uz, words)
        tj = self.world.office(TJ).start()
        tj.add_officer("rahimov")
        return uz, tj

    def pair(self, uz, tj):
        table = steps()
        for office, words in zip((uz, tj), table[1], strict=True):
            self.type(office, words)
        heard = {}
        for office, words in zip((uz, tj), table[3], strict=True):
            heard[office.id] = self.type(office, words, "--json").json()["digits"]
        self.assertEqual(heard[UZ], heard[TJ])
        for office, other, words in zip((uz, tj), (tj, uz), table[5], strict=True):
            self.type(office, words, "--digits", heard[other.id])
        for office, other in ((uz, tj), (tj, uz)):
            until(lambda: office.pair_status(other)["connected"], "step 6")
        return heard

    def test_a_newcomer_founds_an_office_and_pairs_it(self):
        uz, tj = self.found()
        self.pair(uz, tj)
        uz.alert(tj, "--passphrase-file", self.secret, "--wait", 60)
        self.assertEqual("Dilshod Karimov", tj.inbox()[0]["author"])

    def test_a_certificate_is_renewed_and_an_officer_dismissed(self):
        uz, tj = self.found()
        self.pair(uz, tj)
        for words in commands("Renew a certificate"):
            self.type(uz, words)
        uz.alert(tj, "--as", "karimov", "--passphrase-file", self.secret, expect=NOT_AUTHORISED)
        uz.alert(tj, "--as", "karimov-2", "--passphrase-file", self.secret, "--wait", 60)
        for words in commands("Dismiss an officer"):
            self.type(uz, words)
        uz.alert(tj, "--as", "karimov-2", "--passphrase-file", self.secret, expect=NOT_AUTHORISED)

    def test_contents_are_kept_as_long_as_the_rules_say(self):
        uz, tj = self.found()
        self.pair(uz, tj)
        uz.alert(tj, "--passphrase-file", self.secret, "--wait", 60)
        uz.add_officer("chief", "security-officer", passphrase_file=self.secret)
        uz.stop()
        with open(uz.home / "blod.toml", "a", encoding="utf-8") as settings:
            settings.write(re.search(r"```toml\n(\[retention\].*?)```", _PAGE, re.S)[1])
        uz.start("--passphrase-file", self.secret)
        for words in commands("Retention"):
            self.type(uz, words, *(["--as", "chief"] if words[0] == "hold" else ["--json"]))

    def test_a_journals_key_is_replaced(self):
        uz, tj = self.found()
        self.pair(uz, tj)
        uz.alert(tj, "--passphrase-file", self.secret, "--wait", 60)
        until(lambda: uz.pair_status(tj)["sent"] == uz.pair_status(tj)["receipted"], "everything has a receipt")
        renew, show = commands("Replace a journal's key")
        self.type(uz, renew)
        self.assertIn("ours in generation 2", self.type(uz, show).out)
        sent = uz.alert(tj, "--passphrase-file", self.secret, "--wait", 60, "--json").json()
        self.assertIn("/TJ-FOTEHOBOD/2/", sent["number"])

    def test_a_backup_is_written_and_put_back(self):
        uz, tj = self.found()
        self.pair(uz, tj)
        for words in commands("Make the backup key") + commands("Write a backup"):
            self.type(uz, words)
        uz.alert(tj, "--passphrase-file", self.secret, "--wait", 60, marker="after the backup")
        uz.kill()
        again = Office(self.world, UZ, "live", "uz-restored")
        again.officers, again.address = uz.officers, uz.address
        for words in commands("Put a backup back"):
            self.type(again, words)
        self.world.offices.append(again)
        shutil.copy2(uz.home / "office.key", again.home)
        again.start("--passphrase-file", self.secret)
        until(lambda: "here again" in again.pair_status(tj)["waitingFor"], "what was lost is here again")
        self.type(again, ["office", "recover", TJ])
        again.alert(tj, "--passphrase-file", self.secret, "--wait", 60)
        self.assertEqual(2, len(tj.inbox()))

    def test_an_office_that_lost_its_store_is_given_it_back(self):
        uz, tj = self.found()
        self.pair(uz, tj)
        uz.alert(tj, "--passphrase-file", self.secret, "--wait", 60, marker="before everything was lost")
        uz.stop()
        for file in uz.home.glob("store.db*"):
            file.unlink()
        uz.start("--passphrase-file", self.secret)
        table = steps("Everything but the keys is lost")
        for office, number in ((tj, 1), (uz, 2)):
            self.type(office, table[number][0])
        heard = {}
        for office, words in zip((tj, uz), table[3], strict=True):
            heard[office.id] = self.type(office, words, "--json").json()["digits"]
        for office, other, words in zip((tj, uz), (uz, tj), table[5], strict=True):
            self.type(office, words, "--digits", heard[other.id])
        until(lambda: "here again" in uz.pair_status(tj)["waitingFor"], "what was lost is here again")
        self.type(uz, ["office", "recover", TJ])
        self.assertIn("before everything was lost", uz.blo("show", uz.outbox("--passphrase-file", self.secret)[0]["number"],
                                                           "--passphrase-file", self.secret).out)
        uz.alert(tj, "--passphrase-file", self.secret, "--wait", 60)

    def test_a_secret_that_is_too_old_is_replaced(self):
        uz, tj = self.found()
        self.pair(uz, tj)
        again, accept, confirm = commands("A pairing secret is too old")
        self.type(uz, again)
        self.type(tj, ["pair", "again", UZ, "--out", "again-for-uz.pairing"])
        self.type(tj, ["pair", "accept", "again-for-tj.pairing"])
        digits = self.type(uz, accept, "--json").json()["digits"]
        for office, words in ((uz, confirm), (tj, ["pair", "confirm", UZ, "--how", "by telephone"])):
            self.type(office, words, "--digits", digits)
        uz.alert(tj, "--passphrase-file", self.secret, "--wait", 60)

    def test_the_counterparts_address_changed(self):
        uz, tj = self.found()
        self.pair(uz, tj)
        uz.stop()
        uz.address = free_address()
        uz.start("--passphrase-file", self.secret)
        until(lambda: not tj.pair_status(uz)["connected"], "Oybek is where nobody looks for it")
        address, *look = commands("The counterpart's address changed")
        tj.blo(*(uz.address if word == "oybek-2.example.uz:7117" else word for word in address))
        until(lambda: tj.pair_status(uz)["connected"], "it is found")
        for words in look:
            self.assertIn("connected" if words == ["status"] else uz.address, tj.blo(*words).out)
        uz.stop()
        with open(uz.home / "blod.toml", "a", encoding="utf-8") as settings:
            settings.write(re.search(r"```toml\n(announce = .*?)```", _PAGE, re.S)[1])
        uz.start("--passphrase-file", self.secret)
        announced = lambda: tj.json("pair", "show", UZ)["announcedAddresses"]
        until(lambda: announced() and announced()["addresses"], "Fotehobod knows where Oybek goes next")

    def test_a_pairing_is_stopped(self):
        uz, tj = self.found()
        heard = self.pair(uz, tj)
        freeze, confirm, end = commands("Stop a pairing")
        self.type(uz, freeze)
        uz.alert(tj, "--passphrase-file", self.secret, expect=REFUSED)
        self.type(uz, confirm, "--digits", heard[TJ])
        uz.alert(tj, "--passphrase-file", self.secret, "--wait", 60)
        self.type(uz, end)
        self.assertEqual("ended", uz.pair_status(tj)["state"])
