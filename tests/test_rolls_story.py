"""A clerk at a desk and one on a phone, each in a browser: look, sort, take out, take in, undo."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import Live
from dirty import xlsx
from rolls_town import more_workers, named
from test_web_desk_story import accessible
from town import COMMUNITY, Town

from lianxin.registry.models import Post

WIDE = {"viewport": {"width": 1440, "height": 900}}
PHONE = {"viewport": {"width": 360, "height": 780}}


@pytest.fixture
def town(request: pytest.FixtureRequest, live: Live) -> Iterator[Town]:
    with named(request) as town:
        more_workers(town, 60)
        yield town


def test_a_desk_finds_sorts_takes_out_takes_in_and_back(
    town: Town, open_as: Callable[..., Any], tmp_path: Path
) -> None:
    page = open_as("desk", bypass_csp=True, **WIDE)  # axe measures with styles of its own
    page.goto("/rolls")
    accessible(page)
    page.get_by_role("link", name="岗位", exact=True).click()
    accessible(page)
    assert page.locator("tbody tr").count() == 50
    page.get_by_role("link", name="姓名").click()
    page.wait_for_selector("th[aria-sort=ascending]")
    page.get_by_role("link", name="后一页").click()
    page.wait_for_url("**page=2**")
    page.fill("#q", "sxm")
    page.keyboard.press("Enter")
    page.wait_for_selector("tbody tr:only-child")
    assert page.locator("tbody th").inner_text() == "单雪梅"
    with page.expect_download() as taken:
        page.get_by_role("link", name="导出 Excel").click()
    assert taken.value.suggested_filename.startswith("lianxin-posts-")
    page.get_by_role("link", name="导入表格").click()
    accessible(page)
    file = tmp_path / "岗位.xlsx"
    file.write_bytes(xlsx(["用户名", "岗位", "区域"], ["m1", "网格员", COMMUNITY]))
    page.set_input_files("#file", file)
    page.get_by_role("button", name="只检查").click()
    page.wait_for_selector("text=可以导入 1 行")
    page.set_input_files("#file", file)
    page.get_by_role("button", name="导入", exact=True).click()
    page.wait_for_selector("text=已导入 1 行")
    page.get_by_role("button", name="撤销").click()
    page.wait_for_selector("text=移除 1 行")
    assert not Post.objects.filter(person=town.people["m1"], role="grid_worker").exists()


def test_on_a_phone_each_row_is_a_card_that_names_its_cells(
    town: Town, open_as: Callable[..., Any]
) -> None:
    page = open_as("desk", bypass_csp=True, **PHONE)
    page.goto("/rolls/posts?q=sx")
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    cell = page.locator("tbody td[data-label=岗位]")
    assert cell.inner_text() == "网格员"
    assert page.evaluate("getComputedStyle(document.querySelector('thead')).display") == "none"
    label = "getComputedStyle(document.querySelector('td[data-label=岗位]'), '::before').content"
    assert "岗位" in page.evaluate(label)
    page.select_option("#sort", "-name")
    page.wait_for_url("**sort=-name**")
    page.goto("/rolls/posts/sheet")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    accessible(page)
