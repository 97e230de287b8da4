"""Made-up careers of the demo's workers: when they came, what they became, learnt and were told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

FINAL = {
    "secretary": "head", "chair": "deputy", "keeper": "committee", "steward": "committee",
    "desk": "worker", "grid_worker": "worker",
}  # fmt: skip
RESULTS = ("excellent", "competent", "basic", "failed")
ODDS = (15, 78, 5, 2)
DEGREES = (("bachelor", 46), ("master", 4), ("", 50))
CERTIFICATES = (("assistant_social_worker", 18), ("social_worker", 9), ("", 73))
FIRST = date(2012, 1, 1)
JUDGED = 4  # years whose results are in the register
DAY = timedelta(days=1)

# kind, name, n, area's path, since, until
Line = tuple[str, str, int | None, str | None, date, date | None]


def career(rng: Random, role: str, community: str, today: date) -> Iterator[Line]:
    """One person's facts. Whoever leads has served for years; others may have come last year."""
    lead = FINAL[role] in ("head", "deputy")
    latest = date(today.year - (8 if lead else 1), 12, 1)
    entered = some_day(rng, FIRST, latest)
    yield "worked", "", None, community, entered, None
    yield from posts(rng, FINAL[role], entered, today)
    if degree := drawn(rng, DEGREES):
        yield "degree", degree, None, None, entered - rng.randrange(-1500, 900) * DAY, None
    if name := drawn(rng, CERTIFICATES):
        since = some_day(rng, entered, today)
        until = since + 3 * 365 * DAY if rng.random() < 0.3 else None
        yield "certificate", name, None, None, since, until
    for year in range(max(entered.year, today.year - JUDGED), today.year):
        result = rng.choices(RESULTS, ODDS)[0]
        yield "result", result, year, None, date(year, 12, rng.randrange(10, 31)), None


def posts(rng: Random, final: str, entered: date, today: date) -> Iterator[Line]:
    """As a beginner first, and some years on what they are now."""
    first = "assistant" if rng.random() < 0.6 else "worker"
    yield "post", first, None, None, entered, None
    became = entered + rng.randrange(300, 1500) * DAY
    if final != first and became < today:
        yield "post", final, None, None, became, None


def drawn(rng: Random, table: tuple[tuple[str, int], ...]) -> str:
    return rng.choices([name for name, _ in table], [weight for _, weight in table])[0]


def some_day(rng: Random, first: date, last: date) -> date:
    """One of the days between, both included."""
    return first + rng.randrange(max(1, (last - first).days + 1)) * DAY
