"""Whoever rows point to is held by the database: at once, by every table, found by an index."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from lianxin.registry import actions
from lianxin.registry.holding import HELD
from lianxin.registry.models import Area, Person, Post
from tests.dirty import STAMP, START, build_town

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def asked(sql: str, *given: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return cursor.fetchall()


def test_a_person_with_a_post_cannot_go_not_even_for_a_moment() -> None:
    build_town()
    person = actions.add_person(STAMP, "李雪")
    actions.appoint(STAMP, person, "secretary", START, area=Area.objects.get(path="522699001001"))
    with pytest.raises(IntegrityError), transaction.atomic():
        asked("DELETE FROM registry_person WHERE id = %s RETURNING id", person.pk)
    assert Person.objects.filter(pk=person.pk).exists()
    Post.objects.all().delete()
    assert asked("DELETE FROM registry_person WHERE id = %s RETURNING id", person.pk)


def test_every_key_to_people_posts_and_check_ins_holds_at_once() -> None:
    """A migration that adds one ends with `held_at_once` of its app."""
    keys = """SELECT conrelid::regclass::text || '.' || conname, confdeltype::text, convalidated
        FROM pg_constraint
        WHERE contype = 'f' AND conparentid = 0 AND confrelid::regclass::text = ANY(%s)"""
    found = asked(keys, list(HELD))
    assert len(found) > 30, "people alone are pointed to from so many columns"
    assert [name for name, on_delete, valid in found if on_delete != "r" or not valid] == []


def test_every_key_to_people_posts_and_check_ins_is_found_by_an_index() -> None:
    """Without one each of the thousands that go is looked for in a whole table."""
    keys = """SELECT conrelid::regclass::text, attname FROM pg_constraint
        JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
        WHERE contype = 'f' AND conparentid = 0 AND confrelid::regclass::text = ANY(%s)
            AND NOT EXISTS (
                SELECT FROM pg_index WHERE indrelid = conrelid AND indkey[0] = conkey[1]
                    AND (indpred IS NULL
                        OR pg_get_expr(indpred, indrelid) = '(' || attname || ' IS NOT NULL)'))"""
    assert asked(keys, list(HELD)) == []
