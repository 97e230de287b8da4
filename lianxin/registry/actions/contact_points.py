"""Leaders are tied to places by the table of their rank, come on visits, and are tied no more."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction

from lianxin.core.flow.page import Words
from lianxin.registry.actions.stamp import Stamp
from lianxin.registry.contact_table import Rank, contact_table
from lianxin.registry.models import Area, ContactPoint, Person, Visit
from lianxin.registry.refusal import NotPossible

LONGEST = 400  # of what is taken away from a visit


@transaction.atomic
def tie(stamp: Stamp, person: Person, rank: str, area: Area, since: date) -> ContactPoint:
    """A leader's contact point from a day on. One leader's ties are made one after another.

    Refuses: no_rank, closed (the place has ended), other_rank (tied under another one),
    tied_already, rank_not_here, too_many.
    """
    row = rank_of(rank, since)
    who = Person.objects.select_for_update().get(pk=person.pk)
    place = Area.objects.select_for_update().get(pk=area.pk)
    if place.until is not None:
        raise NotPossible("closed", name=place.name, until=place.until)
    _fits(row, who, place)
    point = ContactPoint(person=who, rank=row.name, area=place, since=since)
    try:
        with transaction.atomic():
            point.save()
    except IntegrityError as twice:
        raise NotPossible("tied_already", name=who.name, area=place.name) from twice
    stamp.made("tie", point)
    return point


def rank_of(name: str, on: date) -> Rank:
    """The row of a rank as it holds on a day. Refuses: no_rank."""
    try:
        return contact_table(on).ranks[name]
    except LookupError as unknown:
        raise NotPossible("no_rank", rank=name[:30]) from unknown


def _fits(rank: Rank, who: Person, place: Area) -> None:
    """What the table says of this rank and this kind of place. Ties to places that have ended count
    no more: they are a gap."""
    held = ContactPoint.objects.filter(person=who, until=None, area__until=None)
    rows = list(held.values_list("rank", "area_id", "area__kind_id"))
    if any(name != rank.name for name, _, _ in rows):
        raise NotPossible("other_rank", name=who.name)
    if any(area == place.pk for _, area, _ in rows):
        raise NotPossible("tied_already", name=who.name, area=place.name)
    kind, most = Words(place.kind.zh, place.kind.en), rank.ties.get(place.kind_id, 0)
    if not most:
        raise NotPossible("rank_not_here", rank=rank.words, kind=kind)
    if sum(one == place.kind_id for _, _, one in rows) >= most:
        raise NotPossible("too_many", name=who.name, n=most, kind=kind)


@transaction.atomic
def untie(stamp: Stamp, point: ContactPoint, on: date) -> None:
    """From `on` the leader is tied to the place no more; the visits stay. Refuses: untied,
    not_after, visited_after (a visit stands on that day or later)."""
    row = _locked(point)
    if row.until is not None:
        raise NotPossible("untied", until=row.until)
    if on < row.since:
        raise NotPossible("not_after", on=on, since=row.since)
    last = row.visits.order_by("-on").values_list("on", flat=True).first()
    if last is not None and last >= on:
        raise NotPossible("visited_after", on=last)
    stamp.change("untie", row, until=on)


@transaction.atomic
def log_visit(stamp: Stamp, point: ContactPoint, on: date, text: str = "") -> Visit:
    """They came on a day, and took this away. Refuses: visit_ahead (a day to come), not_tied_then,
    long_text, visit_twice."""
    row, words = _locked(point), text.strip()
    if on > stamp.day:
        raise NotPossible("visit_ahead", on=on)
    if on < row.since or (row.until is not None and on >= row.until):
        raise NotPossible("not_tied_then", on=on)
    if len(words) > LONGEST:
        raise NotPossible("long_text", n=LONGEST)
    visit = Visit(contact_point=row, on=on, text=words)
    try:
        with transaction.atomic():
            visit.save()
    except IntegrityError as twice:
        raise NotPossible("visit_twice", on=on) from twice
    stamp.made("visit", visit)
    return visit


def words_of(visit: Visit) -> str:
    """What was taken away from a visit, which is about to become an order. Refuses: no_text,
    order_already."""
    row = Visit.objects.select_for_update().get(pk=visit.pk)
    if not row.text:
        raise NotPossible("no_text")
    if row.order is not None:
        raise NotPossible("order_already")
    return str(row.text)


@transaction.atomic
def visit_became(stamp: Stamp, visit: Visit, order: UUID) -> None:
    """What was taken away is an order now; the caller holds the transaction that filed it."""
    row = Visit.objects.select_for_update().get(pk=visit.pk)
    stamp.change("became", row, order=order)


def _locked(point: ContactPoint) -> ContactPoint:
    return ContactPoint.objects.select_for_update().get(pk=point.pk)
