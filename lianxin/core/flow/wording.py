"""Says the parts of a page to people: who, how long, under which conditions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from lianxin.core.flow.page import Page, Role, Span, Step, Within, Words
from lianxin.core.flow.problems import sentences
from lianxin.core.flow.small import of

Roles = Mapping[str, Role]


def pick(words: Words, lang: str) -> str:
    """The word in `zh` or `en`."""
    return words.zh if lang == "zh" else words.en


def phrase(key: str, lang: str, *parts: object) -> str:
    """A row of `phrases.toml`, filled in."""
    return pick(sentences("phrases.toml")[key], lang).format(*parts)


def listed(names: Iterable[str], lang: str) -> str:
    return phrase("comma", lang).join(names)


def say_who(page: Page, roles: Roles, name: str, lang: str) -> str:
    """A party, a role, `role of party`, or a hand of the kernel."""
    if pair := of(name):
        role, party = pair
        whose = (say_who(page, roles, role, lang), say_who(page, roles, party, lang))
        return phrase("of", lang, *whose)
    if name in page.parties:
        return pick(page.parties[name].words, lang)
    return pick(roles[name].words, lang) if name in roles else phrase(name, lang)


def say_span(span: Span, lang: str) -> str:
    """`3 个工作日`, `1 working day`."""
    unit = phrase(span.unit.replace(" ", "_"), lang)
    if lang == "en" and span.number == 1:
        unit = unit.removesuffix("s")
    return phrase("span", lang, span.number, unit)


def say_within(page: Page, within: Within, lang: str) -> str:
    """How long a limit lasts."""
    if within.span:
        return say_span(within.span, lang)
    if within.field is None:
        return phrase("category", lang)
    field = pick(page.fields[within.field].words, lang)
    return phrase("yearly", lang, field, within.day) if within.day else phrase("until", lang, field)


def say_guards(page: Page, roles: Roles, step: Step, lang: str) -> Iterator[str]:
    """What must hold for a step, one phrase for each condition."""
    for key, names in (("each", step.each), ("same", step.same), ("bars", step.bars)):
        if names:
            yield phrase(key, lang, listed((_named(page, roles, n, lang) for n in names), lang))
    if step.count:
        yield phrase("count", lang, step.count)
    if step.seats:
        field = page.fields.get(step.seats)
        yield phrase("seats", lang, pick(field.words, lang) if field else step.seats)
    if step.quorum:
        yield phrase(
            "quorum", lang, _named(page, roles, step.quorum.party, lang), step.quorum.at_least
        )
    if step.at_most:
        per = [phrase("per_subject" if x == "subject" else x, lang) for x in step.at_most.per]
        yield phrase("at_most", lang, step.at_most.number, "".join(per))
    if step.before:
        yield phrase("before", lang, pick(page.limits[step.before].words, lang))
    if step.window:
        yield phrase("window", lang, say_span(step.window, lang))
    if step.has:
        yield phrase("has", lang)
    if step.children:
        yield phrase("ended", lang)


def _named(page: Page, roles: Roles, name: str, lang: str) -> str:
    if name in page.fields and name not in page.parties:
        return pick(page.fields[name].words, lang)
    return say_who(page, roles, name, lang)
