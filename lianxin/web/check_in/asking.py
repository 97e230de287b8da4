"""Which unit and which place: typed as one calls them, and chosen where several are called so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms

from lianxin.registry.models import Area, Unit
from lianxin.registry.queries import lines
from lianxin.registry.queries.check_ins import homes_called, units_called
from lianxin.web.widgets import Cards
from lianxin.web.words import say

LONGEST = 60  # characters of a name that is looked for
MOST = 8  # that are offered

Found = Sequence[Area | Unit]


class Which(forms.ChoiceField):
    """Of those called so; what was chosen among others, before something else was typed, is not
    wrong but no choice."""

    def valid_value(self, value: str) -> bool:
        return True


class Named(forms.Form):
    """What each part (`unit`, `home`…) is called, and which of those called so. `found` has the
    rows once the form is valid."""

    LOOKS: ClassVar[dict[str, Callable[[str, date, int], Found]]] = {}

    def __init__(self, today: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.found: dict[str, Area | Unit] = {}
        for part in self.LOOKS:
            self.fields[f"{part}_said"] = field = forms.CharField(
                max_length=LONGEST, label=say(f"check_in.field.{part}"),
                help_text=say(f"check_in.field.{part}_is"),
                widget=forms.TextInput({"autocomplete": "off"}),
            )  # fmt: skip
            field.error_messages["required"] = say(f"check_in.field.no_{part}")
            for code in ("max_length", "null_characters_not_allowed"):
                field.error_messages[code] = say("check_in.field.odd")
            self.fields[part] = Which(
                required=False, widget=Cards, label=say("check_in.field.which"),
                choices=self.offered(part) if self.is_bound else [],
            )  # fmt: skip

    @property
    def asked(self) -> list[forms.BoundField]:
        """The fields that have something to ask."""
        return [field for field in self if field.name not in self.LOOKS or field.field.choices]

    def rows(self, part: str) -> Found:
        said = str(self.data.get(f"{part}_said", "")).replace("\0", "").strip()[:LONGEST]
        return self.LOOKS[part](said, self.today, MOST + 1) if said else []

    def offered(self, part: str) -> list[tuple[str, str]]:
        """Nothing to choose from where there is but one."""
        rows = self.rows(part)
        return told(rows[:MOST], self.today) if len(rows) > 1 else []

    def clean(self) -> dict[str, Any]:
        for part in self.LOOKS:
            if f"{part}_said" in self.cleaned_data:
                self._settle(part)
        return self.cleaned_data

    def _settle(self, part: str) -> None:
        rows = self.rows(part)
        chosen = [r for r in rows if len(rows) == 1 or str(r.pk) == self.cleaned_data.get(part)]
        if chosen:
            self.found[part] = chosen[0]
        elif not rows:
            self.add_error(f"{part}_said", say(f"check_in.field.unknown_{part}"))
        else:
            many = say("check_in.field.many") if len(rows) > MOST else say("check_in.field.choose")
            self.add_error(part, many)


def told(rows: Found, today: date) -> list[tuple[str, str]]:
    """(key, name and where that is)."""
    where = lines({row.path for row in rows if isinstance(row, Area)}, today)
    dot = " · "
    return [
        (str(row.pk), dot.join(a.name for a in (*where[row.path][-2:], row)))
        if isinstance(row, Area) else (str(row.pk), row.name)
        for row in rows
    ]  # fmt: skip


class Where(Named):
    """From which unit, and where one lives."""

    LOOKS: ClassVar = {"unit": units_called, "home": homes_called}


def communities_called(words: str, on: date, most: int) -> list[Area]:
    return [area for area in homes_called(words, on, most * 4) if area.kind_id == "community"][
        :most
    ]


class Community(Named):
    """With which community a unit checks in."""

    LOOKS: ClassVar = {"community": communities_called}
