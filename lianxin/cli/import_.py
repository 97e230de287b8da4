"""Takes in divisions, areas, people, units and posts from offices' tables, and takes them back."""

import argparse
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from django.utils import timezone
from tqdm import tqdm

from lianxin.core.step.who import Who
from lianxin.orders.hotline import WHAT, import_hotline, undo_hotline
from lianxin.registry.actions import Stamp
from lianxin.registry.imports import (
    Outcome,
    import_divisions,
    import_sheet,
    takers,
    undo_batch,
)
from lianxin.registry.imports.division_file import KIND_OF, LEVELS, parents_of, read_divisions
from lianxin.registry.models import Area, Batch, Person
from lianxin.registry.queries import grants
from lianxin.registry.refusal import NotPossible
from lianxin.registry.sheets.finding import Finding, Odd
from lianxin.trouble import Trouble
from lianxin.web.findings import as_lines, as_xlsx, visible
from lianxin.web.rolls.opened import title_words
from lianxin.web.why_not import trouble_of
from lianxin.web.words import rows, say

words = "导入区划、区域、人员、单位、岗位 · import divisions, areas, people, units, posts"
SHOWN = 40  # findings on the terminal; the report has all
SHEETS = {
    "areas": "社区、小区、网格 · areas",
    "people": "人员 · people",
    "units": "单位 · units",
    "posts": "岗位 · posts",
}


def add(parser: argparse.ArgumentParser) -> None:
    kinds = parser.add_subparsers(dest="what", required=True, metavar="<what>")
    whole = kinds.add_parser("divisions", help="五级区划 · divisions of five levels")
    _shared(whole)
    whole.add_argument("--kind", choices=KIND_OF, default="", help="级别 · level (by the header)")
    whole.add_argument(
        "--with-parents", action="store_true", help="连同上级 · the levels above too"
    )
    whole.add_argument("--close", action="store_true", help="停用消失的 · close what vanished")
    for what in takers.takers():
        sheet = kinds.add_parser(what, help=called(what))
        _shared(sheet)
        sheet.add_argument("--within", default="", help="在哪里找名称 · path names are sought in")
    calls = kinds.add_parser("hotline", help="热线工单，如 12345 · sheets of a hotline")
    calls.add_argument("file", type=Path, help="XLSX, CSV")
    calls.add_argument("--by", required=True, help="由谁的工作台立单 · whose desk files them")
    calls.add_argument("--check", action="store_true", help="只检查 · check only")
    calls.add_argument("--good-rows", action="store_true", help="只导入正确的行 · good rows only")
    calls.add_argument("--report", type=Path, help="核对表 · save the findings as XLSX")
    undo = kinds.add_parser("undo", help="撤销一次导入 · take an import back")
    undo.add_argument("batch", type=int, help="批次号 · number of the batch")


def called(what: str) -> str:
    """In both languages: by ours, or by the roll that it fills."""
    words = title_words(what)
    return SHEETS.get(what) or (f"{words.zh} · {words.en}" if words else what)


def _shared(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="XLSX, CSV")
    parser.add_argument("--check", action="store_true", help="只检查 · check only")
    parser.add_argument("--good-rows", action="store_true", help="只导入正确的行 · good rows only")
    parser.add_argument("--report", type=Path, help="核对表 · save the findings as XLSX")
    parser.add_argument("--since", default="", help="起始日 · first day in force (1 January)")


def run(args: argparse.Namespace) -> int:
    stamp = Stamp(None, timezone.now())
    if args.what == "undo":
        return undo(args.batch, stamp)
    if not args.file.is_file():
        raise _trouble("no_file", file=args.file)
    outcome = {"divisions": divisions, "hotline": hotline}.get(args.what, sheet)(args, stamp)
    tell(outcome, args)
    return 1 if outcome.errors else 0


def divisions(args: argparse.Namespace, stamp: Stamp) -> Outcome:
    try:
        file = read_divisions(args.file, args.kind)
        above = parents_of(args.file, file) if args.with_parents else []
    except Odd as odd:
        found = [Finding(odd.code, args.file.name, facts=odd.facts)]
        return Outcome("divisions", findings=found)
    except FileNotFoundError as missing:
        raise _trouble("no_file", file=missing) from missing
    outcome = import_divisions(
        [*above, file],
        stamp,
        first_day(args.since, stamp),
        check=args.check,
        good_rows=args.good_rows,
        close=args.close,
        progress=_bar,
    )
    if any(f.code == "parent_unknown" for f in outcome.findings):
        kinds = [kind for _, kind, _ in LEVELS]
        _say("parents", file=f"{LEVELS[kinds.index(file.kind) - 1][0]}.csv")
    return outcome


