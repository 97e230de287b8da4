"""`/file`: what · where · send, without account or JavaScript; nothing typed is ever lost."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core import signing
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from lianxin.core.flow.page import Page
from lianxin.core.step import given
from lianxin.core.step.refused import Refused
from lianxin.orders import actions, links
from lianxin.orders.book import book, categories
from lianxin.orders.models import Photo
from lianxin.orders.photos import path_of, take_in
from lianxin.orders.refusal import sentence, status
from lianxin.web.access import access
from lianxin.web.api.pace import filings, pictures
from lianxin.web.asking import draft as drafts
from lianxin.web.asking import near, preview, wishes
from lianxin.web.asking.draft import Draft
from lianxin.web.asking.where import ask_where
from lianxin.web.photo.photos import FRESH
from lianxin.web.tracking.asked import everyday
from lianxin.web.widgets import Cards, Photos
from lianxin.web.words import say, speak, tongue

FLOW, DOOR, PARTY = "five-orders", "file", "filer"
HIGHER = "file_up"  # the door of complaints about those who would else deal with them
COMPLAINTS = ("complain", "report")  # kinds of request that are against somebody
MOST_PHOTOS, MOST_PARTS = 6, 3
SEEN = "lianxin.draft.photo"  # salt of the address of a photo that belongs to no order yet
SEEN_FOR = 24 * 3600  # seconds such an address works
ONWARD = ("next", "enter")  # Enter presses a button of its own, which stands first in every form
GROUP = 2  # digits of a category that stands for a group


class What(forms.Form):
    """The words, a time that suits (services only), photos, the kind."""

    text = forms.CharField(strip=False, widget=forms.Textarea({"rows": 4, "dir": "auto"}))
    photo = forms.Field(required=False, widget=Photos)
    category = forms.ChoiceField(required=False, widget=Cards)
    matter = forms.ChoiceField(required=False, widget=Cards)
    whom = forms.CharField(required=False, max_length=100)
    staff = forms.BooleanField(required=False)
    homepage = forms.CharField(required=False)  # a trap: people do not see it

    def __init__(self, draft: Draft, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = "text_serve" if draft.served else "text"
        self.fields["category"].choices = cards()
        self.fields["matter"].choices = [*complaints(), ("", say("file.what.no_matter"))]
        self.fields |= wishes.fields()
        others = ("photo", "category", "matter", "whom", "staff")
        for name, key in {"text": kind, **{name: name for name in others}}.items():
            self.fields[name].label = say(f"file.what.{key}")
            self.fields[name].help_text = say(f"file.what.{key}_is", **MORE.get(name, {}))
        self.fields["text"].error_messages["required"] = say("file.what.no_text")
        for name in ("category", *AGAINST) if draft.served else ():
            del self.fields[name]

    def clean_text(self) -> str:
        try:
            words = given.text(self.cleaned_data["text"], page().field("text"))
        except Refused as no:
            raise forms.ValidationError(sentence(no, tongue(), page())) from no
        if not words:
            raise forms.ValidationError(say("file.what.no_text"))
        return words

    def clean(self) -> dict[str, Any]:
        """Every answer empties the trap, so that a person caught by mistake gets through."""
        answers = super().clean() or {}
        if answers.pop("homepage", ""):
            raise forms.ValidationError(say("file.trapped"))
        if (answers.get("whom") or answers.get("staff")) and not answers.get("matter"):
            answers["matter"] = COMPLAINTS[0]  # who says against whom need not say so twice
        wishes.check(self, answers, timezone.localdate())
        return answers


MORE = {"photo": {"most": MOST_PHOTOS}}
AGAINST = ("matter", "whom", "staff")


def complaints() -> list[tuple[str, str]]:
    words = dict(page().field("matter").of)
    return [(name, speak(words[name])) for name in COMPLAINTS]


def cards() -> list[tuple[str, str]]:
    """The groups, those that must not wait by themselves, and “not sure”."""
    rows = categories().on(timezone.localdate()).categories.values()
    few = [(row.code, speak(row.words)) for row in rows if len(row.code) == GROUP or row.stop]
    return [*few, ("", say("file.what.none"))]


def page() -> Page:
    return book().page(FLOW, timezone.localdate())


# ── what ─────────────────────────────────────────────────────────────────────────────────────────


@access("anyone")
def what(request: HttpRequest) -> HttpResponse:
    """The first screen, empty or with what a door's code or the catalogue already says."""
    if request.method != "POST":
        return ask_what(request, begun(request))
    draft, form = typed(request)
    if "go" not in request.POST:  # another language or type size: the same screen again
        return ask_what(request, draft)
    if form.is_valid():
        draft = draft.having(**clean(form))
        code = draft.category or drafts.heard(draft.text, timezone.localdate())
        return ask_where(request, draft.having(category=code))
    return ask_what(request, draft, form)


