"""`/account/office/<path>`: the number that the signs at a community's doors name, kept by a desk.

Each change is an entry of the register; the last one is put back with one press while it stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lianxin.core.place import path as paths
from lianxin.registry import queries
from lianxin.registry.actions import Stamp, set_office
from lianxin.registry.models import Area, Entry
from lianxin.registry.queries.areas import office_was
from lianxin.web.access import access
from lianxin.web.account.mine import me
from lianxin.web.account.own_forms import DESK, offices_of, phone_field
from lianxin.web.words import say


class Office(forms.Form):
    phone = phone_field()

    def __init__(self, area: Area, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        above = next_office(area)
        field = self.fields["phone"]
        field.label = say("account.unit.phone")
        field.error_messages["invalid"] = say("account.unit.bad_phone")
        field.help_text = say("account.office.blank_none")
        if above:
            told = {"name": above.name, "phone": above.phone}
            field.help_text = say("account.office.blank", **told)


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the history. `back`: the key by which it is put back, 0 where it is not the last
    word any more."""

    at: datetime
    who: str
    was: str
    phone: str
    back: int


@access(DESK)
@never_cache
@require_http_methods(["GET", "POST"])
def office(request: HttpRequest, path: str) -> HttpResponse:
    who = request.who  # type: ignore[attr-defined]
    area = next((row for row in offices_of(who) if row.path == path), None)
    if area is None:
        raise Http404
    if request.POST.get("do") == "back":
        return back(request, area)
    form = Office(area, request.POST or None, initial={"phone": area.phone})
    if form.is_bound and form.is_valid():
        set_office(Stamp(me(request), timezone.now()), area, form.cleaned_data["phone"])
        messages.success(request, say("account.office.kept", name=area.name))
        return redirect("account")
    facts = {"form": form, "area": area, "changes": changes(area)}
    return render(request, "accounts/office.html", facts, status=422 if form.is_bound else 200)


def back(request: HttpRequest, area: Area) -> HttpResponse:
    """Pressed twice, or when somebody has changed it since, it changes nothing."""
    given = request.POST.get("entry", "")
    key = int(given) if given.isdecimal() and len(given) < 19 else 0
    found = next((row for row in office_was(area) if row.pk == key), None)
    if found and found.after and found.after["phone"] == area.phone:
        was = str((found.before or {})["phone"])
        set_office(Stamp(me(request), timezone.now()), area, was)
        messages.success(request, say("account.office.back_done", name=area.name))
    else:
        messages.error(request, say("account.office.moved"))
    return redirect("account_office", path=area.path)


def changes(area: Area) -> list[Change]:
    """The latest first; only the one that still holds can be put back."""
    rows = office_was(area)
    return [shown(row, n == 0 and row.after["phone"] == area.phone) for n, row in enumerate(rows)]


def shown(row: Entry, last: bool) -> Change:
    who = row.who.name if row.who else say("account.office.sheet")
    return Change(row.at, who, row.before["phone"], row.after["phone"], row.pk if last else 0)


def next_office(area: Area) -> Area | None:
    """Whose number the signs name where this office has none."""
    above = paths.ancestors(area.path)
    return queries.office(above[-1], timezone.localdate()) if above else None
