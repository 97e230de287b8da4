"""Takes in whole levels of divisions at once: copied beside the areas, compared as sets, written.

620,573 communities are no loop of Python: each step here is one statement.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from django.db import connection, transaction

from lianxin.core.place.code import problem
from lianxin.core.place.path import LEVELS
from lianxin.registry.actions import Stamp, close_area
from lianxin.registry.imports.division_file import DivisionFile
from lianxin.registry.imports.outcome import Outcome, open_batch
from lianxin.registry.models import Area, Batch
from lianxin.registry.refusal import NotPossible
from lianxin.registry.sheets.clean import text
from lianxin.registry.sheets.finding import Finding

Progress = Callable[[Sequence[Any], str], Iterable[Any]]
TOLD = 200  # findings of one kind that are listed; all are counted
PARENT_DIGITS = {"province": 0, "prefecture": 2, "county": 4, "street": 6, "community": 9}

STAGE = """
CREATE TEMP TABLE incoming (line int, code varchar COLLATE "C", name varchar) ON COMMIT DROP
"""
TWICE = """
DELETE FROM incoming later USING (
    SELECT code, min(line) AS first FROM incoming GROUP BY code HAVING count(*) > 1
) twice WHERE later.code = twice.code AND later.line > twice.first
RETURNING later.line, later.code, twice.first
"""
ORPHANS = """
WITH gone AS (
    DELETE FROM incoming WHERE %(digits)s > 0 AND left(code, %(digits)s) IN (
        SELECT parent FROM (SELECT DISTINCT left(code, %(digits)s) AS parent FROM incoming) wanted
        WHERE NOT EXISTS (
            SELECT FROM registry_area WHERE path = wanted.parent AND until IS NULL))
    RETURNING line, code)
SELECT min(line), left(code, %(digits)s), count(*) FROM gone GROUP BY 2 ORDER BY 2
"""
MATCH = """
CREATE TEMP TABLE matched ON COMMIT DROP AS
SELECT line, incoming.code, incoming.name, coalesce(known.id, placed.id) AS area,
       coalesce(known.name, placed.name) AS was
FROM incoming
LEFT JOIN registry_area known ON known.code = incoming.code AND known.until IS NULL
LEFT JOIN registry_area placed ON placed.path = incoming.code AND placed.until IS NULL
"""
MAKE = """
WITH made AS (
    INSERT INTO registry_area (kind_id, path, code, name, since)
    SELECT %(kind)s, code, code, name, %(since)s FROM matched WHERE area IS NULL ORDER BY code
    RETURNING id)
INSERT INTO registry_batchrow (batch_id, model, key) SELECT %(batch)s, 'registry.area', id FROM made
"""
RENAME = """
WITH renamed AS (
    UPDATE registry_area area SET name = matched.name FROM matched
    WHERE area.id = matched.area AND matched.was <> matched.name
    RETURNING area.id, matched.was, matched.name, matched.line),
told AS (
    INSERT INTO registry_entry (at, who_id, verb, model, key, before, after, batch_id)
    SELECT %(at)s, %(who)s, 'rename', 'registry.area', id, jsonb_build_object('name', was),
           jsonb_build_object('name', name), %(batch)s FROM renamed),
kept AS (
    INSERT INTO registry_batchrow (batch_id, model, key, before, after)
    SELECT %(batch)s, 'registry.area', id, jsonb_build_object('name', was),
           jsonb_build_object('name', name) FROM renamed)
SELECT line, was, name FROM renamed ORDER BY line
"""
VANISHED = """
SELECT area.id FROM registry_area area
WHERE area.kind_id = %(kind)s AND area.until IS NULL AND area.code IS NOT NULL
  AND left(area.path, %(digits)s) IN (SELECT left(code, %(digits)s) FROM incoming)
  AND NOT EXISTS (SELECT FROM incoming WHERE incoming.code = area.code)
  AND NOT EXISTS (SELECT FROM matched WHERE matched.area = area.id)
