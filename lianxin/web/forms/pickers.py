"""Whom or where: the likeliest first with the reason, the others found by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, IntegerField, Q, When
from django.utils.html import format_html
from django.utils.safestring import SafeString

from lianxin.core.flow.page import BARRED, Field
from lianxin.core.step import swap
from lianxin.orders.book import book
from lianxin.orders.house import house
from lianxin.orders.naming import nameable
from lianxin.orders.queries import Sheet
from lianxin.registry.models import Area, Person, Post, Unit, Vetting
from lianxin.registry.queries import ancestors, who_answers
from lianxin.web.forms.opening import Opening
from lianxin.web.order.telling import category_words
from lianxin.web.templatetags.speech import foreign
from lianxin.web.words import say

FEW = 12  # options on one page; more are found by name
MODELS: dict[str, Any] = {"person": Person, "unit": Unit, "area": Area, "place": Area}
LONGEST_KEY = 19  # digits; no key of the registry has so many
COUNTY = 6  # digits of the county, within which people and places are looked for


@dataclass(frozen=True, slots=True)
class Option:
    """One to choose, with the reason for naming it."""

    value: str
    name: str
    why: str = ""

    @property
    def label(self) -> SafeString:
        why = format_html("<small>{}</small>", foreign(self.why)) if self.why else ""
        return format_html("<span>{}{}</span>", foreign(self.name), why)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one field looks for. `leaves`: it takes somebody out of a party instead of in."""

    about: Field
    sheet: Sheet | Opening
    day: date
    leaves: bool = False
    q: str = ""

    @property
    def barred(self) -> set[str]:
        """Who may never be this party: held apart by the page, one house with those who are, or
        bound already."""
        order, parties = self.sheet.order, self.sheet.page.parties
        party = parties.get(self.about.name)
        if party is None:
            return set()
        own = order.ids(party.name) if party.many else set()
        apart = [p for p in parties.values() if p.name in party.apart or party.name in p.apart]
        for other in apart:
            ids = order.ids(other.name)
            own |= house(ids) if BARRED in (party.index, other.index) else ids
        return own | self.seated

    @property
    def seated(self) -> set[str]:
        """Of a seat that is offered: those who have one already, whoever offers it among them."""
        page, step = self.sheet.page, swap.taking(self.sheet.page)
        if step is None or self.about.name not in swap.asked_parties(page, step):
            return set()
        return {id for name in step.casts for id in self.sheet.order.ids(name)}

    @property
    def of_two(self) -> bool:
        """Whether only people who were vetted come into question."""
        party = self.sheet.page.parties.get(self.about.name)
        return bool(party and party.among) and self.sheet.family.two_go(self.sheet.order)

    @property
    def shunned(self) -> bool:
        """Whether they are named to be kept from the order: then nobody is likelier than others,
        and a list would only put names into somebody's mouth."""
        party = self.sheet.page.parties.get(self.about.name)
        return party is not None and not party.sees


def options(wanted: Wanted, chosen: list[str]) -> list[Option]:
    """What may be chosen, few; those already chosen stay on the list whatever is searched for."""
    if wanted.leaves:
        standing = [h.who for h in wanted.sheet.order.party(wanted.about.name)]
        return named(wanted.about.type, standing)
    offered = list(SOURCES[wanted.about.type](wanted))
    there = {o.value for o in offered}
    more = named(wanted.about.type, [c for c in chosen if c not in there])
    return [*in_post(wanted, more), *offered]


def in_post(wanted: Wanted, found: list[Option]) -> list[Option]:
    """Whoever is chosen by hand is shown by name only if they hold a post, like all the others."""
    if wanted.about.type != "person":
        return found
    held = Post.objects.on(wanted.day).filter(person__in=[int(o.value) for o in found])
    known = {str(key) for key in held.values_list("person_id", flat=True)}
    return [o for o in found if o.value in known]


def named(kind: str, ids: list[str]) -> list[Option]:
    keys = [int(i) for i in ids if i.isascii() and i.isdecimal() and len(i) < LONGEST_KEY]
    rows = MODELS[kind].objects.filter(pk__in=keys).order_by("pk") if keys else ()
    return [Option(str(row.pk), row.name) for row in rows]


