"""The forms by which facts of a career, a new worker and their particulars are written down."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from lianxin.core.step.who import Grant
from lianxin.growth.fact_kinds import names_of
from lianxin.growth.models import Fact
from lianxin.growth.queries.workers import kept
from lianxin.registry.actions import after
from lianxin.registry.models import Area
from lianxin.web.words import say, speak

MANY = 400  # places of work to choose from
FIELDS: dict[str, tuple[str, ...]] = {
    "worked": ("area", "since", "until", "number"),
    "post": ("name", "since"),
    "away": ("since", "until"),
    "degree": ("name", "since"),
    "certificate": ("name", "number", "since", "until"),
    "result": ("n", "name", "since"),
    "fall": ("n", "since"),
    "grade": ("n", "number", "since"),
    "duty": ("name", "since", "until"),
}
LEAST = {"result": 1990}
MOST = {"result": 2100, "fall": 20, "grade": 60}


def date_field(required: bool = True) -> forms.DateField:
    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    wrong = {"invalid": say("career.form.no_day"), "required": say("career.form.no_day")}
    return forms.DateField(required=required, widget=widget, error_messages=wrong)


def places(grants: Iterable[Grant], now: Area | None = None) -> list[tuple[str, str]]:
    """Where somebody may work: the places of these posts and the communities in them; and where
    they work now, closed or not."""
    held = [grant.path for grant in kept(grants)]
    rows = Area.objects.live().under(*held)
    communities = rows.filter(kind="community") | rows.filter(path__in=held)
    found = list(communities.order_by("path").distinct()[:MANY])
    if now is not None and now not in found:
        found.insert(0, now)
    return [(str(area.pk), area.name) for area in found]


class FactForm(forms.Form):
    """The fields of one kind. Cleaned, `fact` holds what the row holds."""

    def __init__(
        self, kind: str, grants: Iterable[Grant], *args: Any, fact: Fact | None = None, **more: Any
    ) -> None:
        super().__init__(*args, initial=self.said(fact), **more)
        self.kind = kind
        for name in FIELDS[kind]:
            self.fields[name] = self.field(name, grants, fact)
            own = f"career.form.{kind}_{name}"
            self.fields[name].label = say(own if own in OWN else f"career.form.{name}")
        if "until" in self.fields:
            self.fields["until"].help_text = say("career.form.until_is")

    @staticmethod
    def said(fact: Fact | None) -> dict[str, Any]:
        if fact is None:
            return {"since": timezone.localdate()}
        last = fact.until - timedelta(days=1) if fact.until else None
        return {
            "name": fact.name, "number": fact.number, "n": fact.n, "since": fact.since,
            "until": last, "area": str(fact.area_id),
        }  # fmt: skip

    def field(self, name: str, grants: Iterable[Grant], fact: Fact | None) -> forms.Field:
        if name in ("since", "until"):
            return date_field(required=name == "since")
        if name == "area":
            return forms.ChoiceField(choices=places(grants, fact.area if fact else None))
        if name == "n":
            least, most = LEAST.get(self.kind, 1), MOST[self.kind]
            wrong = say("career.form.no_number")
            return forms.IntegerField(
                min_value=least, max_value=most,
                error_messages=dict.fromkeys(("invalid", "required", "min_value", "max_value"),
                                             wrong),
            )  # fmt: skip
        known = names_of(self.kind, fact.since if fact else timezone.localdate())
        if name == "name" and known is not None:
            words = [(code, speak(row)) for code, row in known.items()]
            return forms.ChoiceField(choices=words)
        return forms.CharField(
            max_length=60 if name == "name" else 40, required=name == "name",
            error_messages={"required": say("career.form.no_name")},
        )  # fmt: skip

    @property
    def values(self) -> dict[str, Any]:
        """Columns of the fact, as the actions want them."""
        found = {name: self.cleaned_data[name] for name in FIELDS[self.kind]}
        if "until" in found:
            found["until"] = after(found["until"]) if found["until"] else None
        if "area" in found:
            found["area"] = Area.objects.get(pk=int(found["area"]))
        return found


OWN = {
    "career.form.result_n", "career.form.result_since", "career.form.grade_n",
    "career.form.grade_number", "career.form.fall_n", "career.form.certificate_until",
    "career.form.worked_until", "career.form.worked_number", "career.form.certificate_number",
}  # fmt: skip


class Worker(forms.Form):
    """A community worker more: known already by a username, or new."""

    name = forms.CharField(max_length=64)
    username = forms.CharField(max_length=64, required=False)
    born = forms.CharField(max_length=10, required=False, widget=forms.DateInput({"type": "date"}))
    post = forms.ChoiceField()
    area = forms.ChoiceField()
    sure = forms.BooleanField(required=False)

    def __init__(self, grants: Iterable[Grant], warned: bool, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["since"], self.fields["until"] = date_field(), date_field(required=False)
        known = names_of("post", timezone.localdate()) or {}
        self.fields["post"].choices = [(code, speak(row)) for code, row in known.items()]
        self.fields["area"].choices = places(grants)
        for name, field in self.fields.items():
            field.label = say(f"career.worker.{name}")
        for name in ("username", "born", "until"):
            self.fields[name].help_text = say(f"career.worker.{name}_is")
        self.fields["name"].error_messages["required"] = say("career.worker.no_name")
        if not warned:
            del self.fields["sure"]
        else:
            self.order_fields(["sure"])

    def day(self, name: str) -> date | None:
        found: date | None = self.cleaned_data[name]
        return found


class Particulars(forms.Form):
    """What is left blank stays as it was."""

    born = forms.CharField(max_length=10, required=False, widget=forms.DateInput({"type": "date"}))
    identity = forms.CharField(max_length=18, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = say(f"career.particulars.{name}")
            field.widget.attrs |= {"autocomplete": "off"}
