"""Names are found by their initials, however the surname is read."""

import doctest

import pytest

from lianxin.registry import spelling
from lianxin.registry.actions import Stamp, add_person, change_person
from lianxin.registry.models import Entry, Person
from lianxin.registry.spelling import begins, spelt
from tests.dirty import STAMP


@pytest.mark.parametrize(
    ("name", "ways"),
    [
        ("单雪梅", ["sxm", "dxm"]),
        ("曾国庆", ["zgq", "cgq"]),
        ("仇英", ["qy", "cy"]),
        ("解晓东", ["xxd", "jxd"]),
        ("盖丽丽", ["gll"]),
        ("翟天临", ["ztl", "dtl"]),
        ("尉迟恭", ["ycg", "wcg"]),
        ("万俟雪", ["mqx", "wsx"]),
        ("李雪梅", ["lxm"]),
        ("王乐", ["wl", "wy"]),
        ("阿依古丽·买买提", ["aygl"]),
        ("Anna Müller", ["am"]),
        ("𠮷田", ["t"]),
        ("", []),
    ],
)
def test_a_name_is_spelt_as_it_may_be_read(name: str, ways: list[str]) -> None:
    said = spelt(name)
    assert len(said) <= 120
    for way in ways:
        assert begins(way) in said or way == "t"
    assert said == "".join(f" {way}" for way in said.split()), "one space before each"
    assert (said == "") == (ways == [])


def test_a_handful_of_ways_at_most_the_likeliest_first() -> None:
    said = spelt("单朝乐长").split()
    assert len(said) <= spelling.MOST
    assert said[0][0] == "s"
    assert len(spelt("行" * 64)) <= 120


def test_what_is_no_initials_looks_for_none() -> None:
    assert [begins(t) for t in ("ＳＸＭ", "单", "s1", "")] == [" sxm", "", "", ""]


def test_the_examples_hold() -> None:
    found = doctest.testmod(spelling)
    assert (found.failed, found.attempted) == (0, 2)


@pytest.mark.django_db
def test_whoever_is_added_or_renamed_is_spelt() -> None:
    person = add_person(STAMP, "单雪梅", "shan")
    assert person.spelt.startswith(" sxm")
    change_person(STAMP, person, name="李梅")
    person.refresh_from_db()
    assert person.spelt == " lm"
    told = Entry.objects.filter(verb="change").get()
    assert told.after == {"fields": ["name"]}, "what follows from the name is no change of its own"
    assert list(Person.objects.filter(spelt__contains=begins("l"))) == [person]


@pytest.mark.django_db
def test_those_who_were_there_before_are_spelt_by_the_migration() -> None:
    from importlib import import_module
    from types import SimpleNamespace

    from django.apps import apps
    from django.db import connection

    migration = import_module("lianxin.registry.migrations.0012_spelt")
    Person.objects.bulk_create(
        Person(username=f"p{n}", name=name, password="!")
        for n, name in enumerate(("单雪梅", "曾国庆", "··"))
    )
    migration.AT_ONCE, was = 2, migration.AT_ONCE
    try:
        migration.spell(apps, SimpleNamespace(connection=connection))
    finally:
        migration.AT_ONCE = was
    known = dict(Person.objects.values_list("name", "spelt"))
    assert known["单雪梅"] == spelt("单雪梅")
    assert known["曾国庆"] == spelt("曾国庆")
    assert known["··"] == ""


@pytest.mark.django_db
def test_a_name_that_goes_back_is_spelt_as_it_was() -> None:
    from lianxin.registry.imports import undo_batch
    from tests.dirty import PEOPLE, take

    add_person(STAMP, "单雪梅", "shan")
    batch = take("people", PEOPLE, ["李梅", "shan", None, None, None]).batch
    assert Person.objects.get().spelt == " lm"
    undo_batch(batch, Stamp(None, STAMP.at))
    assert Person.objects.get().spelt == spelt("单雪梅")
