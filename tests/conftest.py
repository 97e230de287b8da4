"""One database server for the whole run, one template made once, a copy for whoever needs one.

`db` (pytest-django) rolls back after each test: the everyday fixture. `fresh` is a database of the
test's own where commits are real: for races and jobs. `live` is `fresh` with the pages served on a
port, and `page` a browser looking at them.
"""

import fcntl
import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.db import connection, transaction
from django.test import Client
from outside import letters, there  # noqa: F401  (what carries messages and mail)
from stage_fixtures import details, pytest_generate_tests, stage  # noqa: F401  (the stories)

from lianxin.embedded import SAFE, Server
from lianxin.orders import house, world

RUN = os.environ.setdefault("LIANXIN_TEST_RUN", str(os.getpid()))  # the workers inherit it
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
FOLDER = Path(f"/tmp/lx-{RUN}")  # short: a socket's path has 107 bytes
TEMPLATE = "template_lianxin"
FAST = SAFE | {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
TOUCHES_DATABASE = {"db", "transactional_db", "fresh", "live", "cluster", "town"}
# What a page says and to whom is asked once: it hangs on no server's version. Statements may, and
# those behind the pages run on the second server too, where test_promises walks every address.
ASKED_ONCE = re.compile(
    r"test_(api_(?!once)|fault_start|import_villages|matrix|phones\.py::test_no_|photo_pages|promises"
    r"|shell|store_machine|web_(?!board|find|forms|lists|near|notices|services|sheets))"
)


def pytest_configure(config: pytest.Config) -> None:
    settings.VAR = FOLDER / WORKER
    settings.MEDIA_ROOT = settings.VAR / "photos"
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": plain}}
    settings.WHITENOISE_USE_FINDERS = True
    settings.WORDS_STRICT = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The mark `database` sets itself, so that no test is left out of the second server's run."""
    for item in items:
        asked = set(getattr(item, "fixturenames", ()))
        touches = bool(TOUCHES_DATABASE & asked) or item.get_closest_marker("django_db")
        once = "browser" in asked or ASKED_ONCE.match(f"{item.path.name}::{item.name}")
        if touches and not once:
            item.add_marker("database")


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        shutil.rmtree(FOLDER, ignore_errors=True)


# --- the server and its databases


@pytest.fixture(scope="session")
def cluster() -> Iterator[Server]:
    """Started by the first worker that asks, stopped by the last that leaves."""
    programs = os.environ.get("LIANXIN_TEST_PROGRAMS")
    own = {"programs": Path(programs)} if programs else {}
    with Server(FOLDER, tuning=FAST, **own).running() as server:
        yield server


@pytest.fixture(scope="session")
def template(cluster: Server, django_db_blocker: Any) -> str:
    """All migrations, applied once for all workers."""
    with (FOLDER / "template.lock").open("w") as lock, django_db_blocker.unblock():
        fcntl.flock(lock, fcntl.LOCK_EX)
        with _admin(cluster) as admin:
            known = "SELECT 1 FROM pg_database WHERE datname = %s"
            if admin.execute(known, [TEMPLATE]).fetchone():
                return TEMPLATE
            admin.execute("DROP DATABASE IF EXISTS unfinished")
            admin.execute("CREATE DATABASE unfinished OWNER lianxin")
            _point(cluster, "unfinished")
            call_command("migrate", verbosity=0, interactive=False)
            connection.close()
            admin.execute(f"ALTER DATABASE unfinished RENAME TO {TEMPLATE}")
    return TEMPLATE


@pytest.fixture(scope="session")
def django_db_setup(cluster: Server, template: str, django_db_blocker: Any) -> Iterator[None]:
    """What pytest-django's `db` stands on: this worker's own copy."""
    with _copy(cluster, f"own_{WORKER}"), django_db_blocker.unblock():
        yield


@pytest.fixture(scope="module")
def standing(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """What is made on this stands through one file: made once, and what each test (`db`) does to
    it is taken back after the test."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def fresh(cluster: Server, template: str, django_db_blocker: Any) -> Iterator[str]:
    """A database for this test alone: commits are real, other threads see them. Gives its DSN."""
    with django_db_blocker.unblock(), _copy(cluster, f"fresh_{WORKER}") as name:
        yield cluster.dsn(name)


@pytest.fixture(autouse=True)
def _one_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who sits where and which units are one house is looked up once in a test: what a statement
    costs is counted, and a second look that came due meanwhile would be counted with it."""
    for module in (world, house):
        monkeypatch.setattr(module, "FRESH_FOR", 3600)


@contextmanager
def _copy(cluster: Server, name: str) -> Iterator[str]:
    """A copy of the template, under Django's connection for as long as this lasts."""
    with _admin(cluster) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} OWNER lianxin")
        before = dict(connection.settings_dict)
        _point(cluster, name)
        try:
            yield name
        finally:
            connection.close()
            connection.settings_dict.update(before)
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _point(cluster: Server, name: str) -> None:
    """Django looks at `name` from now on, in every thread; without the pool, which would linger."""
    connection.close()
    connection.settings_dict["OPTIONS"].pop("pool", None)
    connection.settings_dict |= {"NAME": name, "USER": "lianxin", "PASSWORD": "", "PORT": "5432"}
    connection.settings_dict["HOST"] = str(cluster.socket)


def _admin(cluster: Server) -> psycopg.Connection[Any]:
    return psycopg.connect(cluster.dsn("postgres", "postgres"), autocommit=True)


# --- the pages, and somebody to look at them


@dataclass(frozen=True)
class Live:
    """The house, open on a port of 127.0.0.1, over a database of its own."""

    url: str
    dsn: str


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Requests are not news."""


@pytest.fixture(scope="session")
def application() -> Callable[..., Any]:
    return get_wsgi_application()


@pytest.fixture
def live(fresh: str, application: Callable[..., Any]) -> Iterator[Live]:
    """Real sockets, real commits, the whole middleware; rows are made through the ORM as usual."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet, connections_override=None)
    server.set_app(application)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield Live(f"http://127.0.0.1:{server.server_address[1]}", fresh)
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A missing browser is a failure: pages nobody has seen are not done."""
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop in this thread; the ORM is still called from plain code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    quiet = ["background-networking", "component-update", "sync", "gpu", "quic"]
    flags = ["--no-sandbox", "--no-first-run", *(f"--disable-{name}" for name in quiet)]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=flags)
        yield chromium
        chromium.close()


@pytest.fixture
def pages(live: Live, browser: Any) -> Iterator[Callable[..., Any]]:
    """`pages(**options)`: one more person with a browser of their own (a phone unless told)."""
    faults: list[str] = []
    contexts = []

    def one_more(**options: Any) -> Any:
        asked = {"viewport": {"width": 360, "height": 780}, "locale": "zh-CN"} | options
        context = browser.new_context(base_url=live.url, **asked)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if _is_fault(said) else None)
        return page

    yield one_more
    for context in contexts:
        context.close()
    assert faults == [], "the browser's console complained"


@pytest.fixture
def page(pages: Callable[..., Any]) -> Any:
    return pages()


@pytest.fixture
def open_as(town: Any, live: Live, pages: Callable[..., Any]) -> Callable[..., Any]:
    """`open_as("desk", **options)`: a browser with this person of the town signed in."""

    def opened(name: str, **options: Any) -> Any:
        client = Client()
        client.force_login(town.people[name])
        page = pages(**options)
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
        page.context.add_cookies([cookie | {"url": live.url}])
        return page

    return opened


def _is_fault(said: Any) -> bool:
    """An answer of 404 or 422 is a page's own business; broken scripts and blocked code are not."""
    return said.type == "error" and "Failed to load resource" not in said.text
