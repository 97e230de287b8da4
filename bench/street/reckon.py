"""After the day: was every notice said, once; is the log whole; does the leader read the truth."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

WORDS = ("notify", "tell", "remind")
DRAINED_WITHIN_S = 300
HELD = ("queued", "failed", "refused")


def drained() -> int:
    """Waits until the worker has nothing left to do. Gives how many jobs failed or never ran."""
    from django.db import connection

    asked = "SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY 1"
    deadline = time.monotonic() + DRAINED_WITHIN_S
    while True:
        with connection.cursor() as cursor:
            cursor.execute(asked)
            found = dict(cursor.fetchall())
        left = found.get("todo", 0) + found.get("doing", 0)
        if not left or time.monotonic() > deadline:
            return left + found.get("failed", 0)
        time.sleep(0.5)


def unsaid() -> list[str]:
    """Events whose page has something said after them, to somebody there is, and nothing was."""
    from lianxin.orders.models import Event, Notice, Order

    said = set(Notice.objects.values_list("order_id", "nth", "word"))
    orders = Order.objects.in_bulk()
    found = []
    for event in Event.objects.order_by("order_id", "nth").iterator():
        order = orders[event.order_id]
        for word in to_say(order, event):
            if (event.order_id, event.nth, word) not in said:
                found.append(f"{order.number} {event.nth} {event.verb}: {word}")
    return found


def to_say(order: Any, event: Any) -> Iterator[str]:
    from lianxin.orders.book import book
    from lianxin.orders.notices.readers import readers

    page = book().exact(order.flow, order.since)
    step = page.steps.get(event.verb)
    for word in step.then if step else ():
        verb, _, whom = word.partition(" ")
        if verb in WORDS and next(iter(readers(order, page, whom, event)), None):
            yield word


def deliveries(taken: list[dict[str, str]]) -> tuple[dict[str, int], list[str]]:
    """Deliveries by channel and state, and what the gateway does not bear out."""
    from django.db.models import Q

    from bench.street import clock
    from lianxin.orders.models import Delivery

    morning = Q(state="queued", next_at__gt=clock.now())  # it is evening: that phone rings at eight
    rows = list(Delivery.objects.exclude(morning).values_list("channel", "state"))
    counted = Counter(f"{channel} {state}" for channel, state in rows)
    keys = Counter(one["key"] for one in taken)
    sent = counted["sms sent"]
    wrong = [f"{key} came {n} times" for key, n in keys.items() if n > 1]
    if len(keys) != sent:
        wrong.append(f"{sent} messages are kept as sent, {len(keys)} arrived")
    wrong += [f"{n} × {name}" for name, n in counted.items()
              if name.startswith("sms") and name.split()[1] in HELD]  # fmt: skip
    return dict(counted), wrong


def board(answer: str) -> tuple[dict[str, int], list[str]]:
    """The leader's numbers, and where the log says otherwise; the log itself is recounted too."""
    from lianxin.orders import recount
    from lianxin.orders.queries.board import Span
    from lianxin.orders.recount_board import recount as again

    told = json.loads(answer)
    counts: dict[str, int] = told["total"]["counts"]
    span = Span(date.fromisoformat(told["from"]), date.fromisoformat(told["to"]))
    true = again(told["path"], span, datetime.fromisoformat(told["made"]))
    wrong = [f"{name}: the board says {n}, the log {true[name]}"
             for name, n in counts.items() if n != true[name]]  # fmt: skip
    verdict = recount.verify()
    if verdict.broken:
        wrong.append(f"{verdict.broken} orders are not as their log says, first {verdict.first}")
    return counts, wrong
