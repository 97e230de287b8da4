"""By which ways somebody is told, as the house has it and as they have chosen themselves.

The page of notices is no choice: whatever one has to act on stands there, and the bell counts it.
"""

from __future__ import annotations

from lianxin.orders.models import Channel
from lianxin.orders.notices.rules import rules
from lianxin.registry.models import Person

SMS, MAIL, CALL = Channel.SMS, Channel.MAIL, Channel.CALL
BELL = "bell"
OFFICE = "office"  # the mailbox of a unit, beside the accounts of its people
AT_WORK = "follower at work"  # who follows and is at our pages every day: the bell is enough
WAYS: dict[str, tuple[Channel, ...]] = {
    "asker": (SMS, MAIL, CALL), "staff": (MAIL, SMS), "urgent": (SMS, MAIL),
    "follower": (SMS, MAIL), AT_WORK: (), OFFICE: (MAIL,),
}  # fmt: skip


def ways_of(kind: str, person: Person | None) -> tuple[Channel, ...]:
    """In the order in which they are tried. What one has chosen comes first; the others stand
    behind it, for when it fails."""
    usual = WAYS[kind]
    wish = chosen(person).get(kind.partition(" ")[0], "") if person else ""
    if wish == BELL:
        return ()
    return (Channel(wish), *(way for way in usual if way != wish)) if wish else usual


def behind(kind: str, person: Person | None, after: str) -> tuple[Channel, ...]:
    """Those that are still to be tried once `after` has failed; all of them before any was."""
    ways = ways_of(kind, person)
    if not after:
        return ways
    return ways[ways.index(Channel(after)) + 1 :] if after in ways else ()


def chosen(person: Person) -> dict[str, str]:
    """Kind → way, as far as the table lets one choose it today."""
    wishes = (pair.partition("=") for pair in person.ways.split())
    return {kind: way for kind, _, way in wishes if way in rules().choices.get(kind, ())}


def written(wishes: dict[str, str]) -> str:
    """The same as `Person.ways` keeps it.

    >>> written({"urgent": "mail", "staff": "bell"})
    'staff=bell urgent=mail'
    """
    return " ".join(f"{kind}={way}" for kind, way in sorted(wishes.items()))
