"""What one says about oneself on `/account`: an address for mail, and how one wishes to be told."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone

from lianxin.core.step.who import Who
from lianxin.orders.notices.rules import rules
from lianxin.orders.notices.ways import chosen
from lianxin.registry.actions.mail_proofs import mail_waiting
from lianxin.registry.models import Area, Person, Unit
from lianxin.web.words import say

CLERK, DESK = "clerk", "desk"
USUAL = "usual"  # the way that the house has for a kind


class Address(forms.Form):
    mail = forms.CharField(
        max_length=254,
        widget=forms.TextInput({"type": "email", "autocomplete": "email", "inputmode": "email"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mail"].label = say("account.mail.address")
        self.fields["mail"].error_messages["required"] = say("account.mail.none")


class Wishes(forms.Form):
    """One choice for each kind of notice for which the table lets one choose."""

    def __init__(self, person: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial=chosen(person), **kwargs)
        for kind, ways in rules().choices.items():
            self.fields[kind] = forms.ChoiceField(
                label=say(f"account.ways.{kind}"), initial=USUAL,
                choices=[(way, say(f"account.ways.by_{way}")) for way in (USUAL, *ways)],
            )  # fmt: skip

    @property
    def wishes(self) -> dict[str, str]:
        return {kind: way for kind, way in self.cleaned_data.items() if way != USUAL}


def of(person: Person) -> dict[str, Any]:
    """What the page of one's own account shows of it. Mail only where the house can send any."""
    return {
        "wishes": Wishes(person), "mail": person.mail, "mails": bool(settings.SMTP_URL),
        "waits": mail_waiting(person, timezone.now()), "address": Address(),
    }  # fmt: skip


def phone_field() -> forms.RegexField:
    """The number of an office, as one writes it; it may be blank."""
    return forms.RegexField(
        r"^\+?[\d\s()-]{5,24}$", required=False, max_length=24,
        widget=forms.TextInput({"type": "tel", "inputmode": "tel"}),
    )  # fmt: skip


def offices_of(who: Who) -> list[Area]:
    """The areas whose desk somebody holds today."""
    held = {g.path for g in who.grants if g.role == DESK and g.path and not g.unit}
    return list(Area.objects.on(timezone.localdate()).filter(path__in=held).order_by("path"))


def kept_by(who: Who) -> list[Unit]:
    """The units whose clerk somebody is today."""
    keys = [int(g.unit) for g in who.grants if g.role == CLERK and g.unit]
    return list(Unit.objects.filter(pk__in=keys).order_by("pk"))
