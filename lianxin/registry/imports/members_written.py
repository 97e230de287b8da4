"""Writes what a sheet of members was judged to say: persons, posts, check-ins, skills, at once."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from lianxin.registry import secret
from lianxin.registry.actions import Stamp
from lianxin.registry.actions.check_ins import MEMBER
from lianxin.registry.actions.many import copied, make_many, set_many
from lianxin.registry.actions.people import fresh_username
from lianxin.registry.imports.many_known import Somebody
from lianxin.registry.models import Area, CheckIn, Person, PersonSkill, Post, Unit
from lianxin.registry.spelling import spelt


@dataclass(slots=True)
class Planned:
    """What a row will come to. `somebody` is None for whoever is new; `check_in` is the one that
    waits to be confirmed, 0 where it is to be made; `post`: they need one in the unit."""

    name: str
    phone: str
    blind: str
    somebody: Somebody | None
    unit: Unit
    area: Area
    since: date
    skills: tuple[str, ...]
    check_in: int = 0
    done: bool = False  # confirmed already: only skills are new
    post: bool = True


def write(stamp: Stamp, plans: Sequence[Planned]) -> None:
    """Each row of the register leaves its entry; whoever waited to be confirmed is so now."""
    keys = people(stamp, plans)
    both = list(zip(keys, plans, strict=True))
    make_many(stamp, "check_in", [
        CheckIn(
            person_id=key, unit=p.unit, area=p.area, since=p.since, confirmed=p.since,
            confirmed_by=stamp.who,
        )
        for key, p in both if not p.check_in
    ])  # fmt: skip
    make_many(stamp, "appoint", [
        Post(person_id=key, role=MEMBER, unit=p.unit, since=p.since)
        for key, p in both if p.post and not p.done
    ])  # fmt: skip
    learn([(key, skill) for key, p in both for skill in p.skills])
    waited = [p.check_in for p in plans if p.check_in and not p.done]
    for row in CheckIn.objects.select_for_update().filter(pk__in=waited, confirmed=None):
        stamp.change("confirm", row, confirmed=stamp.day, confirmed_by=stamp.who)


def people(stamp: Stamp, plans: Sequence[Planned]) -> list[int]:
    """Their keys in this order; whoever is new is made, who had no home here lives here now."""
    fresh = {n: new_person(p) for n, p in enumerate(plans) if p.somebody is None}
    make_many(stamp, "add", list(fresh.values()))
    moved = {
        p.somebody.key: (p.somebody.home_id, p.area.pk) for p in plans
        if p.somebody and not p.check_in and not p.somebody.home.startswith(p.area.path)
    }  # fmt: skip
    set_many(stamp, "change", Person, "home", moved)
    return [p.somebody.key if p.somebody else fresh[n].pk for n, p in enumerate(plans)]


def new_person(plan: Planned) -> Person:
    """Cannot log in until a password is set. What stands where one would is as good as any."""
    return Person(
        username=fresh_username(), name=plan.name, spelt=spelt(plan.name), home=plan.area,
        language="zh", password=f"!{secrets.token_hex(20)}",
        phone_sealed=secret.seal(secret.PHONE, plan.phone), phone_blind=plan.blind,
        phone_tail=secret.blind(secret.TAIL, plan.phone[-4:]),
    )  # fmt: skip


def learn(pairs: Sequence[tuple[int, str]]) -> None:
    copied(PersonSkill, ("person_id", "skill"), pairs)


def analysed() -> None:
    """So that what asks next knows how much there is now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "ANALYZE registry_batchrow, registry_entry, registry_person, registry_checkin,"
            " registry_post"
        )
