"""What the page of an order stands on: its sheet, its story, its relatives and its places."""

from __future__ import annotations

from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from lianxin.orders.models import Order
from lianxin.orders.queries import Sheet
from lianxin.orders.queries.lists import with_words
from lianxin.orders.queries.story import Telling, tell
from lianxin.registry.models import Area
from lianxin.registry.queries import ancestors
from lianxin.web.order.telling import joined
from lianxin.web.templatetags.speech import foreign
from lianxin.web.words import say


class Seen:
    """Looked up once for one reader. Costs five queries beside those of the sheet."""

    def __init__(self, sheet: Sheet, now: datetime) -> None:
        self.sheet, self.now = sheet, now
        self.order, self.page, self.row = sheet.order, sheet.page, sheet.row
        self.telling: Telling = tell(sheet.row, sheet.order, sheet.page, sheet.who)
        self.relatives = relatives(sheet)
        self.numbers = {o.pk.hex: o.number for o in self.relatives}
        self.places = self._places()

    @property
    def today(self) -> date:
        return timezone.localdate(self.now)

    @cached_property
    def children(self) -> list[Order]:
        return [o for o in self.relatives if o.parent_id == self.row.pk]

    def party(self, name: str) -> SafeString | None:
        """Names of those who are this party, or that they are withheld; None if nobody is."""
        hands = self.order.party(name)
        if not hands:
            return None
        if name in self.telling.veiled:
            return conditional_escape(say("orders.facts.withheld"))
        known = self.telling.names
        bag = known.people if self.page.parties[name].holds == "person" else known.units
        shown = [foreign(bag.get(h.who, "—")) for h in hands]
        return joined(dict.fromkeys(shown), "orders.story.list")

    def _places(self) -> list[Area]:
        """From the outermost area down to the order's own."""
        own = [self.row.area] if self.row.area else []
        return [*ancestors(self.row.path, self.today), *own] if self.row.path else own


def relatives(sheet: Sheet) -> list[Order]:
    """The case it belongs to, its papers and parts, and orders named in its answers, if visible;
    `said` are the words of each."""
    row, order, who = sheet.row, sheet.order, sheet.who
    named = [v for n, v in order.fields.items() if n in sheet.page.fields
             and sheet.page.fields[n].type == "order" and isinstance(v, str)]  # fmt: skip
    if not (row.has_kids or row.parent_id or named):
        return []
    near = Q(parent=row) | Q(pk=row.parent_id) | Q(pk__in=[UUID(v) for v in named])
    return list(with_words(Order.objects.visible_to(who).filter(near)).order_by("id")[:100])
