"""A backup is taken while photos are painted over: what goes rightly meanwhile is not lost."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections, transaction
from django.utils import timezone
from town import Town, settled
from web_town import picture

from lianxin.backup import kept, taking
from lianxin.backup.archive import Manifest, Reading
from lianxin.orders import painting, photos
from lianxin.orders.models import Photo

FIRST, SECOND = [[0, 0, 20, 20]], [[0, 0, 20, 20], [30, 30, 20, 20]]


@pytest.fixture
def photo(request: pytest.FixtureRequest, fresh: str, monkeypatch: Any) -> Iterator[Photo]:
    """A photo that has been painted over once, in a house of its own."""
    monkeypatch.setattr(settings, "VAR", settings.VAR / "painted")
    monkeypatch.setattr(settings, "MEDIA_ROOT", settings.VAR / "photos")
    settings.VAR.mkdir(parents=True)
    with settled(request) as town:
        yield shown(filed(town), FIRST)
    shutil.rmtree(settings.VAR)


def filed(town: Town) -> Photo:
    id = picture(town.people["resident"], (120, 90))
    Photo.objects.filter(pk=id).update(order=town.file().id)
    return Photo.objects.get(pk=id)


def shown(photo: Photo, covers: list[list[int]]) -> Photo:
    with transaction.atomic():
        painting.show(photo, covers)
    return photo


def backed_up(path: Path, meanwhile: Callable[[], Any]) -> Manifest:
    """A backup; when its moment is fixed, somebody else does this."""

    def begin(n: int) -> Callable[[int], None]:
        other = threading.Thread(target=elsewhere, args=(meanwhile,))
        other.start()
        other.join()
        return lambda n: None

    return taking.take(path, begin, timezone.now())[0]


def elsewhere(act: Callable[[], Any]) -> None:
    try:
        act()
    finally:
        connections.close_all()


def names_in(path: Path) -> set[str]:
    with Reading(path) as file:
        return {m[1] for name in file.names() if (m := kept.PHOTO.fullmatch(name))}


def test_a_version_painted_over_meanwhile_is_in_it_as_it_was(photo: Photo, tmp_path: Path) -> None:
    before, original = photo.sha256, photo.original
    known = backed_up(tmp_path / "x.zip", lambda: shown(photo, SECOND))
    assert not photos.path_of(before).exists(), "the house has no use for it any more"
    assert known.lost == 0
    assert names_in(tmp_path / "x.zip") == {before, original}


def test_the_first_paint_leaves_both_in_it(photo: Photo, tmp_path: Path) -> None:
    shown(photo, [])
    known = backed_up(tmp_path / "x.zip", lambda: shown(photo, FIRST))
    assert (known.lost, names_in(tmp_path / "x.zip")) == (0, {photo.original})


def test_what_is_taken_out_meanwhile_is_neither_in_it_nor_lost(
    photo: Photo, tmp_path: Path
) -> None:
    files = {photo.sha256, photo.original}

    def taken_out() -> None:
        Photo.objects.all().delete()
        photos.remove_files(files)

    known = backed_up(tmp_path / "x.zip", taken_out)
    assert (known.lost, known.photos) == (0, 0)
    assert names_in(tmp_path / "x.zip") == set()


def test_a_file_that_the_disk_has_lost_is_lost_all_the_same(photo: Photo, tmp_path: Path) -> None:
    def rots() -> None:
        for name in (photo.sha256, photo.original):
            photos.path_of(name).unlink()

    assert backed_up(tmp_path / "x.zip", rots).lost == 2


def test_a_painted_file_that_rots_is_painted_again_from_its_original(
    photo: Photo, tmp_path: Path
) -> None:
    photos.path_of(photo.sha256).write_bytes(b"rot")
    known = backed_up(tmp_path / "x.zip", lambda: None)
    assert (known.lost, known.photos) == (0, 2)
