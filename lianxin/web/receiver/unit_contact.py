"""`/account/unit/<id>`: where a unit is written to and rung up, kept by whoever is its clerk."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lianxin.orders.notices.rules import rules
from lianxin.registry.actions import Stamp, change_unit, mail_address
from lianxin.registry.refusal import NotPossible
from lianxin.web.access import access
from lianxin.web.account.mine import me
from lianxin.web.account.own_forms import CLERK, kept_by, phone_field
from lianxin.web.why_not import why_not
from lianxin.web.words import say


class Contact(forms.Form):
    mail = forms.CharField(
        max_length=254, required=False,
        widget=forms.TextInput({"type": "email", "inputmode": "email"}),
    )  # fmt: skip
    phone = phone_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = say(f"account.unit.{name}")
        minutes = int(rules().office_waits.total_seconds() // 60)
        self.fields["mail"].help_text = say("account.unit.mail_is", n=minutes)
        self.fields["phone"].error_messages["invalid"] = say("account.unit.bad_phone")

    def clean_mail(self) -> str:
        try:
            return mail_address(self.cleaned_data["mail"])
        except NotPossible as no:
            raise forms.ValidationError(why_not(no)) from no


@access(CLERK)
@never_cache
@require_http_methods(["GET", "POST"])
def contact(request: HttpRequest, key: int) -> HttpResponse:
    who = request.who  # type: ignore[attr-defined]
    unit = next((row for row in kept_by(who) if row.pk == key), None)
    if unit is None:
        raise Http404
    sent = request.POST if request.method == "POST" else None
    form = Contact(sent, initial={"mail": unit.mail, "phone": unit.phone})
    if form.is_bound and form.is_valid():
        change_unit(Stamp(me(request), timezone.now()), unit, **form.cleaned_data)
        messages.success(request, say("account.unit.kept", name=unit.name))
        return redirect("account")
    status = 422 if form.is_bound else 200
    return render(request, "accounts/unit.html", {"form": form, "unit": unit}, status=status)
