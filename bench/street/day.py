"""The day itself: lives that wait for their hour, and hands that carry each a little further."""

from __future__ import annotations

import heapq
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from bench.street import clock
from bench.street.lives import Day, Life, life, watching
from bench.street.wire import Refused

HANDS = 24  # requests under way at once, at most
HOURS = 10  # from eight in the morning
LAST = 8.5  # hours after which nobody files any more
FRESH_S = 10.0  # how often a desk's page asks for what is new, by its own clock
Waiting = list[tuple[datetime, int, Life]]


class Clockwork:
    """Everybody's next moment in one row. A life that has slept goes on in the next free hand."""

    def __init__(self, day: Day, first: datetime) -> None:
        self.day, self.until = day, first + timedelta(hours=HOURS)
        self.row: Waiting = []
        self.nth, self.lock = count(), threading.Condition()
        self.busy = self.behind_s = 0.0

    def at(self, when: datetime, one: Life) -> None:
        with self.lock:
            heapq.heappush(self.row, (when, next(self.nth), one))
            self.lock.notify()

    def run(self) -> None:
        with ThreadPoolExecutor(HANDS) as hands:
            for done in [hands.submit(self.hand) for _ in range(HANDS)]:
                done.result()

    def hand(self) -> None:
        while (taken := self.next()) is not None:
            when, one = taken
            try:
                minutes = next(one)
            except StopIteration:
                continue
            except Refused as no:
                self.day.book.refused.append(str(no))
                continue
            except Exception as wrong:
                self.day.book.fault(f"{type(wrong).__name__}: {wrong}")
                continue
            self.at(max(when, clock.now()) + timedelta(minutes=minutes), one)

    def next(self) -> tuple[datetime, Life] | None:
        """The next life whose moment has come; None when the day is over."""
        with self.lock:
            while True:
                now = clock.now()
                if now >= self.until:
                    return None
                left = 0.2
                if self.row:
                    when, _, one = self.row[0]
                    if when <= now:
                        heapq.heappop(self.row)
                        self.behind_s = max(self.behind_s, (now - when).total_seconds())
                        return when, one
                    left = min(left, (when - now).total_seconds() / clock.pace())
                self.lock.wait(left)


def fill(work: Clockwork, first: datetime, orders: int) -> None:
    """Requests come as people get up, most before noon; desks, workers and leaders look on."""
    day, rnd = work.day, work.day.rnd
    for n in range(orders):
        hour = rnd.triangular(0, LAST, LAST / 3)
        work.at(first + timedelta(hours=hour), life(day, n))
    fresh = FRESH_S * clock.pace() / 60
    for at in day.street.communities:
        work.at(
            soon(first, rnd, fresh), watching(day, at.desk, "/desk/fresh?as=0&since={since}", fresh)
        )
        for worker in at.workers:
            work.at(soon(first, rnd, 30), watching(day, worker, "/today", 30))
    for cookie in (day.street.leader, day.street.supervisor):
        work.at(soon(first, rnd, 5), watching(day, cookie, "/board", 5))


def soon(first: datetime, rnd: Any, minutes: float) -> datetime:
    return first + timedelta(minutes=rnd.uniform(0, minutes))
