"""What the forms of an organisation ask: days, people by name, places and other organisations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from lianxin.core.place.path import ancestors
from lianxin.registry.models import Area, Building, Organisation, Person
from lianxin.registry.organisations import organisations
from lianxin.registry.queries.at_place import known_at, person_called
from lianxin.registry.queries.coverage import rows
from lianxin.registry.refusal import NotPossible
from lianxin.web.templatetags.speech import foreign
from lianxin.web.why_not import why_not
from lianxin.web.words import say

ISO = "%Y-%m-%d"
COMMUNITY, STREET = 12, 9
OFFERED, NAMES = 300, 200


class Form(forms.Form):
    """These fields, with labels and errors by their names: `organisation.field.<name>`,
    `organisation.field.no_<name>`."""

    def __init__(self, asked: Mapping[str, forms.Field], sent: Any = None) -> None:
        super().__init__(sent)
        self.fields.update(asked)
        for name, field in self.fields.items():
            field.label = field.label or say(f"organisation.field.{name}")
            for code in ("required", "invalid", "invalid_choice"):
                field.error_messages[code] = say(f"organisation.field.no_{name}")


def day(required: bool = True, initial: date | None = None, hint: str = "") -> forms.DateField:
    widget = forms.DateInput({"type": "date"}, format=ISO)
    return forms.DateField(required=required, initial=initial, widget=widget, help_text=hint)


def today() -> forms.DateField:
    found = day(initial=timezone.localdate())
    found.widget.attrs["max"] = f"{timezone.localdate():{ISO}}"
    return found


class PersonField(forms.CharField):
    """Somebody of a community by name, or by username where two are of one name."""

    def __init__(self, path: str, **more: Any) -> None:
        hint = say("organisation.field.person_hint")
        super().__init__(max_length=64, help_text=hint, **more)
        self.path = path[:COMMUNITY]
        self.widget.attrs |= {"list": "people", "autocomplete": "off"}

    def clean(self, value: Any) -> Person | None:
        said = super().clean(value)
        return called(said, self.path) if said else None


class PeopleField(forms.CharField):
    """Several of them, one a line."""

    def __init__(self, path: str, hint: str) -> None:
        super().__init__(
            max_length=2000, widget=forms.Textarea({"rows": 4}), help_text=hint, required=False
        )
        self.path = path[:COMMUNITY]

    def clean(self, value: Any) -> list[Person]:
        said = super().clean(value)
        names = [name.strip() for line in said.splitlines() for name in line.split("、")]
        return [called(name, self.path) for name in names if name]


def called(name: str, path: str) -> Person:
    try:
        return person_called(name, path, timezone.localdate())
    except NotPossible as no:
        raise ValidationError(why_not(no)) from no


def names_at(path: str) -> list[str]:
    """Whom the field offers while one types."""
    known = known_at(path[:COMMUNITY], timezone.localdate()).order_by("name")
    return list(dict.fromkeys(known.values_list("name", flat=True)[:NAMES]))


class RowField(forms.ChoiceField):
    """One of these rows, by its key; the answer is the row."""

    def __init__(self, found: Iterable[Any], **more: Any) -> None:
        self.found = {str(row.pk): row for row in found}
        blank = [("", "—")] if not more.get("required", True) else []
        choices = [*blank, *((key, shown(row)) for key, row in self.found.items())]
        super().__init__(choices=choices, **more)

    def clean(self, value: Any) -> Any:
        return self.found.get(super().clean(value))


class RowsField(forms.MultipleChoiceField):
    """Several of these rows."""

    def __init__(self, found: Iterable[Any], **more: Any) -> None:
        self.found = {str(row.pk): row for row in found}
        choices = [(key, foreign(shown(row))) for key, row in self.found.items()]
        super().__init__(choices=choices, widget=forms.CheckboxSelectMultiple(), **more)

    def clean(self, value: Any) -> list[Any]:
        return [self.found[key] for key in super().clean(value)]


def shown(row: Any) -> str:
    return row.written if isinstance(row, Building) else str(row)


# ── what is offered ──────────────────────────────────────────────────────────────────────────────


def parents(kind: str, path: str) -> list[Organisation]:
    """What one of this kind can hang on at a place, the nearest first."""
    under = organisations().kinds[kind].under
    line = [path, *ancestors(path)]
    found = Organisation.objects.filter(kind__in=under, until=None, area__path__in=line)
    return sorted(found.select_related("area"), key=lambda x: (-len(x.area.path), x.pk))


def around(kinds: Iterable[str], path: str, within: Iterable[str]) -> list[Organisation]:
    """Organisations of these kinds in the same street, as far as one keeps them."""
    found = Organisation.objects.filter(
        kind__in=list(kinds), until=None, area__path__startswith=path[:STREET]
    )
    rows = found.select_related("area").order_by("area__path", "pk")[:OFFERED]
    return [row for row in rows if row.area.path.startswith(tuple(within))]


def places(kind: str, path: str, within: Iterable[str]) -> list[Area]:
    """Where one of this kind can stand in the same street, as far as one keeps it."""
    at = organisations().kinds[kind].at
    live = Area.objects.live().filter(kind__in=at, path__startswith=path[:STREET])
    rows = live.order_by("path")[:OFFERED]
    return [row for row in rows if row.path.startswith(tuple(within))]


def buildings(path: str, free: bool) -> list[Building]:
    """With a door there; `free`: those without a group alone."""
    found = rows("buildings", path, timezone.localdate()).order_by("pk")
    return list((found.filter(covered=False) if free else found)[:OFFERED])
