"""Questions about who has checked in where: one's own, those who wait, places and units by name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Q, QuerySet

from lianxin.core.step.who import Grant
from lianxin.registry.models import Area, CheckIn, Promise, Task, Unit, UnitCheckIn

HOMES = ("community", "quarter", "grid")
LISTED = 20  # check-ins of one person that are told


def own(person: int) -> CheckIn | None:
    """The one that lasts, confirmed or not."""
    return _whole(CheckIn.objects.filter(person=person, until=None)).first()


def before(person: int) -> list[CheckIn]:
    """Those that are over, the latest first."""
    found = CheckIn.objects.filter(person=person, until__isnull=False)
    return list(_whole(found).order_by("-until", "-pk")[:LISTED])


def waiting(grants: Iterable[Grant]) -> QuerySet[CheckIn]:
    """Those that a unit has not confirmed yet, who waits longest first."""
    found = CheckIn.objects.under(grants).filter(until=None, confirmed=None)
    return _whole(found).order_by("since", "pk")


def one(grants: Iterable[Grant], key: int) -> CheckIn | None:
    """One that these posts may read."""
    return _whole(CheckIn.objects.under(grants).filter(pk=key)).first()


def tasks_of(row: CheckIn) -> list[Task]:
    """Those that were taken on there and last."""
    return list(Task.objects.filter(check_in=row, until=None).order_by("since", "pk"))


def homes_called(
    words: str, on: date, most: int, kinds: tuple[str, ...] = HOMES
) -> list[Area]:  # fmt: skip
    """Places to live at by name or path; what is called just so comes alone."""
    found = Area.objects.on(on).filter(kind__in=kinds)
    exact = list(found.filter(Q(name=words) | Q(path=words)).order_by("path")[:most])
    if exact:
        return exact
    return list(found.filter(name__icontains=words).order_by("kind__digits", "path")[:most])


def units_called(words: str, on: date, most: int) -> list[Unit]:
    """Units by name or code; what is called just so comes alone."""
    found = Unit.objects.on(on)
    exact = list(found.filter(Q(name=words) | Q(code=words)).order_by("pk")[:most])
    return exact or list(found.filter(name__icontains=words).order_by("name", "pk")[:most])


def pairs(grants: Iterable[Grant]) -> QuerySet[UnitCheckIn]:
    """Units and communities that have checked in with each other, with how long their lists are."""
    open_ones = Q(promises__until=None)
    counts = {
        f"n_{kind}": Count("promises", filter=open_ones & Q(promises__kind=kind))
        for kind in Promise.Kind.values
    }
    found = UnitCheckIn.objects.under(grants).filter(until=None)
    return found.select_related("unit", "area").annotate(**counts)


def lines_of(found: Iterable[UnitCheckIn]) -> dict[int, list[Promise]]:
    """The lines of these pairs by pair: what is open first, then what is over, latest first."""
    rows: dict[int, list[Promise]] = {}
    told = Promise.objects.filter(check_in__in=[pair.pk for pair in found])
    for line in told.order_by("until", "-pk"):
        rows.setdefault(line.check_in_id, []).append(line)
    for lines in rows.values():
        lines.sort(key=lambda one: one.until is not None)
    return rows


def _whole(found: QuerySet[CheckIn]) -> QuerySet[CheckIn]:
    return found.select_related("person", "unit", "area", "confirmed_by")
