"""What stands in the way of a start is said in a sentence, with file and line; nothing opens."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from town import settled

from lianxin.orders import used
from lianxin.orders.book import OURS
from lianxin.orders.models import UsedPage
from lianxin.trouble import Trouble

ROOT = Path(__file__).resolve().parent.parent
FIVE = "flows/five-orders/2017-01-01.toml"
# what is laid over our params → where the sentence must point
SPOILED = {
    FIVE: ("withdrawn  = {", "withdrawn  = ", r"five-orders/2017-01-01\.toml:\d+"),
    "flows/call/2017-01-01.toml": ('to = "came"', 'to = "cam"', r"call/2017-01-01\.toml:\d+"),
    "calendars/2026.toml": ("=", "", r"calendars/2026\.toml:\d+"),
    "refusals.toml": ("status = 404,", "status = ,", r"refusals\.toml:\d+"),
}


@pytest.fixture
def overlay(tmp_path):
    """A deployment's own params, with one file of ours changed."""

    def lay(name, before, after):
        text = (OURS / name).read_text("utf-8")
        assert before in text
        path = tmp_path / "params" / name
        path.parent.mkdir(parents=True)
        path.write_text(text.replace(before, after, 1), "utf-8")
        return tmp_path / "params"

    return lay


def lianxin(*words, **around):
    command = [sys.executable, "-m", "lianxin", *words]
    surroundings = os.environ | {k: str(v) for k, v in around.items()}
    return subprocess.run(
        command, cwd=ROOT, env=surroundings, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("name", SPOILED)
def test_a_broken_table_stops_the_start(overlay, tmp_path, name):
    before, after, where = SPOILED[name]
    params = overlay(name, before, after)
    done = lianxin("run", "--no-demo", LIANXIN_PARAMS=params, LIANXIN_VAR=tmp_path, PORT=1)
    assert done.returncode == 2
    assert re.search(where, done.stderr), done.stderr
    assert "Traceback" not in done.stderr and done.stdout == ""
    assert not (tmp_path / "pg").exists(), "not even the database was begun"


# ── a page that was used ─────────────────────────────────────────────────────────────────────────


@pytest.fixture
def town(request):
    with settled(request) as town:
        yield town


def test_a_used_page_is_kept_and_agrees(town):
    town.file()
    kept = UsedPage.objects.get(flow="five-orders")
    assert kept.text == (OURS / FIVE).read_text("utf-8")
    used.check()


def test_a_used_page_that_means_something_else_refuses_to_open(fresh, town, overlay, tmp_path):
    town.file()
    seats = 'asks = ["seats"]'
    params = overlay(FIVE, seats, 'asks = ["seats", "reason"]')
    surroundings = {"DATABASE_URL": fresh, "LIANXIN_VAR": tmp_path, "PORT": 1}
    done = lianxin("setup", "--no-demo", LIANXIN_PARAMS=params, **surroundings)
    assert (done.returncode, "Traceback" in done.stderr) == (2, False), done.stderr
    assert f"{FIVE} was used and may not change its meaning" in done.stderr


def test_its_words_may_be_bettered(fresh, town, overlay, tmp_path):
    town.file()
    params = overlay(FIVE, "点单", "点一单")
    surroundings = {"DATABASE_URL": fresh, "LIANXIN_VAR": tmp_path, "PORT": 1}
    done = lianxin("setup", "--no-demo", LIANXIN_PARAMS=params, **surroundings)
    assert done.returncode == 0, done.stderr


def test_it_may_grow_and_never_shrink_again(fresh, town, overlay, tmp_path):
    town.file()
    more = 'hold = { zh = "先放", en = "Hold", from = ["filed"], by = "desk", asks = ["text"] }'
    surroundings = {"DATABASE_URL": fresh, "LIANXIN_VAR": tmp_path, "PORT": 1}
    params = overlay(FIVE, "[steps]\n", f"[steps]\n{more}\n")
    done = lianxin("setup", "--no-demo", LIANXIN_PARAMS=params, **surroundings)
    assert done.returncode == 0, done.stderr
    assert more in UsedPage.objects.get(flow="five-orders").text
    done = lianxin("setup", "--no-demo", **surroundings)
    assert done.returncode == 2 and "(steps.hold)" in done.stderr


def test_shared_fields_of_a_used_page_stay(fresh, town, overlay, tmp_path):
    """The page has grown rightly, but the words it asks for may now be shorter than they were."""
    town.file()
    surroundings = {"DATABASE_URL": fresh, "LIANXIN_VAR": tmp_path, "PORT": 1}
    params = overlay(
        "fields.toml", 'text      = { type = "text"', 'text = { max = 5, type = "text"'
    )
    done = lianxin("setup", "--no-demo", LIANXIN_PARAMS=params, **surroundings)
    assert done.returncode == 2 and "(fields.toml)" in done.stderr


def test_a_used_page_that_is_gone_refuses_to_open(town):
    town.file()
    UsedPage.objects.update(flow="long-gone")
    with pytest.raises(Trouble, match=r"long-gone/2017-01-01\.toml is gone"):
        used.check()
