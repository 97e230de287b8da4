"""What became of an organisation, as the registry's log tells it, the latest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from lianxin.registry.models import Area, Entry, Officer, Organisation
from lianxin.registry.organisations import organisations
from lianxin.web import moments
from lianxin.web.templatetags.speech import foreign
from lianxin.web.words import say, say_html, speak

MOST = 50
OWN, OFFICER = "registry.organisation", "registry.officer"
TOLD = ("set_up", "rename", "move", "merge", "end", "elect", "step_down", "void")


@dataclass(frozen=True, slots=True)
class Line:
    at: datetime
    who: str
    words: str


def history(row: Organisation) -> list[Line]:
    """Of the organisation itself and of its offices; those whom it became tell what was theirs."""
    officers = {x.pk: x for x in row.officers.select_related("person")}
    about = Q(model=OWN, key=row.pk) | Q(model=OFFICER, key__in=list(officers))
    entries = Entry.objects.filter(about, verb__in=TOLD).select_related("who")
    found = list(entries.order_by("-at", "-pk")[:MOST])
    return list(_lines(found, officers, _names(found)))


def _lines(
    found: list[Entry], officers: dict[int, Officer], names: dict[str, str]
) -> Iterator[Line]:
    for entry in found:
        before, after = entry.before or {}, entry.after or {}
        if entry.model == OFFICER:
            held = officers[entry.key]
            office = speak(organisations().offices[held.office].words)
            told = {"name": foreign(held.person.name), "office": office}
            key = "term_over" if entry.verb == "end" else entry.verb
        else:
            key, told = _key(entry.verb, after), _facts(before, after, names)
        who = entry.who.name if entry.who else say("organisation.log.nobody")
        yield Line(entry.at, who, say_html(f"organisation.log.{key}", **told))


def _key(verb: str, after: dict[str, Any]) -> str:
    """A move is to a place, under another organisation, or both."""
    if verb != "move":
        return verb
    if "area_id" not in after:
        return "move_under"
    return "move" if after.get("parent_id") else "move_to"


def _facts(before: dict[str, Any], after: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    words = {
        "was": before.get("name"), "name": after.get("name"), "number": after.get("number"),
        "area": names.get(f"area {after.get('area_id')}"),
        "parent": names.get(f"organisation {after.get('parent_id')}"),
        "into": names.get(f"organisation {after.get('successor_id')}"),
    }  # fmt: skip
    days = {name: after.get(name) for name in ("since", "until")}
    return {name: foreign(text) for name, text in words.items()} | {
        name: moments.day(date.fromisoformat(text)) if text else "" for name, text in days.items()
    }


def _names(found: list[Entry]) -> dict[str, str]:
    """Areas and organisations that the entries name by their keys, in two queries."""
    told = [entry.after or {} for entry in found if entry.model == OWN]
    areas = {row.get("area_id") for row in told} - {None}
    others = {row.get(key) for row in told for key in ("parent_id", "successor_id")} - {None}
    rows = Area.objects.filter(pk__in=areas).values_list("pk", "name")
    orgs = Organisation.objects.filter(pk__in=others).values_list("pk", "name")
    return {f"area {pk}": name for pk, name in rows} | {
        f"organisation {pk}": name for pk, name in orgs
    }
