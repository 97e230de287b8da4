"""Persons enter the register and change in it; what they are called stays out of the log."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction

from lianxin.registry import secret
from lianxin.registry.actions.stamp import Stamp
from lianxin.registry.models import Area, Person, PersonSkill
from lianxin.registry.models.building import door_code
from lianxin.registry.refusal import NotPossible


def fresh_username() -> str:
    """A name to log in with that says nothing about its bearer.

    >>> len(fresh_username())
    13
    """
    return "u" + door_code()


@transaction.atomic
def add_person(
    stamp: Stamp,
    name: str,
    username: str = "",
    phone: str = "",
    home: Area | None = None,
    skills: Iterable[str] = (),
    language: str = "zh",
    is_operator: bool = False,
) -> Person:
    """A person who cannot log in until a password is set. Refuses: no_name, username_taken."""
    if not name.strip():
        raise NotPossible("no_name")
    person = Person(
        username=username.strip() or fresh_username(),
        name=name.strip(),
        phone=phone,
        home=home,
        language=language,
        is_operator=is_operator,
    )
    person.set_unusable_password()
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as taken:
        raise NotPossible("username_taken", username=person.username) from taken
    _learn(person, skills)
    stamp.made("add", person)
    return person


@transaction.atomic
def change_person(
    stamp: Stamp, person: Person, skills: Iterable[str] | None = None, **values: Any
) -> bool:
    """Changes name, phone, home, language, is_active or is_operator, and adds skills.

    False: nothing differed. A phone that is the same is not sealed anew.
    """
    row = Person.objects.select_for_update().get(pk=person.pk)
    if "phone" in values and secret.digits(values["phone"]) == row.phone:
        del values["phone"]
    changed = stamp.change("change", row, **values)
    return _learn(row, skills or ()) or changed


@transaction.atomic
def set_password(stamp: Stamp, person: Person, password: str) -> None:
    """The caller has checked the password against the rules; the log knows only that it changed."""
    person.set_password(password)
    person.save(update_fields=["password"])
    stamp.enter("set_password", person)


def _learn(person: Person, skills: Iterable[str]) -> bool:
    wanted = {skill.strip() for skill in skills if skill.strip()}
    fresh = wanted - set(person.skills.values_list("skill", flat=True))
    PersonSkill.objects.bulk_create(PersonSkill(person=person, skill=s) for s in sorted(fresh))
    return bool(fresh)
