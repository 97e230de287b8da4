"""`/accounts/new`: one person more, with a post, invited at once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from lianxin.registry.account_rules import rule
from lianxin.registry.actions import Stamp, add_person, appoint, invite
from lianxin.registry.models import Area, Invitation, Person
from lianxin.registry.refusal import NotPossible
from lianxin.registry.roles import all_roles
from lianxin.web.access import access
from lianxin.web.account.invitations import sheet
from lianxin.web.account.mine import me
from lianxin.web.nav import KEEPERS
from lianxin.web.why_not import why_not
from lianxin.web.words import say, speak

USERNAME = r"^[\w.@+-]{1,64}$"


def roles_for(person: Person) -> list[tuple[str, str]]:
    """Posts at a place that this keeper may give: an operator all, a desk those it looks after."""
    table = {name: role for name, role in all_roles().items() if role.acts != "unit"}
    names = table if person.is_operator else [n for n in rule("desk_keeps") if n in table]
    return [(name, speak(table[name].words)) for name in names]


class Newcomer(forms.Form):
    name = forms.CharField(max_length=64)
    username = forms.CharField(max_length=64, required=False, validators=[RegexValidator(USERNAME)])
    phone = forms.CharField(max_length=20, required=False)
    role = forms.ChoiceField()
    area = forms.CharField(max_length=20)

    def __init__(self, keeper: Person, places: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keeper, self.places = keeper, places
        for name, field in self.fields.items():
            field.label = say(f"account.new.{name}")
        self.fields["role"].choices = roles_for(keeper)
        self.fields["username"].help_text = say("account.new.username_is")
        self.fields["area"].help_text = say("account.new.area_is")
        self.fields["name"].error_messages["required"] = say("account.new.no_name")
        self.fields["username"].validators[-1].message = say("account.new.bad_username")
        self.fields["area"].error_messages["required"] = say("account.new.no_place")

    def clean_area(self) -> Area:
        """An area in force; for a desk, one of its own."""
        path = self.cleaned_data["area"].strip()
        found = Area.objects.on(timezone.localdate()).filter(path=path).first()
        own = self.keeper.is_operator or any(path.startswith(place) for place in self.places)
        if found is None or not own:
            raise forms.ValidationError(say("account.new.no_area", path=path))
        return found


@access(*KEEPERS)
@never_cache
def newcomer(request: HttpRequest) -> HttpResponse:
    keeper = me(request)
    grants = request.who.grants  # type: ignore[attr-defined]
    places = [g.path for g in grants if g.role == "desk" and g.path[:1].isalnum()]
    sent = request.POST if request.method == "POST" else None
    form = Newcomer(keeper, places, sent, initial={"area": places[0] if places else ""})
    if sent is not None and form.is_valid():
        try:
            secret, made = taken_in(Stamp(keeper, timezone.now()), form.cleaned_data)
            return render(request, "accounts/sheet.html", sheet(secret, made))
        except NotPossible as no:
            form.add_error(None, why_not(no))
    status = 422 if form.is_bound else 200
    return render(request, "accounts/new.html", {"form": form}, status=status)


@transaction.atomic
def taken_in(stamp: Stamp, given: dict[str, Any]) -> tuple[str, Invitation]:
    """Person, post and invitation, or nothing."""
    person = add_person(stamp, given["name"], given["username"], given["phone"])
    appoint(stamp, person, given["role"], stamp.day, area=given["area"])
    return invite(stamp, person)
