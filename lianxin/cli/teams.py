"""How many carry the work of a place: four teams, staffing per 10,000, classes, reserved posts."""

import argparse
import json
from datetime import date
from typing import Any

from django.utils import timezone

from lianxin.growth.queries.communities import communities, vacancies
from lianxin.growth.queries.teams import (
    Asked,
    counts,
    everything,
    latest_year,
    per,
    populations,
)
from lianxin.registry.models import Area, Figure
from lianxin.registry.queries import area_at
from lianxin.trouble import Trouble
from lianxin.web.words import say

words = "四支队伍、每万人配备、后备力量、培训班 · the four teams of a place"
LANGUAGES = ("zh", "en")


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--area", required=True, help="区划代码 · the path of the place")
    parser.add_argument("--on", type=date.fromisoformat, help="哪一天 · the day; today if not said")
    parser.add_argument("--year", type=int, help="哪年的班和岗位 · of classes and reserved posts")
    parser.add_argument("--json", action="store_true", help="只输出一个 JSON · one JSON object")


def run(args: argparse.Namespace) -> int:
    on = args.on or timezone.localdate()
    area = area_at(args.area, on)
    if area is None:
        said = [say("people.no_area", lang, path=args.area, on=on) for lang in LANGUAGES]
        raise Trouble(*said)
    year = args.year or latest_year(everything, area.path, on)
    row = row_of(area, Asked(everything, on, year))
    print(json.dumps(row, ensure_ascii=False) if args.json else "\n".join(told(area, row)))
    return 0


def row_of(area: Area, asked: Asked) -> dict[str, Any]:
    """`per_10000` is None where the place has no row of its own, `vacancies` where no community of
    it has one; `trainees` are persons."""
    n = counts(asked, area.path)
    population = populations([area.path], asked.on).get(area.path)
    return {
        "area": area.path,
        "name": area.name,
        "on": asked.on.isoformat(),
        "year": asked.year,
        "community_workers": n["workers"],
        "per_10000": per(n["workers"], population),
        "population": figure_of(population),
        "grid_workers": n["grid_workers"],
        "grids": n["grids"],
        "grids_staffed": n["staffed"],
        "members_checked_in": n["members"],
        "reserves": n["reserves"],
        "reserves_studying": n["studying"],
        "classes": n["classes"],
        "attendances": n["attendances"],
        "trainees": n["trainees"],
        "posts_reserved": {"civil": n["civil"], "institution": n["institution"]},
        "vacancies": vacancies(communities([area.path], asked.on))["posts"],
    }


def figure_of(row: Figure | None) -> dict[str, Any] | None:
    if row is None:
        return None
    value = int(row.value) if row.value == int(row.value) else float(row.value)
    return {"value": value, "source": row.source, "on": row.on.isoformat()}


def told(area: Area, row: dict[str, Any]) -> list[str]:
    population = row["population"] or {"value": "—", "source": "—", "on": "—"}
    facts = {
        **row, **row["posts_reserved"], "area": area.name, "per": row["per_10000"] or "—",
        "people": population["value"], "source": population["source"], "as_of": population["on"],
    }  # fmt: skip
    return [say(f"people.told.{part}", lang, **facts) for part in PARTS for lang in LANGUAGES]


PARTS = ("head", "workers", "grids", "members", "reserves", "classes", "posts")