def sheet(args: argparse.Namespace, stamp: Stamp) -> Outcome:
    if args.within and not Area.objects.live().filter(path=args.within).exists():
        raise _trouble("no_path", text=args.within)
    return import_sheet(
        args.what,
        args.file.read_bytes(),
        args.file.name,
        stamp,
        check=args.check,
        good_rows=args.good_rows,
        within=args.within,
        since=first_day(args.since, stamp) if args.since else None,
        progress=lambda items: _bar(items, args.file.name),
    )


def hotline(args: argparse.Namespace, stamp: Stamp) -> Outcome:
    """Filed by a person's first desk, as if they had typed each row."""
    person = Person.objects.filter(username=args.by, is_active=True).first()
    held = tuple(grants(person, stamp.at)) if person else ()
    desk = next((g for g in held if g.role == "desk" and g.path), None)
    if person is None or desk is None:
        raise _trouble("no_desk", name=args.by)
    return import_hotline(
        args.file.read_bytes(), args.file.name, Who(str(person.pk), held), desk,
        Stamp(person, stamp.at), check=args.check, good_rows=args.good_rows,
        progress=lambda items: _bar(items, args.file.name),
    )  # fmt: skip


def tell(outcome: Outcome, args: argparse.Namespace) -> None:
    """The findings, errors first; the counts; what was done, and how to take it back."""
    ordered = sorted(outcome.findings, key=lambda f: f.level != "error")
    for line in as_lines(ordered[:SHOWN]):
        print(line)
    if len(ordered) > SHOWN:
        _say("more", n=len(ordered) - SHOWN)
    if args.report:
        args.report.write_bytes(as_xlsx(outcome.findings))
        _say("report", file=args.report)
    counts = ("rows", "made", "changed", "same", "bad")
    _say("read", **{name: getattr(outcome, name) for name in counts})
    if outcome.batch:
        _say("done", batch=outcome.batch.pk)
    elif args.check:
        _say("checked")
    else:
        _say("stopped" if outcome.errors else "nothing")


def undo(number: int, stamp: Stamp) -> int:
    batch = Batch.objects.filter(pk=number).first()
    if batch is None:
        raise _trouble("no_batch", batch=number)
    if batch.what == WHAT:
        return undo_calls(batch, stamp)
    try:
        undone = undo_batch(batch, stamp)
    except NotPossible as refusal:
        raise trouble_of(refusal) from refusal
    for lang in ("zh", "en"):
        for kept in undone.kept:
            print(say("import.kept", lang, name=visible(kept.name), why=why(kept.why, lang)))
        if undone.left > len(undone.kept):
            print(say("import.kept_more", lang, n=undone.left - len(undone.kept)))
        counts = {"removed": undone.removed, "restored": undone.restored, "kept": undone.left}
        print(say("import.undone", lang, batch=number, **counts))
    return 1 if undone.left else 0


def undo_calls(batch: Batch, stamp: Stamp) -> int:
    try:
        undone = undo_hotline(batch, stamp)
    except NotPossible as refusal:
        raise trouble_of(refusal) from refusal
    for number in undone.kept[:SHOWN]:
        _say("kept_order", number=number)
    _say("undone_orders", batch=batch.pk, removed=undone.removed, kept=len(undone.kept))
    return 1 if undone.kept else 0


def why(used_by: str, lang: str) -> str:
    """`registry.post` → a post depends on it; models of the upper layers by their app."""
    keys = (used_by.replace(".", "_"), used_by.split(".")[0], "other")
    return say(next(k for k in (f"import.used.{key}" for key in keys) if k in rows()), lang)


def first_day(text: str, stamp: Stamp) -> date:
    if not text:
        return stamp.day.replace(month=1, day=1)
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise _trouble("no_day", text=text) from wrong


def _bar(items: Iterable[Any], name: str) -> Iterable[Any]:
    return tqdm(items, name, unit="行", disable=None)


def _say(key: str, **facts: Any) -> None:
    for lang in ("zh", "en"):
        print(say(f"import.{key}", lang, **facts))


def _trouble(key: str, **facts: Any) -> Trouble:
    return Trouble(*(say(f"import.{key}", lang, **facts) for lang in ("zh", "en")))
