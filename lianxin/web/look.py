"""The living style guide: every part of a page on one page. Served only where DEBUG is on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lianxin.web.access import access
from lianxin.web.moments import BEIJING
from lianxin.web.widgets import Cards, Photos, Stars
from lianxin.web.words import say

STATES = ("waiting", "doing", "done", "late", "stopped")
DUE = datetime(2026, 9, 30, 16, 30, tzinfo=BEIJING)


class Sample(forms.Form):
    """One field of each kind."""

    text = forms.CharField(widget=forms.Textarea)
    when = forms.DateTimeField(
        widget=forms.DateTimeInput({"type": "datetime-local"}), required=False
    )
    outcome = forms.ChoiceField(widget=Cards)
    rating = forms.ChoiceField(widget=Stars)
    photo = forms.FileField(widget=Photos, required=False)
    public = forms.BooleanField(required=False)

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        for name, field in self.fields.items():
            field.label = say(f"look.{name}")
            field.error_messages["required"] = say("look.missing", name=field.label)
        self.fields["text"].help_text = say("look.text_hint")
        self.fields["photo"].help_text = say("shell.field.photos")
        self.fields["outcome"].choices = _choices("solved", "partly", "unsolved")
        self.fields["rating"].choices = [(n, say(f"look.star_{n}")) for n in range(1, 6)]


def _choices(*names: str) -> list[tuple[str, str]]:
    return [(name, say(f"look.{name}")) for name in names]


def _story() -> list[dict[str, Any]]:
    told = (("late", 17, 0), ("done", 15, 12), ("doing", 9, 40), ("waiting", 8, 5))
    return [
        {
            "at": DUE.replace(hour=hour, minute=minute),
            "sentence": say(f"look.story_{state}"),
            "text": say("look.words") if state == "waiting" else "",
            "photos": [{"url": "/static/mark.svg"}] if state == "waiting" else [],
            "state": state,
        }
        for state, hour, minute in told
    ]


@access("anyone")
def look(request: HttpRequest) -> HttpResponse:
    """Every part, with a long name, with nothing, with something wrong (`?wrong`)."""
    facts = {
        "states": STATES,
        "due": DUE,
        "story": _story(),
        "form": Sample(request.GET if "wrong" in request.GET else None),
        "facts": [(say("look.place"), say("look.where")), (say("look.unit"), say("look.unit_is"))],
        "others": [
            {"href": "#", "label": say("look.hand_on")},
            {"href": "#", "label": say("look.park")},
        ],
        "rows": range(1, 4),
        "nothing": None,
    }
    return render(request, "look_desk.html" if "desk" in request.GET else "look.html", facts)
