"""What is not let in at all: more than people send, and signs that no database takes."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from lianxin.orders.photos import LARGEST_FILE
from lianxin.web import errors
from lianxin.web.forms.uploads import MOST as PHOTOS

ENVELOPE = 10 * 2**20  # bytes of words around the photos of one form
LARGEST = PHOTOS * LARGEST_FILE + ENVELOPE


class Gate:
    """Asked before anything is read: a form is unpacked by the first who looks into it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/api/"):  # says no in its own way, and takes less
            return self.get_response(request)
        if length(request) > LARGEST:
            return errors.page(request, "too_large", 413)
        request.path_info = request.path_info.replace("\0", "")  # which no database takes
        return self.get_response(request)


def length(request: HttpRequest) -> int:
    """By its own account; who says nothing or nonsense is not read from."""
    said = request.META.get("CONTENT_LENGTH") or "0"
    return int(said) if said.isdecimal() and len(said) < 19 else 0
