"""The people's registers of the demo: careers, check-ins, reserves, classes, reserved posts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

from lianxin.demo.careers import DAY, career, some_day
from lianxin.demo.grades import pour_grades
from lianxin.demo.land import Land
from lianxin.demo.people import PersonRow
from lianxin.demo.units import UnitRow
from lianxin.growth.models import Attendance, Course, Fact, Rearing, Reserve, ReservedPost
from lianxin.registry.actions.pour import next_key, pour
from lianxin.registry.actions.stamp import Stamp
from lianxin.registry.models import CheckIn, Figure, UnitCheckIn

ROOT = "5226"
RESIDENTS, SOURCE = 1_509_300, "演示数据"
RESERVES, STUDYING, CLASSES, ATTENDANCES = 414, 89, 72, 565
POSTS = {"civil": 18, "institution": 37}
POST_NAMES = {
    "civil": "乡镇机关（面向优秀村、社区干部）",
    "institution": "乡镇事业单位（面向社区工作者）",
}
SCHOOLS = ("清湖社区治理学院", "云岭成人教育学院")
TOPICS = ("基层治理", "网格服务", "矛盾调解", "应急处置", "群众工作", "数字办公")
BARE = 19  # of so many communities one has no reserve
AWAY = 9  # of so many reserves one comes to no class
SHORT = 8  # of so many communities one has vacancies
CHECKED_IN = date(2019, 3, 1)
COMMUNITY, COUNTY = 12, 6  # digits

Known = Sequence[tuple[int, PersonRow]]


@dataclass(frozen=True)
class Scene:
    """What the registers stand on. `share`: how much of the demo; `year`: the last whole one."""

    stamp: Stamp
    land: Land
    areas: Mapping[str, int]
    units: Sequence[UnitRow]
    people: Known
    rng: Random
    share: float

    @property
    def today(self) -> date:
        return self.stamp.day

    @property
    def year(self) -> int:
        return self.today.year - 1

    def some(self, whole: int) -> int:
        return max(1, round(whole * self.share))


def pour_growth(scene: Scene) -> None:
    pour_figures(scene)
    pour_careers(scene)
    pour_grades(scene.stamp)
    pour_check_ins(scene)
    kept = pour_reserves(scene)
    pour_classes(scene, kept)
    pour_posts(scene)


def shares(total: int, weights: Mapping[str, int]) -> dict[str, int]:
    """Whole numbers that add up, each nearly its weight's share of the total.

    >>> shares(10, {"a": 2, "b": 1, "c": 0})
    {'a': 7, 'b': 3, 'c': 0}
    """
    whole = sum(weights.values()) or 1
    found = {name: total * n // whole for name, n in weights.items()}
    rest = sorted(weights, key=lambda name: (-(total * weights[name] % whole), name))
    for name in rest[: total - sum(found.values()) if sum(weights.values()) else 0]:
        found[name] += 1
    return found


def staff_of(people: Known) -> list[tuple[int, str, str]]:
    """(key, role, community) of all who work at a grid or a community."""
    return [
        (key, role, path[:COMMUNITY])
        for key, person in people
        if person.username.split("-")[-1][:2] in ("wg", "ws")
        for role, path, _ in person.posts
        if path
    ]


def pour_figures(scene: Scene) -> None:
    """The prefecture's row and its counties', which add up to it; others have none."""
    counties = [a.path for a in scene.land.of("county", ROOT)]
    weights = {path: len(scene.land.of("grid", path)) for path in counties}
    total = scene.some(RESIDENTS)
    values = {ROOT: total, **shares(total, weights)}
    on = date(scene.year, 12, 31)
    rows = [(path, "urban_residents", value) for path, value in values.items()]
    rows += [(path, "worker_posts", n) for path, n in meant(scene).items()]
    pour(
        scene.stamp, Figure, ("id", "area_id", "what", "value", "on", "source"),
        (
            (key, scene.areas[path], what, value, on, SOURCE)
            for key, (path, what, value) in enumerate(rows, next_key(Figure))
        ),
    )  # fmt: skip


def meant(scene: Scene) -> dict[str, int]:
    """How many workers each community is meant to have: so many as it has, and here and there one
    or two more."""
    there = Counter(community for _, _, community in staff_of(scene.people))
    communities = [a.path for a in scene.land.of("community", ROOT)]
    return {
        path: there[path] + (1 + n % 2 if n % SHORT == SHORT - 1 else 0)
        for n, path in enumerate(communities)
    }


def pour_careers(scene: Scene) -> None:
    told = (
        (key, line)
        for key, role, community in staff_of(scene.people)
        for line in career(scene.rng, role, community, scene.today)
    )
    pour(
        scene.stamp, Fact,
        ("id", "person_id", "kind", "name", "number", "n", "area_id", "since", "until"),
        (
            (n, key, kind, name, f"YS{n:08d}" if kind == "certificate" else "", year,
             scene.areas[path] if path else None, since, until)
            for n, (key, (kind, name, year, path, since, until)) in enumerate(
                told, next_key(Fact)
            )
        ),
    )  # fmt: skip


def pour_check_ins(scene: Scene) -> None:
    """Members where they live, confirmed by their unit's clerk; clerks too, some of whom wait."""
    clerks: dict[int, int] = {}
    rows: list[tuple[int, int, int, date, date | None]] = []
    communities = {c.path: scene.land.of("community", c.path) for c in scene.land.of("county")}
    place = {unit.id: unit.area for unit in scene.units}
    for key, person in scene.people:
        for role, _, unit in person.posts:
            if unit is None or role not in ("member", "clerk"):
                continue
            if role == "clerk":
                clerks.setdefault(unit, key)
            near = communities.get(place[unit])
            home = person.home or (scene.rng.choice(near).path if near else None)
            if home:
                since = some_day(scene.rng, CHECKED_IN, scene.today - 30 * DAY)
                waits = role == "clerk" and not key % 10
                day = None if waits else since + 3 * DAY
                rows.append((key, unit, scene.areas[home], since, day))
    pour(
        scene.stamp, CheckIn,
        ("id", "person_id", "unit_id", "area_id", "since", "confirmed", "confirmed_by_id"),
        (
            (n, key, unit, area, since, day, other(clerks.get(unit), key) if day else None)
            for n, (key, unit, area, since, day) in enumerate(rows, next_key(CheckIn))
        ),
    )  # fmt: skip
    pour_pairs(scene)


