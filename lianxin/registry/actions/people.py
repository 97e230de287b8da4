"""Persons enter the register and change in it; what they are called stays out of the log."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction

from lianxin.registry import secret
from lianxin.registry.actions.stamp import Stamp
from lianxin.registry.models import Area, Person, PersonSkill
from lianxin.registry.models.building import door_code
from lianxin.registry.refusal import NotPossible
from lianxin.registry.sheets.clean import text
from lianxin.registry.spelling import spelt

MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}")


def fresh_username() -> str:
    """A name to log in with that says nothing about its bearer.

    >>> len(fresh_username())
    13
    """
    return "u" + door_code()


def plain_name(typed: str) -> str:
    r"""A name as sheets read it: without signs that nobody sees, which turn words around them or
    break the papers they are printed on.

    >>> plain_name(" 李\x0b雪\u202e ")
    '李雪'
    """
    return text(typed)[0]  # type: ignore[return-value]


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
    mail: str = "",
) -> Person:
    """A person who cannot log in until a password is set. Refuses: no_name, username_taken,
    bad_mail."""
    name = plain_name(name)
    if not name:
        raise NotPossible("no_name")
    person = Person(
        username=username.strip() or fresh_username(),
        name=name,
        spelt=spelt(name),
        phone=phone,
        mail=mail_address(mail),
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
    """Changes name, phone, mail, home, language, is_active or is_operator, and adds skills.

    False: nothing differed. A phone or mail that is the same is not sealed anew. Refuses: bad_mail.
    """
    row = Person.objects.select_for_update().get(pk=person.pk)
    if "name" in values:
        values["name"] = plain_name(values["name"])
        values["spelt"] = spelt(values["name"])
    if "phone" in values and secret.digits(values["phone"]) == row.phone:
        del values["phone"]
    if "mail" in values:
        values["mail"] = mail_address(values["mail"])
        if values["mail"] == row.mail:
            del values["mail"]
    changed = stamp.change("change", row, **values)
    return _learn(row, skills or ()) or changed


@transaction.atomic
def set_password(stamp: Stamp, person: Person, password: str) -> None:
    """The caller has checked the password against the rules; the log knows only that it changed."""
    person.set_password(password)
    person.save(update_fields=["password"])
    stamp.enter("set_password", person)


def mail_address(text: str) -> str:
    """An address as typed, full-width signs too; "" for none. Refuses: bad_mail.

    >>> mail_address(" li＠example.org ")
    'li@example.org'
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if plain and not MAIL.fullmatch(plain):
        raise NotPossible("bad_mail", mail=plain[:80])
    return plain


def _learn(person: Person, skills: Iterable[str]) -> bool:
    wanted = {skill.strip() for skill in skills if skill.strip()}
    fresh = wanted - set(person.skills.values_list("skill", flat=True))
    PersonSkill.objects.bulk_create(PersonSkill(person=person, skill=s) for s in sorted(fresh))
    return bool(fresh)
