"""What became of the messages of a file, counted from the log, whatever the replay meant to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lianxin.core.step.chain import digest
from lianxin.demo.replay.messages import Message, letters
from lianxin.demo.replay.run import FLOW, KEEPER
from lianxin.orders.book import book
from lianxin.orders.fetch import rows_of

# The last state that the log shows, and what happened on the way; words of the first event.
CASES = """
SELECT k.key, e.*, c.value AS text, c.salt, f.digests ->> 'text' AS digest
FROM orders_key k
JOIN orders_event f ON f.order_id = k.order_id AND f.nth = 1
LEFT JOIN orders_content c ON c.order_id = k.order_id AND c.nth = 1 AND c.name = 'text'
CROSS JOIN LATERAL (
    SELECT (array_agg(target ORDER BY nth DESC) FILTER (WHERE target IS NOT NULL))[1] AS state,
           array_agg(DISTINCT verb) AS verbs, max(round) AS rounds, count(*) AS events,
           bool_or(over <> '{}') AS late
    FROM orders_event WHERE order_id = k.order_id) e
WHERE k.who = %s AND k.key = ANY(%s)"""
ENDS = {"struck": "struck_off", "refused": "refused", "withdrawn": "withdrawn", "merged": "merged",
        "split": "split"}  # fmt: skip
VERBS = {"return": "returned", "park": "parked", "extend": "extended", "appeal": "appealed"}


def filed(messages: Sequence[Message]) -> set[str]:
    """Keys of the messages that stand in the database already."""
    keys = [m.key for m in messages]
    found = rows_of("SELECT key FROM orders_key WHERE who = %s AND key = ANY(%s)", [KEEPER, keys])
    return {row["key"] for row in found}


def counted(messages: Sequence[Message]) -> dict[str, int]:
    """Counts over the orders of these messages; `lost` are messages without an order that keeps
    their words: letter by letter, under the digest that the log chains."""
    rows = {row["key"]: row for row in rows_of(CASES, [KEEPER, [m.key for m in messages]])}
    found = dict.fromkeys(("filed", *ENDS.values(), "open", "late", *VERBS.values()), 0)
    found |= {"reopened": 0, "lost": 0}
    for row in rows.values():
        found["filed"] += 1
        found[standing(row["state"])] += 1
        found["late"] += row["late"]
        found["reopened"] += row["rounds"] > 1
        for verb, name in VERBS.items():
            found[name] += verb in row["verbs"]
    found["lost"] = sum(not kept(rows.get(m.key), m) for m in messages)
    return found


def standing(state: str) -> str:
    """`open`, or how it ended."""
    page = next(iter(book().pages[FLOW].values()))
    return ENDS[state] if page.states[state].final else "open"


def kept(row: dict[str, Any] | None, message: Message) -> bool:
    if row is None or row["salt"] is None:
        return False
    return row["digest"] == digest(row["salt"], row["text"]) and letters(row["text"]) == letters(
        message.words
    )
