"""A refusal as people read it: what happened, why, with which facts, and what to do now."""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from lianxin.core.flow.page import Page, Words
from lianxin.core.step.refused import Refused
from lianxin.core.step.scene import listed
from lianxin.orders.book import book, calendar, refusals

UNNAMED = Words("—", "—")
NOT_YET = Words("还没有提交", "not filed yet")
SUBJECT = Words("办理对象", "Subject")
VOID = Words("作废", "void")
OTHER = {
    "status": 409,
    "zh": "这一步没有办成。请刷新后再看。",
    "en": "This step was not taken. Reload and look again.",
}
COMMA = {"zh": "、", "en": ", "}


def status(no: Refused) -> int:
    """The HTTP status of a refusal; 409 for one whose row a deployment's table lacks."""
    return int(refusals().get(no.code, OTHER)["status"])


def title(no: Refused, lang: str = "zh") -> str:
    """The first sentence: the same whatever the facts."""
    text = refusals().get(no.code, OTHER)[lang]
    end = "。" if lang == "zh" else ". "
    return text.split(end)[0].rstrip(".") + ("。" if lang == "zh" else ".")


def sentence(no: Refused, lang: str = "zh", page: Page | None = None) -> str:
    """All of it in one language, facts filled in; with its `page` in that page's own words.

    >>> sentence(Refused("missing", field="reason"), "en")
    'Something needed is missing. “Reason” is empty. Fill it in and press again.'
    """
    row = refusals().get(no.code, OTHER)
    return Lenient().vformat(row[lang], (), spoken(no.facts, lang, page))


class Lenient(string.Formatter):
    """A fact that is missing is a dash: half a sentence helps more than none."""

    def get_value(self, key: int | str, args: Any, kwargs: Mapping[str, Any]) -> Any:
        return kwargs.get(str(key), "—")


def spoken(facts: Mapping[str, Any], lang: str, page: Page | None) -> dict[str, str]:
    """Facts in words: fields, parties, states and limits by what they are called."""
    told = {name: say(name, value, facts, lang, page) for name, value in facts.items()}
    if "min" in facts and "max" in facts:
        told["range"] = span(facts["min"], facts["max"], lang)
    return told


def say(name: str, value: Any, facts: Mapping[str, Any], lang: str, page: Page | None) -> str:
    if name in CALLED and (page or name == "field"):
        words = [CALLED[name](page, one, facts) for one in listed(value)] or [NOT_YET]
        return COMMA[lang].join(getattr(w, lang) for w in words)
    if isinstance(value, list | tuple):
        return COMMA[lang].join(
            str(getattr(one, lang) if isinstance(one, Words) else one) for one in value
        )
    if isinstance(value, datetime):
        return moment(value, lang)
    return f"{value:g}" if isinstance(value, float) else str(value)


def moment(at: datetime, lang: str) -> str:
    """The day and the hour in Beijing.

    >>> from datetime import UTC
    >>> at = datetime(2026, 9, 30, 8, 30, tzinfo=UTC)
    >>> moment(at, "zh"), moment(at, "en")
    ('2026年9月30日16:30', '16:30 on 2026-09-30')
    """
    at = at.astimezone(calendar().zone)
    if lang == "en":
        return f"{at:%H:%M on %Y-%m-%d}"
    return f"{at.year}年{at.month}月{at.day}日{at:%H:%M}"


def span(low: float | None, high: float | None, lang: str) -> str:
    """
    >>> span(1, 50, "zh"), span(1, None, "en"), span(None, 5.5, "en")
    ('在 1 到 50 之间', 'at least 1', 'at most 5.5')
    """
    if low is not None and high is not None:
        return f"在 {low:g} 到 {high:g} 之间" if lang == "zh" else f"from {low:g} to {high:g}"
    if low is not None:
        return f"不小于 {low:g}" if lang == "zh" else f"at least {low:g}"
    return f"不大于 {high:g}" if lang == "zh" else f"at most {high:g}"


# ── what names are called ────────────────────────────────────────────────────────────────────────


def field(page: Page | None, name: str, facts: Mapping[str, Any]) -> Words:
    if page and (name in page.fields or name in page.parties):
        return page.field(name).words
    shared = book().fields.get(name)
    if shared:
        return shared.words
    return SUBJECT if name == "subject" else Words(name, name)


def actor(page: Page, name: str, facts: Mapping[str, Any]) -> Words:
    """An entry of `by` or a party: `member of unit` is 接单单位的党员."""
    role, _, party = name.partition(" of ")
    if name in page.parties:
        return page.parties[name].words
    if name == "anyone":
        return Words("任何人", "anyone")
    kind = book().roles.get(role)
    words = kind.words if kind else Words("系统", "the system")
    if party not in page.parties:
        return words
    of = page.parties[party].words
    return Words(f"{of.zh}的{words.zh}", f"{words.en} of the {of.en.lower()}")


def state(page: Page, name: str | None, facts: Mapping[str, Any]) -> Words:
    if name is None:
        return NOT_YET
    return page.states[name].words if name in page.states else VOID


def limit(page: Page, name: str, facts: Mapping[str, Any]) -> Words:
    return page.limits[name].words if name in page.limits else UNNAMED


def child(page: Page, name: str, facts: Mapping[str, Any]) -> Words:
    kind = page.children.get(name)
    dated = book().pages.get(kind.flow) if kind else None
    return dated[max(dated)].words if dated else UNNAMED


def choice(page: Page, name: str, facts: Mapping[str, Any]) -> Words:
    asked = page.fields.get(str(facts.get("field")))
    return dict(asked.of).get(name, Words(name, name)) if asked else Words(name, name)


CALLED: dict[str, Callable[[Any, Any, Mapping[str, Any]], Words]] = {
    "field": field, "party": actor, "other": actor, "by": actor, "state": state, "limit": limit,
    "child": child, "of": choice,
}  # fmt: skip
