"""Ready sentences for several orders at once: those that are true of any, and name none of them."""

from __future__ import annotations

from datetime import date

from django.http import QueryDict
from django.utils import timezone

from lianxin.core.flow.page import Page, Step
from lianxin.orders.replies import fitting
from lianxin.web.forms import StepForm
from lianxin.web.order.replies import FIELDS, Ready
from lianxin.web.words import speak


def ready(page: Page, step: Step, name: str, day: date) -> list[Ready]:
    about = page.field(name)
    if name not in FIELDS or about.type != "text" or about.many:
        return []
    rows = [r for r in fitting(page.flow, step.name, None, None, day) if "{" not in r.text.zh]
    return [Ready(str(r.key), speak(r.name), speak(r.text)) for r in rows]


def offered(form: StepForm) -> StepForm:
    """The form with its sentences, as chips or, without JavaScript, as a list and a button."""
    for name, field in form.fields.items():
        field.replies = ready(form.page, form.step, name, form.day)
    return form


def put_in(page: Page, step: Step, sent: QueryDict) -> QueryDict:
    """What was sent, with the sentence that was asked for behind what stands there already."""
    name = sent.get("_use", "")
    if name not in step.asked:
        return sent
    known = {r.key: r.text for r in ready(page, step, name, timezone.localdate())}
    data = sent.copy()
    parts = (data.get(name, "").strip(), known.get(data.get(f"_reply_{name}", ""), ""))
    data[name] = "\n".join(part for part in parts if part)
    return data
