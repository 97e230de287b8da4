"""Messages replayed: each filed once at its own time, driven by the rules, and none lost."""

import json
from collections import Counter
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.db.models import F

from lianxin.cli import parser
from lianxin.demo.replay import manners, messages, report
from lianxin.orders import recount, used, world
from lianxin.orders.book import book
from lianxin.orders.models import Content, Event, Order
from lianxin.registry.models import Area
from lianxin.trouble import Trouble

REAL = Path(__file__).resolve().parents[2] / "shared/data/messages/messages_4326.csv"
ZONE = ZoneInfo("Asia/Shanghai")
SUBJECTS = ("路灯不亮", "停水三天", "电梯坏了", "咨询入学", "举报乱收费", "望江小区停车难")
DIVISIONS = {
    "provinces.csv": "code,name\n52,甲省\n",
    "cities.csv": "code,name,provinceCode\n5226,乙州,52\n",
    "areas.csv": "code,name,cityCode,provinceCode\n522699,丙县,5226,52\n",
    "streets.csv": "code,name,areaCode,provinceCode,cityCode\n522699001,丁街道,522699,52,5226\n",
    "villages.csv": "code,name,streetCode,provinceCode,cityCode,areaCode\n"
    "522699001001,戊社区,522699001,52,5226,522699\n522699001201,己村,522699001,52,5226,522699\n",
}


@pytest.fixture
def house(db):
    world.forget()
    used.forget()
    yield
    world.forget()
    used.forget()


@pytest.fixture
def file(tmp_path):
    """Forty made-up messages over eighty days, times written in both ways, and their divisions."""
    folder = tmp_path / "divisions"
    folder.mkdir()
    for name, text in DIVISIONS.items():
        (folder / name).write_text(text, "utf-8")
    rows = ["id,title,time,text,against,likes"]
    for n in range(40):
        day = date.fromordinal(date(2019, 3, 1).toordinal() + 2 * n)
        when = f"{day.year}/{day.month}/{day.day} {n % 24}:05:09" if n % 2 else f"{day} 08:30:00"
        rows.append(
            f'{n},{SUBJECTS[n % 6]}第{n}次,{when},"第一句，很长的说明。\n第{n}句　也很长。",0,0'
        )
    path = tmp_path / "messages" / "made_up.csv"
    path.parent.mkdir()
    path.write_text("\n".join(rows), "utf-8")
    return path


def run(file, *more, area="522699"):
    args = parser().parse_args(["replay", str(file), "--area", area, "--json", *more])
    return args.module.run(args)


def replayed(capsys, *words, **more):
    assert run(*words, **more) == 0
    caught = capsys.readouterr()
    found = json.loads(caught.out)
    assert found.pop("seconds") >= 0
    return found, caught.err


def adds_up(found):
    ends = ("struck_off", "refused", "withdrawn", "merged", "split", "open")
    return found["filed"] == sum(found[name] for name in ends)


def test_every_message_is_filed_once_at_its_own_time(house, file, capsys):
    found, _ = replayed(capsys, file)
    assert (found["filed"], found["new"], found["lost"]) == (40, 40, 0)
    assert adds_up(found)
    assert found["struck_off"] > 20
    cases = Order.objects.filter(parent=None)
    read = messages.read_messages(file, ZONE)
    assert sorted(cases.values_list("filed", flat=True)) == [m.at for m in read]
    verdict = recount.verify()
    assert (verdict.cases, verdict.broken) == (40, 0)


def test_the_same_file_again_files_nothing_twice(house, file, capsys):
    part, _ = replayed(capsys, file, "--limit", "25")
    assert (part["filed"], part["new"]) == (25, 25)
    whole, said = replayed(capsys, file)
    assert (whole["filed"], whole["new"], whole["lost"]) == (40, 15, 0)
    assert "25" in said and "15" in said
    events = Event.objects.count()
    again, said = replayed(capsys, file)
    assert again == whole | {"new": 0}
    assert (Event.objects.count(), Order.objects.filter(parent=None).count()) == (events, 40)


