"""Each address says who may open it: `@access("anyone")`, `@access("person")`, `@access("desk")`.

The door looks only at the role; which rows are seen behind it is the query's business
(`visible_to`). A view without this mark fails the suite.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse

from lianxin.registry.roles import all_roles
from lianxin.web.words import say

View = Callable[..., HttpResponse]
# anyone: no account needed · person: signed in
ALWAYS = frozenset({"anyone", "person"})


def access(*doors: str) -> Callable[[View], View]:
    """Open the view to these roles. ValueError, when the module is read, for a role unknown."""
    if not doors or (unknown := set(doors) - ALWAYS - roles()):
        raise ValueError(f"access() knows no door {sorted(unknown) if doors else 'at all'}")

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if opens(request, doors):
                return view(request, *args, **kwargs)
            if not request.user.is_authenticated:
                return to_login(request)
            raise PermissionDenied

        guarded.access = doors  # type: ignore[attr-defined]
        return guarded

    return guard


def opens(request: HttpRequest, doors: tuple[str, ...]) -> bool:
    """Whether one of these doors is open to whoever sent the request."""
    return "anyone" in doors or not held(request).isdisjoint(doors)


def held(request: HttpRequest) -> frozenset[str]:
    """All doors that are open to whoever sent the request.

    An operator keeps the machine and needs no post: the mark on the person is enough.
    """
    person = request.user
    if not person.is_authenticated:
        return frozenset({"anyone"})
    roles = {grant.role for grant in request.who.grants}  # type: ignore[attr-defined]
    return frozenset(roles | ALWAYS | ({"operator"} if person.is_operator else set()))


def to_login(request: HttpRequest) -> HttpResponse:
    """Send a passer-by to the login: a page by redirect, htmx by header, a program by 401."""
    if request.path.startswith("/api/"):
        code = "not_signed_in"
        row = {"code": code, **{lang: say("errors.sign_in.now", lang) for lang in ("zh", "en")}}
        return JsonResponse(row, status=401)
    asked = request.htmx.current_url_abs_path if request.htmx else request.get_full_path()
    address = f"{settings.LOGIN_URL}?{urlencode({'next': asked or '/'})}"
    if request.htmx:
        return HttpResponse(status=401, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


@cache
def roles() -> frozenset[str]:
    """Every role a post may carry (`params/roles.toml`)."""
    return frozenset(all_roles())
