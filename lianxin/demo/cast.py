"""The demo's cast: people with names to log in as, and one resident with a link."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import segno
from django.conf import settings
from django.db.models import Count, Q
from django.utils import timezone

from lianxin.demo import home
from lianxin.orders import links
from lianxin.orders.models import Hand, Order
from lianxin.registry.models import Area, CheckIn, Door, Person, Post, Vetting

PASSWORD = "lianxin-demo"
PARTS = (
    ("worker", "grid_worker", "网格员 · grid worker"),
    ("desk", "desk", "社区工作台 · community desk"),
    ("street", "desk", "街道工作台 · street desk"),
    ("county", "desk", "县工作台 · county desk"),
    ("supervisor", "supervisor", "督办 · supervisor"),
    ("clerk", "clerk", "单位经办人 · a unit's clerk"),
    ("li", "member", "党员 · member"),
    ("zhang", "member", "党员 · member"),
    ("inspector", "inspector", "督导员 · inspector"),
    ("reviewer", "reviewer", "复核员 · reviewer"),
    ("leader", "leader", "领导 · leader"),
    ("auditor", "auditor", "审计员 · auditor"),
    ("stranger", "desk", "邻县社区工作台 · a desk in the next county"),
)
FILE = "cast.json"
GRID = 18  # digits of a grid's path


def choose() -> None:
    """Give thirteen people of the demo a name to log in with, all at places that belong together.

    They are found around the community where most happens, so that every page of theirs has rows.
    """
    community = home.community()
    grid = busiest_grid(community)
    unit = busiest_unit(community)
    places = {
        "worker": ("grid_worker", grid), "desk": ("desk", community),
        "street": ("desk", community[:9]), "county": ("desk", community[:6]),
        "stranger": ("desk", neighbour(community)),
    }  # fmt: skip
    for name, role, _ in PARTS:
        posts = Post.objects.filter(role=role, until=None, person__password="!demo").order_by("pk")
        if role in ("clerk", "member"):
            posts = posts.filter(unit_id=unit)
        else:
            posts = posts.filter(area__path=places.get(name, ("", community[:6]))[1])
        enrol(posts.select_related("person")[0].person, name)
    lives = Area.objects.get(path=grid, until=None)
    Person.objects.filter(username__in=("li", "zhang")).update(home=lives)
    CheckIn.objects.filter(person__username__in=("li", "zhang")).update(area=lives)
    # One of the two members is vetted no more: so that the demo shows what that means.
    Vetting.objects.filter(person__username="zhang").update(until=timezone.localdate())
    remember(community)


def enrol(person: Person, username: str) -> None:
    person.username = username
    person.set_password(PASSWORD)
    person.save(update_fields=["username", "password"])


def busiest_grid(community: str) -> str:
    """The grid of the community with most open orders; any of its grids while it has none."""
    open_ones = Order.objects.filter(path__startswith=community, open=True, parent=None)
    counted = open_ones.values("path").annotate(n=Count("id")).order_by("-n", "path")
    busy = [row["path"] for row in counted if len(row["path"]) == GRID]
    doors = Door.objects.filter(area__path__startswith=community, area__kind_id="grid")
    return busy[0] if busy else doors.order_by("area__path")[0].area.path


def busiest_unit(community: str) -> int:
    """The unit with most seats open there, among equals the one with most in hand: so that its
    members find something to take and its clerk something to do."""
    found = Hand.objects.filter(
        holds="unit", until=None, order__path__startswith=community, order__open=True
    )
    counted = found.values("who").annotate(
        seats=Count("id", filter=Q(order__state="accepted")), n=Count("id")
    )
    top = counted.order_by("-seats", "-n", "who").first()
    if top:
        return int(top["who"])
    return Post.objects.filter(role="clerk").values_list("unit_id", flat=True)[0]


def neighbour(community: str) -> str:
    """A community of the next county that has a desk."""
    posts = Post.objects.filter(role="desk", area__kind_id="community").exclude(
        area__path__startswith=community[:6]
    )
    return posts.order_by("area__path").values_list("area__path", flat=True)[0]


def remember(community: str) -> None:
    """A resident's link to an order that waits to be rated, and a door; shown at start."""
    order = (
        Order.objects.filter(state="done", path__startswith=community[:4])
        .order_by("-path", "id").first()
    )  # fmt: skip
    door = Door.objects.filter(area__path__startswith=community).order_by("pk")[0]
    secret = links.make(order.pk.hex, "filer", timezone.now()) if order else None
    kept = {"link": secret, "door": door.code, "number": order.number if order else ""}
    file().write_text(json.dumps(kept))
    file().chmod(0o600)


def file() -> Path:
    return Path(settings.VAR) / FILE


def lines() -> Iterator[str]:
    """What `make run` prints: the cast with their logins, and the resident's link as a QR code."""
    if not file().exists():
        return
    kept = json.loads(file().read_text())
    names = dict(
        Person.objects.filter(username__in=[p[0] for p in PARTS]).values_list("username", "name")
    )
    yield f"演示数据 · demo data；密码 password: {PASSWORD}"
    for username, _, words in PARTS:
        if username in names:
            yield f"  {username:<11}{names[username]}  {words}"
    door = f"{settings.PUBLIC_URL}/d/{kept['door']}"
    yield f"居民扫门牌点单 · a resident files at a door: {door}"
    if kept["link"]:
        yield f"居民查看、评单 · a resident rates: {settings.PUBLIC_URL}/o/{kept['link']}"
    if kept.get("number"):
        yield (
            f"没有链接也能查 · or by number and code: {kept['number']} "
            f"{links.code_of(kept['link'])} {settings.PUBLIC_URL}/track"
        )
    yield qr(door)


def qr(address: str) -> str:
    """The address as a QR code of half blocks, to be scanned off the screen."""
    out = io.StringIO()
    segno.make(address, error="m").terminal(out=out, compact=True)
    return out.getvalue().rstrip("\n")
