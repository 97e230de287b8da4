"""Gateways and mail servers on loopback that do what real ones do: take, refuse, fail, dawdle."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass
class Gateway:
    """`mood`: ok, a status, slow (too slow an answer), drip (one without end), cut (none)."""

    url: str = ""
    mood: Any = "ok"
    taken: list[dict[str, str]] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)

    @property
    def sent(self) -> list[dict[str, str]]:
        """What arrived on phones: the same key counts once."""
        return list({message["key"]: message for message in self.taken}.values())


class Handler(BaseHTTPRequestHandler):
    state: Gateway

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        said = json.loads(self.rfile.read(length))
        heads = ("Authorization", "Idempotency-Key", "Content-Type")
        self.state.asked.append({name: self.headers.get(name, "") for name in heads})
        mood = self.state.mood
        if mood == "cut":
            self.connection.close()
            return
        if isinstance(mood, int):
            self.answer(mood, b"{}")
            return
        self.state.taken.append(said)
        if mood == "slow":
            time.sleep(1.2)
        if mood == "drip":
            self.drip()
            return
        self.answer(200, json.dumps({"id": f"gw-{len(self.state.sent)}"}).encode())

    def answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        if status in (301, 302, 307):
            self.send_header("Location", f"{self.state.url}/elsewhere")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            return  # whoever asked has gone

    def drip(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        for _ in range(20):
            time.sleep(0.1)
            try:
                self.wfile.write(b" ")
                self.wfile.flush()
            except OSError:
                return

    def log_message(self, *_: object) -> None:
        """Requests are not news."""


@contextmanager
def gateway() -> Iterator[Gateway]:
    state = Gateway()
    handler = type("Here", (Handler,), {"state": state})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    state.url = f"http://127.0.0.1:{server.server_address[1]}/send"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield state
    server.shutdown()
    server.server_close()
    thread.join()


# ── mail ─────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Post:
    """What a mail server took. `refuses`: recipients it does not know; `busy`: answers 451."""

    letters: list[Envelope] = field(default_factory=list)
    refuses: tuple[str, ...] = ()
    busy: bool = False

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refuses:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.busy:
            return "451 try again later"
        self.letters.append(envelope)
        return "250 OK"


@contextmanager
def post_office(password: str = "", **more: Any) -> Iterator[tuple[Post, int]]:
    """A mail server and its port; with a password it takes mail from `house` alone."""
    post = Post()

    def knows(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> Any:
        known = isinstance(data, LoginPassword) and data.password == password.encode()
        return AuthResult(success=known, handled=False)

    if password:
        more = {"authenticator": knows, "auth_required": True, "auth_require_tls": False} | more
    controller = Controller(post, hostname="127.0.0.1", port=0, **more)
    controller.port = free_port()
    controller.start()
    yield post, controller.port
    controller.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
