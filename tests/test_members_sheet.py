"""A sheet of members becomes persons, posts and check-ins at once, or a report; and goes again."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianxin.registry import actions
from lianxin.registry.actions import check_ins as acts
from lianxin.registry.imports import import_sheet, undo_batch
from lianxin.registry.models import (
    Area,
    BatchRow,
    CheckIn,
    Entry,
    Person,
    PersonSkill,
    Post,
    Unit,
)  # fmt: skip
from lianxin.registry.spelling import spelt
from lianxin.web.findings import as_lines
from tests.dirty import NOW, STAMP, START, take, xlsx
from tests.member_sheets import FAR, FAULTS, HEAD, KNOWN, ONCE, build, good

pytestmark = [pytest.mark.database, pytest.mark.django_db]
LATER = actions.Stamp(None, NOW)
MANY = 3_000
TABLES = (Area, BatchRow, CheckIn, Person, PersonSkill, Post, Unit)


@pytest.fixture(autouse=True)
def town() -> None:
    build()


def errors(outcome: Any) -> list[tuple[str, str]]:
    return [(f.code, f.cell) for f in outcome.errors]


def whole() -> list[Any]:
    return [list(model.objects.order_by("pk").values()) for model in TABLES]


def test_rows_become_people_who_are_members_where_they_live() -> None:
    done = take(
        "members", ["在职党员报到名册"], HEAD,
        ["孙立", 13900000001.0, "青江县水务局", "榕荫社区", "2024年3月1日", "电工、法律"],
        ["周梅", "139 0000 0012", "power", "江景苑", None, None],
        merge=("A1:F1",),
    )  # fmt: skip
    assert errors(done) == [] and (done.made, done.rows, done.batch.rows) == (2, 2, 2)
    sun, zhou = (Person.objects.with_phone(f"139000000{n}").get() for n in ("01", "12"))
    assert (sun.name, sun.phone, sun.spelt, sun.home.path) == (
        "孙立", "13900000001", spelt("孙立"), "522699001001"
    )  # fmt: skip
    assert Person.objects.with_phone_tail("0012").get() == zhou
    assert not sun.has_usable_password() and sun.is_active and sun.language == "zh"
    row = CheckIn.objects.get(person=sun)
    assert (row.unit.code, row.area.path) == ("water", "522699001001")
    assert (row.since, row.confirmed, row.confirmed_by) == (date(2024, 3, 1),) * 2 + (None,)
    assert CheckIn.objects.get(person=zhou).since == LATER.day, "without a day, today"
    assert Post.objects.get(person=sun).role == "member"
    assert set(sun.skills.values_list("skill", flat=True)) == {"电工", "法律"}


def test_each_row_leaves_what_it_would_alone() -> None:
    """As the actions enter it: the same verbs, the same columns, nothing that must be erasable."""
    batch = take("members", HEAD, good(1)).batch
    made = Person.objects.get(name="成员1")
    stamp = actions.Stamp(None, NOW)
    alone = actions.add_person(stamp, "孤例", phone="13600000000", home=made.home)
    row = acts.check_in(stamp, alone, Unit.objects.get(code="power"), made.home)
    acts.confirm(stamp, row)
    for model, mine, theirs in (
        ("registry.person", made.pk, alone.pk),
        ("registry.checkin", made.check_ins.get().pk, row.pk),
        ("registry.post", made.posts.get().pk, alone.posts.get().pk),
    ):
        copied = Entry.objects.get(model=model, key=mine, batch=batch)
        single = Entry.objects.filter(model=model, key=theirs).order_by("pk")[0]
        assert (copied.verb, copied.before) == (single.verb, None)
        assert set(copied.after) == set(single.after)
        assert BatchRow.objects.filter(batch=batch, model=model, key=mine).count() == 1
    told = str(list(Entry.objects.filter(batch=batch, model="registry.person").values()))
    assert "成员1" not in told and "1390000" not in told


def test_the_same_sheet_again_changes_nothing() -> None:
    rows = [HEAD, *(good(n) for n in range(20))]
    assert take("members", *rows).made == 20
    again = take("members", *rows)
    assert (again.made, again.changed, again.same, again.batch) == (0, 0, 20, None)
    assert CheckIn.objects.filter(until=None).count() == 21


def test_who_is_known_is_not_made_twice() -> None:
    """Somebody without a home gets one, somebody who waits is confirmed, a skill is added."""
    far = Person.objects.get(name="赵敏")
    stamp = actions.Stamp(far, NOW)
    power, home = Unit.objects.get(code="power"), Area.objects.get(path="522699001002")
    waiting = actions.add_person(STAMP, "孙立", phone="13600000000")
    acts.check_in(actions.Stamp(waiting, NOW), waiting, power, home)
    people = Person.objects.count()
    done = take(
        "members", HEAD,
        ["赵敏", FAR, "power", "榕荫社区", "2025-01-01", ""],
        ["孙立", "13600000000", "power", "文体中心社区", "2025-01-01", "急救"],
        ["李雪", KNOWN, "water", "榕荫社区", None, "手语"],
    )  # fmt: skip
    assert errors(done) == [] and (done.made, done.changed) == (1, 2)
    assert Person.objects.count() == people
    far.refresh_from_db()
    assert far.home.path == "522699001001" and far.posts.get().unit == power
    assert CheckIn.objects.get(person=waiting).confirmed == stamp.day
    assert Person.objects.get(name="李雪").skills.get().skill == "手语"
    undone = undo_batch(done.batch, LATER)
    assert undone.left == 0
    far.refresh_from_db()
    assert far.home is None and not far.check_ins.exists() and not far.posts.exists()
    assert CheckIn.objects.get(person=waiting).confirmed is None


def test_thousands_take_few_statements_and_go_again() -> None:
    before = whole()
    rows = [HEAD, *(good(n) for n in range(MANY))]
    with CaptureQueriesContext(connection) as asked:
        done = take("members", *rows)
    assert errors(done) == [] and done.made == MANY
    assert len(asked) <= 45, "however many rows there are"
    assert CheckIn.objects.filter(until=None, confirmed__isnull=False).count() == MANY + 1
    assert Entry.objects.filter(batch=done.batch).count() == 3 * MANY
    with CaptureQueriesContext(connection) as asked:
        undone = undo_batch(done.batch, LATER)
    assert (undone.removed, undone.left) == (3 * MANY, 0)
    assert len(asked) <= 250, "by the tables that may point there, not by the rows"
    assert whole() == before
    assert Entry.objects.filter(verb="void", model="registry.person").count() == MANY


def test_two_hundred_faults_are_found_and_nothing_else() -> None:
    rows = [good(n) for n in range(MANY)]
    planted: list[tuple[str, str]] = []
    faults = [*ONCE, *(FAULTS[n % len(FAULTS)] for n in range(200 - len(ONCE)))]
    for n, (code, column, spoil) in enumerate(faults):
        at = 5 + n * 14  # its neighbour above is good
        rows[at] = spoil(rows[at], at)
        planted.append((code, f"{column}{at + 2}"))
    before = whole()
    checked = take("members", HEAD, *rows)
    assert sorted(errors(checked)) == sorted(planted) and len(planted) == 200
    assert (checked.bad, checked.batch) == (200, None) and whole() == before
    taken = take("members", HEAD, *rows, good_rows=True)
    assert (taken.made, taken.bad) == (MANY - 200, 200)
    assert sorted(errors(taken)) == sorted(planted)
    assert CheckIn.objects.filter(until=None).count() == MANY - 200 + 1


def test_merged_phones_are_one_phone_twice() -> None:
    rows = [HEAD, good(1), good(2)]
    assert errors(take("members", *rows, merge=("B2:B3",))) == [("row_again", "B3")]


def test_wrong_words_without_end_are_answered_in_time() -> None:
    """What was meant is looked for a hundred times at most; each wrong cell is still found."""
    rows = [[*good(n)[:2], f"第{n}局", *good(n)[3:]] for n in range(400)]
    with CaptureQueriesContext(connection) as asked:
        done = take("members", HEAD, *rows)
    assert len(done.errors) == 400 and {f.code for f in done.errors} == {"unknown_unit"}
    assert len(asked) <= 30


def test_who_took_on_a_task_stays_with_post_and_person() -> None:
    done = take("members", HEAD, good(1), good(2))
    row = CheckIn.objects.get(person__name="成员1")
    acts.take_task(actions.Stamp(row.person, NOW), row, "tutor")
    undone = undo_batch(done.batch, LATER)
    assert (undone.removed, undone.left) == (3, 3)
    assert {k.why for k in undone.kept} >= {"registry.task", "registry.checkin"}
    assert Post.objects.get(person=row.person).until is None
    assert not Person.objects.filter(name="成员2").exists()


def test_a_clerk_speaks_only_of_the_own_unit_and_not_of_themselves() -> None:
    clerk = actions.add_person(STAMP, "孙立", phone="13600000000")
    actions.appoint(STAMP, clerk, "clerk", START, unit=Unit.objects.get(code="power"))

    def taken(*rows: list[Any]) -> Any:
        by = actions.Stamp(clerk, NOW)
        return import_sheet("members", xlsx(HEAD, *rows), "表.xlsx", by, within="522699001")

    own = ["周梅", "13600000009", "power", "522699100001", None, None]
    assert errors(taken(["周梅", "13600000009", "water", *own[3:]])) == [
        ("refused.not_own_unit", "C2")
    ]
    assert errors(taken(["孙立", "13600000000", *own[2:]])) == [("refused.own_check_in", "A2")]
    known = taken(["李雪", KNOWN, *own[2:]])
    assert errors(known) == [("refused.checked_in_already", "C2")]
    assert "榕荫" not in "".join(as_lines(known.errors)), "where others live is not for them"
    assert taken(own).made == 1, "wherever they live"
    assert CheckIn.objects.get(person__name="周梅").confirmed_by == clerk
