"""`/accounts`: whom one invites, resets and shuts: an operator everybody, a desk its own people."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from lianxin.core.flow.page import Words
from lianxin.registry.actions import Stamp, drop_second, invite, open_again, reset, shut
from lianxin.registry.models import Entry, Person, Post, Vetting
from lianxin.registry.queries.accounts import looked_after, state_of, with_state
from lianxin.registry.refusal import NotPossible
from lianxin.registry.roles import all_roles
from lianxin.web.access import access
from lianxin.web.account.invitations import sheet
from lianxin.web.account.mine import me
from lianxin.web.nav import KEEPERS
from lianxin.web.why_not import why_not
from lianxin.web.words import rows, say, speak

AT_ONCE = 50
STATES = ("in", "invited", "out", "shut")
INVITING = {"invite": invite, "reset": reset, "open": open_again}
SEVERAL, LOG = 3, 20  # posts shown of one person in the list; entries on the person's own page


def mine(request: HttpRequest) -> QuerySet[Person]:
    """Those whose accounts the reader looks after."""
    held = request.who.grants  # type: ignore[attr-defined]
    person = me(request)
    return looked_after(person, held, timezone.localdate())


def one(request: HttpRequest, key: int) -> Person:
    found = with_state(mine(request), timezone.now()).filter(pk=key).first()
    if found is None:
        raise Http404
    return found


def narrowed(people: QuerySet[Person], words: str, state: str) -> QuerySet[Person]:
    if words:
        people = people.filter(Q(name__icontains=words) | Q(username__icontains=words))
    usable = ~Q(password__startswith="!")
    wanted = {
        "in": Q(is_active=True) & usable,
        "invited": Q(is_active=True, asked=True) & ~usable,
        "out": Q(is_active=True, asked=False) & ~usable,
        "shut": Q(is_active=False),
    }
    return people.filter(wanted[state]) if state in wanted else people


@access(*KEEPERS)
@never_cache
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "").replace("\0", "").strip()[:64]
    state, after = request.GET.get("state", ""), request.GET.get("after", "")
    found = narrowed(with_state(mine(request), timezone.now()), words, state).order_by("pk")
    if after.isdecimal() and len(after) < 19:
        found = found.filter(pk__gt=int(after))
    page = list(found[: AT_ONCE + 1])
    more, page = len(page) > AT_ONCE, page[:AT_ONCE]
    told = posts_of(page)
    asked = {"q": words, "state": state}
    return render(request, "accounts/people.html", {
        "rows": [row(person, told.get(person.pk, [])) for person in page], **asked,
        "states": [(name, say(f"account.state.{name}")) for name in STATES],
        "after": page[-1].pk if more else None,
    })  # fmt: skip


def posts_of(page: list[Person]) -> dict[int, list[str]]:
    """What each holds today, as the list says it; one query for all."""
    held = Post.objects.on(timezone.localdate()).filter(person__in=page)
    names: dict[int, list[str]] = {}
    for post in held.select_related("area", "unit").order_by("pk"):
        where = post.unit or post.area
        role = all_roles().get(post.role)
        told = f"{where.name if where else ''} · {speak(role.words) if role else post.role}"
        names.setdefault(post.person_id, []).append(told)
    return names


def row(person: Person, posts: list[str]) -> dict[str, Any]:
    return {
        "person": person, "posts": posts[:SEVERAL], "more": len(posts) - SEVERAL,
        **state_facts(person),
    }  # fmt: skip


def state_facts(person: Person) -> dict[str, Any]:
    """The state with its colour, and what may be done about it, the likeliest first."""
    state = state_of(person)
    verbs = {
        "in": ["reset", "shut"], "invited": ["invite", "shut"], "out": ["invite", "shut"],
        "shut": ["open"],
    }[state]  # fmt: skip
    colour = {"in": "done", "invited": "waiting", "out": "stopped", "shut": "late"}[state]
    return {"state": state, "word": say(f"account.state.{state}"), "colour": colour, "verbs": verbs}


@access(*KEEPERS)
@never_cache
@require_safe
def account(request: HttpRequest, key: int) -> HttpResponse:
    """One account: how it stands, what may be done, and what was."""
    return shown(request, one(request, key))


def shown(
    request: HttpRequest, person: Person, problem: str = "", status: int = 200
) -> HttpResponse:
    facts = row(person, posts_of([person]).get(person.pk, []))
    facts |= {"log": log_of(person), "problem": problem, **vetting_of(person)}
    return render(request, "accounts/account.html", facts, status=status)


def vetting_of(person: Person) -> dict[str, Any]:
    """`None` for whoever is of no unit, and never sent out."""
    today = timezone.localdate()
    if not Post.objects.on(today).filter(person=person, unit__isnull=False).exists():
        return {"vetting": None}
    row = Vetting.objects.on(today).filter(person=person).select_related("by").first()
    return {"vetting": {"row": row, "today": today}}


def log_of(person: Person) -> list[dict[str, Any]]:
    """What happened to the account, newest first: its own entries and those of what belongs to it.

    Changes to posts and to the person's name have pages of their own."""
    parts = ("registry.invitation", "registry.secondstep", "registry.token", "registry.vetting")
    own = Q(model="registry.person", key=person.pk)
    theirs = Q(model__in=parts, after__person_id=person.pk)
    found = Entry.objects.filter(own | theirs).select_related("who").order_by("-at", "-pk")
    return [{"at": e.at, "by": e.who, "word": verb_words(e.verb)} for e in found[:LOG]]


def verb_words(verb: str) -> Words:
    return rows().get(f"account.verb.{verb}") or rows()["account.verb.other"]


@access(*KEEPERS)
@never_cache
@require_POST
def act(request: HttpRequest, key: int, verb: str) -> HttpResponse:
    """One step on one account. What makes an invitation answers with its sheet: the secret is
    nowhere else, so there is nothing to be sent on to."""
    person = one(request, key)
    stamp = Stamp(me(request), timezone.now())
    try:
        if verb in INVITING:
            secret, made = INVITING[verb](stamp, person)
            return render(request, "accounts/sheet.html", sheet(secret, made))
        if verb == "shut":
            shut(stamp, person)
        elif verb == "drop":
            drop_second(stamp, person)
        else:
            raise Http404
    except NotPossible as no:
        said = why_not(no)
        return shown(request, one(request, key), said, 422)
    messages.success(request, say(f"account.one.{verb}_done", name=person.name))
    return redirect("account_of", key=person.pk)
