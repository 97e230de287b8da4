"""The addresses of files that we ship: each is looked up once, a page names a dozen of them."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Shipped(CompressedManifestStaticFilesStorage):
    """Which file carries which content is settled when a process starts, and not again."""

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[tuple[str, bool], str] = {}

    def url(self, name: str, force: bool = False) -> str:
        if (name, force) not in self.known:
            self.known[name, force] = super().url(name, force)
        return self.known[name, force]
