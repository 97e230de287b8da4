"""Who acts: a person with the grants that hold now, or the kernel by one of its names."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Kernel = Literal["clock", "child", "parent", "join"]


@dataclass(frozen=True, slots=True)
class Grant:
    """A role at a place, or in a unit. `path` is a prefix: the grant flows down the tree.

    `unit` is set for roles that act in a unit. `behalf` is the person stood in for, if any.
    `units` are those its holder belongs to, by this post or by another: `Who` says it to each.
    """

    role: str
    path: str = ""
    unit: str | None = None
    post: int | None = None
    area: int | None = None
    behalf: str | None = None
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Who:
    """One actor. `id` and unit ids are opaque strings (the registry's keys).

    `kernel` names the kernel's own hand (clock, child, parent, join); such an actor holds no grant.
    `party` is set for the bearer of a link: a party of one order, without an account.
    """

    id: str
    grants: tuple[Grant, ...] = ()
    kernel: Kernel | None = None
    party: tuple[str, str] | None = None

    def __post_init__(self) -> None:
        """A list is read under one grant, and must know what else its holder is."""
        units = tuple(dict.fromkeys(self.units))
        if any(grant.units != units for grant in self.grants):
            told = tuple(replace(grant, units=units) for grant in self.grants)
            object.__setattr__(self, "grants", told)

    @property
    def units(self) -> tuple[str, ...]:
        return tuple(g.unit for g in self.grants if g.unit)
