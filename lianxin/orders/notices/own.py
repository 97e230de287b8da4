"""The notices of somebody signed in: their own, those of their units, those of their desks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from lianxin.core.step.who import Grant, Who
from lianxin.database.written import Written
from lianxin.orders.book import book
from lianxin.orders.house import house
from lianxin.orders.marks import SELF, Kind, filled, kinds_of, stand_ins
from lianxin.orders.models import Delivery, Follow, Notice, Order, State
from lianxin.orders.notices.carry import UNSEEN
from lianxin.orders.notices.plan import READ
from lianxin.orders.sight import clear_of, in_brackets

AT_ONCE = 50
MANY = 100  # from here on the head of a page counts no further


def own(who: Who) -> Q:
    return Q(person=int(who.id or 0))


def shared(grant: Grant, who: Who) -> Q | None:
    """What a post shows its holder; None where the post reads no notices."""
    if grant.unit:
        return Q(unit=int(grant.unit)) if grant.role == "clerk" else None
    role = book().roles.get(grant.role)
    if role is None or role.silent:
        return None
    return Q(role=grant.role) & at(role.acts, grant.path)


def at(acts: str, path: str) -> Q:
    """What a role reads: what is told to its own desk, to those below it, or of its own place."""
    if acts == "place":
        return Q(order__path__startswith=path)
    return Q(desk=path) if acts == "at" else Q(desk__startswith=path) & ~Q(desk=path)


def parts(who: Who) -> Iterator[tuple[Q, Grant | None]]:
    """Each way by which somebody has notices, with the post it comes by; each has its index."""
    yield own(who), None
    for grant in who.grants:
        if (found := shared(grant, who)) is not None:
            yield found, grant


def unread(who: Who) -> list[tuple[int, UUID | None]]:
    """(key, order) of what waits to be read, the newest first, at most `MANY`; a reminder has no
    order. One query, which every page asks, so that it is written once for each kind of people."""
    if not who.id:
        return []
    kinds = kinds_of(who)
    like = stand_ins(kinds)
    said: dict[Any, Any] = filled(who, kinds)
    for mark, grant in zip(like, who.grants, strict=True):
        units = in_brackets(kept_from(mark, Who("", like)))
        said[units] = in_brackets(house(kept_from(grant, who)))
    return [(pk, order) for pk, order in written(kinds).ask(said)]


@lru_cache(maxsize=2000)
def written(kinds: tuple[Kind, ...]) -> Written:
    found, who = Q(), Who(str(SELF), stand_ins(kinds))
    for part, grant in parts(who):
        kept = kept_from(grant, who) if grant else ()
        clear = Q(order__in=Order.objects.filter(clear_of(kept))) | Q(order=None)
        found |= part & clear if kept else part
    new = Notice.objects.filter(found, read=None, dropped="").order_by("-pk")
    return Written.of(new.values_list("pk", "order")[:MANY])


def kept_from(grant: Grant, who: Who) -> tuple[str, ...]:
    """Units whose complaints a post at a place does not ring for."""
    return () if grant.unit else (*who.units, *grant.away)


# ── the page of notices ──────────────────────────────────────────────────────────────────────────


def listed(who: Who, after: str = "", limit: int = AT_ONCE) -> list[Notice]:
    """One page, newest first, and one more that says there are further ones. `after`: see `mark`.

    Each part is read by its own index and no further than the page goes.
    """
    found = [
        behind(Notice.objects.filter(part, dropped=""), after).order_by("-at", "-pk")[: limit + 1]
        for part, _ in parts(who)
    ]
    whole = found[0].union(*found[1:]).order_by("-at", "-pk") if len(found) > 1 else found[0]
    return list(whole[: limit + 1])


def mark(row: Notice) -> str:
    """Where the next page goes on."""
    return f"{row.at.isoformat()}_{row.pk}"


def behind(found: QuerySet[Notice], after: str) -> QuerySet[Notice]:
    """What is older than the mark; a mark that is none narrows nothing."""
    moment, _, pk = after.partition("_")
    try:
        last = datetime.fromisoformat(moment)
    except ValueError:
        return found
    if last.tzinfo is None or not (pk.isdecimal() and len(pk) < 19):
        return found
    return found.filter(Q(at__lt=last) | Q(at=last, pk__lt=int(pk)))


def drop(rows: list[Notice]) -> None:
    """Reminders of what has been done, or may not be seen by whom they were for."""
    if rows:
        Notice.objects.filter(pk__in=[n.pk for n in rows]).update(dropped=UNSEEN)


def drop_unseen(rows: Iterable[Notice], who: Who) -> None:
    """What its reader may see no longer is shown no longer, and why is kept. What a unit or a desk
    shares goes only where the post itself would not see it: one who stands aside is not all."""
    for part, grant in parts(who):
        keys = [n.pk for n in rows]
        mine = Notice.objects.filter(part, pk__in=keys)
        if grant is not None:
            bare = Who("", (Grant(grant.role, grant.path, grant.unit),))
            orders = {n.order_id for n in rows}
            still = (
                Order.objects.visible_to(bare).filter(pk__in=orders).values_list("pk", flat=True)
            )
            mine = mine.exclude(order__in=list(still))
        mine.update(dropped=UNSEEN)


# ── read ─────────────────────────────────────────────────────────────────────────────────────────


def whole(who: Who) -> Q:
    found = Q()
    for part, _ in parts(who):
        found |= part
    return found


def read_one(who: Who, pk: int, now: datetime) -> Notice | None:
    """Open one: it counts as read from now on. None if it is not this reader's."""
    found = Notice.objects.filter(whole(who), pk=pk).select_related("order").first()
    if found is not None:
        settle([pk], now)
    return found


def read_all(who: Who, now: datetime) -> None:
    new = Notice.objects.filter(whole(who), read=None)
    settle(list(new.values_list("pk", flat=True)), now)


def settle_follow(row: Follow, now: datetime) -> None:
    """Whoever looks at what they follow has read what there was to say about it."""
    new = Notice.objects.filter(order=row.order_id, follow=row, read=None, dropped="")
    settle(list(new.values_list("pk", flat=True)), now)


def settle(keys: list[int], now: datetime) -> None:
    """Mark as read; what still waited to be sent or called need not be said again."""
    if keys and Notice.objects.filter(pk__in=keys, read=None).update(read=now):
        waiting = Delivery.objects.filter(notice__in=keys, state=State.QUEUED)
        waiting.update(state=State.DROPPED, why=READ, done=now)
