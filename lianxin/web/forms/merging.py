"""Which order another goes into: what is near by and of its kind is offered, others by number."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from lianxin.core.step.who import Who
from lianxin.orders.book import book
from lianxin.orders.links import called
from lianxin.orders.models import Order
from lianxin.orders.queries import Sheet
from lianxin.orders.queries.near import Alike, mergeable
from lianxin.web.asking.near import far, filed, kind
from lianxin.web.forms.opening import Opening
from lianxin.web.forms.pickers import Option
from lianxin.web.words import say, speak

BEGIN = 60  # characters of the words that an option shows


def orders(sheet: Sheet | Opening, q: str, chosen: list[str]) -> list[Option]:
    """The likeliest, the one looked for, and any that was chosen before; each by its number."""
    if not isinstance(sheet, Sheet):
        return []
    now, who = timezone.now(), sheet.who
    found = [option(one, now) for one in mergeable(sheet.row, who, now)]
    asked = [number for number in (called(q) if q else "", *chosen) if number]
    there = {o.value for o in found}
    more = [o for number in asked if number not in there for o in by_number(number, sheet, who)]
    return [*more, *found]


def by_number(number: str, sheet: Sheet, who: Who) -> list[Option]:
    """One that the reader may see; its kernel judges whether it can be merged into."""
    rows = Order.objects.visible_to(who).filter(number__iexact=number[:40], kind="case")
    row = rows.exclude(pk=sheet.row.pk).first()
    return [Option(row.number, row.number, state_of(row.flow, row.since, row.state))] if row else []


def option(one: Alike, now: datetime) -> Option:
    where = say("file.near.line", far=far(one), kind=kind(one, now), filed=filed(one.filed, now))
    begins = one.text[:BEGIN] + ("…" if len(one.text) > BEGIN else "")
    state = state_of(one.flow, one.since, one.state)
    why = say("orders.form.same", where=where, state=state, text=begins)
    return Option(one.number, one.number, why)


def state_of(flow: str, since: object, state: str) -> str:
    known = book().exact(flow, since).states.get(state)  # type: ignore[arg-type]
    return speak(known.words) if known else state
