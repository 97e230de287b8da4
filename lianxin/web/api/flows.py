"""Flow pages as JSON: what there is to file, who takes which step, what it asks; and the codes."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router

from lianxin.core.flow.page import Field, Page
from lianxin.core.flow.page import Step as PageStep
from lianxin.core.step.capacity import KERNEL
from lianxin.core.step.refused import Refused
from lianxin.orders.book import book, categories
from lianxin.web.access import access
from lianxin.web.api import problems, shapes
from lianxin.web.api.auth import ANYONE
from lianxin.web.api.operations import OPEN, says

router = Router(tags=["flows"], auth=ANYONE)
STRINGS = {"type": "string"}
SCHEMAS: dict[str, dict[str, Any]] = {
    "text": {"type": "string", "maxLength": 10_000},
    "number": {"type": "number"},
    "hours": {"type": "number"},
    "money": {"type": "number"},
    "rating": {"type": "integer", "minimum": 1, "maximum": 5},
    "yes": {"type": "boolean"},
    "moment": {"type": "string", "format": "date-time"},
    "date": {"type": "string", "format": "date"},
    "point": {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
    "photo": {"type": "string", "format": "uuid"},
    "picture": {"type": "string", "format": "uuid"},
    "cover": {"type": "array", "items": {"type": "integer"}, "minItems": 4, "maxItems": 4},
}
ONLY_KERNEL = KERNEL | {"clock", "child", "parent", "join"}


@router.get("/flows", response=says(200, list[shapes.Flow]), openapi_extra=OPEN)
@access("anyone")
def list_flows(request: HttpRequest) -> Any:
    """The flows in force today."""
    today = timezone.localdate()
    return [flow_out(page) for name in book().flows if (page := in_force(name, today))]


@router.get("/flows/{flow}", response=says(200, shapes.FlowPage, 404, 422), openapi_extra=OPEN)
@access("anyone")
def read_flow(request: HttpRequest, flow: str, on: date | None = None) -> Any:
    """One flow page: states, and steps with who may take them and what they ask."""
    page = in_force(flow, on or timezone.localdate())
    if page is None:
        raise Refused("unknown_flow", flow=flow[:40])
    states = [
        shapes.State(state=s.name, words=shapes.words(s.words), turn=s.turn, final=s.final)
        for s in page.states.values()
    ]
    return {**flow_out(page), "states": states, "steps": [row_of(page, s) for s in shown(page)]}


@router.get("/categories", response=says(200, shapes.Categories), openapi_extra=OPEN)
@access("anyone")
def list_categories(request: HttpRequest) -> Any:
    """What people ask for, by the table in force today."""
    table = categories().on(timezone.localdate())
    return {
        "since": table.since,
        "kinds": {code: shapes.words(words) for code, words in table.kinds.items()},
        "categories": [
            {"code": c.code, "words": shapes.words(c.words), "kind": c.kind}
            for c in table.categories.values()
        ],
    }


@router.get("/problems", response=says(200, list[shapes.ProblemRow]), openapi_extra=OPEN)
@access("anyone")
def list_problems(request: HttpRequest) -> Any:
    """Every code a refusal may have, with its status and its sentences."""
    return problems.rows()


def in_force(flow: str, on: date) -> Page | None:
    """The page of a flow on a day, or None."""
    days = [day for day in book().pages.get(flow, {}) if day <= on]
    return book().pages[flow][max(days)] if days else None


def flow_out(page: Page) -> dict[str, Any]:
    return {
        "flow": page.flow, "since": page.since, "words": shapes.words(page.words),
        "kind": page.kind, "about": page.about,
    }  # fmt: skip


def shown(page: Page) -> list[PageStep]:
    """The steps that people take; those of the clock and the kernel are nobody's to press."""
    return [s for s in page.steps.values() if not set(s.by) <= ONLY_KERNEL]


def row_of(page: Page, step: PageStep) -> dict[str, Any]:
    to = step.to.states if step.to else ()
    return {**step_out(page, step), "by": step.by, "sources": step.sources, "to": to}


def step_out(page: Page, step: PageStep) -> dict[str, Any]:
    """A step with what it asks, as rows for a form and as a schema for a program."""
    asks = [ask_out(page.field(a.name), not a.optional) for a in step.asks]
    schema = {
        "type": "object",
        "properties": {a.name: schema_of(page.field(a.name)) for a in step.asks},
        "required": [a.name for a in step.asks if not a.optional],
        "additionalProperties": False,
    }
    return {
        "step": step.name, "words": shapes.words(step.words), "moves": step.to is not None,
        "asks": asks, "answers": schema,
    }  # fmt: skip


def ask_out(field: Field, required: bool) -> dict[str, Any]:
    return {
        "name": field.name, "words": shapes.words(field.words), "type": field.type,
        "required": required, "many": field.many,
        "choices": [{"value": v, "words": shapes.words(w)} for v, w in field.of],
    }  # fmt: skip


def schema_of(field: Field) -> dict[str, Any]:
    """JSON Schema of one answer. Units by code, orders by number, persons and areas by id."""
    one = {"type": "string", "enum": list(field.choices)} if field.of else SCHEMAS.get(field.type)
    one = dict(one or STRINGS)
    if one["type"] in ("number", "integer"):
        bounds = {"minimum": field.min, "maximum": field.max}
        one |= {k: v for k, v in bounds.items() if v is not None}
    return {"type": "array", "items": one} if field.many else one