def other(clerk: int | None, key: int) -> int | None:
    """Nobody confirms themselves."""
    return clerk if clerk != key else None


def pour_pairs(scene: Scene) -> None:
    """Each unit of the prefecture with a community of its county."""
    units = [u for u in scene.units if u.area.startswith(ROOT)]
    near = {u.area: scene.land.of("community", u.area) for u in units}
    paired = [(u, near[u.area][n % len(near[u.area])]) for n, u in enumerate(units) if near[u.area]]
    pour(
        scene.stamp, UnitCheckIn, ("id", "unit_id", "area_id", "since"),
        (
            (key, unit.id, scene.areas[area.path], CHECKED_IN)
            for key, (unit, area) in enumerate(paired, next_key(UnitCheckIn))
        ),
    )  # fmt: skip


# ── reserves and their classes ───────────────────────────────────────────────────────────────────


def chosen(scene: Scene) -> list[tuple[int, str]]:
    """(person, community) of the reserves: two or three each, here and there none."""
    free: dict[str, list[int]] = {}
    for key, role, community in staff_of(scene.people):
        if community.startswith(ROOT) and role != "secretary":
            free.setdefault(community, []).append(key)
    paths = [a.path for a in scene.land.of("community", ROOT)]
    kept = [p for n, p in enumerate(paths) if n % BARE != BARE - 1 and free.get(p)]
    found: list[tuple[int, str]] = []
    while len(found) < scene.some(RESERVES) and any(free[p] for p in kept):
        for path in (p for p in kept if free[p]):
            if len(found) < scene.some(RESERVES):
                found.append((free[path].pop(scene.rng.randrange(len(free[path]))), path))
    return found


