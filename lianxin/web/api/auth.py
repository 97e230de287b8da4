"""Who calls: a token, a link to one order, a session with its CSRF token, or nobody."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import timezone
from ninja.security import HttpBearer
from ninja.security.base import AuthBase

from lianxin.core.step.refused import Refused
from lianxin.core.step.who import Grant, Who
from lianxin.orders import links
from lianxin.registry.actions import token_hash
from lianxin.registry.actions.tokens import MARK
from lianxin.registry.queries import person_by_token
from lianxin.web.who import NOBODY

SAFE = ("GET", "HEAD", "OPTIONS")
FOR = "Lianxin-For"  # whose words these are: of several people on one phone


class Bearer(HttpBearer):
    """`Authorization: Bearer …` with a person's token (begins with `lx_`) or a link's secret."""

    openapi_description = "A person's token, or the secret of a link to one order."

    def __init__(self, *, heard_before: bool = False) -> None:
        """`heard_before`: for the operation that answers a spent link's own press once more."""
        super().__init__()
        self.heard_before = heard_before

    def authenticate(self, request: HttpRequest, token: str) -> Who:
        who = self.person(request, token) if token.startswith(MARK) else self.link(request, token)
        if who is None:
            raise Refused("bad_token")
        request.who = who
        return who

    def person(self, request: HttpRequest, token: str) -> Who | None:
        """One query brings the person and all grants."""
        found = person_by_token(token_hash(token), timezone.now())
        if found is None:
            return None
        request.user, held = found
        return Who(str(request.user.pk), held)

    def link(self, request: HttpRequest, secret: str) -> Who | None:
        now = timezone.now()
        request.link = secret
        who = links.bearer(secret, now)
        if who is None and self.heard_before:
            who = links.heard_before(secret, now)
        if who is None and links.spent(secret):
            raise Refused("link_spent")
        return who


class Session(AuthBase):
    """The cookie of somebody signed in on the pages; what changes anything needs X-CSRFToken."""

    openapi_type = "apiKey"
    openapi_in = "cookie"
    openapi_name = settings.SESSION_COOKIE_NAME

    def __call__(self, request: HttpRequest) -> Who | None:
        if (meant := request.headers.get(FOR)) and meant != str(request.user.pk):
            raise Refused("not_signed_in")  # nor as nobody's
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        if not request.user.is_authenticated:
            return None
        if request.method not in SAFE and forged(request):
            raise Refused("stale_form")
        return request.who


def nobody(request: HttpRequest) -> Who:
    """A passer-by; steps that `anyone` may take are open to them."""
    return NOBODY


class Forgery(CsrfViewMiddleware):
    """Says why a request may be forged, instead of answering with a page."""

    def _reject(self, request: HttpRequest, reason: str) -> Any:
        return reason


def forged(request: HttpRequest) -> str | None:
    check = Forgery(lambda request: None)
    check.process_request(request)
    return check.process_view(request, lambda request: None, (), {})


# What an operation asks of its caller before it runs. The bearer of a link has no account, so the
# doors behind CALLER are marked `@access("anyone")` too: `visible_to` decides what they see.
ANYONE: Sequence[Any] = (Bearer(), Session(), nobody)
CALLER: Sequence[Any] = (Bearer(), Session())
STEPPER: Sequence[Any] = (Bearer(heard_before=True), Session())


def who_of(request: HttpRequest) -> Who:
    """Whom the door has let in."""
    return request.auth


def grant_of(who: Who, name: str | None) -> Grant | None:
    """The grant named `role@path` or `role@unit:ID` (see `name_of`), the first without a name, or
    None for one's own orders (`me`, or nobody's post). Raises Refused("not_your_grant")."""
    if name == "me" or (name is None and not who.grants):
        return None
    for grant in who.grants:
        if name in (None, name_of(grant)):
            return grant
    raise Refused("not_your_grant", post=str(name)[:40])


def name_of(grant: Grant) -> str:
    """
    >>> name_of(Grant("desk", "522601")), name_of(Grant("clerk", "-", "7"))
    ('desk@522601', 'clerk@unit:7')
    """
    return f"{grant.role}@" + (f"unit:{grant.unit}" if grant.unit else grant.path)
