"""When something does not work: what happened, what it means for the reader, what to do now.

These pages ask the database nothing, so they stand when it does not.
"""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation

from lianxin.web.switches import CODES, chosen

RETRY_S = 5  # seconds after which a database that was restarted is usually back


def page(request: HttpRequest, what: str, status: int) -> HttpResponse:
    """The page for `errors.<what>.title`, `.meaning` and `.now`, in the reader's language."""
    switches = chosen(request)
    facts = {"what": f"errors.{what}", "switches": switches, "plain": True}
    # The language is set again: an error may come from before or after Voice.
    with translation.override(CODES[switches.language]):
        return HttpResponse(render_to_string("error.html", facts), status=status)


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, "missing", 404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, "forbidden", 403)


def malformed(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, "malformed", 400)


def broken(request: HttpRequest) -> HttpResponse:
    """Ours to mend. A database that is away (we are in its exception) comes back by itself."""
    if not isinstance(sys.exception(), OperationalError | InterfaceError):
        return page(request, "broken", 500)
    answer = page(request, "database_down", 503)
    answer["Retry-After"] = str(RETRY_S)
    return answer


def stale(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token is gone or old (CSRF_FAILURE_VIEW)."""
    return page(request, "stale", 403)
