"""Questions to the registry: who may act where, which area holds a point, who answers for what."""

from lianxin.registry.queries.addresses import Address, buildings, door, numbers, streets
from lianxin.registry.queries.areas import (
    ancestors,
    area_at,
    live_post_areas,
    office,
    successor_of,
    visible_areas,
)
from lianxin.registry.queries.choosing import (
    below,
    buildings_called,
    holders,
    lines,
    streets_and_communities,
)
from lianxin.registry.queries.duties import who_answers
from lianxin.registry.queries.grants import (
    NOWHERE,
    grants,
    person_by_key,
    person_by_token,
    standing,
)
from lianxin.registry.queries.names import names
from lianxin.registry.queries.where import area_holding, grid_at

__all__ = [
    "NOWHERE",
    "Address",
    "ancestors",
    "area_at",
    "area_holding",
    "below",
    "buildings",
    "buildings_called",
    "door",
    "grants",
    "grid_at",
    "holders",
    "lines",
    "live_post_areas",
    "names",
    "numbers",
    "office",
    "person_by_key",
    "person_by_token",
    "standing",
    "streets",
    "streets_and_communities",
    "successor_of",
    "visible_areas",
    "who_answers",
]
