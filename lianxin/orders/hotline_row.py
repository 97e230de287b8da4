"""One row of a hotline's sheet as the answers of an order: where, when, what, and whom to call."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from lianxin.core.step.given import LONGEST
from lianxin.core.step.who import Grant
from lianxin.orders.book import book, categories
from lianxin.registry.imports.outcome import Problem
from lianxin.registry.imports.places import Places
from lianxin.registry.models import Area
from lianxin.registry.sheets.finding import Finding
from lianxin.registry.sheets.table import Row

URGENT = {"紧急": "high", "特急": "high", "加急": "high", "急": "high", "urgent": "high",
          "high": "high", "一般": "normal", "普通": "normal", "平": "normal", "normal": "normal",
          "不急": "low", "low": "low"}  # fmt: skip
YES = {"是", "保密", "匿名", "y", "yes", "true", "1"}
KINDS = {"community": ("community",), "street": ("street",), "county": ("county",)}
SHORTEST = 2  # signs of a community's name that are looked for in an address


class Reader:
    """Reads row after row for one desk; what it had to decide stands in `notes`."""

    def __init__(self, grant: Grant, now: datetime) -> None:
        self.grant, self.now = grant, now
        self.places, self.notes = Places(grant.path, strict=False), list[Finding]()
        self.own = Area.objects.live().filter(path=grant.path).get()
        under = Area.objects.live().under(grant.path).filter(kind="community")
        self.communities = list(under.order_by("path"))
        self.page = book().page("five-orders", timezone.localdate(now))

    def note(self, row: Row, code: str, at: str, **facts: Any) -> None:
        self.notes.append(row.finding(code, at, "note", **facts))

    # ── when ─────────────────────────────────────────────────────────────────────────────────

    def moment(self, row: Row, oldest: timedelta) -> datetime:
        """Problems: hotline_future, hotline_old."""
        at = timezone.make_aware(row.get("at"))
        if at > self.now:
            raise Problem("hotline_future", "at", at=f"{at:%Y-%m-%d %H:%M}")
        if at < self.now - oldest:
            raise Problem("hotline_old", "at", at=f"{at:%Y-%m-%d %H:%M}", days=oldest.days)
        return at

    # ── where ────────────────────────────────────────────────────────────────────────────────

    def area(self, row: Row) -> Area:
        """The lowest place that is named; else the community whose name stands in the address; else
        the desk's own place, where somebody decides."""
        for name in ("community", "street", "county"):
            if row.get(name) and (found := self.found(row, name)):
                return found if name == "community" else self.told(row, found) or found
        if found := self.told(row, self.own):
            return found
        self.note(row, "hotline_place", "community", name=self.own.name)
        return self.own

    def found(self, row: Row, name: str) -> Area | None:
        under = self.own.path
        try:
            area = self.places.find(row.get(name), name, under, KINDS[name])
        except Problem as problem:
            self.note(row, problem.code, problem.at, **problem.facts)
            return None
        if area.path.startswith(under) or under.startswith(area.path):
            return area if area.path.startswith(under) else self.own
        self.note(row, "hotline_elsewhere", name, name=area.name)
        return None

    def told(self, row: Row, within: Area) -> Area | None:
        """The one community whose name the address or the title says."""
        said = f"{row.get('address')} {row.get('title')}"
        near = (a for a in self.communities if a.path.startswith(within.path))
        found = [a for a in near if len(a.name) >= SHORTEST and a.name in said]
        if len(found) != 1:
            return None
        self.note(row, "hotline_told", "address", name=found[0].name)
        return found[0]

    # ── what ─────────────────────────────────────────────────────────────────────────────────

    def answers(self, row: Row) -> dict[str, Any]:
        """Problems: hotline_long."""
        given = {
            "text": self.text(row), "address": str(row.get("address"))[:200],
            "category": self.category(row), "matter": self.matter(row),
            "severity": self.severity(row), "phone": self.phone(row),
        }  # fmt: skip
        return {name: value for name, value in given.items() if value}

    def text(self, row: Row) -> str:
        """The words as they came, and beneath them what the hotline says of its own order."""
        title, said = str(row.get("title")), str(row.get("text"))
        body = said if not title or title in said else f"{title}\n{said}"
        told = [f"工单 {row.get('number')}"]
        told += [str(row.get("channel"))] if row.get("channel") else []
        told += [f"承办单位：{row.get('unit')}"] if row.get("unit") else []
        told += [f"要求 {row.get('due'):%Y-%m-%d %H:%M} 前办结"] if row.get("due") else []
        words = f"{body}\n（{'，'.join(told)}）"
        if len(words) > LONGEST:
            raise Problem("hotline_long", "text", most=LONGEST)
        return words

    def category(self, row: Row) -> str:
        """The row of our own table that is called like the finest topic."""
        table = categories().on(timezone.localdate(self.now)).categories
        named = {words.words.zh: code for code, words in table.items()}
        topics = [str(row.get(f"topic{n}")) for n in (3, 2, 1)]
        found = next((named[t] for t in topics if t in named), "")
        if not found and any(topics):
            self.note(row, "hotline_topic", "topic3", name=next(t for t in topics if t))
        return found

    def matter(self, row: Row) -> str:
        kinds = {words.zh: key for key, words in self.page.fields["matter"].of}
        said = str(row.get("kind"))
        return next((key for name, key in kinds.items() if name in said), "") if said else ""

    def severity(self, row: Row) -> str:
        return URGENT.get(str(row.get("urgency")).lower(), "")

    def phone(self, row: Row) -> str:
        """Nobody's phone where the asker wants to stay unknown: the hotline knows it."""
        if row.get("phone") and str(row.get("private")).lower() in YES:
            self.note(row, "hotline_private", "private")
            return ""
        return str(row.get("phone"))
