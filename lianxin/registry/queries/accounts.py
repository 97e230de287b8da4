"""Whose accounts somebody looks after, and how each of them stands."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from lianxin.core.step.who import Grant
from lianxin.registry import secret
from lianxin.registry.account_rules import rule
from lianxin.registry.models import Invitation, Person, Post, SecondStep
from lianxin.registry.models.dated import in_force
from lianxin.registry.phone_rules import mobile
from lianxin.registry.queries.grants import NOWHERE, grants

UNUSABLE = "!"  # how a password begins that nobody can give


def looked_after(person: Person, held: Iterable[Grant], on: date) -> QuerySet[Person]:
    """The accounts this person may open, reset and shut: an operator's are all but their own.

    A desk's are those of people all of whose posts lie below its place, or at it in a role that
    it keeps (params/accounts.toml). So nobody gets at the account of whoever watches over them.
    """
    others = Person.objects.exclude(pk=person.pk)
    if person.is_operator:
        return others
    kept = Q(pk__in=())
    for grant in held:
        if grant.role == "desk" and grant.path != NOWHERE:
            below = Q(place__startswith=grant.path) & ~Q(place=grant.path)
            kept |= below | Q(place=grant.path, role__in=rule("desk_keeps"))
    posts = Post.objects.filter(in_force(on), person=OuterRef("pk")).annotate(
        place=Coalesce(F("area__path"), F("unit__area__path"))
    )
    elsewhere = posts.exclude(kept) | posts.filter(place=None)
    return others.filter(Exists(posts.filter(kept)), is_operator=False).exclude(Exists(elsewhere))


def with_state(people: QuerySet[Person], now: datetime) -> QuerySet[Person]:
    """With `asked` (an invitation is open) and `two` (a code is asked, too) on each."""
    open_ones = Invitation.objects.filter(person=OuterRef("pk"), used=None, until__gt=now)
    second = SecondStep.objects.filter(person=OuterRef("pk"), since__isnull=False)
    return people.annotate(asked=Exists(open_ones), two=Exists(second))


def state_of(person: Person) -> str:
    """shut, invited, in or out: of a person found `with_state`."""
    if not person.is_active:
        return "shut"
    if not person.password.startswith(UNUSABLE):
        return "in"
    return "invited" if person.asked else "out"


def known_as(typed: str) -> str:
    """The user name of whoever signs in: their own mobile number does as well, as long as it is of
    one account alone. A number that opens nothing is not kept among the names that were tried."""
    phone = mobile(typed)
    if not phone or Person.objects.filter(username=typed).exists():
        return typed
    found = Person.objects.with_phone(phone).filter(is_active=True)
    found = found.exclude(password__startswith=UNUSABLE)
    names = list(found.values_list("username", flat=True)[:2])
    return names[0] if len(names) == 1 else secret.blind("sign_in", phone)


def needs_second(person: Person, at: datetime) -> bool:
    """Whether a role of this person's asks for a second step (params/accounts.toml)."""
    wanted = set(rule("second_step"))
    if not wanted:
        return False
    held = {grant.role for grant in grants(person, at)}
    return bool(wanted & (held | ({"operator"} if person.is_operator else set())))
