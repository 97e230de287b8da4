"""Checks the flow pages as the house would read them, and draws them for people who decide."""

import argparse
from collections.abc import Iterator
from pathlib import Path

from lianxin.core.flow.book import Book, read_folders
from lianxin.core.flow.draw import mermaid, table
from lianxin.core.flow.page import Page
from lianxin.orders.book import folders
from lianxin.trouble import Trouble
from lianxin.web.words import say

words = "检查、画出流程页 · check the flow pages, draw them"
alone = True
LANGUAGES = ("zh", "en")


def add(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(required=True, metavar="check|draw")
    check_ = verbs.add_parser("check", help="检查 · every problem, with its line")
    check_.add_argument(
        "folder", nargs="?", type=Path, help="叠加的 params 文件夹 · laid over ours"
    )
    check_.set_defaults(act=check)
    draw_ = verbs.add_parser("draw", help="画成 Mermaid · Markdown with a diagram a page")
    draw_.add_argument("flow", nargs="*", help="哪几个流程 · which; all if none is named")
    draw_.add_argument("--out", type=Path, default=Path("docs/flows"), help="输出文件夹 · folder")
    draw_.set_defaults(act=draw)


def run(args: argparse.Namespace) -> int:
    return args.act(args)


def check(args: argparse.Namespace) -> int:
    """Prints every problem in both languages; 1 if there is any."""
    if args.folder and not args.folder.is_dir():
        raise Trouble(f"没有文件夹 {args.folder}", f"there is no folder {args.folder}")
    book = read_folders(*folders(), *([args.folder] if args.folder else []))
    for problem in book.problems:
        print(*(problem.say(lang) for lang in LANGUAGES), sep="\n")
    pages = sum(map(len, book.pages.values()))
    key = "flows.faulty" if book.problems else "flows.whole"
    facts = {"pages": pages, "problems": len(book.problems)}
    print(" · ".join(say(key, lang, **facts) for lang in LANGUAGES))
    return 1 if book.problems else 0


def draw(args: argparse.Namespace) -> int:
    book = read_folders(*folders())
    if unknown := sorted(set(args.flow) - set(book.flows)):
        known = "、".join(book.flows)
        raise Trouble(
            f"没有流程 {unknown[0]}；有：{known}", f"no flow {unknown[0]}; there are: {known}"
        )
    args.out.mkdir(parents=True, exist_ok=True)
    for name, text in drawn(book, args.flow or book.flows):
        (args.out / name).write_text(text, encoding="utf-8")
        print(args.out / name)
    return 0


def drawn(book: Book, flows: tuple[str, ...] | list[str]) -> Iterator[tuple[str, str]]:
    """(file name, Markdown) of each flow: its page in force last, in both languages."""
    for flow in sorted(flows):
        dated = book.pages[flow]
        yield f"{flow}.md", leaf(book, dated[max(dated)])


def leaf(book: Book, page: Page) -> str:
    parts = [f"# {page.words.zh} · {page.words.en}\n", f"`{page.flow}` · {page.since}\n"]
    for lang in LANGUAGES:
        parts.append(f"```mermaid\n{mermaid(page, lang, book.roles)}```\n")
        parts.append(table(page, lang, book.roles))
    return "\n".join(parts)
