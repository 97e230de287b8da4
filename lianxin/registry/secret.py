"""Seals what must not be read by whoever copies the database: AES-GCM, and blind indexes to search.

The key lies beside the photos, not in the database. A blind index is an HMAC: equal values have
equal indexes, so an exact search works and nothing else does.
"""

from __future__ import annotations

import hmac
import os
import unicodedata
from functools import cache
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from lianxin import keys

PHONE = "person.phone"
TAIL = "person.phone.tail"
MAIL = "person.mail"
VERSION = b"\x01"
NONCE_BYTES = 12
LONG = 10  # digits of a phone of which both ends may be shown


def digits(text: str) -> str:
    """The digits of a phone as typed, full-width ones too, without the country's 86.

    >>> digits("+86 138－0000 1234")
    '13800001234'
    """
    plain = "".join(c for c in unicodedata.normalize("NFKC", text) if c in "0123456789")
    return plain[2:] if len(plain) == 13 and plain.startswith("86") else plain


def masked(phone: str) -> str:
    """As a list shows it: enough to tell two of one name apart, too little to dial.

    >>> masked("13800001234"), masked("8221234"), masked("")
    ('138****1234', '****34', '')
    """
    if len(phone) < LONG:
        return f"****{phone[-2:]}" if phone else ""
    return f"{phone[:3]}****{phone[-4:]}"


def seal(field: str, plain: str) -> bytes:
    """Version, nonce, ciphertext with tag. A value sealed for one field opens for no other."""
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(_derived(settings.VAR, "seal")).encrypt(nonce, plain.encode(), field.encode())
    return VERSION + nonce + sealed


def unseal(field: str, sealed: bytes | memoryview) -> str:
    """Raises ValueError for an unknown version, InvalidTag for another key or field."""
    raw = bytes(sealed)
    if raw[:1] != VERSION:
        raise ValueError(f"sealed value of unknown version {raw[:1]!r}")
    nonce, body = raw[1 : 1 + NONCE_BYTES], raw[1 + NONCE_BYTES :]
    return AESGCM(_derived(settings.VAR, "seal")).decrypt(nonce, body, field.encode()).decode()


def blind(field: str, plain: str) -> str:
    """32 hex digits, equal for equal values of one field."""
    derived = _derived(settings.VAR, "blind")
    return hmac.new(derived, f"{field}\0{plain}".encode(), sha256).hexdigest()[:32]


@cache
def _derived(var: Path, purpose: str) -> bytes:
    """One key for each purpose out of the deployment's `fields` secret."""
    kdf = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=f"lianxin {purpose}".encode())
    return kdf.derive(keys.key(var, "fields"))
