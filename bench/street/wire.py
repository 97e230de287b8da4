"""People at their screens: each with a cookie and an address, all over a few open connections."""

from __future__ import annotations

import re
import threading
import time
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

HOST = "street.test"
NAMES = re.compile(r"LX-\d+(?:-\d+)?|(?<=/[odu]/)[\w-]+|(?<=/photos/)[\w-]+|\?.*")
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?')
FORMS = re.compile(r"<form[^>]*?>.*?</form>", re.S)
AT_MOST_REDIRECTS = 3
NO = (403, 409)  # somebody else was there first, or the clock: the reader is told, nothing is lost


class Refused(Exception):
    """The house said no, in words."""


@dataclass(frozen=True, slots=True)
class Page:
    """What came back in the end; `path` is where a redirect led."""

    status: int
    path: str
    text: str

    def form(self, action: str) -> dict[str, str]:
        """What the form of that address sends besides its answers."""
        own = self.path.partition("?")[0] == action
        for form in FORMS.findall(self.text):
            head = form[: form.index(">")]
            if f'action="{action}"' in head or (own and "post" in head and "action=" not in head):
                return {name: unescape(value) for name, value in HIDDEN.findall(form)}
        raise LookupError(f"{self.path} ({self.status}) has no form for {action}")


@dataclass
class Book:
    """How long each request took, by what was asked; and what went wrong."""

    took: dict[str, list[float]] = field(default_factory=dict)
    codes: dict[int, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    presses: int = 0
    refused: list[str] = field(default_factory=list)
    resent: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, method: str, path: str, status: int, ms: float) -> None:
        name = f"{method} {NAMES.sub('·', path)}"
        with self.lock:
            self.took.setdefault(name, []).append(ms)
            self.codes[status] = self.codes.get(status, 0) + 1
            if status >= 500:
                self.faults.append(f"{status} {name}")

    def fault(self, what: str) -> None:
        with self.lock:
            self.faults.append(what)


class Lines(threading.local):
    """One connection for each thread that lends its hand."""

    def __init__(self) -> None:
        self.line: HTTPConnection | None = None


class Someone:
    """One person with a screen. `source`: the address they come from, as a proxy would note it."""

    lines = Lines()

    def __init__(self, port: int, book: Book, source: str, cookie: str = "") -> None:
        self.port, self.book, self.source = port, book, source
        self.cookies = dict([cookie.split("=", 1)]) if cookie else {}

    def get(self, path: str) -> Page:
        return self._follow("GET", path, None)

    def press(self, page: Page, action: str, **answers: str) -> Page:
        """Send the form of that address as it stands on the page, with these answers."""
        return self._follow("POST", action, page.form(action) | answers)

    def _follow(self, method: str, path: str, form: dict[str, str] | None) -> Page:
        for _ in range(AT_MOST_REDIRECTS):
            status, where, text = self._once(method, path, form)
            if where is None:
                return Page(status, path, text)
            method, path, form = "GET", where, None
        raise LookupError(f"{path}: redirected too often")

    def _once(
        self, method: str, path: str, form: dict[str, str] | None
    ) -> tuple[int, str | None, str]:
        body = urlencode(form).encode() if form is not None else None
        heads = {
            "Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": self.source,
            "Referer": f"https://{HOST}/", "Accept-Language": "zh-CN",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }  # fmt: skip
        if body is not None:
            heads["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.perf_counter()
        answer, content = self._sent(method, path, body, heads)
        self.book.note(method, path, answer.status, (time.perf_counter() - began) * 1000)
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, rest = line.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        where = answer.headers.get("Location") if answer.status in (301, 302, 303) else None
        return answer.status, where and where.removeprefix(f"https://{HOST}"), content.decode()

    def _sent(self, method: str, path: str, body: bytes | None, heads: dict[str, str]):  # type: ignore[no-untyped-def]
        """A connection that the server has closed meanwhile is opened anew, as browsers do. A form
        may be sent again as well: its key makes two presses one."""
        fresh = self.lines.line is None
        if fresh:
            self.lines.line = HTTPConnection("127.0.0.1", self.port, timeout=60)
        line = self.lines.line
        assert line is not None
        try:
            line.request(method, path, body, heads)
            answer = line.getresponse()
            return answer, answer.read()
        except (OSError, HTTPException):
            line.close()
            self.lines.line = None
            if fresh:
                raise
            self.book.resent += 1
            return self._sent(method, path, body, heads)
