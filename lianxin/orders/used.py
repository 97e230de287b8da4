"""A used page never changes its meaning: each is kept as it was and compared at the start."""

from __future__ import annotations

from lianxin.core.flow.page import Page
from lianxin.orders.book import book, texts
from lianxin.orders.models import UsedPage
from lianxin.trouble import Trouble

_known: set[tuple[str, object]] = set()


def remember(page: Page) -> None:
    """Keep a page's text the first time an order is filed under it; later calls cost nothing."""
    if (page.flow, page.since) in _known:
        return
    file = f"flows/{page.flow}/{page.since}.toml"
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
    means something else."""
    pages = book().pages
    for used in UsedPage.objects.order_by("flow", "since"):
        page = pages.get(used.flow, {}).get(used.since)
        name = f"flows/{used.flow}/{used.since}.toml"
        if page is None:
            raise Trouble(
                f"{name} 不见了，但已有工单按它办理：请放回原文件。",
                f"{name} is gone, but orders were filed under it: put the file back.",
            )
        if page.meaning != used.meaning:
            raise Trouble(
                f"{name} 已被使用，含义不能再改：请恢复原文，另建新 since 的页面（文字可改）。",
                f"{name} was used and may not change its meaning: put it back as it was and write "
                "a page with a new `since` (words may be bettered).",
            )
