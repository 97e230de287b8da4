"""`request.who` is the actor of this request, looked up once and only if somebody asks."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from lianxin.core.step.who import Who
from lianxin.registry.queries import grants

NOBODY = Who(id="")


def who_is(request: HttpRequest) -> Who:
    """The person signed in with the grants of this moment, or NOBODY (whose id is empty)."""
    person = request.user
    if not person.is_authenticated:
        return NOBODY
    held = getattr(person, "held", None)  # looked up with the person (session.py), if not just now
    return Who(str(person.pk), grants(person, timezone.now()) if held is None else held)


class Presence:
    """Hangs `who` on each request; pages that ask for nobody cost no query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.who = SimpleLazyObject(lambda: who_is(request))  # type: ignore[attr-defined]
        return self.get_response(request)
