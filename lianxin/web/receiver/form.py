"""The form of a unit's answer: what the step asks, and who it is that answers."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace
from typing import Any

from django import forms
from django.http import QueryDict

from lianxin.core.flow.page import Step
from lianxin.orders.queries import Sheet
from lianxin.orders.served import FIELD as HOURS
from lianxin.web.forms import StepForm
from lianxin.web.forms.uploads import Uploads
from lianxin.web.receiver.received import labelled
from lianxin.web.receiver.signing import LONGEST, TEL, WHO, one_line
from lianxin.web.widgets import Photos
from lianxin.web.words import say

SCAN = "_scan"  # no field of a page begins with a line
OWN = (WHO, TEL, SCAN)
MEMBERS_OWN = (HOURS,)  # hours are those of members who took it; from outside nobody has any


class Own(forms.CharField):
    """One line that is no answer of the page."""

    kept: tuple[str, ...] = ()
    search = replies = q = ""

    def __init__(self, name: str, required: bool, **widget: str) -> None:
        kind = forms.TextInput({"maxlength": str(LONGEST[name]), **widget})
        super().__init__(
            required=required, widget=kind, label=say(f"receiver.field.{name.strip('_')}"),
            help_text=say(f"receiver.field.{name.strip('_')}_is"),
        )  # fmt: skip
        self.widget.is_required = False
        self.most = LONGEST[name]

    def clean(self, value: Any) -> str:
        said = one_line(str(value or ""))
        if self.required and not said:
            raise forms.ValidationError(say("receiver.field.who_missing"))
        if len(said) > self.most:
            raise forms.ValidationError(say("receiver.field.too_long", most=self.most))
        return said


class Scan(forms.Field):
    """Photos of the paper; the ids of those taken in are its answer."""

    about = SimpleNamespace(many=True, type="photo")
    search = replies = q = ""

    def __init__(self, kept: list[str]) -> None:
        super().__init__(
            required=False, widget=Photos(), label=say("receiver.field.scan"),
            help_text=say("shell.field.photos"),
        )  # fmt: skip
        self.kept = kept


class ReceiverForm(StepForm):
    """A step's own form with the name and the phone of whoever answers. `scan`: photos of the paper
    it is copied from."""

    def __init__(
        self, sheet: Sheet, step: Step, now: datetime, data: QueryDict | None = None,
        uploads: Uploads | None = None, scan: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(sheet, step, now, data, uploads, leave=MEMBERS_OWN)
        for name, field in self.fields.items():
            field.label = labelled(name) or field.label
            field.replies = []  # ready sentences are a colleague's, who knows when they fit
        self.fields[WHO] = Own(WHO, required=True, autocomplete="name")
        self.fields[TEL] = Own(TEL, required=False, autocomplete="tel", type="tel")
        if scan:
            self.fields[WHO].label = say("receiver.field.signed")
            self.fields[TEL].label = say("receiver.field.signed_tel")
            self.fields[SCAN] = Scan(self.uploads.kept.get(SCAN, []))

    @property
    def who(self) -> str:
        return str(self.cleaned_data.get(WHO, ""))

    @property
    def tel(self) -> str:
        return str(self.cleaned_data.get(TEL, ""))

    def answers(self) -> dict[str, Any]:
        return {name: value for name, value in super().answers().items() if name not in OWN}

    def typed(self) -> list[tuple[str, str]]:
        hidden = {name: self.fields.pop(name) for name in OWN if name in self.fields}
        found = super().typed()
        self.fields |= hidden
        return found
