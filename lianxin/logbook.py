"""One line of the log: what broke and where in the code, never whose request it was."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from copy import copy
from typing import Any

import psycopg
from django.core.exceptions import SuspiciousOperation, ValidationError
from django.db import Error, InterfaceError, OperationalError

QUOTING = (ValueError, LookupError, SuspiciousOperation, ValidationError)
TELLS = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)


class Line(logging.Formatter):
    """The address of a request may be somebody's link, so its route stands for it."""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name} {message}", style="{")

    def format(self, record: logging.LogRecord) -> str:
        request = getattr(record, "request", None)
        if request is not None:
            record = copy(record)
            status = getattr(record, "status_code", "")
            record.msg, record.args = "%s %s %s", (status, request.method, route(request))
        return super().format(record)

    def formatException(self, ei: Any) -> str:
        return "".join(told(ei[1])).rstrip("\n")


def route(request: Any) -> str:
    match = getattr(request, "resolver_match", None)
    return f"/{match.route}" if match else "/…"


def told(wrong: BaseException, seen: frozenset[int] = frozenset()) -> Iterator[str]:
    """Where each of a chain of exceptions was raised, and what it said. A chain may bite its own
    tail (a pool hands one error to several that wait), so each is told once."""
    before = wrong.__cause__ or (None if wrong.__suppress_context__ else wrong.__context__)
    seen |= {id(wrong)}
    if before and id(before) not in seen:
        yield from told(before, seen)
    yield from traceback.format_tb(wrong.__traceback__)
    yield f"{type(wrong).__module__}.{type(wrong).__qualname__}: {said(wrong)}\n"


def said(wrong: BaseException) -> str:
    """A database quotes the row it refuses, so its errors are told by their number alone; those of
    the connection know no rows. What was wrong with a value quotes the value: where it was is told,
    and what kind of wrong."""
    if isinstance(wrong, QUOTING):
        return ""
    if isinstance(wrong, Error | psycopg.Error) and not isinstance(wrong, TELLS):
        return str(getattr(wrong, "sqlstate", None) or "")
    return str(wrong)
