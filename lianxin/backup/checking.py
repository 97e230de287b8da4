"""Reads a backup to its end before anything is touched, and says whether it may be restored."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import Any

from django.apps import apps
from django.db.migrations.loader import MigrationLoader

from lianxin.backup import kept
from lianxin.backup.archive import Manifest, Reading
from lianxin.backup.taking import sum_of
from lianxin.backup.trouble import trouble

Tell = Callable[[int], Any]


def check(file: Reading, begin: Callable[[int], Tell]) -> None:
    """Every part is there, is what it was, and none is there besides; and this program knows what
    it holds. Raises Trouble."""
    must_be_known(file.manifest)
    names = file.names()
    if len(names) != len(set(names)):
        raise trouble("damaged", part=next(n for n in names if names.count(n) > 1))
    must_be_complete(file.manifest, names)
    tell = begin(sum(info.file_size for info in file.zip.infolist()))
    for name in names:
        if digest(file, name, tell) != expected(file.manifest, name):
            raise trouble("damaged", part=name)


def must_be_known(manifest: Manifest) -> None:
    if unknown((app, name) for app, name in manifest.migrations):
        raise trouble("newer", version=manifest.version)


def unknown(applied: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Migrations of ours that this program has never heard of: a later version made them. A library
    may drop old ones of its own, so theirs say nothing."""
    known = MigrationLoader(connection=None).disk_migrations
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("lianxin.")}
    return {(app, name) for app, name in applied if app in ours and (app, name) not in known}


def must_be_complete(manifest: Manifest, names: list[str]) -> None:
    photos = [m[1] for n in names if (m := kept.PHOTO.fullmatch(n))]
    rest = {n for n in names if not kept.PHOTO.fullmatch(n)}
    if odd := rest ^ set(manifest.sums):
        raise trouble("damaged", part=min(odd))
    if (len(photos), sum_of(photos)) != (manifest.photos, manifest.photo_names):
        raise trouble("damaged", part="photos")
    tables = {f"tables/{name}.copy" for name in manifest.tables}
    if odd := {n for n in rest - tables if not kept.known(n)} | (tables - rest):
        raise trouble("damaged", part=min(odd))


def expected(manifest: Manifest, name: str) -> str:
    photo = kept.PHOTO.fullmatch(name)
    return photo[1] if photo else manifest.sums[name]


def digest(file: Reading, name: str, tell: Tell) -> str:
    found = hashlib.sha256()
    for chunk in file.chunks(name):
        found.update(chunk)
        tell(len(chunk))
    return found.hexdigest()
