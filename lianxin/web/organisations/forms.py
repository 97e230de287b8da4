"""Each change of an organisation: what its form asks, and what is done with the answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import Field

from lianxin.registry.actions import Stamp
from lianxin.registry.actions.belongings import admit
from lianxin.registry.actions.covers import cover
from lianxin.registry.actions.officers import elect
from lianxin.registry.actions.organisation_merging import merge
from lianxin.registry.actions.organisation_parts import LONGEST, note_part
from lianxin.registry.actions.organisations import end, move, rename
from lianxin.registry.models import Organisation
from lianxin.registry.organisations import organisations
from lianxin.web.organisations import fields
from lianxin.web.words import say, speak

Given = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class About:
    """`within`: the paths that the reader keeps; `asked`: what the address fills in."""

    row: Organisation
    within: tuple[str, ...]
    asked: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Act:
    """`people`: it asks for somebody by name."""

    asks: Callable[[About], dict[str, Field]]
    do: Callable[[Stamp, Organisation, Given], object]
    people: bool = False


def renaming(about: About) -> dict[str, Field]:
    return {"name": forms.CharField(max_length=120, initial=about.row.name)}


def moving(about: About) -> dict[str, Field]:
    """The places and organisations of its street."""
    row = about.row
    places = fields.places(row.kind, row.area.path, about.within)
    found: dict[str, Field] = {"area": fields.RowField(places, initial=str(row.area_id))}
    if under := organisations().kinds[row.kind].under:
        over = fields.parents(row.kind, row.area.path)
        over += fields.around(under, row.area.path, about.within)
        found["parent"] = fields.RowField(over, initial=str(row.parent_id))
    return found


def merging(about: About) -> dict[str, Field]:
    row = about.row
    others = fields.around([row.kind], row.area.path, about.within)
    return {
        "into": fields.RowField(other for other in others if other.pk != row.pk),
        "on": fields.today(),
    }


def ending(about: About) -> dict[str, Field]:
    return {"on": fields.today()}


def electing(about: About) -> dict[str, Field]:
    known = organisations().offices_of(about.row.kind)
    asked = about.asked.get("office", "")
    return {
        "office": forms.ChoiceField(
            choices=[(x.name, speak(x.words)) for x in known], initial=asked or known[0].name
        ),
        "person": fields.PersonField(about.row.area.path),
        "since": fields.today(),
        "term": fields.day(required=False, hint=say("organisation.field.term_hint")),
    }


def admitting(about: About) -> dict[str, Field]:
    return {
        "person": fields.PersonField(about.row.area.path), "since": fields.today(),
        "full": forms.BooleanField(required=False, initial=True),
    }  # fmt: skip


def noting(about: About) -> dict[str, Field]:
    words = forms.Textarea({"rows": 3, "maxlength": LONGEST})
    text = forms.CharField(max_length=LONGEST, widget=words)
    return {"on": fields.today(), "text": text}


def covering(about: About) -> dict[str, Field]:
    row = about.row
    free = fields.buildings(row.area.path, row.kind == "group")
    return {
        "building": fields.RowField(free, initial=about.asked.get("building")),
        "since": fields.today(),
    }


FORMS: dict[str, Act] = {
    "rename": Act(renaming, lambda stamp, row, given: rename(stamp, row, given["name"])),
    "move": Act(
        moving, lambda stamp, row, given: move(stamp, row, given["area"], given.get("parent"))
    ),
    "merge": Act(merging, lambda stamp, row, given: merge(stamp, row, given["into"], given["on"])),
    "end": Act(ending, lambda stamp, row, given: end(stamp, row, given["on"])),
    "elect": Act(
        electing,
        lambda stamp, row, given: elect(
            stamp, row, given["person"], given["office"], given["since"], given["term"]
        ),
        people=True,
    ),
    "admit": Act(
        admitting,
        lambda stamp, row, given: admit(
            stamp, row, given["person"], given["since"], given["full"]
        ),
        people=True,
    ),
    "note": Act(
        noting, lambda stamp, row, given: note_part(stamp, row, given["on"], given["text"])
    ),
    "cover": Act(
        covering, lambda stamp, row, given: cover(stamp, row, given["building"], given["since"])
    ),
}  # fmt: skip
