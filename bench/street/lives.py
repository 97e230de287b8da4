"""What becomes of one request: who presses what, and how long they take. A life is a generator:
each `yield` is a wait in minutes of the street's day, each press goes through the pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from urllib.parse import quote

from bench.street import clock
from bench.street.town import Community, Street
from bench.street.wire import NO, Book, Page, Refused, Someone

NUMBER = re.compile(r"LX-\d+(?:-\d+)?")
SAID = (
    "路灯不亮，晚上老人下楼看不见台阶。", "垃圾堆在单元门口两天了。", "楼道里的水管一直在滴水。",
    "电梯到三楼就停，按了没反应。", "门口井盖松了，车一压就响。", "地下车库进口有积水 𠮷。",
    "夜里十二点以后广场上还有人放音响。", "健身器材的把手掉了。", "绿化带的树枝挡住了监控和路牌。",
)  # fmt: skip
KINDS = ("01", "02", "03", "04", "05", "")
Life = Iterator[float]


@dataclass
class Day:
    """Everybody in the street with their screens, and chance."""

    street: Street
    port: int
    book: Book
    rnd: Random
    residents: int = 0

    def __post_init__(self) -> None:
        self.staff: dict[str, Someone] = {}

    def person(self, cookie: str) -> Someone:
        """Staff: one screen each, however often they are called upon."""
        if cookie not in self.staff:
            source = f"10.0.{len(self.staff) // 250}.{len(self.staff) % 250}"
            self.staff[cookie] = Someone(self.port, self.book, source, cookie)
        return self.staff[cookie]

    def resident(self, n: int) -> Someone:
        return Someone(self.port, self.book, f"10.{1 + n // 60000}.{n // 250 % 240}.{n % 250}")

    def wait(self, low: float, high: float) -> float:
        return self.rnd.uniform(low, high)

    def take(self, who: Someone, number: str, verb: str, **answers: str) -> None:
        """One press: the order is opened, the step's form where it asks something, and sent."""
        address = f"/orders/{number}/{verb}"
        with self.book.lock:
            self.book.presses += 1
        page = who.get(address if answers else f"/orders/{number}")
        if page.status not in NO:
            page = who.press(page, address, **answers)
        if page.status in NO:
            raise Refused(f"{verb}: {page.status}")
        if page.status != 200:
            raise LookupError(f"{number} {verb}: {page.status}")

    def race(self, who: Someone, number: str) -> bool:
        """Take a seat if one is left: whoever comes too late is told, and that is no fault."""
        page = who.get(f"/orders/{number}")
        address = f"/orders/{number}/grab"
        if f'action="{address}"' not in page.text:
            return False
        return who.press(page, address).status == 200


# ── how it comes in ──────────────────────────────────────────────────────────────────────────────


def by_phone(day: Day, at: Community, n: int) -> tuple[str, str]:
    """A resident at a door's code: three screens without account. Gives number and link."""
    me, rnd = day.resident(n), day.rnd
    door = rnd.choice(at.doors)
    me.get(f"/d/{door}")
    page = me.get(f"/file?d={door}")
    kind = {"category": k} if (k := rnd.choice(KINDS)) else {}
    text = f"{rnd.choice(SAID)}（{rnd.randrange(10**9)}）"
    page = me.press(page, "/file", go="next", text=text, **kind)
    if '<form id="filing" method="post" action="/file/where"' in page.text:
        page = me.press(page, "/file/where", go="next")
    page = me.press(page, "/file/send", go="send", phone=f"138{n % 10**8:08d}")
    if not page.path.startswith("/o/"):
        raise LookupError(f"{page.path} ({page.status}): not filed")
    return number_in(page), page.path.split("/")[2]


def by_staff(day: Day, at: Community, door: str, cookie: str) -> str:
    """Heard on the telephone or at the door: filed by the one who heard it."""
    who, rnd = day.person(cookie), day.rnd
    page = who.get(f"/new/{door}")
    offered = page.text.partition('name="_place"')[2].partition("</select>")[0]
    places = re.findall(r'<option value="([^"]+)"', offered)
    text = f"{rnd.choice(SAID)}（{rnd.randrange(10**9)}）"
    page = who.press(page, f"/new/{door}", text=text, _place=rnd.choice(places))
    if page.status != 200 or page.path == f"/new/{door}":
        raise LookupError(f"{page.path} ({page.status}): not filed")
    return number_in(page)


