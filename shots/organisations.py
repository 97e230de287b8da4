"""Which organisation of the cast's community the pages show."""

from __future__ import annotations

from typing import Any


def organised(community: str) -> dict[str, Any]:
    """A branch there and its quarter."""
    from lianxin.registry.models import Organisation

    found = Organisation.objects.filter(kind="branch", until=None)
    row = found.filter(area__path__startswith=community).select_related("area").first()
    assert row, "the demo has lost the branches of its cast"
    return {"branch": row.pk, "quarter": row.area.path}
