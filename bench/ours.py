"""What is asked of our own pages and programs' door: file, list, grab, one order's page."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Any

from bench.callers import Answer, Ask, Callers
from bench.meter import Figure, Meter

SEATS = 2  # of an order to be grabbed
MEMBERS = 20
TEXT = "三栋二单元门口的路灯不亮，晚上老人下楼看不见台阶，请尽快来修。"


@dataclass(frozen=True)
class Cast:
    """Who asks, and where: secrets of people who belong to one community and one unit."""

    resident: str
    desk: str
    cookie: str
    county: str
    members: tuple[str, ...]
    unit: int
    community: str
    grids: tuple[str, ...]


def casting() -> Cast:
    """A resident, the desk of the community with most doors, and a unit with many members."""
    from django.conf import settings
    from django.test import Client
    from django.utils import timezone

    from lianxin.demo import home
    from lianxin.registry.actions import Stamp, issue_token
    from lianxin.registry.models import Area, Person, Post

    stamp, community = Stamp(None, timezone.now()), home.community()
    desk = Post.objects.filter(role="desk", area__path=community).order_by("pk")[0].person
    in_county = Post.objects.filter(role="member", unit__area__path=community[:6])
    unit = in_county.order_by("unit", "pk")[0].unit_id
    members = in_county.filter(unit=unit).order_by("pk").select_related("person")[:MEMBERS]
    resident = Person.objects.create(username="resident", name="居民", password="!")
    grids = Area.objects.filter(kind="grid", path__startswith=community).order_by("path")
    county = Post.objects.filter(role="desk", area__path=community[:6]).order_by("pk")[0].person

    def cookie(person: Person) -> str:
        client = Client()
        client.force_login(person)
        return f"{settings.SESSION_COOKIE_NAME}={client.session.session_key}"

    return Cast(
        resident=issue_token(stamp, resident)[0], desk=issue_token(stamp, desk)[0],
        cookie=cookie(desk), county=cookie(county),
        members=tuple(issue_token(stamp, post.person)[0] for post in members), unit=unit,
        community=community, grids=tuple(grids.values_list("path", flat=True)),
    )  # fmt: skip


# ── what is asked ────────────────────────────────────────────────────────────────────────────────


def token(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}


def filings(cast: Cast, many: int) -> list[Ask]:
    asks = []
    for grid in islice(cycle(cast.grids), many):
        answers = {"text": TEXT, "address": "三栋", "category": "0101"}
        body = {"flow": "five-orders", "door": "file", "answers": answers, "place": {"path": grid}}
        keyed = {**token(cast.resident), "Idempotency-Key": secrets.token_hex(16)}
        asks.append(Ask("/api/v1/orders", "POST", json.dumps(body).encode(), keyed))
    return asks


def grabs(cast: Cast, many: int) -> list[Ask]:
    """Each order by as many members as it has seats; orders are prepared through the kernel."""
    members = cycle(cast.members)
    return [
        Ask(f"/api/v1/orders/{number}/steps/grab", "POST", b'{"answers": {}}', token(next(members)))
        for number in to_grab(cast, -(-many // SEATS)) for _ in range(SEATS)
    ][:many]  # fmt: skip


def to_grab(cast: Cast, many: int) -> list[str]:
    """Numbers of fresh orders that wait for members."""
    from django.utils import timezone

    from lianxin.core.step.who import Who
    from lianxin.orders.bulk import Press, take_many
    from lianxin.registry.models import Area, Post
    from lianxin.registry.queries import grants

    now = timezone.now()

    def who(**post: Any) -> Who:
        person = Post.objects.filter(**post).order_by("pk")[0].person
        return Who(str(person.pk), grants(person, now))

    desk, clerk = who(role="desk", area__path=cast.community), who(role="clerk", unit=cast.unit)
    area = Area.objects.get(path=cast.grids[0], until=None)
    given = {"text": TEXT, "category": "0101"}
    filed = [Press(Who(""), "file", given, flow="five-orders", area=area) for _ in range(many)]
    numbers = [done.number for done in take_many(filed, quiet=True)]
    for by, verb, given in (
        (desk, "dispatch", {"unit": str(cast.unit)}),
        (clerk, "accept", {"seats": SEATS}),
    ):
        take_many([Press(by, verb, given, number=n) for n in numbers], quiet=True)
    return numbers


def pages(cast: Cast, many: int) -> list[Ask]:
    """The page of a different order each time, open and ended ones, as the desk sees it."""
    from lianxin.orders.models import Order

    at_place = Order.objects.filter(path__startswith=cast.community, wall="place")
    rows = at_place.filter(kind="case").order_by("-id").values_list("number", flat=True)
    numbers = list(rows[: many * 10 : 10]) or list(rows)
    cookie = {"Cookie": cast.cookie}
    return [Ask(f"/orders/{n}", headers=cookie) for n in islice(cycle(numbers), many)]


def lists(cast: Cast) -> dict[str, Ask]:
    cookie = {"Cookie": cast.cookie}
    return {
        "list: 50 rows by the programs' door": Ask("/api/v1/orders", headers=token(cast.desk)),
        "list: the desk, what waits": Ask("/desk", headers=cookie),
        "list: the desk, all": Ask("/desk?all=", headers=cookie),
        "list: a county's desk, all": Ask("/desk?all=", headers={"Cookie": cast.county}),
    }


# ── measured ─────────────────────────────────────────────────────────────────────────────────────


def measure(meter: Meter, port: int, cast: Cast, many: int, warm: int) -> list[Figure]:
    """All our measures, each with its statements and the rows it shows."""
    callers = Callers(port)

    def one(what: str, asks: list[Ask], good: Callable[[Answer], bool]) -> Figure:
        first, rest = asks[:warm], asks[warm : warm + many]
        return meter.measure(what, callers, first, rest, good)

    found = [one("file", filings(cast, warm + many), status(201))]
    found += [one(name, [ask] * (warm + many), status(200)) for name, ask in lists(cast).items()]
    found.append(one("grab", grabs(cast, warm + many), status(200)))
    found.append(one("order page", pages(cast, warm + many), status(200)))
    callers.close()
    return found


def status(code: int) -> Callable[[Answer], bool]:
    return lambda answer: answer.status == code


def statements(cast: Cast) -> dict[str, int]:
    """How many statements each of the measures costs, `BEGIN` and `COMMIT` among them."""
    asks = {
        "file": filings(cast, 2), **{name: [ask] * 2 for name, ask in lists(cast).items()},
        "grab": grabs(cast, 2), "order page": pages(cast, 2),
    }  # fmt: skip
    return {name: counted(*two) for name, two in asks.items()}


def counted(first: Ask, second: Ask) -> int:
    """Statements of the second request, when what a process looks up once has been looked up."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    press(first)
    with CaptureQueriesContext(connection) as asked:
        press(second)
    return len(asked)


def press(ask: Ask) -> Any:
    from django.test import Client

    about = {f"HTTP_{k.upper().replace('-', '_')}": v for k, v in ask.headers.items()}
    kind = about.pop("HTTP_CONTENT_TYPE", "text/html")
    about.setdefault("HTTP_HOST", "127.0.0.1")
    answer = Client().generic(ask.method, ask.path, ask.body or b"", content_type=kind, **about)
    assert answer.status_code < 300, answer.content[:300]
    return answer
