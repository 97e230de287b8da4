"""Everything the pages do, for programs: /api/v1, described in /api/v1/openapi.json."""

import inspect
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path, re_path
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.operation import Operation, PathView

from lianxin import __version__
from lianxin.core.step.refused import Refused
from lianxin.orders.photos import LARGEST_FILE
from lianxin.web.access import access
from lianxin.web.api import board, flows, me, photos, places, presses, problems
from lianxin.web.api.problems import MEDIA, problem, too_large
from lianxin.web.demo_flag import is_demo
from lianxin.web.switches import TAGS

DEMO = "Lianxin-Demo"  # a header of every answer of a house whose people and orders are invented
DEMO_IS = {
    "description": "1 where the people, places and orders are invented; absent elsewhere",
    "schema": {"type": "string", "enum": ["1"]},
}
ENVELOPE = 2**20  # bytes around a photo in its multipart body


class Api(NinjaAPI):
    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Short names, for those who generate a client: `file_order`, `take_step`."""
        return operation.view_func.__name__


api = Api(
    title="连心 Lianxin",
    version=__version__,
    description="Orders, flows, places. A no has a stable code: see /api/v1/problems.",
    urls_namespace="api",
    docs_url=None,
    openapi_url=None,
)
problems.install(api)
ROUTERS = (me, presses, photos, flows, places, board)
for router in (part.router for part in ROUTERS):
    api.add_router("", router)


def marked(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Every answer of a demo says that it is one, as every page and every sheet does."""

    @wraps(view)
    def marked_view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if is_demo():
            response.headers[DEMO] = "1"
        return response

    return marked_view


def framed(paths: PathView) -> Callable[..., HttpResponse]:
    """One address with all its operations: nothing too large gets in, and each no is a problem."""
    view, allowed = paths.get_view(), sorted({m for op in paths.operations for m in op.methods})

    @csrf_exempt  # a session's CSRF token is asked for in auth.py, a token or link needs none
    @marked
    def framed_view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in allowed:
            no = Refused("wrong_method", allowed=tuple(allowed))
            return problem(request, no, Allow=", ".join(allowed))
        if oversized(request):
            return problem(request, too_large())
        response = view(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Content-Language", TAGS[problems.language(request)])
        return response

    framed_view.operations = tuple(paths.operations)
    framed_view.access = tuple({d for op in paths.operations for d in op.view_func.access})
    return framed_view


def oversized(request: HttpRequest) -> bool:
    """By its own account; what lies about its length is cut off when it is read."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return length.isdecimal() and int(length) > LARGEST_FILE + ENVELOPE


@csrf_exempt
@access("anyone")
@marked
def unknown(request: HttpRequest) -> HttpResponse:
    return problem(request, Refused("no_such_address"))


@access("anyone")
@marked
def description(request: HttpRequest) -> HttpResponse:
    """The OpenAPI file, made from the operations themselves."""
    if request.method != "GET":
        return problem(request, Refused("wrong_method", allowed=("GET",)), Allow="GET")
    return JsonResponse(schema(), json_dumps_params={"ensure_ascii": False})


def schema() -> dict[str, Any]:
    """OpenAPI 3.1; every no is declared as what it is sent as."""
    described = dict(api.get_openapi_schema(path_prefix="api/v1/"))
    described["servers"] = [{"url": settings.PUBLIC_URL}]
    for operation in (op for ops in described["paths"].values() for op in ops.values()):
        for status, answer in operation["responses"].items():
            answer["headers"] = {DEMO: DEMO_IS}
            if status >= 400:
                answer["content"] = {MEDIA: answer["content"]["application/json"]}
    return described


def addresses() -> Iterator[URLPattern]:
    """Ninja's own patterns, each in its frame; one that it does not know is a problem too."""
    yield path("openapi.json", description, name="api_openapi")
    ours = [p for p in api.urls[0] if inspect.isfunction(p.callback)]  # not ninja's own front page
    for route, pattern in {str(p.pattern): p for p in ours}.items():
        paths = inspect.getclosurevars(pattern.callback).nonlocals["self"]
        yield path(route, framed(paths), name=f"api_{pattern.name}")
    yield re_path(r"^.*$", unknown)


urlpatterns = list(addresses())