def test_a_seed_tells_the_same_story_again(house, file, capsys):
    told = []
    for seed in ("7", "7", "8"):
        with transaction.atomic():
            found, _ = replayed(capsys, file, "--seed", seed)
            steps = Event.objects.values_list("verb", "at").order_by("at", "verb", "capacity")
            told.append((found, list(steps)))
            transaction.set_rollback(True)
        world.forget()
        used.forget()
    assert told[0] == told[1] != told[2]


def test_people_act_when_people_act(house, file, capsys):
    replayed(capsys, file)
    calendar = world.calendar()
    office = Event.objects.filter(verb__in=["accept", "keep", "call_back", "strike_off"])
    spells = [
        (calendar.spells(at.date()), at.hour * 3600 + at.minute * 60)
        for at in (e.at.astimezone(ZONE) for e in office)
    ]
    assert len(spells) > 60
    assert all(any(a <= second <= b for a, b in day) for day, second in spells)
    last = messages.read_messages(file, ZONE)[-1].at
    assert not Event.objects.filter(at__gt=last).exists()
    assert not Event.objects.exclude(recorded=F("at")).exists(), "made as if it had been live"


def test_nobody_is_told_of_history_and_nothing_is_published(house, file, capsys):
    replayed(capsys, file)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs")
        assert cursor.fetchone() == (0,)
    assert not Order.objects.filter(public=True).exists()


def test_divisions_and_grids_are_made_once(house, file, capsys):
    replayed(capsys, file, "--limit", "2")
    kinds = Counter(Area.objects.values_list("kind_id", flat=True))
    assert kinds == {
        "province": 1, "prefecture": 1, "county": 1, "street": 1, "community": 2, "quarter": 3,
        "grid": 8,
    }  # fmt: skip
    assert Area.objects.get(path="522699001201000002").grid_code == "522699001201002"
    replayed(capsys, file)
    assert Counter(Area.objects.values_list("kind_id", flat=True)) == kinds


def test_lost_is_counted_from_what_is_kept(house, file, capsys):
    replayed(capsys, file, "--limit", "3")
    read = messages.read_messages(file, ZONE)[:4]
    assert report.counted(read)["lost"] == 1  # the fourth was never filed
    Content.objects.filter(nth=1, order__filed=read[0].at).update(value="别的话")
    assert report.counted(read)["lost"] == 2
    assert run(file, "--limit", "3") == 1
    assert json.loads(capsys.readouterr().out)["lost"] == 1


@pytest.mark.parametrize(
    ("change", "area", "said"),
    [
        (lambda text: text.replace("title", "heading", 1), "522699", "title"),
        (lambda text: text.replace("2019-03-01 08:30:00", "gestern"), "522699", "made_up.csv:2"),
        (lambda text: text, "5226", "six digits"),
        (lambda text: text, "522601", "no communities of 522601"),
    ],
)
def test_a_file_that_cannot_be_replayed_is_trouble(house, file, change, area, said):
    file.write_text(change(file.read_text("utf-8")), "utf-8")
    with pytest.raises(Trouble, match=said):
        run(file, area=area)
    assert not Order.objects.exists()


def test_the_table_of_manners_fits_the_pages():
    """Every line names a step that leaves its state, and somebody who may take it."""
    for (flow, state), rows in manners.manners().rows.items():
        page = next(iter(book().pages[flow].values()))
        for row in rows:
            if row.do:
                step = page.steps[row.do]
                assert state in step.sources, (flow, state, row.do)
                assert row.by == "member" or row.by in step.by, (flow, state, row.do)
                assert set(row.given) <= set(step.asked)
                assert row.of is None or state in page.limits[row.of].over


@pytest.mark.skipif(not REAL.exists(), reason="../shared/data/messages is not there")
@pytest.mark.timeout(300)
def test_three_hundred_real_messages(house, capsys):
    found, _ = replayed(capsys, REAL, "--limit", "300", area="522632")
    assert (found["filed"], found["new"], found["lost"]) == (300, 300, 0)
    assert adds_up(found)
    assert found["struck_off"] > 200
    assert min(found[n] for n in ("late", "returned", "reopened", "withdrawn", "refused")) > 0
    verdict = recount.verify()
    assert (verdict.cases, verdict.broken) == (300, 0)
    assert Area.objects.filter(path__startswith="522632", kind_id="community").count() > 200
