"""A house at the end of a thin wire: cut it, or let it swallow answers after the house has acted.

The browser's own "offline" leaves its service worker a network; here the wire is cut for both.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from conftest import Live, Quiet
from django.core.servers.basehttp import ThreadedWSGIServer

App = Callable[..., Any]


class OneAnswer(Quiet):
    """A connection carries one request: what is cut is cut, nothing waits on an old one."""

    def handle_one_request(self) -> None:
        super().handle_one_request()
        self.close_connection = True


class Wire:
    """The application with what may happen to its answers on the way."""

    def __init__(self, app: App) -> None:
        self.app, self.cut = app, False
        self.swallow: Callable[[str, str], bool] = lambda method, path: False
        self.instead: Callable[[str, str], tuple[str, dict[str, str]] | None] = lambda m, p: None
        self.hold: Callable[[str, str], object] = lambda method, path: None
        self.seen: list[tuple[str, str]] = []
        self.lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        if self.cut:
            raise ConnectionAbortedError
        with self.lock:
            self.seen.append((method, path))
            other = self.instead(method, path)
        if other:
            start(other[0], [*other[1].items(), ("Content-Length", "0")])
            return []
        response = self.app(environ, start)
        answer = list(response)
        response.close()  # as a server does: the connection to the database goes back with it
        self.hold(method, path)
        with self.lock:
            lost = self.cut or self.swallow(method, path)
        if lost:  # the house has done it; nobody hears of it
            raise ConnectionAbortedError
        return answer

    def count(self, path: str) -> int:
        return sum(asked == ("POST", path) for asked in self.seen)


@contextmanager
def wired(app: App, dsn: str) -> Iterator[tuple[Live, Wire]]:
    wire = Wire(app)
    server = ThreadedWSGIServer(("127.0.0.1", 0), OneAnswer, connections_override=None)
    server.set_app(wire)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield Live(f"http://127.0.0.1:{server.server_address[1]}", dsn), wire
    server.shutdown()
    server.server_close()
    thread.join()


def first(n: int, path: str) -> Callable[[str, str], bool]:
    """Swallows the answers to the first `n` posts to an address."""
    left = [n]

    def swallow(method: str, asked: str) -> bool:
        if (method, asked) != ("POST", path) or not left[0]:
            return False
        left[0] -= 1
        return True

    return swallow