def typed(request: HttpRequest) -> tuple[Draft, What]:
    """The draft with what stands on the first screen now, and that as a form."""
    form = What(draft := Draft.of(request), request.POST)
    said = [n for n in ("text", "when", "day", "category", "matter", "whom") if n in form.fields]
    draft = draft.having(
        **{n: str(form.data[n]).replace("\r\n", "\n") for n in said if n in form.data},
        staff="staff" in form.fields and "staff" in form.data,
        part=tuple(request.POST.getlist("part")[:MOST_PARTS]),
    )
    return with_photos(request, draft, form), form


def begun(request: HttpRequest) -> Draft:
    """A door and a category may come with the address; what nobody knows is left out."""
    code = request.GET.get("c", "")
    known = code in categories().on(timezone.localdate()).categories
    served = known and "s" in request.GET
    return Draft.new(
        door=drafts.plain(request.GET.get("d", ""), 24),
        category=code if known else "",
        served=served,
    )


def clean(form: What) -> dict[str, Any]:
    said = ("text", "when", "category", *AGAINST)
    day, part = form.cleaned_data.get("day"), form.cleaned_data.get("part") or ()
    told = {n: v for n, v in form.cleaned_data.items() if n in said}
    return told | {"day": day.isoformat() if day else "", "part": tuple(part)}


def with_photos(request: HttpRequest, draft: Draft, form: What) -> Draft:
    """Take in what was sent and let go what is unwanted; what is wrong is said at the field."""
    dropped = set(request.POST.getlist("drop"))
    kept = [id for id in draft.photos if id not in dropped]
    by = int(request.who.id) if request.who.id else None  # type: ignore[attr-defined]
    for sent in request.FILES.getlist("photo"):
        if len(kept) >= MOST_PHOTOS:
            form.add_error("photo", say("file.what.too_many", most=MOST_PHOTOS))
            break
        try:
            pictures.keep(request)
            kept.append(str(take_in(sent.file, by, timezone.now()).pk))
        except Refused as no:
            form.add_error("photo", told(no))
    return draft.having(photos=tuple(kept))


def ask_what(request: HttpRequest, draft: Draft, form: What | None = None) -> HttpResponse:
    said = ("text", *wishes.SAID, "category", *AGAINST)
    initial = {n: getattr(draft, n) for n in said}
    today = timezone.localdate()
    facts = {
        "draft": draft, "form": form or What(draft, initial=initial), "photos": shown(draft),
        "place": drafts.place_of(draft, today), "chosen": drafts.category_words(draft, today),
        "keeps": "filing",
    }  # fmt: skip
    return render(request, "file/what.html", facts, status=422 if form else 200)


def shown(draft: Draft) -> list[dict[str, str]]:
    """The draft's photos, each at an address that only this draft knows."""
    return [
        {"id": id, "url": reverse("draft_photo", args=[signing.dumps(id, salt=SEEN)]),
         "alt": say("file.what.photo_n", n=n)}
        for n, id in enumerate(draft.photos, 1)
    ]  # fmt: skip


@require_GET
@access("anyone")
def draft_photo(request: HttpRequest, token: str) -> HttpResponse:
    """A photo before it belongs to an order."""
    try:
        id = signing.loads(token, salt=SEEN, max_age=SEEN_FOR)
    except signing.BadSignature:
        raise Http404 from None
    photo = Photo.objects.filter(pk=id, order=None).first()
    if photo is None:
        raise Http404
    headers = {"Cache-Control": FRESH}  # it may be painted over
    return FileResponse(
        path_of(photo.sha256).open("rb"), content_type="image/jpeg", headers=headers
    )


# ── where ────────────────────────────────────────────────────────────────────────────────────────


