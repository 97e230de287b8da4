"""Two rows of one person become one: what is new goes to the row that stays, both keep their past.

What lasts is moved where a constraint allows it and ended where the other row has the same; the log
remembers each row, so that it can all be taken back. Layers above add what they keep of a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models import Q

from lianxin.registry.actions.stamp import Stamp
from lianxin.registry.actions.told import together
from lianxin.registry.models import (
    Belonging,
    CheckIn,
    ContactPoint,
    Entry,
    Officer,
    Person,
    Post,
)
from lianxin.registry.refusal import NotPossible

MERGE, PART = "merge", "part"
# Model label → key → what stood in the row before.
Moved = dict[str, dict[str, dict[str, Any]]]
# Raises NotPossible where the two cannot be one; else moves rows by `shift`.
Move = Callable[[Stamp, Person, Person, Moved], None]
_known: list[Move] = []


def also(move: Move) -> None:
    """Asks this too whenever two become one."""
    if move not in _known:
        _known.append(move)


@transaction.atomic
@together()
def merge(stamp: Stamp, lost: Person, stays: Person) -> None:
    """From now on `lost` is `stays`.

    Refuses: same_row, became, two_accounts, account_goes (who signs in is the row to stay),
    two_check_ins, two_belongings, and what the layers above refuse.
    """
    lost, stays = locked(lost, stays)
    one_account(lost, stays)
    for model, code in ((CheckIn, "two_check_ins"), (Belonging, "two_belongings")):
        if all(lasting(model, person, stamp.day).exists() for person in (lost, stays)):
            raise NotPossible(code, name=stays.name)
    moved: Moved = {}
    for model in (Post, CheckIn, Belonging, Officer, ContactPoint):
        shift(stamp, lasting(model, lost, stamp.day), stays, moved)
    for move in _known:
        move(stamp, lost, stays, moved)
    before = {"became_id": None, "is_active": lost.is_active}
    lost.became, lost.is_active = stays, False
    lost.save(update_fields=["became", "is_active"])
    after = {"became_id": stays.pk, "is_active": False, "moved": moved}
    stamp.enter(MERGE, lost, before, after)


@transaction.atomic
@together()
def part(stamp: Stamp, lost: Person) -> None:
    """They were two people after all: every row goes back. Refuses: not_merged, changed_since (a
    row was changed by another hand)."""
    lost = Person.objects.select_for_update(of=("self",)).select_related("became").get(pk=lost.pk)
    stays = lost.became
    entry = Entry.objects.filter(model=lost._meta.label_lower, key=lost.pk, verb=MERGE).last()
    if stays is None or entry is None or entry.after is None:
        raise NotPossible("not_merged", name=lost.name)
    Person.objects.select_for_update().get(pk=stays.pk)
    for label, rows in entry.after["moved"].items():
        put_back(stamp, apps.get_model(label), rows, stays)
    lost.became, lost.is_active = None, bool((entry.before or {})["is_active"])
    lost.save(update_fields=["became", "is_active"])
    stamp.enter(PART, lost, {"became_id": stays.pk, "is_active": False},
                {"became_id": None, "is_active": lost.is_active})  # fmt: skip


def locked(lost: Person, stays: Person) -> tuple[Person, Person]:
    """Both, locked in one order: two who merge them crosswise wait for each other."""
    if lost.pk == stays.pk:
        raise NotPossible("same_row", name=lost.name)
    rows = Person.objects.select_for_update().filter(pk__in=(lost.pk, stays.pk)).order_by("pk")
    found = {row.pk: row for row in rows}
    for row in found.values():
        if row.became_id is not None:
            other = Person.objects.get(pk=row.became_id)
            raise NotPossible("became", name=other.name, username=other.username)
    return found[lost.pk], found[stays.pk]


def one_account(lost: Person, stays: Person) -> None:
    if lost.has_usable_password() and stays.has_usable_password():
        raise NotPossible("two_accounts", one=lost.username, other=stays.username)
    if lost.has_usable_password() or lost.is_operator:
        raise NotPossible("account_goes", username=lost.username)


def lasting(model: type[models.Model], person: Person, day: date) -> models.QuerySet[Any]:
    """Rows of a person that are in force, or will be."""
    ahead = Q(until=None) | Q(until__gt=day)
    return model._default_manager.filter(ahead, person=person).order_by("pk")


def shift(
    stamp: Stamp, rows: Iterable[models.Model], stays: Person, moved: Moved, ends: bool = True
) -> None:
    """Gives the rows to who stays. One that who stays has already is ended today where it `ends`,
    and else left where it is."""
    for row in rows:
        model, key, was = type(row), row.pk, row.person_id  # type: ignore[attr-defined]
        try:
            with transaction.atomic():
                stamp.change(MERGE, row, person_id=stays.pk)
            before = {"person_id": was}
        except IntegrityError:
            if not ends:
                continue
            row = model._default_manager.get(pk=key)
            before = {"until": row.until and row.until.isoformat()}
            stamp.change(MERGE, row, until=max(stamp.day, row.since))
        moved.setdefault(model._meta.label_lower, {})[str(key)] = before


def put_back(
    stamp: Stamp, model: type[models.Model], rows: dict[str, dict[str, Any]], stays: Person
) -> None:
    """A row that is gone, or was given to somebody else since, leaves all of it as it is."""
    found = model._default_manager.select_for_update().in_bulk([int(key) for key in rows])
    for key, before in rows.items():
        row = found.get(int(key))
        if row is None or ("person_id" in before and row.person_id != stays.pk):
            raise NotPossible("changed_since", name=stays.name)
        was = {**before}
        if was.get("until"):
            was["until"] = date.fromisoformat(was["until"])
        try:
            with transaction.atomic():
                stamp.change(PART, row, **was)
        except IntegrityError as taken:
            raise NotPossible("changed_since", name=stays.name) from taken
