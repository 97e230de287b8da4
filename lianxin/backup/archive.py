"""The file of a backup: a zip of parts and, written last, a manifest that knows each part's sum.

`tables/<table>.copy` is what PostgreSQL's COPY writes as text, `photos/<digest>.jpg`, `keys/<name>`
and `marks/<name>` are files of the house. Any zip program opens it; docs/deploy.md says the rest.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from lianxin.backup.trouble import trouble

FORMAT = 1
MANIFEST = "manifest.json"
LARGEST_MANIFEST = 2**24  # bytes; photos are counted in it, not listed
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, RuntimeError)
AT_ONCE = 2**20
QUICK = 1  # how hard to pack: most of what there is to gain, at a third of the time


@dataclass
class Manifest:
    """What a backup holds. `tables`: name → columns, rows; `sums`: part → SHA-256 of its content,
    of all but photos: these are called by theirs, so of them the count and the sum of the names
    are kept. `sequences`: name → (last value, whether it was used)."""

    format: int
    version: str
    made: str
    house: str
    postgres: int
    migrations: list[list[str]]
    tables: dict[str, Any] = field(default_factory=dict)
    sequences: dict[str, Any] = field(default_factory=dict)
    sums: dict[str, str] = field(default_factory=dict)
    photos: int = 0
    photo_bytes: int = 0
    photo_names: str = ""
    lost: int = 0

    @property
    def rows(self) -> int:
        return sum(int(table["rows"]) for table in self.tables.values())


class Writing:
    """A backup in the making: it stands under its name once it is whole, and never before."""

    def __init__(self, path: Path) -> None:
        self.path, self.draft = path, path.with_name(f".{path.name}.{os.getpid()}")

    def __enter__(self) -> Writing:
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL
        self.file = os.fdopen(os.open(self.draft, flags, 0o600), "w+b")
        self.zip = zipfile.ZipFile(self.file, "w", allowZip64=True)
        return self

    def add(self, name: str, chunks: Iterable[bytes | memoryview], *, pack: bool = True) -> str:
        """One part; gives the sum of its content."""
        info = zipfile.ZipInfo(name)
        info.external_attr = 0o600 << 16
        info.compress_type = zipfile.ZIP_DEFLATED if pack else zipfile.ZIP_STORED
        info._compresslevel = QUICK  # type: ignore[attr-defined]  # public from Python 3.13 on
        digest = hashlib.sha256()
        with self.zip.open(info, "w", force_zip64=True) as part:
            for chunk in chunks:
                digest.update(chunk)
                part.write(chunk)
        return digest.hexdigest()

    def finish(self, manifest: Manifest) -> int:
        """Writes the manifest, puts all on the disk and gives the file its name. Its size."""
        self.add(MANIFEST, [json.dumps(asdict(manifest), ensure_ascii=False).encode()])
        self.zip.close()
        self.file.flush()
        os.fsync(self.file.fileno())
        size = self.file.tell()
        self.file.close()
        os.replace(self.draft, self.path)
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return size

    def __exit__(self, *_: object) -> None:
        if not self.file.closed:
            self.zip.fp = None  # it would write its end now, where there may be no room for it
            self.file.close()
        self.draft.unlink(missing_ok=True)


class Reading:
    """A backup opened to be read. Whatever is wrong with the file is Trouble with a sentence."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> Reading:
        try:
            self.zip = zipfile.ZipFile(self.path)
        except OSError as gone:
            raise trouble("no_file", file=self.path) from gone
        except BROKEN as broken:
            raise trouble("cut_off", file=self.path.name) from broken
        try:
            self.manifest = self._manifest()
        except BaseException:
            self.zip.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.zip.close()

    def names(self) -> list[str]:
        return [info.filename for info in self.zip.infolist() if info.filename != MANIFEST]

    def chunks(self, name: str) -> Iterator[bytes]:
        """The content of a part. A part that cannot be read to its end is Trouble."""
        try:
            with self.zip.open(name) as part:
                while chunk := part.read(AT_ONCE):
                    yield chunk
        except BROKEN as broken:
            raise trouble("damaged", part=name) from broken

    def _manifest(self) -> Manifest:
        try:
            if self.zip.getinfo(MANIFEST).file_size > LARGEST_MANIFEST:
                raise trouble("not_ours", file=self.path.name)
            row = json.loads(self.zip.read(MANIFEST))
            known = int(row["format"])
        except (*BROKEN, ValueError, TypeError) as broken:
            raise trouble("not_ours", file=self.path.name) from broken
        if known > FORMAT:
            raise trouble("newer", version=str(row.get("version", "?"))[:20])
        try:
            return Manifest(**row)
        except TypeError as odd:
            raise trouble("not_ours", file=self.path.name) from odd
