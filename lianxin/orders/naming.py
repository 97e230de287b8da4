"""Units by their code and persons by their number: whoever an answer names is found, or refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from lianxin.core.flow.page import Page
from lianxin.core.step.refused import Refused
from lianxin.core.step.scene import listed
from lianxin.core.step.who import Who
from lianxin.registry.models import Person, Post, Unit

LARGEST = 2**63 - 1  # what a key of the registry can be


def named(
    page: Page, verb: str, who: Who, given: Mapping[str, Any], day: date
) -> dict[str, Any]:  # fmt: skip
    """The answers with units' codes turned into keys. Raises Refused("unknown") for nobody, and
    for whom this actor may not name.

    An answer to a step that the page does not have, or does not ask, is left for the kernel.
    """
    step = page.steps.get(verb)
    answers = dict(given)
    for name in step.asked if step else ():
        asked = page.field(name)
        find, said = FIND.get(asked.type), given.get(name)
        if find and said:
            one_by_one = listed(said) if asked.many else [said]
            found = [find(name, one, day) for one in one_by_one]
            answers[name] = found if asked.many else found[0]
            leaves = bool(step) and name in step.drops
            if asked.type == "person" and not leaves:
                may_name(name, found, who, day)
    return answers


def unit(name: str, code: Any, day: date) -> str:
    """The key of the unit that has this code and is in force."""
    found = Unit.objects.on(day).filter(code=code) if isinstance(code, str) else Unit.objects.none()
    key = found.values_list("pk", flat=True).first()
    if key is None:
        raise Refused("unknown", field=name, value=str(code)[:40])
    return str(key)


def person(name: str, key: Any, day: date) -> str:
    """The key of a person whose account is not closed."""
    text = str(key)
    known = text.isascii() and text.isdecimal() and int(text[:20]) <= LARGEST
    if not known or not Person.objects.filter(pk=text, is_active=True).exists():
        raise Refused("unknown", field=name, value=text[:40])
    return text


def may_name(name: str, found: list[str], who: Who, day: date) -> None:
    """Raises Refused("unknown"), as for nobody."""
    for one in found:
        if not nameable(one, who, day):
            raise Refused("unknown", field=name, value=one)


def nameable(key: Any, who: Who, day: date) -> bool:
    """Whether this actor may name this person: oneself, or somebody who holds a post.

    Only a post at a place may name anybody else. A story tells the names it mentions, so numbers
    counted up would else be everybody's names.
    """
    if str(key) == who.id or who.kernel or any(not grant.unit for grant in who.grants):
        return True
    return Post.objects.on(day).filter(person_id=int(key)).exists()


FIND = {"unit": unit, "person": person}