ORDER BY area.path
"""


def import_divisions(
    files: Sequence[DivisionFile],
    stamp: Stamp,
    since: date,
    *,
    check: bool = False,
    good_rows: bool = False,
    close: bool = False,
    progress: Progress = lambda rows, _: rows,
) -> Outcome:
    """Imports levels top down in one transaction; the last file is the one that was asked for.

    Unchanged areas are counted, renamed ones get an entry, those that vanished under a parent
    that the file covers are reported, and closed if `close`. Errors keep everything out unless
    `good_rows`; with `check` nothing is ever written.
    """
    outcome = Outcome("divisions", rows=sum(len(file.rows) for file in files))
    with transaction.atomic():
        batch = open_batch(stamp, "divisions", files[-1].name, files[-1].data)
        own = Stamp(stamp.who, stamp.at, batch)
        for file in files:
            vanished = _take_level(file, own, batch, since, outcome, progress)
        _vanish(vanished, own, since, close, outcome, files[-1])
        useless = not (outcome.made or outcome.changed)
        if check or useless or (outcome.errors and not good_rows):
            transaction.set_rollback(True)
        else:
            _finish(own, batch, outcome)
    return outcome


def _take_level(
    file: DivisionFile,
    stamp: Stamp,
    batch: Batch,
    since: date,
    outcome: Outcome,
    progress: Progress,
) -> list[int]:
    """Writes one level; gives the areas that stand under its parents and not in it."""
    facts = {
        "kind": file.kind,
        "digits": PARENT_DIGITS[file.kind],
        "since": since,
        "batch": batch.pk,
        "at": stamp.at,
        "who": stamp.who and stamp.who.pk,
    }
    with connection.cursor() as cursor:
        cursor.execute(STAGE)
        _copy(cursor, file, outcome, progress)
        _check_set(cursor, file, facts, outcome)
        cursor.execute(MATCH)
        # without these a planner that has never seen a full table walks half a million rows
        # for each of half a million
        cursor.execute("CREATE INDEX ON incoming (code); CREATE INDEX ON matched (area)")
        cursor.execute("ANALYZE matched")
        cursor.execute(MAKE, facts)
        made = cursor.rowcount
        cursor.execute(RENAME, facts)
        renamed = cursor.fetchall()
        cursor.execute("SELECT count(*) FROM incoming")
        outcome.same += cursor.fetchone()[0] - made - len(renamed)
        cursor.execute("ANALYZE registry_area")
        cursor.execute(VANISHED, facts)
        vanished = [key for (key,) in cursor.fetchall()]
        cursor.execute("DROP TABLE incoming, matched")
    outcome.made += made
    outcome.changed += len(renamed)
    _tell(outcome, "renamed", "note", file, [(r[0], {"was": r[1], "read": r[2]}) for r in renamed])
    return vanished


def _copy(cursor: Any, file: DivisionFile, outcome: Outcome, progress: Progress) -> None:
    """Rows whose code and name are well formed go in; the others become findings."""
    digits, wrong = LEVELS[file.kind], []
    with cursor.copy("COPY incoming (line, code, name) FROM STDIN") as copy:
        for line, code, name in progress(file.rows, file.name):
            why = problem(code) or (None if len(code) == digits else "length")
            tidy = name if name.isalpha() else text(name)[0]
            if why is None and tidy:
                copy.write_row((line, code, tidy))
            elif why is None:
                wrong.append((line, "no_name", {"code": code}))
            else:
                wrong.append((line, "wrong_code", {"code": code[:40], "why": why}))
    outcome.bad += len(wrong)
    for kind in ("no_name", "wrong_code"):
        _tell(outcome, kind, "error", file, [(at, f) for at, code, f in wrong if code == kind])


def _check_set(cursor: Any, file: DivisionFile, facts: dict[str, Any], outcome: Outcome) -> None:
    cursor.execute("ANALYZE incoming")
    cursor.execute(TWICE)
    twice = sorted(cursor.fetchall())
    outcome.bad += len(twice)
    found = [(line, {"code": code, "first": first}) for line, code, first in twice]
    _tell(outcome, "code_twice", "error", file, found)
    cursor.execute(ORPHANS, facts)
    orphans = cursor.fetchall()
    outcome.bad += sum(n for _, _, n in orphans)
    found = [(line, {"parent": parent, "n": n}) for line, parent, n in orphans]
    _tell(outcome, "parent_unknown", "error", file, found)


def _tell(
    outcome: Outcome,
    code: str,
    level: Any,
    file: DivisionFile,
    found: list[tuple[int, dict[str, Any]]],
) -> None:
    outcome.findings += [
        Finding(code, file.name, line, "", level, facts) for line, facts in found[:TOLD]
    ]
    if len(found) > TOLD:
        facts = {"n": len(found) - TOLD}
        outcome.findings.append(Finding("and_more", file.name, 0, "", level, facts))


def _vanish(
    keys: list[int], stamp: Stamp, on: date, close: bool, outcome: Outcome, file: DivisionFile
) -> None:
    found = []
    for area in Area.objects.filter(pk__in=keys if close else keys[:TOLD]).order_by("path"):
        code, facts = "vanished", {"name": area.name, "code": area.code}
        if close:
            code, facts = _closed(area, stamp, on, facts)
            outcome.changed += code == "closed_now"
        found.append((code, facts))
    if len(keys) > len(found):
        more = {"n": len(keys) - len(found)}
        outcome.findings.append(Finding("and_more", file.name, 0, "", "note", more))
    for kind in ("vanished", "closed_now", "not_closed"):
        _tell(outcome, kind, "note", file, [(0, facts) for code, facts in found if code == kind])


def _closed(
    area: Area, stamp: Stamp, on: date, facts: dict[str, Any]
) -> tuple[str, dict[str, Any]]:
    try:
        close_area(stamp, area, max(on, area.since))
    except NotPossible as refusal:
        return "not_closed", {**facts, "n": refusal.facts.get("n", "")}
    return "closed_now", facts


def _finish(stamp: Stamp, batch: Batch, outcome: Outcome) -> None:
    """One entry speaks for all the areas that were made: which ones, the batch's rows say."""
    batch.rows = outcome.made + outcome.changed
    batch.save(update_fields=["rows"])
    outcome.batch = batch
    with connection.cursor() as cursor:  # half a million new rows: the planner must know at once
        cursor.execute("ANALYZE registry_area, registry_batchrow")
    Stamp(stamp.who, stamp.at).made(
        "import", batch, made=outcome.made, changed=outcome.changed, same=outcome.same
    )
