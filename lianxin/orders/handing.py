"""Hands an order out to its unit without account, and takes what the unit answers: all or nothing.

A link and a sheet are one: whoever holds them speaks for the unit. A newer one ends the older, so a
sheet lost in the street is ended by giving another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from lianxin.core.step.capacity import fit
from lianxin.core.step.order import Hand
from lianxin.core.step.refused import Refused
from lianxin.core.step.who import Voice, Who
from lianxin.orders import actions, links
from lianxin.orders.book import book
from lianxin.orders.models import Link
from lianxin.orders.queries import Sheet, order_sheet
from lianxin.orders.receivers import Receiver, life, receiver, steps_of

DESK = "desk"


@dataclass(frozen=True, slots=True)
class Given:
    """A link handed out. The secret is told this one time."""

    secret: str
    unit: str
    until: datetime


def held(sheet: Sheet) -> tuple[Receiver, Hand]:
    """Whom an order could be handed out to. Raises Refused("not_handed_out")."""
    row = receiver(sheet.page.flow)
    hands = sheet.order.party(row.party) if row else ()
    if row is None or not hands or not sheet.row.open:
        raise Refused("not_handed_out")
    return row, hands[-1]


def give(number: str, who: Who, now: datetime, *, key: str | None = None) -> Given:
    """A new link for the unit that has the order; those before it are over. That it was given, and
    by whom, stands in the story. Raises Refused."""
    with transaction.atomic():
        sheet = order_sheet(number, who, now)
        row, hand = held(sheet)
        about = Link.objects.filter(order=sheet.row.pk, party=row.party, unit=int(hand.who))
        list(about.select_for_update().values("pk"))  # links before roots, as where one is used
        done = actions.step(number, row.give, who, {}, key=key, now=now)
        if done.again:  # the answer that was lost is not told twice: give another
            raise Refused("key_reused")
        # not `until=now`: who has looked at the clock before us may be waiting to answer by it
        about.filter(spent=None, until__gt=now).update(until=F("made"))
        secret = links.make_for_unit(sheet.order.id, row.party, hand, now, now + life(), by=who.id)
        if links.bearer(secret, now) is None:  # given to another while we looked
            raise Refused("too_late", state=done.state)
    return Given(secret, hand.who, now + life())


def on_paper(sheet: Sheet, name: str = "", phone: str = "") -> Who:
    """Whoever sits at the desk in charge, as the one who copies what its unit wrote on paper.

    Raises Refused: not_yours, not_handed_out.
    """
    row, hand = held(sheet)
    if fit(sheet.order, sheet.page, DESK, sheet.who, book().roles) is None:
        raise Refused("not_yours", by=(DESK,))
    party = (sheet.order.id, row.party)
    voice = Voice("paper", name, phone)
    return Who(sheet.who.id, party=party, unit=hand.who, voice=voice, only=row.only)


def named(who: Who, name: str, phone: str) -> Who:
    """The bearer of a link with what they call themselves."""
    return replace(who, voice=Voice("link", name, phone))


def answer(
    sheet: Sheet, who: Who, answer: str, given: Mapping[str, Any], now: datetime, *,
    visit: int | None = None, key: str | None = None,
) -> actions.Done:  # fmt: skip
    """All steps of one answer, in one transaction: taking it up and being done may be one press.

    `given` are the answers of the last of them, `visit` what its giver has seen. Raises Refused.
    """
    steps = steps_of(sheet.family, sheet.order, who, answer, now)
    last = said_by(sheet, answer)
    number = sheet.row.number
    with transaction.atomic():
        for step in steps[:-1]:
            actions.step(number, step, who, {}, visit=visit, now=now)
            visit = None
        return actions.step(number, last, who, given, visit=visit, key=key, now=now)


def copied(
    sheet: Sheet, who: Who, name: str, given: Mapping[str, Any], scan: list[str], now: datetime, *,
    caption: str, visit: int | None = None, key: str | None = None,
) -> actions.Done:  # fmt: skip
    """An answer copied from paper; photos of the paper go beside it as the copier's own note."""
    with transaction.atomic():
        done = answer(sheet, who, name, given, now, visit=visit, key=key)
        if scan and not done.again:
            said = {"photo": scan, "text": caption}
            actions.step(sheet.row.number, "photo", sheet.who, said, now=now)
    return done


def said_by(sheet: Sheet, answer: str) -> str:
    """The step that carries the words of an answer. Raises Refused("unknown_step")."""
    row = receiver(sheet.page.flow)
    if row is None or answer not in row.steps:
        raise Refused("unknown_step", step=answer[:40])
    return row.steps[answer]


def open_link(sheet: Sheet, now: datetime) -> Link | None:
    """The newest link by which the unit may answer now."""
    row, hand = held(sheet)
    found = Link.objects.filter(
        order_id=UUID(sheet.order.id), party=row.party, unit=int(hand.who), since=hand.since,
        spent=None, until__gt=now,
    )  # fmt: skip
    return found.select_related("by").order_by("-made", "-pk").first()