def stranger(wanted: Wanted, ids: list[str]) -> str | None:
    """The first of these that the registry does not have, or whom the reader may not name; what
    is not offered the kernel judges."""
    known = {o.value for o in named(wanted.about.type, ids)}
    who = wanted.sheet.who if isinstance(wanted.sheet, Sheet) else None
    if wanted.about.type == "person" and who and not wanted.leaves:
        known = {id for id in known if nameable(id, who, wanted.day)}
    return next((id for id in ids if id not in known), None)


def units(wanted: Wanted) -> Iterator[Option]:
    """Who answers for this kind of thing here, then others of the county; all, by name."""
    order, seen = wanted.sheet.order, wanted.barred
    if not wanted.shunned:
        yield from answering(wanted, seen)
    elif not wanted.q:
        return
    here = When(area__path__startswith=order.path[:COUNTY], then=0)
    rows = Unit.objects.on(wanted.day).exclude(pk__in=map(int, seen))
    rows = rows.alias(far=Case(here, default=1, output_field=IntegerField()))
    if wanted.q:
        rows = rows.filter(name__icontains=wanted.q)
    rows = rows.order_by("far", "name", "pk").values_list("pk", "name")
    near = Q(area=None) | Q(area__path__startswith=order.path[:COUNTY])
    found = () if wanted.q else rows.filter(near)[:FEW]
    for key, name in found or rows[:FEW]:
        yield Option(str(key), name)


def answering(wanted: Wanted, seen: set[str]) -> Iterator[Option]:
    """Whose duty it is, with the reason; adds them to `seen`."""
    order = wanted.sheet.order
    for unit, duty in who_answers(str(order.fields.get("category") or ""), order.path, wanted.day):
        if str(unit.pk) in seen:
            continue
        seen.add(str(unit.pk))
        known = category_words(duty.category) if duty.category else say("orders.form.all")
        why = say("orders.form.duty", category=known, place=duty.area.name)
        yield Option(str(unit.pk), unit.name, why)


def people(wanted: Wanted) -> Iterator[Option]:
    """Only those who hold a post are offered: residents are in nobody's list."""
    order, seen = wanted.sheet.order, wanted.barred
    posts = Post.objects.on(wanted.day).select_related("person", "area", "unit")
    role, _, party = (wanted.about.among or "").partition(" of ")
    if party:
        posts = posts.filter(role=role, unit__in=map(int, order.ids(party)))
    else:
        posts = posts.filter(area__path__startswith=order.path[:COUNTY])
    if wanted.q:
        posts = posts.filter(person__name__icontains=wanted.q)
    if wanted.of_two:
        posts = posts.filter(person__in=Vetting.objects.on(wanted.day).values("person"))
    posts = posts.filter(person__is_active=True).exclude(person__in=map(int, seen))
    for post in posts.order_by("person__name", "person_id", "pk")[: FEW * 2]:
        if str(post.person_id) not in seen:
            seen.add(str(post.person_id))
            told = wanted.of_two and not wanted.seated  # a colleague is not told who was vetted
            why = say("vetting.why") if told else reason(post, bool(party))
            yield Option(str(post.person_id), post.person.name, why)


def reason(post: Post, known_unit: bool) -> str:
    """Why somebody is offered: the post they hold, and where."""
    role = book().roles[post.role].words
    where = post.unit or post.area
    if where is None or known_unit:
        return say("orders.form.role", role=role)
    return say("orders.form.post", role=role, where=where.name)


def areas(wanted: Wanted) -> Iterator[Option]:
    """The order's own place and those above it; others of the county by name."""
    row, seen = wanted.sheet.row, set()
    line = [*([row.area] if row.area else []), *reversed(ancestors(row.path, wanted.day))]
    for area in line:
        seen.add(area.pk)
        yield Option(str(area.pk), area.name, say("orders.form.here") if area == row.area else "")
    if wanted.q:
        within = Area.objects.on(wanted.day).under(row.path[:COUNTY]).exclude(pk__in=seen)
        for area in within.filter(name__icontains=wanted.q).order_by("path")[:FEW]:
            yield Option(str(area.pk), area.name)


SOURCES: dict[str, Callable[[Wanted], Iterator[Option]]] = {
    "unit": units,
    "person": people,
    "area": areas,
    "place": areas,
}
