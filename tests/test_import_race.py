"""An import is taken back while others are at its people: nobody is lost, nothing is half done."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction

from lianxin.core.step.refused import Refused
from lianxin.orders import actions as orders
from lianxin.orders.models import Hand
from lianxin.registry import actions
from lianxin.registry.imports import undo_batch
from lianxin.registry.models import (
    Batch,
    BatchRow,
    CheckIn,
    Entry,
    Person,
    PersonSkill,
    Post,
    Token,
)
from lianxin.registry.refusal import NotPossible
from tests import town as place
from tests.dirty import STAMP, take
from tests.member_sheets import HEAD, build, good

pytestmark = [pytest.mark.database, pytest.mark.timeout(120)]
ROOT = Path(__file__).resolve().parent.parent
LATER = actions.Stamp(None, datetime(2025, 6, 3, 8, 0, tzinfo=UTC))
SOON_S = 30
MADE = (BatchRow, CheckIn, Person, PersonSkill, Post)


@contextmanager
def beside() -> Iterator[Callable[..., Future[Any]]]:
    """`do(act)`: in a thread with a connection of its own."""
    with ThreadPoolExecutor(4) as pool:

        def own(act: Callable[[], Any]) -> Any:
            try:
                return act()
            finally:
                connection.close()

        yield lambda act: pool.submit(own, act)


def until_waiting(dsn: str) -> None:
    """Until somebody waits for a lock that another holds."""
    waiting = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    deadline = time.monotonic() + SOON_S
    with psycopg.connect(dsn, autocommit=True) as db:
        while not db.execute(waiting).fetchone()[0]:
            assert time.monotonic() < deadline, "nobody waits"
            time.sleep(0.02)


def whole() -> list[Any]:
    return [list(model.objects.order_by("pk").values()) for model in MADE]


@pytest.fixture
def batch(fresh: str) -> Batch:
    build()
    return take("members", HEAD, *(good(n) for n in range(6))).batch


def test_who_is_being_worked_on_is_waited_for_and_stays(fresh: str, batch: Batch) -> None:
    person = Person.objects.get(name="成员1")
    with beside() as do:
        with transaction.atomic():
            actions.vet(STAMP, person, STAMP.day, None)
            undoing = do(lambda: undo_batch(batch, LATER))
            until_waiting(fresh)
        undone = undoing.result(SOON_S)
    assert [(k.name, k.why) for k in undone.kept] == [(person.username, "registry.vetting")]
    assert set(Person.objects.filter(name__startswith="成员")) == {person}


def test_who_comes_while_they_go_is_refused(fresh: str, batch: Batch) -> None:
    """A row that points to somebody is written and then waits; it is not left without them."""
    person, entries = Person.objects.get(name="成员1"), Entry.objects.count()
    with beside() as do:
        with transaction.atomic():
            undone = undo_batch(batch, LATER)
            late = do(lambda: actions.issue_token(STAMP, person))
            until_waiting(fresh)
        with pytest.raises(IntegrityError):
            late.result(SOON_S)
    assert undone.left == 0 and not Person.objects.filter(name__startswith="成员").exists()
    assert not Token.objects.exists()
    assert Entry.objects.count() == entries + undone.removed + 1, "the undo's own alone"


def test_two_take_it_back_at_once(fresh: str, batch: Batch) -> None:
    with beside() as do:
        with transaction.atomic():
            undone = undo_batch(batch, LATER)
            second = do(lambda: undo_batch(batch, LATER))
            until_waiting(fresh)
        with pytest.raises(NotPossible, match="undone_already"):
            second.result(SOON_S)
    assert undone.removed == 3 * 6 and Entry.objects.filter(verb="void").count() == 3 * 6 + 1


# ── an order binds somebody, without a key that points to them ───────────────────────────────────


@pytest.fixture
def accepted(request: pytest.FixtureRequest, fresh: str) -> Iterator[tuple[Any, str, Batch]]:
    """A town, an order that its unit has accepted, and a sheet of the unit's new members."""
    with place.settled(request) as town:
        number = town.dispatched()
        orders.step(number, "accept", town["clerk"], {"seats": 2})
        row = ["孙立", "13900000001", "U", place.COMMUNITY, None, None]
        yield town, number, take("members", HEAD, row).batch


def assign(town: Any, number: str) -> Any:
    holder = str(Person.objects.get(name="孙立").pk)
    return orders.step(number, "assign", town["clerk"], {"holder": holder})


def test_who_is_given_an_order_meanwhile_stays(fresh: str, accepted: Any) -> None:
    town, number, batch = accepted
    with beside() as do:
        with transaction.atomic():
            assign(town, number)
            undoing = do(lambda: undo_batch(batch, LATER))
            until_waiting(fresh)
        undone = undoing.result(SOON_S)
    kept = {(k.model, k.why) for k in undone.kept}
    assert ("registry.person", "orders.order") in kept
    assert Person.objects.filter(name="孙立").exists()


def test_who_goes_is_given_no_order(fresh: str, accepted: Any) -> None:
    town, number, batch = accepted
    hands = Hand.objects.filter(name="holder")
    with beside() as do:
        with transaction.atomic():
            undone = undo_batch(batch, LATER)
            late = do(lambda: assign(town, number))
            until_waiting(fresh)
        with pytest.raises(Refused, match="too_late"):
            late.result(SOON_S)
    assert undone.left == 0 and not hands.exists()


# ── killed ───────────────────────────────────────────────────────────────────────────────────────


def test_killed_in_the_middle_nothing_is_gone_and_it_goes_again(
    fresh: str, batch: Batch, tmp_path: Path
) -> None:
    before = whole()
    around = os.environ | {"DATABASE_URL": fresh, "LIANXIN_VAR": str(tmp_path)}
    command = [sys.executable, "-m", "lianxin", "import", "undo", str(batch.pk)]
    connection.close()
    with psycopg.connect(fresh) as other:
        # Asked only when posts and check-ins are out already, before the first person is.
        other.execute("LOCK TABLE growth_standing IN ACCESS EXCLUSIVE MODE")
        with subprocess.Popen(command, env=around, cwd=ROOT) as undoing:
            until_waiting(fresh)
            undoing.send_signal(signal.SIGKILL)
        other.rollback()
    assert undoing.returncode == -signal.SIGKILL
    assert whole() == before and not Entry.objects.filter(verb="void").exists()
    assert undo_batch(Batch.objects.get(pk=batch.pk), LATER).removed == 3 * 6
    assert take("members", HEAD, *(good(n) for n in range(6))).made == 6, "and comes in again"
