"""Who signs in says a name or their own phone; a phone that was typed is kept nowhere."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.utils import timezone
from town import Town, settled

from lianxin.registry.actions import Stamp, shut

PASSWORD = "lantern-rain-42"


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        yield town


def comes_in(password: str, name: str = "worker") -> bool:
    sent = {"username": name, "password": password}
    return Client().post("/login", sent).status_code == 302


def test_the_own_phone_does_for_a_name_as_long_as_it_is_one_persons(town: Town) -> None:
    worker, clerk = town.people["worker"], town.people["clerk"]
    for person in (worker, clerk):
        person.set_password(PASSWORD)
    worker.phone, clerk.phone = "138 0000 0001", "13800000002"
    worker.save()
    clerk.save()
    assert comes_in(PASSWORD, name="13800000001")
    assert comes_in(PASSWORD, name="+86 138－0000－0001"), "as people write it"
    assert not comes_in("wrong", name="13800000001")
    clerk.phone = "13800000001"
    clerk.save()
    assert not comes_in(PASSWORD, name="13800000001"), "of two people it says nothing"
    assert comes_in(PASSWORD)
    shut(Stamp(None, timezone.now()), clerk)
    assert comes_in(PASSWORD, name="13800000001"), "one of them has left"


def test_a_phone_typed_to_come_in_is_kept_nowhere(town: Town) -> None:
    """Names that failed are counted; a number that somebody typed is not one of them."""
    for _ in range(2):
        assert not comes_in("wrong", name="13900000009")
    (tried,) = AccessAttempt.objects.all()
    assert tried.failures_since_start == 2
    kept = " ".join(str(value) for value in vars(tried).values())
    assert "13900000009" not in kept


def test_a_name_of_eleven_digits_is_a_name(town: Town) -> None:
    worker = town.people["worker"]
    worker.username, worker.phone = "13700000003", "13800000001"
    worker.set_password(PASSWORD)
    worker.save()
    assert comes_in(PASSWORD, name="13700000003")
