"""What stands outside the house while it tells people: a gateway for messages, a server for mail.

Two fixtures that every test may ask for (conftest takes them in).
"""

from __future__ import annotations

import email
from collections.abc import Iterator
from email import policy
from typing import Any

import pytest
from carriers import Gateway, Post, gateway, post_office

HOUSE = "https://lianxin.example.org"


@pytest.fixture
def there(settings: Any) -> Iterator[Gateway]:
    """A gateway that takes all, under the key of the account."""
    with gateway() as state:
        settings.SMS_URL, settings.SMS_KEY = state.url, "s3cret"
        settings.PUBLIC_URL = HOUSE
        yield state


@pytest.fixture
def letters(settings: Any) -> Iterator[Post]:
    """A mail server that takes all."""
    with post_office() as (post, port):
        settings.SMTP_URL, settings.MAIL_FROM = f"smtp://127.0.0.1:{port}", "house@example.org"
        settings.PUBLIC_URL = HOUSE
        yield post


def body(letter: Any) -> str:
    return str(email.message_from_bytes(letter.content, policy=policy.default).get_content())