def pour_reserves(scene: Scene) -> list[tuple[int, str]]:
    """With a mentor each; some of them study."""
    found, first, rng = chosen(scene), next_key(Reserve), scene.rng
    begun = [some_day(rng, date(scene.year - 3, 1, 1), date(scene.year, 2, 28)) for _ in found]
    pour(
        scene.stamp, Reserve, ("id", "person_id", "area_id", "door", "since", "ended"),
        (
            (first + n, key, scene.areas[path], rng.choice(("chosen", "put_forward")), begun[n], "")
            for n, (key, path) in enumerate(found)
        ),
    )  # fmt: skip
    studies = rng.sample(range(len(found)), min(len(found), scene.some(STUDYING)))
    names = {key: person.name for key, person in scene.people}
    elders = [key for key, role, _ in staff_of(scene.people) if role == "secretary"] or [
        found[0][0]
    ]
    plan = [(first + n, "mentor", names[rng.choice(elders)], begun[n]) for n in range(len(found))]
    term = date(scene.year, 9, 1)
    plan += [(first + n, "study", SCHOOLS[n % len(SCHOOLS)], term) for n in sorted(studies)]
    pour(
        scene.stamp, Rearing, ("id", "reserve_id", "kind", "name", "since"),
        ((key, *line) for key, line in enumerate(plan, next_key(Rearing))),
    )  # fmt: skip
    return found


def pour_classes(scene: Scene, kept: Iterable[tuple[int, str]]) -> None:
    """Attendances (人次) of fewer persons (人): some come to several, some to none."""
    first = next_key(Course)
    held = list(classes(scene, first))
    by_county: dict[str, list[int]] = {}
    for n, (key, path) in enumerate(kept):
        if n % AWAY:
            by_county.setdefault(path[:COUNTY], []).append(key)
    seats = seated(scene.some(ATTENDANCES), held, by_county)
    taken = {key: sum(course == key for course, _ in seats) for key, _, _, _ in held}
    pour(
        scene.stamp, Course,
        ("id", "area_id", "name", "seats", "minutes", "since", "until", "code"),
        (
            (key, scene.areas[county], name, taken[key] + 2 + key % 4, 180 * (1 + key % 4), since,
             since + timedelta(days=1 + key % 2), f"ys{scene.rng.randrange(16**10):010x}")
            for key, county, name, since in held
        ),
    )  # fmt: skip
    days = {key: since for key, _, _, since in held}
    pour(
        scene.stamp, Attendance, ("id", "course_id", "person_id", "signed", "came", "minutes"),
        (
            (n, course, person, days[course] - 7 * DAY, morning(days[course]),
             180 * (1 + course % 4))
            for n, (course, person) in enumerate(seats, next_key(Attendance))
        ),
    )  # fmt: skip


def classes(scene: Scene, first: int) -> Iterable[tuple[int, str, str, date]]:
    """(key, county, name, day) of the year's, spread over the counties and months."""
    counties = [a.path for a in scene.land.of("county", ROOT)]
    for n in range(scene.some(CLASSES)):
        day = date(scene.year, 3 + n % 9, 4 + n % 20)
        name = f"{TOPICS[n % len(TOPICS)]}专题班（第{n // len(counties) + 1}期）"
        yield first + n, counties[n % len(counties)], name, day


def seated(
    total: int, held: Sequence[tuple[int, str, str, date]], by_county: Mapping[str, Sequence[int]]
) -> list[tuple[int, int]]:
    """(class, person), each pair once: so many in all, by how many live in each county."""
    here: dict[str, list[int]] = {}
    for key, county, _, _ in held:
        here.setdefault(county, []).append(key)
    weights = {county: len(by_county.get(county, ())) for county in here}
    found = []
    for county, n in shares(total, weights).items():
        people, keys = by_county.get(county, ()), here[county]
        for seat in range(min(n, len(people) * len(keys))):
            turn, at = divmod(seat, len(people))
            found.append((keys[(turn + at) % len(keys)], people[at]))
    return found


def morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(9)))


def pour_posts(scene: Scene) -> None:
    counties = [a.path for a in scene.land.of("county", ROOT)]
    rows = []
    for kind, whole in POSTS.items():
        for n in range(scene.some(whole)):
            county = counties[n % len(counties)]
            rows.append((scene.year, kind, scene.areas[county], POST_NAMES[kind],
                         n // len(counties) + 1))  # fmt: skip
    pour(
        scene.stamp, ReservedPost, ("id", "year", "kind", "area_id", "name", "n"),
        ((key, *row) for key, row in enumerate(rows, next_key(ReservedPost))),
    )  # fmt: skip
