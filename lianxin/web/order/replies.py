"""Ready sentences under a text: a chip puts one in; without JavaScript a list and a button do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import QueryDict

from lianxin.core.flow.page import Field, Step
from lianxin.orders.queries import Sheet
from lianxin.orders.replies import by_key, fitting
from lianxin.web.words import speak

FIELDS = ("text", "reason", "remark", "announcement")  # into which a sentence may go


@dataclass(frozen=True, slots=True)
class Ready:
    key: str
    name: str
    text: str


def ready(sheet: Sheet, step: Step, about: Field, day: date) -> list[Ready]:
    """The sentences for one field of a step, none for what is no text of a clerk's."""
    if about.type != "text" or about.many or about.name not in FIELDS:
        return []
    order = sheet.order
    rows = fitting(order.flow, step.name, order.state, order.fields.get("category"), day)
    return [Ready(str(r.key), speak(r.name), filled(sheet, str(r.key))) for r in rows]


def filled(sheet: Sheet, key: str) -> str:
    place = sheet.row.area.name if sheet.row.area else ""
    told = (speak(r.text, number=sheet.row.number, place=place) for r in by_key(key))
    return next(told, "")


def put_in(sheet: Sheet, step: Step, sent: QueryDict) -> QueryDict:
    """What was sent, with the sentence that was asked for behind what stands there already."""
    name = sent.get("_use", "")
    if name not in step.asked or name not in FIELDS:
        return sent
    data = sent.copy()
    parts = (data.get(name, "").strip(), filled(sheet, data.get(f"_reply_{name}", "")))
    data[name] = "\n".join(part for part in parts if part)
    return data
