"""`/contact-points/<person>`: one leader: the places, the visits, and tying to one more."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.core.step.who import Grant
from lianxin.orders.models import Order
from lianxin.registry.actions import Stamp
from lianxin.registry.actions.contact_points import tie, untie
from lianxin.registry.contact_table import contact_table
from lianxin.registry.imports.outcome import Problem
from lianxin.registry.imports.places import Places
from lianxin.registry.models import Area, ContactPoint, Person, Post, Visit
from lianxin.registry.models.placed import READS
from lianxin.registry.queries.contact_points import points_of, tieable, visits_of
from lianxin.registry.refusal import NotPossible
from lianxin.web.access import access
from lianxin.web.account.mine import me
from lianxin.web.moments import day
from lianxin.web.posts import held
from lianxin.web.why_not import why_not
from lianxin.web.widgets import Cards
from lianxin.web.words import say, speak

KEEPS = ("desk", "secretary")  # who ties and unties at their place
ISO = "%Y-%m-%d"


class Tying(forms.Form):
    """To which place, under which rank, from which day."""

    area = forms.CharField(max_length=120)
    rank = forms.ChoiceField(widget=Cards)
    since = forms.DateField(widget=forms.DateInput({"type": "date"}, format=ISO))

    def __init__(self, keeper: list[Grant], today: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keeper, self.table = keeper, contact_table(today)
        for name, field in self.fields.items():
            key = "contact_points.rank" if name == "rank" else f"contact_points.one.{name}"
            field.label = say(key)
        self.fields["rank"].choices = [(r.name, speak(r.words)) for r in self.table.ranks.values()]
        self.fields["area"].help_text = say("contact_points.one.area_is")
        self.fields["area"].widget.attrs |= {"autocomplete": "off"}
        self.fields["area"].error_messages["required"] = say("contact_points.one.no_area")
        for code in ("required", "invalid"):
            self.fields["since"].error_messages[code] = say("contact_points.one.no_day")
        for code in ("required", "invalid_choice"):
            self.fields["rank"].error_messages[code] = say("contact_points.one.no_rank")

    def clean_area(self) -> Area:
        """A place of the keeper's own, by name or code."""
        said, why = self.cleaned_data["area"].strip(), ""
        for grant in self.keeper:
            try:
                return Places(grant.path).find(said, "area", "", tuple(self.table.kinds))
            except Problem as odd:
                why = said_of(odd)
        raise forms.ValidationError(why)


def said_of(odd: Problem) -> str:
    if odd.code == "elsewhere":
        return say("contact_points.one.not_here", name=odd.facts["name"])
    return say(f"import.finding.{odd.code}", **odd.facts)


def keeping(request: HttpRequest) -> list[Grant]:
    """The posts by which this reader ties and unties, none for who only reads."""
    grants = request.who.grants  # type: ignore[attr-defined]
    return [g for g in grants if g.role in KEEPS and not g.unit and g.path[:1].isalnum()]


@access(*READS)
@never_cache
@require_safe
def leader(request: HttpRequest, key: int) -> HttpResponse:
    return shown(request, one(request, key))


def one(request: HttpRequest, key: int) -> Person:
    """Somebody tied at a place of the reader's, or with a post there. Raises Http404."""
    grants = [g for g in held(request, READS) if not g.unit]
    today = timezone.localdate()
    person = Person.objects.filter(pk=key).first()
    if person is None:
        raise Http404
    posts = Post.objects.on(today).filter(person=person, behalf_of=None)
    paths = [path for path in posts.values_list("area__path", flat=True) if path]
    there = any(path.startswith(g.path) for path in paths for g in grants)
    if not there and not ContactPoint.objects.under(grants).filter(person=person).exists():
        raise Http404
    return person


def shown(
    request: HttpRequest, person: Person, form: Tying | None = None, status: int = 200
) -> HttpResponse:
    today, grants = timezone.localdate(), held(request, READS)
    keeper, table = keeping(request), contact_table(today)
    ties = points_of(person.pk, grants, today)
    ranks = ContactPoint.objects.on(today).under(grants).filter(person=person)
    names = sorted(set(ranks.values_list("rank", flat=True)))
    if keeper and form is None:
        first = {"since": today, "rank": names[0] if names else ""}
        form = Tying(keeper, today, initial=first)
    return render(request, "contact_points/leader.html", {
        "person": person,
        "ties": [(tie, any(tie.path.startswith(g.path) for g in keeper)) for tie in ties],
        "ranks": [table.ranks[name].words for name in names if name in table.ranks],
        "visits": told(request, visits_of(person.pk, grants)), "form": form,
    }, status=status)  # fmt: skip


def told(request: HttpRequest, visits: list[Visit]) -> list[dict[str, Any]]:
    """Each visit, with the number of the order that it became where this reader may open it."""
    keys = [visit.order for visit in visits if visit.order]
    seen = Order.objects.visible_to(request.who).filter(pk__in=keys)  # type: ignore[attr-defined]
    numbers = dict(seen.values_list("pk", "number")) if keys else {}
    return [
        {"on": v.on, "place": v.contact_point.area.name, "text": v.text, "became": bool(v.order),
         "number": numbers.get(v.order, "")}
        for v in visits
    ]  # fmt: skip


@access(*KEEPS)
@never_cache
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """For whom: people with a post at the keeper's place."""
    words = request.GET.get("q", "").replace("\0", "").strip()[:64]
    today, found = timezone.localdate(), {}
    for grant in keeping(request) if words else []:
        found |= {p.pk: p for p in tieable(words, grant.path, today)}
    posts = Post.objects.on(today).filter(person__in=found, area__isnull=False, behalf_of=None)
    where = dict(posts.order_by("-pk").values_list("person_id", "area__name"))
    rows = [(person, where.get(key, "")) for key, person in found.items()]
    return render(request, "contact_points/find.html", {"q": words, "rows": rows})


@access(*KEEPS)
@never_cache
@require_http_methods(["GET", "POST"])
def tie_one(request: HttpRequest, key: int) -> HttpResponse:
    """One more place for this leader."""
    person, today = one(request, key), timezone.localdate()
    if request.method != "POST":
        return redirect("contact_leader", key=key)
    form = Tying(keeping(request), today, request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            tie(Stamp(me(request), timezone.now()), person, given["rank"], given["area"],
                given["since"])  # fmt: skip
        except NotPossible as no:
            form.add_error(None, why_not(no))
        else:
            said = {"name": person.name, "day": day(given["since"]), "area": given["area"].name}
            messages.success(request, say("contact_points.one.tied", **said))
            return redirect("contact_leader", key=key)
    return shown(request, person, form, 422)


@access(*KEEPS)
@never_cache
@require_POST
def untie_one(request: HttpRequest, key: int) -> HttpResponse:
    """From today on no more."""
    points = ContactPoint.objects.under(keeping(request)).select_related("person", "area")
    point = points.filter(pk=key).first()
    if point is None:
        raise Http404
    stamp = Stamp(me(request), timezone.now())
    try:
        untie(stamp, point, max(stamp.day, point.since))
    except NotPossible as no:
        messages.error(request, why_not(no))
    else:
        said = {"name": point.person.name, "area": point.area.name}
        messages.success(request, say("contact_points.one.ended", **said))
    return redirect("contact_points")
