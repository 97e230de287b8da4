"""Whole levels of divisions: what goes in, what is refused and why, and a year later again."""

from __future__ import annotations

import gzip
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from lianxin.registry import actions
from lianxin.registry.imports import import_divisions, undo_batch
from lianxin.registry.imports.division_file import parents_of, read_divisions
from lianxin.registry.models import Area, Entry
from lianxin.registry.sheets.finding import Odd
from tests.dirty import DIVISIONS, write_divisions

pytestmark = [pytest.mark.database, pytest.mark.django_db]

NOW = datetime(2025, 6, 2, 8, 0, tzinfo=UTC)
STAMP = actions.Stamp(None, NOW)
SINCE = date(2024, 1, 1)
SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "divisions"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_divisions(tmp_path)


def take(folder: Path, name: str = "villages.csv", text: str = "", parents=False, **options):
    path = folder / name
    if text:
        path.write_text(text, "utf-8")
    file = read_divisions(path)
    above = parents_of(path, file) if parents else []
    return import_divisions([*above, file], STAMP, SINCE, **options)


def test_villages_with_everything_above_them(folder):
    done = take(folder, parents=True)
    assert (done.rows, done.made, done.bad, done.findings) == (13, 13, 0, [])
    area = Area.objects.get(path="522699001001")
    assert (area.name, area.code, area.kind_id, area.since) == (
        "榕荫社区", "522699001001", "community", SINCE
    )  # fmt: skip
    # A prefecture without counties has its own name again at the county's place.
    assert Area.objects.get(path="441900").kind_id == "county"
    assert Entry.objects.get(model="registry.batch").after["made"] == 13


def test_villages_alone_say_what_must_come_first(folder):
    done = take(folder)
    assert done.batch is None and not Area.objects.exists()
    assert [(f.code, f.facts["parent"], f.facts["n"]) for f in done.errors] == [
        ("parent_unknown", "441900003", 1),
        ("parent_unknown", "522699001", 2),
        ("parent_unknown", "522699100", 1),
    ]


def test_a_year_later_names_change_and_codes_vanish(folder):
    take(folder, parents=True)
    later = DIVISIONS["villages.csv"].replace("榕荫社区", "榕荫新社区").replace(
        "522699001002,双桥社区,522699001,52,5226,522699\n", "522699001003,东桥社区,522699001\n"
    )  # fmt: skip
    done = take(folder, text=later)
    assert (done.made, done.changed, done.same) == (1, 1, 2)
    assert [(f.code, f.facts) for f in done.findings] == [
        ("renamed", {"was": "榕荫社区", "read": "榕荫新社区"}),
        ("vanished", {"name": "双桥社区", "code": "522699001002"}),
    ]
    entry = Entry.objects.get(verb="rename")
    assert (entry.before, entry.after) == ({"name": "榕荫社区"}, {"name": "榕荫新社区"})
    assert Area.objects.get(path="522699001002").until is None
    assert take(folder, text=later).batch is None, "nothing new, nothing written"
    undone = undo_batch(done.batch, STAMP)
    assert (undone.removed, undone.restored, undone.left) == (1, 1, 0)
    assert Area.objects.get(path="522699001001").name == "榕荫社区"


def test_what_vanished_is_closed_when_asked_and_when_nothing_stands_in_it(folder):
    take(folder, parents=True)
    text = "code,name,areaCode\n522699001,江滨街道,522699\n"
    kept = take(folder, "streets.csv", text, close=True)
    assert [f.code for f in kept.findings] == ["not_closed"]
    gone = "code,name,streetCode\n522699001001,榕荫社区,522699001\n"
    done = take(folder, "villages.csv", gone, close=True)
    assert [f.code for f in done.findings] == ["closed_now"]
    area = Area.objects.get(path="522699001002")
    assert area.until == SINCE


BAD = """code,name,streetCode
522699001001,榕荫社区,522699001
522699001001,又一个,522699001
992699001001,错省,992699001
52269900100,短,522699001
522699000001,缺街道,522699000
5226990010０1,全角,522699001
522699001005,　,522699001
522699777001,没有街道,522699777
'; DROP TABLE registry_area; --,x,y
"""


def test_each_bad_row_is_told_and_good_rows_can_go_in(folder):
    take(folder, "streets.csv", parents=True)
    before = Area.objects.count()
    done = take(folder, "villages.csv", BAD)
    told = {(f.code, f.row, f.facts.get("why", "")) for f in done.errors}
    assert told == {
        ("code_twice", 3, ""),
        ("wrong_code", 4, "province"),
        ("wrong_code", 5, "length"),
        ("wrong_code", 6, "township"),
        ("wrong_code", 7, "digits"),
        ("no_name", 8, ""),
        ("parent_unknown", 9, ""),
        ("wrong_code", 10, "digits"),
    }
    assert (done.bad, done.batch, Area.objects.count()) == (8, None, before)
    assert take(folder, "villages.csv", BAD, good_rows=True, check=True).batch is None
    done = take(folder, "villages.csv", BAD, good_rows=True)
    assert (done.made, Area.objects.count()) == (1, before + 1)


def test_a_level_under_the_wrong_name_is_refused(folder):
    take(folder, "streets.csv", parents=True)
    file = read_divisions(folder / "villages.csv", "streets")
    done = import_divisions([file], STAMP, SINCE)
    assert {f.facts["why"] for f in done.errors} == {"length"}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "no_header"),
        (b"a,b\n1,2\n", "no_header"),
        (b"\x1f\x8bjunk", "not_a_table"),
        (b"\xff\xff\xff\x00", "encoding"),
    ],
)
def test_what_is_no_table_of_divisions(tmp_path, data, code):
    path = tmp_path / "x.csv"
    path.write_bytes(data)
    with pytest.raises(Odd) as odd:
        read_divisions(path)
    assert odd.value.code == code


def test_packed_and_gb18030_files_are_read(tmp_path):
    path = tmp_path / "provinces.csv.gz"
    path.write_bytes(gzip.compress(DIVISIONS["provinces.csv"].encode("gb18030")))
    assert read_divisions(path).rows == [(2, "52", "山省"), (3, "44", "海省")]


def test_a_missing_file_beside_it_is_named(folder):
    (folder / "areas.csv").unlink()
    with pytest.raises(FileNotFoundError, match="areas"):
        take(folder, parents=True)


@pytest.mark.skipif(not SHARED.exists(), reason="no ../shared/data/divisions")
def test_the_real_subset_of_three_places():
    path = SHARED / "villages_qiandongnan_dingyuan_changqing.csv"
    file = read_divisions(path)
    done = import_divisions([*parents_of(path, file), file], STAMP, SINCE)
    assert (done.bad, done.findings) == (0, [])
    assert done.made == done.rows == len(file.rows) + Area.objects.exclude(kind="community").count()
    twice = Area.objects.filter(name__startswith="人民路社区", path__startswith="341125")
    assert sorted(twice.values_list("path", flat=True)) == ["341125100006", "341125101001"]
    assert Area.objects.filter(path__startswith="341125400002", kind="community").exists()
