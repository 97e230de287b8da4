"""A door's form stands on its page alone: there is no order yet whose sheet could be asked."""

from __future__ import annotations

from dataclasses import dataclass

from lianxin.core.flow.page import Page
from lianxin.core.step.order import Order
from lianxin.registry.models import Area


@dataclass(frozen=True, slots=True)
class Spot:
    """Where the order will stand, as the pickers ask a row of orders."""

    path: str
    area: Area | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """What `StepForm` asks of a sheet, for an order that is not there yet."""

    page: Page
    order: Order
    row: Spot

    @classmethod
    def at(cls, page: Page, path: str) -> Opening:
        return cls(page, Order("", page.flow, page.since, path, path), Spot(path))
