"""`/clock`: choose a start and a limit, see when it is due and every step of the sum."""

from __future__ import annotations

from datetime import datetime
from typing import Any, get_args

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from lianxin.core.clock import Deadline, OutsideCalendar, due
from lianxin.core.flow.page import Span, Unit
from lianxin.orders.book import calendar
from lianxin.web.access import access
from lianxin.web.moments import BEIJING
from lianxin.web.order import reckoning
from lianxin.web.words import say

UNITS: dict[str, Unit] = {unit.replace(" ", "_"): unit for unit in get_args(Unit)}
MOST = 999
FORMATS = ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M")


class Asked(forms.Form):
    """A start, a number, a unit."""

    start = forms.DateTimeField(
        input_formats=FORMATS,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    number = forms.IntegerField(
        min_value=0, max_value=MOST, widget=forms.NumberInput({"inputmode": "numeric"})
    )
    unit = forms.ChoiceField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [(key, say(f"clock.units.{key}")) for key in UNITS]
        for name, field in self.fields.items():
            field.label = say(f"clock.{name}")
            wrong = say(f"clock.no_{name}", **({"most": MOST} if name == "number" else {}))
            field.error_messages = dict.fromkeys(
                ("required", "invalid", "invalid_choice", "min_value", "max_value"), wrong
            )
        for rule in self.fields["number"].validators:
            rule.message = self.fields["number"].error_messages["invalid"]

    def deadline(self) -> Deadline | None:
        """When it is due; None, and an error at the start, beyond the years we know."""
        given = self.cleaned_data
        span = Span(given["number"], UNITS[given["unit"]])
        try:
            return due(given["start"].astimezone(BEIJING), span, calendar())
        except (OutsideCalendar, OverflowError, ValueError):
            years = calendar().years
            wrong = say("clock.outside", first=years[0].year, last=years[-1].year)
            self.add_error("start", wrong)
            return None


def example(now: datetime) -> dict[str, Any]:
    """What the page counts before anybody has asked: four working hours from now."""
    start = now.astimezone(BEIJING)
    return {"start": f"{start:%Y-%m-%dT%H:%M}", "number": "4", "unit": "working_hours"}


def hours() -> str:
    """Today's spells of work: 09:00–12:00, 13:30–17:30."""
    spells = calendar().hours[-1].spells
    return ", ".join(f"{_clock(start)}–{_clock(end)}" for start, end in spells)


def _clock(second: int) -> str:
    return f"{second // 3600:02}:{second % 3600 // 60:02}"


@access("anyone")
def clock(request: HttpRequest) -> HttpResponse:
    form = Asked(request.GET if "start" in request.GET else example(timezone.now()))
    deadline = form.deadline() if form.is_valid() else None
    facts = {
        "form": form,
        "deadline": deadline,
        "rows": reckoning.rows(deadline) if deadline else [],
        "span": reckoning.span_words(deadline.amount) if deadline else "",
        "hours": hours(),
    }
    return render(request, "clock/clock.html", facts, status=422 if form.errors else 200)
