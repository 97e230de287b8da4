"""A used page may grow and never changes: each is kept as it was and compared at the start."""

from __future__ import annotations

from datetime import date

from lianxin.core.flow.growth import changed
from lianxin.core.flow.page import Page
from lianxin.core.flow.read import read_page
from lianxin.orders.book import book, texts
from lianxin.orders.models import UsedPage
from lianxin.trouble import Trouble

_known: set[tuple[str, object]] = set()


def remember(page: Page) -> None:
    """Keep a page's text the first time an order is filed under it; later calls cost nothing."""
    if (page.flow, page.since) in _known:
        return
    file = file_of(page.flow, page.since)
    UsedPage.objects.get_or_create(
        flow=page.flow,
        since=page.since,
        defaults={"meaning": page.meaning, "text": texts(file)[file]},
    )
    _known.add((page.flow, page.since))


def forget() -> None:
    """For another database under the same process, as in tests."""
    _known.clear()


def check() -> None:
    """Raises Trouble if the book cannot be read, or a page that orders were filed under is gone or
    means something else. One that has grown is kept as it is now: what grew stays as well."""
    pages = book().pages
    for used in UsedPage.objects.order_by("flow", "since"):
        page = pages.get(used.flow, {}).get(used.since)
        name = file_of(used.flow, used.since)
        if page is None:
            raise Trouble(
                f"{name} 不见了，但已有工单按它办理：请放回原文件。",
                f"{name} is gone, but orders were filed under it: put the file back.",
            )
        if page.meaning != used.meaning:
            grown(used, page, name)


def grown(used: UsedPage, page: Page, name: str) -> None:
    """Keep the page as it has grown. Raises Trouble where anything that stood there differs."""
    text = texts(name)[name]
    places = changed(used.text, text) or shared_since(used, name)
    if places:
        where = "、".join(places[:5]), ", ".join(places[:5])
        raise Trouble(
            f"{name} 已被使用，含义不能再改（{where[0]}）：请恢复原文，另建新 since 的页面"
            "（文字可改，也可以增加步骤、字段和选填项）。",
            f"{name} was used and may not change its meaning ({where[1]}): put it back as it was "
            "and write a page with a new `since` (words may be bettered; steps, fields and "
            "optional questions may be added).",
        )
    used.meaning, used.text = page.meaning, text
    used.save(update_fields=["meaning", "text"])


def shared_since(used: UsedPage, name: str) -> list[str]:
    """The shared fields, if the page as it was kept would mean something else with those of now."""
    page, _ = read_page(used.flow, used.text, name, book().shared)
    return [] if page and page.meaning == used.meaning else ["fields.toml"]


def file_of(flow: str, since: date) -> str:
    return f"flows/{flow}/{since}.toml"
