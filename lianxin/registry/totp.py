"""Codes of six digits that a phone makes from a secret and the time (RFC 6238, over RFC 4226)."""

from __future__ import annotations

import base64
import hmac
import secrets
import struct
from datetime import datetime
from hashlib import sha1
from urllib.parse import quote

DIGITS = 6
EVERY_S = 30
DRIFT = 1  # steps that a phone's clock may be before or behind
SECRET_BYTES = 20  # as RFC 4226 asks of a secret for HMAC-SHA-1


def fresh() -> str:
    """A new secret, as phones take it: Base32.

    >>> len(fresh())
    32
    """
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def step_of(at: datetime) -> int:
    """Which stretch of 30 seconds a moment lies in, counted since 1970."""
    return int(at.timestamp()) // EVERY_S


def code(secret: str, step: int, digits: int = DIGITS) -> str:
    """The code of one stretch. The RFC's first example, in its eight digits:

    >>> code(base64.b32encode(b"12345678901234567890").decode(), 59 // 30, 8)
    '94287082'
    """
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", step), sha1).digest()
    at = digest[-1] & 15
    number = struct.unpack(">I", digest[at : at + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**digits:0{digits}d}"


def matching(secret: str, given: str, now: datetime, after: int = 0) -> int | None:
    """The stretch whose code was given, later than `after`; None when it is none of now's."""
    here = step_of(now)
    for step in range(here - DRIFT, here + DRIFT + 1):
        if step > after and hmac.compare_digest(code(secret, step).encode(), given.encode()):
            return step
    return None


def address(secret: str, issuer: str, name: str) -> str:
    """What the QR code says to the phone.

    >>> address("ABC", "连心", "li")
    'otpauth://totp/%E8%BF%9E%E5%BF%83:li?secret=ABC&issuer=%E8%BF%9E%E5%BF%83'
    """
    return f"otpauth://totp/{quote(issuer)}:{quote(name)}?secret={secret}&issuer={quote(issuer)}"
