"""Hands a message to whoever carries it: one POST of JSON to the address the deployment names.

Any other way of sending is one more class with the same `send`.
"""

from __future__ import annotations

import http.client
import json
import time
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from django.conf import settings

PATIENCE_S = 10.0  # for the whole answer; one that is later counts as none
LONGEST = 64 * 1024  # bytes of an answer that are read


class Temporary(Exception):
    """It was not taken, or we do not know: worth trying again. The text is a short code."""


class Permanent(Exception):
    """It will never be taken: not this address, not these words. The text is a short code."""


class Carrier(Protocol):
    """Sends one text. `key` is the same each time the same message is tried: who has taken it
    before answers as then and sends nothing. Returns the carrier's own number of it."""

    def send(self, to: str, text: str, key: str, subject: str = "") -> str: ...


@dataclass(frozen=True, slots=True)
class HttpGateway:
    """POST {"to", "text", "key"} with the key of the account; 2xx and {"id"} mean it was taken.

    No redirect is followed and no proxy asked: the account's key goes to this address alone.
    """

    url: str
    key: str = ""
    patience_s: float = PATIENCE_S

    def send(self, to: str, text: str, key: str, subject: str = "") -> str:
        """Raises Temporary: no answer, 408, 425, 429, 5xx. Permanent: any other refusal."""
        body = json.dumps({"to": to, "text": text, "key": key}, ensure_ascii=False).encode()
        try:
            status, answer = self._post(body, key)
        except (OSError, http.client.HTTPException) as failed:
            raise Temporary(failed.__class__.__name__) from failed
        if status in (408, 425, 429) or status >= 500:
            raise Temporary(f"http_{status}")
        if not 200 <= status < 300:
            raise Permanent(f"http_{status}")
        return number_in(answer)

    def _post(self, body: bytes, key: str) -> tuple[int, bytes]:
        where, deadline = urlsplit(self.url), time.monotonic() + self.patience_s
        kinds = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}
        line = kinds[where.scheme](where.hostname or "", where.port, timeout=self.patience_s)
        heads = {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": key}
        if self.key:
            heads["Authorization"] = f"Bearer {self.key}"
        try:
            address = (where.path or "/") + (f"?{where.query}" if where.query else "")
            line.request("POST", address, body, heads)
            answer = line.getresponse()
            return answer.status, read(answer, deadline)
        finally:
            line.close()


def read(answer: http.client.HTTPResponse, deadline: float) -> bytes:
    """The answer as far as it matters; one that drips is not waited for."""
    found = b""
    while len(found) < LONGEST and (piece := answer.read1(LONGEST - len(found))):
        found += piece
        if time.monotonic() > deadline:
            raise TimeoutError
    return found


def number_in(answer: bytes) -> str:
    """The gateway's number of the message, "" where it gives none; taken is taken.

    >>> number_in(b'{"id": 17}'), number_in(b"ok")
    ('17', '')
    """
    try:
        told = json.loads(answer)
    except ValueError:
        return ""
    return str(told.get("id") or "")[:100] if isinstance(told, dict) else ""


def gateway() -> Carrier | None:
    """The carrier of messages, if this deployment has one."""
    return HttpGateway(settings.SMS_URL, settings.SMS_KEY) if settings.SMS_URL else None
