"""A member's post stays while the check-in stays that it came with: no import takes one alone."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from lianxin.registry.actions.check_ins import MEMBER
from lianxin.registry.models import BatchRow, CheckIn, Post, Task


def in_use(model: str, made: QuerySet[BatchRow]) -> dict[int, str]:
    """Posts of a batch whose holder has since checked in anew in the unit, or taken on a task."""
    if model != "registry.post":
        return {}
    batch = made.values_list("batch", flat=True).first()
    own = BatchRow.objects.filter(batch=batch, model="registry.checkin")
    kept = Exists(Task.objects.filter(check_in=OuterRef("pk")))
    stays = CheckIn.objects.filter(
        kept | ~Exists(own.filter(key=OuterRef("pk"))),
        person=OuterRef("person"), unit=OuterRef("unit"), until=None,
    )  # fmt: skip
    held = Post.objects.filter(Q(pk__in=made.values("key")), Exists(stays), role=MEMBER)
    return dict.fromkeys(held.values_list("pk", flat=True), "registry.checkin")
