"""Every answer that is a no: application/problem+json (RFC 9457), with a code and a sentence."""

import json
import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.core.serializers.json import DjangoJSONEncoder
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation.trans_real import parse_accept_lang_header
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from lianxin.core.step.refused import Refused
from lianxin.orders import refusal
from lianxin.orders.book import refusals
from lianxin.web.errors import RETRY_S
from lianxin.web.switches import TAGS, chosen

log = logging.getLogger("lianxin.api")
MEDIA = "application/problem+json"
ROWS = "/api/v1/problems"  # where all codes stand, each with its sentence


def language(request: HttpRequest) -> str:
    """`zh` or `en`: as the program asks, else as the reader chose in the pages, else Chinese."""
    for tag, _ in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        if tag[:2] in TAGS:
            return tag[:2]
    return chosen(request).language


def problem(request: HttpRequest, no: Refused, **headers: str) -> HttpResponse:
    """The answer to a refusal, in words of the page it was about if a view named one."""
    lang, about = language(request), getattr(request, "page_of", None)
    code = refusal.status(no)
    body = {
        "type": f"{ROWS}#{no.code}",
        "title": refusal.title(no, lang),
        "status": code,
        "code": no.code,
        "detail": refusal.sentence(no, lang, about() if about else None),
        "facts": no.facts,
    }
    text = json.dumps(body, cls=DjangoJSONEncoder, ensure_ascii=False)
    response = HttpResponse(text, status=code, content_type=MEDIA, headers=headers)
    response["Content-Language"] = TAGS[lang]
    if code == 401:
        response["WWW-Authenticate"] = 'Bearer realm="lianxin"'
    return response


def refused(request: HttpRequest, no: Refused) -> HttpResponse:
    wait = {"Retry-After": str(no.facts["wait"])} if "wait" in no.facts else {}
    return problem(request, no, **wait)


def invalid(request: HttpRequest, wrong: ValidationError) -> HttpResponse:
    """What did not fit the description: where (a path into body, query or header) and how."""
    rows = [
        {"where": ".".join(str(part) for part in e["loc"])[:200], "what": str(e["msg"])[:200]}
        for e in wrong.errors[:20]
    ]
    where = tuple(row["where"] for row in rows)
    return problem(request, Refused("bad_request", where=where, errors=rows))


def http_error(request: HttpRequest, wrong: HttpError) -> HttpResponse:
    """What ninja says itself: a body it cannot parse, or one that is too large to read."""
    if isinstance(wrong, AuthenticationError):
        return problem(request, Refused("not_signed_in"))
    if isinstance(wrong.__cause__, RequestDataTooBig):
        return problem(request, too_large())
    return problem(request, Refused("malformed"))


def too_large() -> Refused:
    return Refused("too_large", most_mb=settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2**20)


def database_down(request: HttpRequest, wrong: Exception) -> HttpResponse:
    log.error("database: %s", type(wrong).__name__, exc_info=wrong)
    return problem(request, Refused("database_down"), **{"Retry-After": str(RETRY_S)})


def broken(request: HttpRequest, wrong: Exception) -> HttpResponse:
    log.exception("broken at %s", getattr(request.resolver_match, "route", ""), exc_info=wrong)
    return problem(request, Refused("broken"))


HANDLERS: dict[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
    Refused: refused,
    ValidationError: invalid,
    HttpError: http_error,
    PermissionDenied: lambda request, _: problem(request, Refused("door_closed")),
    Http404: lambda request, _: problem(request, Refused("no_such_address")),
    RequestDataTooBig: lambda request, _: problem(request, too_large()),
    OperationalError: database_down,
    InterfaceError: database_down,
    Exception: broken,
}


def install(api: NinjaAPI) -> None:
    for kind, handler in HANDLERS.items():
        api.add_exception_handler(kind, handler)


def rows() -> list[dict[str, Any]]:
    """All codes with their status and sentences, by code."""
    return [{"code": code, **row} for code, row in sorted(refusals().items())]
