"""All pages by flow and day, with the words they share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from lianxin.core.flow.family import check_family
from lianxin.core.flow.page import Field, Page, Role, Step
from lianxin.core.flow.problems import Problem, Report
from lianxin.core.flow.read import read_page
from lianxin.core.flow.read_shared import read_shared
from lianxin.core.flow.shared import Shared


@dataclass(frozen=True, slots=True)
class Book:
    """The pages of a house. Only pages without problems are in it."""

    pages: dict[str, dict[date, Page]]
    shared: Shared
    problems: tuple[Problem, ...]

    @property
    def roles(self) -> dict[str, Role]:
        return self.shared.roles

    @property
    def fields(self) -> dict[str, Field]:
        return self.shared.fields

    @property
    def notes(self) -> dict[str, Step]:
        return self.shared.notes

    @property
    def flows(self) -> tuple[str, ...]:
        return tuple(self.pages)

    def page(self, flow: str, on: date) -> Page:
        """The page in force on a day. KeyError if the flow has none by then."""
        since = max((day for day in self.pages[flow] if day <= on), default=None)
        if since is None:
            raise KeyError(f"{flow} has no page in force on {on}")
        return self.pages[flow][since]

    def exact(self, flow: str, since: date) -> Page:
        """The page an order was filed under. KeyError if it is gone."""
        return self.pages[flow][since]


def read_book(
    files: Iterable[tuple[str, str, str]], roles_text: str, fields_text: str, notes_text: str
) -> Book:
    """Read pages given as (flow, file, text). Never raises; see `Book.problems`."""
    shared, problems = read_shared(roles_text, fields_text, notes_text)
    pages: dict[str, dict[date, Page]] = {}
    reports: dict[tuple[str, date], Report] = {}
    spoiled: set[str] = set()
    for flow, file, text in sorted(files):
        page, found = read_page(flow, text, file, shared)
        report = Report(file, text)
        if page is None:
            spoiled.add(flow)
        elif page.since in pages.get(flow, {}):
            other = reports[flow, page.since].file
            report.bad("since", "since_twice", since=page.since, other=other)
        else:
            pages.setdefault(flow, {})[page.since] = page
            reports[flow, page.since] = report
            _same_since(page, report)
        problems += [*found, *report.problems]
    problems += check_family(pages, reports, spoiled)
    return Book(pages, shared, tuple(problems))


def _same_since(page: Page, report: Report) -> None:
    stem = Path(report.file).stem
    if stem != page.since.isoformat():
        report.bad("since", "since_not_file", since=page.since, stem=stem)


def read_folders(*folders: Path) -> Book:
    """The book of a params folder; a file in a later folder replaces the one of its name."""
    files: dict[str, Path] = {}
    for folder in folders:
        beside = [folder / f"{name}.toml" for name in ("roles", "fields", "notes")]
        for path in [*folder.glob("flows/*/*.toml"), *beside]:
            if path.exists():
                files[path.relative_to(folder).as_posix()] = path
    texts = {name: path.read_text("utf-8") for name, path in sorted(files.items())}
    roles, fields, notes = (texts.pop(f"{name}.toml", "") for name in ("roles", "fields", "notes"))
    pages = [(name.split("/")[1], name, text) for name, text in texts.items()]
    return read_book(pages, roles, fields, notes)
