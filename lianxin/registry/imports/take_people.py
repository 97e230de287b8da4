"""Takes a row of a people sheet: somebody new, or somebody known by username or phone."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Literal

from lianxin.registry import actions
from lianxin.registry.actions import Stamp
from lianxin.registry.imports.outcome import Problem
from lianxin.registry.imports.places import Places
from lianxin.registry.models import Area, Person, Vetting
from lianxin.registry.queries.merged import now_called
from lianxin.registry.refusal import NotPossible
from lianxin.registry.sheets.finding import Finding
from lianxin.registry.sheets.table import Row

Verdict = Literal["made", "changed", "same"]
LANGUAGES = {"zh": "zh", "中文": "zh", "汉语": "zh", "en": "en", "英文": "en", "english": "en"}


class TakePeople:
    def __init__(self, stamp: Stamp, within: str, since: date) -> None:
        self.stamp = stamp
        self.places = Places(within)
        self.notes: list[Finding] = []
        self.seen: dict[str, int] = {}

    def take(self, row: Row) -> Verdict:
        """Problems beside those of Places: row_again, phone_of_other, language_unknown,
        bad_username; and what vetting refuses."""
        for key in ("username", "phone"):
            self._once(row, key)
        found, values = _known(row), self._values(row)
        if found is None:
            added = actions.add_person(self.stamp, username=row.get("username"), **values)
            self._vet(row, added)
            return "made"
        changed = actions.change_person(self.stamp, found, **values)
        return "changed" if self._vet(row, found) or changed else "same"

    def _vet(self, row: Row, person: Person) -> bool:
        """Vetted from today, the day in the sheet being the last (None: no last day). False: the
        row says nothing, or nothing new."""
        if "vetted" not in row.values:
            return False
        last: date | None = row.values["vetted"]
        try:
            until = actions.after(last) if last else None
            if Vetting.objects.filter(person=person, until=until).exists():
                return False
            actions.vet(self.stamp, person, self.stamp.day, until)
        except NotPossible as no:
            raise Problem(f"refused.{no.code}", "vetted", **no.facts) from no
        return True

    def _values(self, row: Row) -> dict[str, Any]:
        """Only what the row says: a blank cell takes nothing away."""
        values: dict[str, Any] = {"name": row.get("name")}
        if row.get("phone"):
            values["phone"] = row.get("phone")
        if row.get("mail"):
            values["mail"] = row.get("mail")
        if row.get("home"):
            values["home"] = self._home(row)
        if row.get("skills"):
            values["skills"] = re.split(r"[、,，;；/ ]+", row.get("skills"))
        if row.get("language"):
            values["language"] = _language(row.get("language"))
        return values

    def _home(self, row: Row) -> Area:
        return self.places.find(row.get("home"), "home")

    def _once(self, row: Row, key: str) -> None:
        value = row.get(key)
        first = self.seen.setdefault(f"{key} {value}", row.number) if value else row.number
        if first != row.number:
            raise Problem("row_again", key, first=first)


def _known(row: Row) -> Person | None:
    username, phone, name = row.get("username"), row.get("phone"), row.get("name")
    if username and not re.fullmatch(r"[\w.@+-]{1,64}", username):
        raise Problem("bad_username", "username", name=username)
    if username:
        found = Person.objects.filter(username=username).first()
        if found:
            return now_called(found)
    sharing = list(Person.objects.with_phone(phone).order_by("pk")) if phone else []
    same = [person for person in sharing if person.name == name]
    if sharing and not same:
        raise Problem("phone_of_other", "phone", name=masked(sharing[0].name))
    if same and username:
        raise Problem("username_differs", "username", known=same[0].username)
    return now_called(same[0]) if same else None


def masked(name: str) -> str:
    """A name as a report may show it to whoever holds the sheet.

    >>> masked("李雪梅")
    '李**'
    """
    return name[:1] + "*" * max(1, len(name) - 1)


def _language(said: str) -> str:
    if said.lower() not in LANGUAGES:
        raise Problem("language_unknown", "language", name=said)
    return LANGUAGES[said.lower()]
