"""The form of one step: its fields, what makes a double click harmless, and photos that stay."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any
from uuid import uuid4

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils import timezone

from lianxin.core.flow.page import Ask, Field, Step
from lianxin.core.step.given import empty
from lianxin.core.step.refused import Refused
from lianxin.orders.actions import Key
from lianxin.orders.queries import Sheet
from lianxin.orders.refusal import sentence
from lianxin.web.forms import widgets
from lianxin.web.forms.answers import Answer
from lianxin.web.forms.merging import orders
from lianxin.web.forms.opening import Opening
from lianxin.web.forms.pickers import SOURCES, Wanted, options, stranger
from lianxin.web.forms.uploads import Uploads
from lianxin.web.order.replies import ready
from lianxin.web.widgets import Photos
from lianxin.web.words import say, tongue

CARRIED_OVER = ("category", "choice")  # what an optional question shows as it stands now


class StepForm(forms.Form):
    """Made for a sheet and one of its steps; bound when `data` is given. `leave`: fields that the
    page around the form asks in a way of its own.

    `visit` and `nth` say what the reader has seen, `key` makes two presses one. Names of our own
    begin with an underscore: no field of a page can be called so.
    """

    def __init__(
        self, sheet: Sheet | Opening, step: Step, now: datetime, data: QueryDict | None = None,
        uploads: Uploads | None = None, leave: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        super().__init__(data)
        self.sheet, self.step, self.page = sheet, step, sheet.page
        self.day = timezone.localdate(now)
        self.uploads = uploads or Uploads()
        self.reads: list[Any] = []  # who may be chosen to read it, where it is a note
        self.visit, self.nth = sheet.order.visit, sheet.order.nth
        self.key = (data or {}).get("_key") or str(uuid4())
        for ask in step.asks:
            if ask.name not in leave:
                self.fields[ask.name] = self._field(ask)
        for name, no in self.uploads.refused.items():
            self.uploads.wrong[name] = sentence(no, tongue(), self.page)

    @property
    def saw_visit(self) -> int | None:
        return number(self.data.get("_visit"))

    @property
    def saw_nth(self) -> int:
        return number(self.data.get("_nth")) or self.nth

    # ── fields ───────────────────────────────────────────────────────────────────────────────

    def _field(self, ask: Ask) -> Answer:
        about = self.page.field(ask.name)
        make = self._picked if about.type in SOURCES else self._plain
        make = self._merged if about.name == self.step.joins else make
        made = make(about, ask)
        made.help_text = made.help_text or widgets.hint(about)
        made.kept = self.uploads.kept.get(ask.name, [])
        return made

    def _plain(self, about: Field, ask: Ask) -> Answer:
        widget = widgets.widget(about)
        made = Answer(self.page, about, required=not ask.optional, widget=widget)
        if isinstance(self.sheet, Sheet):
            made.replies = ready(self.sheet, self.step, about, self.day)
        if ask.optional and about.type in CARRIED_OVER:
            made.initial = self.sheet.order.fields.get(about.name)
        return made

    def _picked(self, about: Field, ask: Ask) -> Answer:
        leaves = about.name in (*self.step.drops, self.step.swaps)
        wanted = Wanted(about, self.sheet, self.day, leaves, self._q(about.name))
        chosen = self.data.getlist(about.name) if self.is_bound else []
        kind = widgets.Checks if about.many else widgets.Picks
        widget = kind(choices=[(o.value, o.label) for o in options(wanted, chosen)])
        made = Answer(
            self.page, about, required=not ask.optional, widget=widget,
            stranger=partial(stranger, wanted),
        )  # fmt: skip
        made.q, made.search = wanted.q, not leaves
        return made

    def _merged(self, about: Field, ask: Ask) -> Answer:
        """The order that this one goes into."""
        q, chosen = self._q(about.name), self.data.getlist(about.name) if self.is_bound else []
        found = orders(self.sheet, q, [c for c in chosen if c])
        widget = widgets.Picks(choices=[(o.value, o.label) for o in found])
        made = Answer(self.page, about, required=not ask.optional, widget=widget)
        made.q, made.search, made.help_text = q, True, say("orders.form.merge_is")
        return made

    def _q(self, name: str) -> str:
        return str(self.data.get(f"_q_{name}", "")).strip()[:64]

    # ── what was sent ────────────────────────────────────────────────────────────────────────

    @property
    def searches(self) -> bool:
        """Whether somebody can be looked for by name here, or a sentence put in."""
        return any(field.search or field.replies for field in self.fields.values())

    @property
    def searching(self) -> bool:
        """Whether a name was looked for, by its button or by Enter, or a sentence put in, and the
        step not yet sent."""
        if not self.is_bound or "_go" in self.data:
            return False
        asked = {n: self._q(n) for n in self.fields}
        new = any(q and q != self.data.get(f"_was_{n}") for n, q in asked.items())
        return "_find" in self.data or "_use" in self.data or new

    def unjudged(self) -> None:
        """What was typed is shown, and nothing said about it: it is not finished."""
        self._errors, self.cleaned_data = ErrorDict(), {}

    def clean(self) -> dict[str, Any]:
        for name, wrong in self.uploads.wrong.items():
            self.add_error(name, wrong)
        return self.cleaned_data

    def _clean_fields(self) -> None:
        """Photos have been taken in before; their ids are the answer."""
        super()._clean_fields()
        for name, field in self.fields.items():
            if isinstance(field.widget, Photos):
                self._photos(name, field)

    def _photos(self, name: str, field: Any) -> None:
        ids = self.uploads.kept.get(name, [])
        if not ids and name in self.uploads.wrong:
            self._errors.pop(name, None)
            return
        self._errors.pop(name, None)
        try:
            self.cleaned_data[name] = field.clean(ids if field.about.many else ids[-1:] and ids[-1])
        except forms.ValidationError as wrong:
            self.add_error(name, wrong)

    def answers(self) -> dict[str, Any]:
        """What the kernel is given: answered fields only."""
        return {n: v for n, v in self.cleaned_data.items() if not empty(v)}

    @property
    def once(self) -> Key | None:
        """The key by which this very form is taken once, whoever sends it again."""
        sheet = self.sheet
        return Key.of(sheet.who, self.key, sheet.row.number, self.step.name, self.answers(), None)

    def heard(self) -> bool:
        """Whether this very form was taken before."""
        try:
            return bool((once := self.once) and once.answer())
        except Refused:  # it was, with other answers
            return False

    def refuse(self, no: Refused) -> None:
        """Put a refusal where it belongs: at the field it names, else above the form."""
        told = no.facts.get("field") or no.facts.get("party")
        name = told if told in self.fields else None
        if not hasattr(self, "cleaned_data"):
            self.full_clean()
        self.add_error(name, sentence(no, tongue(), self.page))

    def typed(self) -> list[tuple[str, str]]:
        """Words that were written, for a page that cannot take them any more."""
        words = ((f.label, self.data.get(n, "")) for n, f in self.fields.items()
                 if f.about.type in ("text", "signature"))  # fmt: skip
        return [(label, text) for label, text in words if text.strip()]


def number(text: Any) -> int | None:
    return int(text) if isinstance(text, str) and text.isdecimal() and len(text) < 10 else None