@access("anyone")
def where(request: HttpRequest) -> HttpResponse:
    """The second screen answers itself until a place is settled."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("file"))
    draft = Draft.of(request)
    address = given.text(request.POST.get("address", "")[:80], page().field("text"))
    draft = draft.having(address=address)
    go = request.POST.get("go")
    if go == "back":
        return ask_what(request, draft)
    if (
        go in ONWARD
        and not request.POST.get("choosing")
        and drafts.place_of(draft, timezone.localdate())
    ):
        return ask_send(request, draft)
    return ask_where(request, draft)


# ── send ─────────────────────────────────────────────────────────────────────────────────────────


class Send(forms.Form):
    """The last screen asks for nothing but, perhaps, a phone."""

    phone = forms.RegexField(
        r"^\+?[\d\s()-]{5,24}$", required=False,
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )  # fmt: skip

    def __init__(self, *args: Any, staff: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].label = say("file.send.phone")
        self.fields["phone"].help_text = say("file.send.phone_is", who=readers_of("phone", staff))
        self.fields["phone"].error_messages["invalid"] = say("file.send.bad_phone")


def readers_of(name: str, staff: bool) -> str:
    """Who may read a field, by the page that asks it, in everyday words. What stands at the street
    is read there, and by no grid worker."""
    about, roles = page(), book().roles
    seen = [n for n in about.fields[name].seen or () if n != PARTY]
    words = {n: about.parties[n].words if n in about.parties else roles[n].words for n in seen}
    told = {n: everyday(FLOW, "reader", n, w) for n, w in words.items()}
    if staff:
        told = {n: said for n, said in told.items() if n != "grid_worker"}
        told |= {"desk": say("file.send.street")}
    return say("orders.story.list").join(told.values())


@access("anyone")
def send(request: HttpRequest) -> HttpResponse:
    """The third screen; pressed once or five times, it files once."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("file"))
    draft = Draft.of(request)
    form = Send(request.POST, staff=draft.staff)
    draft = draft.having(phone=request.POST.get("phone", "")[:40])
    go = request.POST.get("go")
    if go == "what":
        return ask_what(request, draft)
    if go == "where" or drafts.place_of(draft, timezone.localdate()) is None:
        return ask_where(request, draft)
    if "follow" in request.POST:
        return follow(request, draft)
    if go is None or not form.is_valid():
        return ask_send(request, draft, form if go else None)
    return filed(request, draft.having(phone=form.cleaned_data["phone"]))


def filed(request: HttpRequest, draft: Draft) -> HttpResponse:
    now = timezone.now()
    today = timezone.localdate(now)
    place = drafts.place_of(draft, today)
    who = request.who  # type: ignore[attr-defined]
    try:
        filings.keep(request)
        done = actions.file(
            FLOW, HIGHER if draft.staff else DOOR, who, drafts.answers(draft, place, today),
            area=place.area, key=draft.key, now=now,
        )  # fmt: skip
    except Refused as no:
        again = draft.anew() if no.code == "key_reused" else draft
        return ask_send(request, again, problem=no)
    secret = links.make(done.id, PARTY, now)
    return HttpResponseRedirect(reverse("sent", args=[secret]))


def follow(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Follow what somebody else has filed instead: nothing of the draft is kept."""
    place = drafts.place_of(draft, timezone.localdate())
    try:
        filings.keep(request)
        secret = near.follow(request, FLOW, draft, place)
        if secret is None:
            raise Refused("nothing_to_follow")
    except Refused as no:
        return ask_send(request, draft, problem=no)
    return HttpResponseRedirect(reverse("followed", args=[secret]))


def ask_send(
    request: HttpRequest, draft: Draft, form: Send | None = None, problem: Refused | None = None
) -> HttpResponse:
    today = timezone.localdate()
    place = drafts.place_of(draft, today)
    row = drafts.category_of(draft.category, today)
    facts = {
        "draft": draft,
        "form": form or Send(initial={"phone": draft.phone}, staff=draft.staff),
        "desk": say(f"file.send.{'street' if draft.staff else 'community'}"),
        "words": draft.text, "suits": wishes.told(drafts.wish_of(draft, today)),
        "against": dict(complaints()).get(draft.matter, ""),
        "photos": shown(draft), "row": row,
        "place": place, "problem": told(problem) if problem else "",
        "hints": near.hints(request, FLOW, draft, place), "views": views(draft, place),
        "keeps": "filing",
    }  # fmt: skip
    code = status(problem) if problem else 422 if form else 200
    return render(request, "file/send.html", facts, status=code)


def views(draft: Draft, place: drafts.Place | None) -> list[preview.Seen]:
    """What each reader would see; nobody anything, where it could not be filed at all."""
    if place is None:
        return []
    try:
        return preview.seen(page(), FLOW, HIGHER if draft.staff else DOOR, draft, place)
    except Refused:  # `send` says why
        return []


def told(no: Refused) -> str:
    """A refusal as a resident reads it."""
    if no.code == "slow_down":
        return say("file.slow", n=-(-int(no.facts["wait"]) // 60))
    if no.code == "key_reused":
        return say("file.send.used")
    if no.code == "top":
        return say("file.send.no_street")
    return sentence(no, tongue(), page())