def number_in(page: Page) -> str:
    found = NUMBER.search(page.text)
    if found is None:
        raise LookupError(f"{page.path} ({page.status}): no number")
    return found[0]


# ── what becomes of it ───────────────────────────────────────────────────────────────────────────


def life(day: Day, n: int) -> Life:
    """One request from being said to being struck off, or as far as the day lasts."""
    rnd, at = day.rnd, day.rnd.choice(day.street.communities)
    way, secret = rnd.random(), ""
    if way < 0.2:
        worker = rnd.choice(at.workers)
        day.person(worker).get("/today")
        by_staff(day, at, "log", worker)
        return
    if way < 0.35:
        number = by_staff(day, at, "file_for", at.desk)
    else:
        number, secret = by_phone(day, at, rnd.randrange(day.residents))
    yield day.wait(3, 25)
    yield from dealt_with(day, at, number, secret)


def dealt_with(day: Day, at: Community, number: str, secret: str) -> Life:
    rnd, desk = day.rnd, day.person(at.desk)
    desk.get("/desk")
    chance = rnd.random()
    if chance < 0.02 and secret:
        me = day.resident(rnd.randrange(day.residents))
        me.press(me.get(f"/o/{secret}/withdraw"), f"/o/{secret}/withdraw")
        return
    if chance < 0.04:
        day.take(desk, number, "refuse", reason="不属于本社区的事，已告知该找谁。")
        return
    if chance < 0.06:
        day.take(desk, number, "pass_up", reason="要街道协调。")
        yield day.wait(10, 30)
        desk = day.person(day.street.desk)
        desk.get("/desk")
        day.take(desk, number, "pass_down", reason="请社区先去看一看。")
        desk = day.person(at.desk)
        yield day.wait(5, 15)
    unit, clerk = rnd.choice(list(at.units.items()))
    day.take(desk, number, "dispatch", unit=unit)
    yield day.wait(5, 40)
    if rnd.random() < 0.03:
        day.take(day.person(clerk), number, "return", reason="不是我们管的。")
        yield day.wait(5, 20)
        unit, clerk = next((u, c) for u, c in at.units.items() if u != unit)
        day.take(desk, number, "dispatch", unit=unit)
        yield day.wait(5, 30)
    done_by = yield from taken_up(day, at, number, unit, clerk)
    yield day.wait(20, 150)
    day.take(done_by, number, "handle", outcome="solved", text="修好了，现场看过。")
    yield from closed(day, number, secret, desk)


def taken_up(day: Day, at: Community, number: str, unit: str, clerk: str) -> Iterator[float]:
    """Kept by the unit, or opened for its members, of whom three press at once for two seats."""
    boss = day.person(clerk)
    boss.get("/unit")
    if day.rnd.random() < 0.3:
        day.take(boss, number, "keep")
        return boss
    day.take(boss, number, "accept", seats="2")
    yield day.wait(5, 50)
    hands = [day.person(c) for c in day.rnd.sample(at.members[unit], 3)]
    for one in hands:
        one.get("/pool")
    won = [one for one in hands if day.race(one, number)]
    if not won:
        raise LookupError(f"{number}: nobody could take it")
    return won[0]


def closed(day: Day, number: str, secret: str, desk: Someone) -> Life:
    rnd = day.rnd
    yield day.wait(5, 60)
    if not secret:
        return  # whoever asked by telephone has no page of their own: their three days run
    me = day.resident(rnd.randrange(day.residents))
    page = me.get(f"/o/{secret}")
    if rnd.random() < 0.05:
        form = me.get(f"/o/{secret}/reopen")
        me.press(form, f"/o/{secret}/reopen", reason="还是不亮。")
        return
    if rnd.random() < 0.4:
        return
    me.press(page, f"/o/{secret}/rate", rating=str(rnd.choice((3, 4, 5, 5))))
    yield day.wait(5, 60)
    desk.get("/desk")
    answer = rnd.choice(("solved", "solved", "solved", "unsolved", "unreachable"))
    day.take(desk, number, "call_back", callback=answer)
    if answer != "unsolved":
        yield day.wait(1, 20)
        day.take(desk, number, "strike_off")


def watching(day: Day, cookie: str, address: str, every: float) -> Life:
    """Somebody who keeps a page open all day and looks again."""
    who = day.person(cookie)
    while True:
        since = quote((clock.now() - timedelta(minutes=every)).isoformat())
        who.get(address.format(since=since))
        yield every
