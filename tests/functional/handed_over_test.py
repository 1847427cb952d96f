"""What people hand over has been through Windows, mail and a stick: it is read, and its signatures decide."""

import unicodedata

from blolib.programs import NOT_AUTHORISED, UNVERIFIED, USAGE
from blolib.world import TJ, UZ, WorldTest, confirm, invite


def by_mail(text):
    """As a mail client leaves it: a greeting, a quotation's blanks, a signature."""
    return "Assalomu alaykum,\r\nour file:\r\n\r\n" + text.replace("\n", " \r\n") + "\r\n-- \r\nKarimov\r\n"


def as_utf16(text):
    """As an editor's "Unicode", or a shell's `>` on Windows, saves it."""
    return b"\xff\xfe" + text.replace("\n", "\r\n").encode("utf-16-le")


class HandedOver(WorldTest):
    def test_requests_certificates_and_pairing_files(self):
        uz, tj = self.world.office(UZ).start(), self.world.office(TJ).start()
        uz.blo("officer", "request", "karimov", "--office", UZ, "--name", "D. Karimov", "--agency", "Customs", "--no-passphrase")
        request = self.world.path("request.pem")
        request.write_bytes(as_utf16((uz.officers / "karimov.request.pem").read_text()))
        certificate = self.world.path("karimov.pem")
        uz.blo("officer", "add", request, "--out", certificate)
        certificate.write_bytes(b"\xef\xbb\xbf" + by_mail(certificate.read_text()).encode())
        uz.blo("officer", "install", "karimov", certificate)
        tj.add_officer("rahimov")

        files = {office: invite(office, other) for office, other in ((uz, tj), (tj, uz))}
        files[uz].write_text(by_mail(files[uz].read_text()))
        files[tj].write_bytes(as_utf16(files[tj].read_text()))
        heard = tj.json("pair", "accept", files[uz])["digits"]
        self.assertEqual(heard, uz.json("pair", "accept", files[tj])["digits"])
        # Digits copied from a document: dashes and no-break blanks stand between groups.
        confirm(uz, tj, heard.replace(" ", "\u00a0\u2013\u00a0"))
        confirm(tj, uz, heard.replace(" ", "-"))
        self.assertIn("no digit", confirm(uz, tj, heard.replace("0", "O").replace("1", "l"), expect=USAGE).err)
        self.assert_works(uz, tj)

    def test_another_file_than_was_asked_for_is_named(self):
        uz = self.world.office(UZ).start()
        uz.blo("officer", "request", "karimov", "--office", UZ, "--name", "D. Karimov", "--agency", "Customs", "--no-passphrase")
        request = uz.officers / "karimov.request.pem"
        failed = uz.blo("officer", "install", "karimov", request, expect=UNVERIFIED)
        self.assertIn("it is another kind of file: BLO CERTIFICATE REQUEST", failed.err)
        twice = self.world.write("twice.pem", request.read_text() * 2)
        self.assertIn("there are two in it", uz.blo("officer", "add", twice, "--out", self.world.path("out.pem"), expect=UNVERIFIED).err)

    def test_a_passphrase_is_the_same_from_any_editor(self):
        uz = self.world.office(UZ).start()
        word = "тўртта тасодифий сўз й"
        file = self.world.path("passphrase")
        ask = ("officer", "request", "saidov", "--office", UZ, "--name", "S", "--agency", "Customs", "--passphrase-file", file)

        def give(data):
            file.write_bytes(data)
            file.chmod(0o600)

        give(b"one line\nanother line\n")
        self.assertIn("several lines", uz.blo(*ask, expect=USAGE).err)
        give(b"\xef\xbb\xbf" + unicodedata.normalize("NFD", word).encode() + b"\r\n")
        uz.blo(*ask)
        certificate = self.world.path("saidov.pem")
        uz.blo("officer", "add", uz.officers / "saidov.request.pem", "--out", certificate)
        uz.blo("officer", "install", "saidov", certificate, "--passphrase-file", file)
        read = ("inbox", "--as", "saidov", "--passphrase-file", file)
        for same in (word.encode(), unicodedata.normalize("NFD", word).encode() + b"\n\r\n", b"\xef\xbb\xbf" + word.encode()):
            give(same)
            uz.blo(*read)
        give(word.upper().encode())
        uz.blo(*read, expect=NOT_AUTHORISED)
