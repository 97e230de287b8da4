"""Brings the database and the shipped files to this version; does nothing when they are."""

import argparse
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.exceptions import InconsistentMigrationHistory
from django.db.migrations.executor import MigrationExecutor
from psycopg.errors import UndefinedColumn, UndefinedTable

from lianxin import cli, embedded
from lianxin.backup.checking import unknown
from lianxin.backup.restoring import MARK as RESTORING
from lianxin.backup.trouble import trouble
from lianxin.growth.careers import careers
from lianxin.growth.reminders import FILE as REMINDERS
from lianxin.growth.reminders import reminders
from lianxin.orders import used
from lianxin.orders.tables import read_all
from lianxin.trouble import Trouble

words = "准备数据库和页面文件 · prepare the database and the page files"


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--no-demo", action="store_true", help="不装演示数据 · without demo data")


def run(args: argparse.Namespace) -> int:
    migrate()
    used.check()
    collect()
    if not args.no_demo:
        fill()
    return 0


@contextmanager
def opened() -> Iterator[None]:
    """A database that answers: yours, or the one in VAR, started for as long as this lasts."""
    if (settings.VAR / RESTORING).exists():
        raise trouble("half_done")
    read_all(("careers", careers), (REMINDERS, reminders))
    with database():
        try:
            connection.ensure_connection()
            yield
        except DatabaseError as refused:
            raise _explained(refused) from refused
        finally:
            connection.close()
            connection.close_pool()


@contextmanager
def database() -> Iterator[None]:
    """The embedded database for as long as this lasts; a server of your own is its own business."""
    if os.environ.get("DATABASE_URL"):
        yield
        return
    with embedded.ensure(settings.VAR):
        yield


def tend() -> None:
    """Starts the embedded database again if it was killed under us."""
    if not os.environ.get("DATABASE_URL") and embedded.Server(settings.VAR).tend():
        print("数据库停了，又开了 · the database had stopped, started again", flush=True)


def migrate() -> None:
    """Looks first: asking for a plan is ten times quicker than an empty migration.

    Raises Trouble where a later version has been at work, or one that was never finished.
    """
    executor = MigrationExecutor(connection)
    if unknown(executor.loader.applied_migrations):
        raise trouble("too_new")
    try:
        executor.loader.check_consistent_history(connection)
    except InconsistentMigrationHistory as odd:
        raise trouble("odd_history", why=str(odd).splitlines()[0]) from odd
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        print("正在准备数据库 · preparing the database", flush=True)
        call_command("migrate", verbosity=0, interactive=False)


def collect() -> None:
    """Names shipped files by their content and packs them, when any of them has changed."""
    mark = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            about = os.stat(storage.path(name))
            mark.update(f"{name} {about.st_size} {about.st_mtime_ns}\n".encode())
    seen = settings.STATIC_ROOT / ".mark"
    if seen.exists() and seen.read_text() == mark.hexdigest():
        return
    print("正在准备页面文件 · preparing the page files", flush=True)
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    seen.write_text(mark.hexdigest())


def fill() -> None:
    """An empty house is hard to understand, so a new one gets the demo prefecture."""
    if "demo" in cli.verbs() and not get_user_model().objects.exists():
        args = cli.parser("demo").parse_args(["demo"])
        args.module.run(args)


def _explained(refused: Exception) -> Trouble:
    if isinstance(refused.__cause__, UndefinedTable | UndefinedColumn):
        return Trouble(
            "数据库还没有准备好，请先运行 lianxin setup。",
            "The database is not of this version: run `lianxin setup` first.",
        )
    reason = str(refused).strip().splitlines()[0]
    return Trouble(f"数据库出错：{reason}", f"The database refused: {reason}")
