"""What every answer forbids the browser: foreign scripts, inline code, frames, needless senses."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

CONTENT = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "media-src 'self' blob:",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
# A place and a photo are asked for by pages that need them; nothing else is ever asked.
SENSES = "geolocation=(self), camera=(self), microphone=(), payment=(), usb=(), browsing-topics=()"


class SecurityHeaders:
    """A page may set a stricter policy of its own; it is then left alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT)
        response.headers.setdefault("Permissions-Policy", SENSES)
        response.headers.setdefault("X-Frame-Options", "DENY")
        if settings.SESSION_COOKIE_NAME in request.COOKIES:  # a desk's machine has many users
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response
