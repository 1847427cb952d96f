"""Reads a page that blo-audit wrote as a browser's parser does, and says what it must not have."""

import shutil
import subprocess
from html.parser import HTMLParser

_HARMLESS = {"html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "div", "strong", "table", "tr", "th", "td", "pre",
             "tbody", "code", "a", "svg", "g", "rect", "line", "circle", "text"}
_ATTRIBUTES = {"lang", "charset", "http-equiv", "content", "name", "class", "scope", "colspan", "id"}


class Page(HTMLParser):
    """`text` is what is shown, `title` that of the window; `verdict` its first strong words, and `tone` their colour; `policy` its content
    security policy."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.text, self.verdict, self.tone, self.policy, self.title = "", None, None, "", ""
        self.rows, self.links = [], []  # what can be linked to on the page, and what is
        self._tags, self._attributes, self._open, self._style = [], [], [], ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self._tags.append(tag)
        values = dict(attrs)
        self.rows = self.rows + [values["id"]] if "id" in values else self.rows
        kind, _, tone = values.get("class", "").partition(" ")
        self.tone = tone if kind == "verdict" else self.tone
        link = values.get("href", "")
        if link.startswith("#"):
            self.links.append(link[1:])
        # Nothing is asked for but a place on the page itself.
        self._attributes += [(tag, name) for name, _ in attrs if (name, link[:1]) != ("href", "#")]
        if values.get("http-equiv") == "Content-Security-Policy":
            self.policy = values["content"]
        if tag != "meta":
            self._open.append(tag)

    def handle_endtag(self, tag):
        assert self._open and self._open.pop() == tag, f"</{tag}> closes another element"

    def handle_data(self, data):
        if self._open[-1:] == ["style"]:
            self._style += data
            return
        if self._open[-1:] == ["title"]:
            self.title += data
        self.text += data
        if self._open[-1:] == ["strong"] and self.verdict is None:
            self.verdict = data

    def forbidden(self):
        """Elements, attributes and styles that could run or load something, or that nobody closed."""
        found = [f"<{tag}>" for tag in self._tags if tag not in _HARMLESS]
        found += [f"<{tag} {name}>" for tag, name in self._attributes if name not in _ATTRIBUTES]
        found += [word for word in ("url(", "@import", "expression") if word in self._style]
        return found + self._open


def browse(html, profile):
    """The page as headless Chromium shows it, or None where it is not installed; `profile` is a folder for it alone."""
    browser = shutil.which("chromium")
    if not browser:
        return None
    done = subprocess.run([browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                           "--disable-background-networking", "--disable-component-update", "--disable-sync",
                           f"--user-data-dir={profile}", "--dump-dom", html.as_uri()],
                          capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    # The style is the one thing the policy lets in: by its hash, which a browser must agree with.
    assert "Refused to apply" not in done.stderr, done.stderr
    return Page(done.stdout)
