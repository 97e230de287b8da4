"""`/standins`: who stands in for whom (AB角), from one day to another; the story says for whom."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.registry.actions import Stamp, end_post, stand_in
from lianxin.registry.models import Person, Post
from lianxin.registry.queries.accounts import looked_after
from lianxin.registry.queries.standins import colleagues, done_by, held_by, stand_ins
from lianxin.registry.refusal import NotPossible
from lianxin.registry.roles import all_roles
from lianxin.web.access import access
from lianxin.web.account.mine import me
from lianxin.web.templatetags.speech import foreign
from lianxin.web.why_not import why_not
from lianxin.web.widgets import Cards
from lianxin.web.words import say, speak

AT_ONCE = 60
ISO = "%Y-%m-%d"  # what a field of type date is filled with, whatever the reader's language
LONGEST = timedelta(days=366)  # who is away for longer gives the post up


class StandIn(forms.Form):
    """`who` of the colleagues, from a first day to a last one."""

    who = forms.ChoiceField(widget=Cards)
    since = forms.DateField(widget=forms.DateInput({"type": "date"}, format=ISO))
    last = forms.DateField(widget=forms.DateInput({"type": "date"}, format=ISO))

    def __init__(self, post: Post, people: list[Person], today: date, *args: Any) -> None:
        super().__init__(*args, initial={"since": today, "last": today})
        self.today = today
        self.fields["who"].choices = [(str(p.pk), foreign(p.name)) for p in people]
        for name, field in self.fields.items():
            field.label = say(f"standins.{name}")
            for code in ("required", "invalid", "invalid_choice"):
                field.error_messages[code] = say(f"standins.no_{name}")
        for name in ("since", "last"):
            self.fields[name].widget.attrs |= {"min": f"{today:%Y-%m-%d}"}

    def clean(self) -> dict[str, Any]:
        since, last = (self.cleaned_data.get(name) for name in ("since", "last"))
        if since and since < self.today:
            self.add_error("since", say("standins.past"))
        if since and last and last < since:
            self.add_error("last", say("standins.turned"))
        if since and since - self.today > LONGEST:
            self.add_error("since", say("standins.far"))
        if since and last and last - since > LONGEST:
            self.add_error("last", say("standins.long"))
        return self.cleaned_data


@access("person")
@never_cache
@require_safe
def standins(request: HttpRequest) -> HttpResponse:
    """One's own posts, and those of the people one looks after: who stands in, and for whom."""
    today, mine = timezone.localdate(), me(request)
    words = request.GET.get("q", "").replace("\0", "").strip()[:64]
    own, others = list(held_by([mine], today)), looked_for(request, mine, today, words)
    told: dict[int, list[dict[str, Any]]] = {}
    for row in stand_ins([*own, *others], today):
        told.setdefault(row.behalf_of_id or 0, []).append(line(row, today))
    parts = [[(post, name_of(post), told.get(post.pk, [])) for post in posts]
             for posts in (own, others[:AT_ONCE])]  # fmt: skip
    return render(request, "standins/list.html", {
        "own": parts[0], "others": parts[1], "more": len(others) > AT_ONCE, "q": words,
        "done": [line(row, today) for row in done_by(mine, today)],
    })  # fmt: skip


def looked_for(request: HttpRequest, mine: Person, on: date, words: str) -> list[Post]:
    """Posts of the people one looks after, one more than are shown."""
    found = of_others(request, mine, on)
    return list(found.filter(person__name__icontains=words)[: AT_ONCE + 1])


@access("person")
@never_cache
@require_http_methods(["GET", "POST"])
def standin(request: HttpRequest, key: int) -> HttpResponse:
    """Choose who stands in for one post, and when."""
    today = timezone.localdate()
    post = one(request, key, today)
    words = (request.POST or request.GET).get("q", "").replace("\0", "").strip()[:64]
    people = colleagues(post, today, words)
    sent = request.POST if request.method == "POST" else None
    form = StandIn(post, people, today, *([sent] if sent is not None else []))
    if sent is not None and form.is_valid():
        try:
            return taken(request, post, people, form.cleaned_data)
        except NotPossible as no:
            form.add_error(None, why_not(no))
    facts = {"post": post, "name": name_of(post), "form": form, "q": words, "people": people}
    return render(request, "standins/new.html", facts, status=422 if form.is_bound else 200)


def taken(
    request: HttpRequest, post: Post, people: list[Person], given: dict[str, Any]
) -> HttpResponse:
    who = next(p for p in people if str(p.pk) == given["who"])
    stamp = Stamp(me(request), timezone.now())
    stand_in(stamp, post, who, given["since"], given["last"] + timedelta(days=1))
    messages.success(request, say("standins.made", name=who.name, other=post.person.name))
    return HttpResponseRedirect(reverse("standins"))


@access("person")
@require_POST
def standin_end(request: HttpRequest, key: int) -> HttpResponse:
    """Who was away is back: from now on the post is theirs alone again."""
    today = timezone.localdate()
    row = Post.objects.filter(pk=key, behalf_of__isnull=False).first()
    if row is None:
        raise Http404
    one(request, row.behalf_of_id, today)
    if row.until is not None and row.until <= max(today, row.since):  # a page from before
        messages.info(request, say("standins.over"))
        return redirect("standins")
    end_post(Stamp(me(request), timezone.now()), row, max(today, row.since))
    messages.success(request, say("standins.ended"))
    return redirect("standins")


def of_others(request: HttpRequest, mine: Person, on: date) -> QuerySet[Post]:
    """Posts of those whose accounts a desk looks after: it finds somebody for who calls in ill."""
    held = request.who.grants  # type: ignore[attr-defined]
    if not any(grant.role == "desk" for grant in held):
        return Post.objects.none()
    return held_by(looked_after(mine, held, on), on)


def one(request: HttpRequest, key: int, on: date) -> Post:
    """A post that this reader finds somebody for: one's own, or of whom one looks after."""
    mine = me(request)
    for posts in (held_by([mine], on), of_others(request, mine, on)):
        if found := posts.filter(pk=key).first():
            return found
    raise Http404


def name_of(post: Post) -> str:
    """Where and what a post is: 幸福社区 · 网格员."""
    where, role = post.unit or post.area, all_roles().get(post.role)
    return f"{where.name if where else ''} · {speak(role.words) if role else post.role}"


def line(row: Post, today: date) -> dict[str, Any]:
    """One stand-in as a line: who for whom, where, from the first day to the last."""
    assert row.behalf_of is not None and row.until is not None
    return {
        "key": row.pk, "who": row.person.name, "for": row.behalf_of.person.name,
        "post": name_of(row), "since": row.since, "last": row.until - timedelta(days=1),
        "now": row.since <= today,
    }  # fmt: skip
