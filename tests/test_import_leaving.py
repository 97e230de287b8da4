"""Thousands whom a sheet made are gone at once when it is taken back; their rows go afterwards."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from lianxin.orders import jobs
from lianxin.registry import actions
from lianxin.registry.imports import leaving, undo_batch
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
from tests.dirty import NOW, PEOPLE, STAMP, take
from tests.member_sheets import HEAD, build, good

pytestmark = [pytest.mark.database, pytest.mark.django_db]
LATER = actions.Stamp(None, datetime(2025, 6, 3, 8, 0, tzinfo=UTC))
N = 6
ROWS = [HEAD, *(good(n) for n in range(N))]


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Six are many, and go in pieces of two."""
    monkeypatch.setattr(leaving, "MANY", 2)
    monkeypatch.setattr(leaving, "AT_ONCE", 2)
    build()


def members() -> set[int]:
    return set(Person.objects.filter(name__startswith="成员").values_list("pk", flat=True))


def whole() -> list[list[dict[str, object]]]:
    tables = (BatchRow, CheckIn, Person, PersonSkill, Post)
    return [list(model.objects.order_by("pk").values()) for model in tables]


def test_nothing_finds_them_from_the_moment_it_is_taken_back() -> None:
    before = whole()
    batch = take("members", *ROWS).batch
    keys = members()
    undone = undo_batch(batch, LATER)
    assert (undone.removed, undone.left) == (3 * N, 0) and not members()
    blank = Person.objects.filter(pk__in=keys)
    assert blank.count() == N, "they wait for the job"
    assert set(blank.values_list(*leaving.BLANK)) == {tuple(leaving.BLANK.values())}
    assert set(blank.values_list("spelt", "phone_blind", "phone_tail")) == {("", None, None)}
    assert not Person.objects.with_phone("13900000001").exists()
    assert not any(CheckIn.objects.filter(person__in=keys)) and not any(
        Post.objects.filter(person__in=keys)
    )
    assert Entry.objects.filter(verb="void", model="registry.person").count() == N
    batch.refresh_from_db()
    assert batch.state == Batch.State.UNDONE
    with pytest.raises(NotPossible, match="undone_already"):
        undo_batch(batch, LATER)
    jobs.clear(0)
    assert whole() == before


def test_the_same_sheet_comes_in_again_while_they_wait() -> None:
    first = take("members", *ROWS).batch
    old = members()
    undo_batch(first, LATER)
    again = take("members", *ROWS)
    assert (again.made, again.changed, again.errors) == (N, 0, [])
    assert leaving.clear(NOW) == N
    assert not Person.objects.filter(pk__in=old).exists() and len(members()) == N
    assert undo_batch(again.batch, LATER).left == 0


def test_killed_between_two_pieces_the_rest_goes_later() -> None:
    batch = take("members", *ROWS).batch
    keys = members()
    undo_batch(batch, LATER)
    assert leaving._piece(NOW) == (2, 0)
    assert Person.objects.filter(pk__in=keys).count() == N - 2
    assert leaving.clear(NOW) == N - 2 and leaving.clear(NOW) == 0
    assert not BatchRow.objects.filter(batch=batch).exists()


def test_who_was_needed_in_that_very_moment_comes_back() -> None:
    """A row may have been written for somebody who was still there when it was begun."""
    batch = take("members", *ROWS).batch
    person = Person.objects.get(name="成员3")
    undo_batch(batch, LATER)
    actions.issue_token(LATER, person)
    assert leaving.clear(NOW) == N - 1
    back = Person.objects.get(pk=person.pk)
    assert (back.name, back.phone, back.home, back.username, back.spelt, back.is_active) == (
        "成员3", "13900000003", person.home, person.username, person.spelt, True
    )  # fmt: skip
    assert Person.objects.with_phone("13900000003").get() == back
    batch.refresh_from_db()
    assert batch.state == Batch.State.PARTLY, "it can be taken back once more"
    assert [k.why for k in undo_batch(batch, LATER).kept] == ["registry.token"]
    Token.objects.all().delete()
    assert undo_batch(batch, LATER).removed == 1 and not members()


def test_what_was_written_into_a_blank_row_is_not_lost() -> None:
    batch = take("members", *ROWS).batch
    person = Person.objects.get(name="成员3")
    undo_batch(batch, LATER)
    actions.change_person(LATER, person, phone="13800001234", skills=["手语"])
    assert leaving.clear(NOW) == N - 1
    back = Person.objects.get(pk=person.pk)
    assert (back.name, back.phone) == ("成员3", "13800001234")
    assert back.skills.get().skill == "手语"


def test_a_username_that_somebody_has_taken_meanwhile_stays_theirs() -> None:
    rows = [PEOPLE, *([f"人{n}", f"p{n}", None, None, None] for n in range(3))]
    batch = take("people", *rows).batch
    old = Person.objects.get(username="p1")
    undo_batch(batch, LATER)
    taken = actions.add_person(STAMP, "另一人", "p1")
    actions.issue_token(LATER, old)
    assert leaving.clear(NOW) == 2
    old.refresh_from_db()
    assert old.name == "人1" and old.username.startswith("u")
    assert Person.objects.get(username="p1") == taken


def test_who_had_done_something_before_is_not_blanked() -> None:
    batch = take("members", *ROWS).batch
    person = Person.objects.get(name="成员3")
    actions.issue_token(LATER, person)
    undone = undo_batch(batch, LATER)
    assert [(k.name, k.why) for k in undone.kept] == [(person.username, "registry.token")]
    assert members() == {person.pk} and leaving.clear(NOW) == N - 1
    assert members() == {person.pk}
