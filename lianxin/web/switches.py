"""Language, theme and type size: the reader's own choice, kept in cookies, without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from lianxin.web.access import access

YEAR = 365 * 24 * 3600
# The first of each row holds until somebody chooses. "auto" follows the device.
CHOICES = {
    "language": ("zh", "en"),
    "theme": ("auto", "light", "dark"),
    "type": ("normal", "large"),
}
CODES = {"zh": "zh-hans", "en": "en"}
TAGS = {"zh": "zh-CN", "en": "en"}


@dataclass(frozen=True, slots=True)
class Switches:
    """What this reader has chosen."""

    language: str
    theme: str
    type: str

    @property
    def tag(self) -> str:
        """The page's `lang`."""
        return TAGS[self.language]

    @property
    def dark_media(self) -> str:
        """When the dark sheet holds: always, as the device says, or never ("" = leave it out)."""
        return {"dark": "all", "auto": "(prefers-color-scheme: dark)"}.get(self.theme, "")


def chosen(request: HttpRequest) -> Switches:
    """The reader's choices; an unknown value in a cookie counts as none."""
    return Switches(
        **{
            name: value if (value := request.COOKIES.get(name)) in values else values[0]
            for name, values in CHOICES.items()
        }
    )


class Voice:
    """Speaks the language the reader chose, Chinese until then: the browser's own is not asked,
    since half the phones here say English and their owners do not."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = chosen(request).language
        with translation.override(CODES[language]):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", TAGS[language])
        return response


def keep(response: HttpResponse, name: str, value: str) -> None:
    """Remember one choice for a year."""
    response.set_cookie(
        name, value, max_age=YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )


@access("anyone")
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Take the choices sent, then go back to the page they were made on.

    A form that carries words along is sent on as it came (307), so that nothing typed is lost.
    """
    address = back_to(request)
    response = HttpResponseRedirect(address)
    if "carry" in request.POST and address != "/":
        response.status_code = 307
    for name, values in CHOICES.items():
        if (value := request.POST.get(name)) in values:
            keep(response, name, value)
    return response


def back_to(request: HttpRequest) -> str:
    """The address in `next` if it is one of ours, else the front page."""
    address = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()})
    return address if ours else "/"
