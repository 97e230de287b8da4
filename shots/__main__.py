"""`make shots`: opens a demo house, takes every page, and fails on what it finds wrong.

Sideways scroll, a target under 44 px, a text that is not translated, a finding of axe, an error in
the browser's console. Pictures go to `var/shots`.
"""

from __future__ import annotations

import itertools
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from bench import house
from bench.serving import free_port, granian, serving
from shots import facts
from shots.pages import READERS, Shot, shots, sign_in

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "var/shots"
SIZES = {"phone": (360, 780), "desktop": (1440, 900)}
LANGUAGES, THEMES, TYPES = ("zh", "en"), ("light", "dark"), ("normal", "large")
SCALE = 0.05  # of the demo: every kind of page has rows
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
]  # fmt: skip
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def main() -> int:
    only = set(sys.argv[1:])
    OUT.mkdir(parents=True, exist_ok=True)
    with demo() as (base, known), sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        faults: dict[str, list[str]] = {}
        for where, way, fault in walk(browser, base, known, only):
            faults.setdefault(f"{where}: {fault}", []).append(way)
        browser.close()
    for fault, ways in sorted(faults.items()):
        print(f"{fault}  [{len(ways)}: {ways[0]}]")
    print(f"{len(faults)} faults; pictures in {OUT.relative_to(ROOT)}")
    return 1 if faults else 0


@contextmanager
def demo() -> Iterator[tuple[str, dict[str, Any]]]:
    """A demo house of its own, open on a port of this machine."""
    var = Path(f"/tmp/lxs-{os.getuid()}")
    with house.opened(var):
        house.furnish(SCALE, 1.0)
        from lianxin.demo import cast  # reads the settings, which are chosen above

        cast.choose()
        port = free_port()
        with serving(granian(port), port, {"PORT": str(port)}):
            yield f"http://127.0.0.1:{port}", facts.known(var)


def walk(
    browser: Browser, base: str, known: dict[str, Any], only: set[str]
) -> Iterator[tuple[str, str, str]]:
    """Every page in every way. Yields (page, way, fault)."""
    axe = (ROOT / "node_modules/axe-core/axe.min.js").read_text()
    found = (ROOT / "shots/faults.js").read_text()
    pages = {reader: browser.new_context(locale="zh-CN").new_page() for reader in READERS}
    for reader, page in pages.items():
        sign_in(base, page, reader)
    every = [s for s in shots(base, known, pages) if not only or s.name in only]
    for way in itertools.product(SIZES, LANGUAGES, THEMES, TYPES):
        for shot in every:
            page = pages[shot.reader]
            for fault in look(page, base, shot, way, axe, found):
                yield f"{shot.reader}/{shot.name}", " ".join(way), fault


def look(
    page: Page, base: str, shot: Shot, way: tuple[str, ...], axe: str, found: str
) -> Iterator[str]:
    """One page in one way: its picture, and what is wrong with it."""
    size, language, theme, kind = way
    chosen = {"language": language, "theme": theme, "type": kind}
    page.context.add_cookies([{"name": n, "value": v, "url": base} for n, v in chosen.items()])
    page.set_viewport_size({"width": SIZES[size][0], "height": SIZES[size][1]})
    console: list[str] = []
    listen = lambda line: console.append(line.text) if line.type == "error" else None  # noqa: E731
    page.on("console", listen)
    answer = page.goto(base + shot.address, wait_until="load")
    page.remove_listener("console", listen)
    name = f"{shot.reader.strip('-') or 'nobody'}-{shot.name}-{'-'.join(way)}.png"
    page.screenshot(path=OUT / name, full_page=size == "phone")
    expected = 404 if shot.name == "not_found" else 200
    if answer is None or answer.status != expected:
        yield f"status {answer and answer.status} at {shot.address}"
        return
    yield from (f"console: {line[:120]}" for line in console if "404" not in line)
    yield from page.evaluate(found, language)
    if kind == "normal":
        page.evaluate(axe)
        yield from findings(page.evaluate("rules => axe.run(document, rules)", RULES))


def findings(told: Any) -> Iterator[str]:
    for rule in told["violations"]:
        for node in rule["nodes"][:3]:
            yield f"axe {rule['id']}: {rule['help']}: {node['html'][:120]}"


if __name__ == "__main__":
    sys.exit(main())
