"""Reads of more than a line: lists under a grant, the one order page, its story."""

from lianxin.orders.queries.lists import Row, all_of, cases_of, inbox, mine, pool, rows
from lianxin.orders.queries.page import Button, Sheet, linked_sheet, order_sheet
from lianxin.orders.queries.story import Entry, Line, story

__all__ = [
    "Button",
    "Entry",
    "Line",
    "Row",
    "Sheet",
    "all_of",
    "cases_of",
    "inbox",
    "linked_sheet",
    "mine",
    "order_sheet",
    "pool",
    "rows",
    "story",
]
