"""Who acts: a person with the grants that hold now, or the kernel by one of its names."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

VIA, VOICE = "_via", "_voice"  # of an answer and of its words; no field begins with a line
Kernel = Literal["clock", "child", "parent", "join"]


@dataclass(frozen=True, slots=True)
class Grant:
    """A role at a place, or in a unit. `path` is a prefix: the grant flows down the tree.

    `unit` is set for roles that act in a unit. `behalf` is the person stood in for, if any, and
    `away` the units of that person: what is kept from them is kept from their substitute too.
    `units` are those its holder belongs to, by this post or by another: `Who` says it to each.
    `vetted`: its holder may go where a minor or a home is involved (`pair.py`).
    """

    role: str
    path: str = ""
    unit: str | None = None
    post: int | None = None
    area: int | None = None
    behalf: str | None = None
    units: tuple[str, ...] = ()
    vetted: bool = False
    away: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Voice:
    """By whose mouth a unit without account speaks: `via` a link of its own or, written down by
    somebody with a post, on paper. `name` is what they call themselves, `phone` where they can be
    asked back; both are their own word, checked by nobody."""

    via: Literal["link", "paper"]
    name: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Who:
    """One actor. `id` and unit ids are opaque strings (the registry's keys).

    `kernel` names the kernel's own hand (clock, child, parent, join); such an actor holds no grant.
    `party` is set for whoever speaks for a party of one order without being it by an account: the
    bearer of a link, or who writes down what came back on paper. Where a unit holds that party,
    `unit` is the one, `voice` whose words they are, and `only` the steps that are open to them.
    """

    id: str
    grants: tuple[Grant, ...] = ()
    kernel: Kernel | None = None
    party: tuple[str, str] | None = None
    unit: str | None = None
    voice: Voice | None = None
    only: frozenset[str] | None = None

    def __post_init__(self) -> None:
        """A list is read under one grant, and must know what else its holder is."""
        units = tuple(dict.fromkeys(self.units))
        if any(grant.units != units for grant in self.grants):
            told = tuple(replace(grant, units=units) for grant in self.grants)
            object.__setattr__(self, "grants", told)

    def by(self, grants: tuple[Grant, ...]) -> Who:
        """The same with these posts alone."""
        return self if len(grants) == len(self.grants) else replace(self, grants=grants)

    def as_person(self) -> Who:
        """The same without any post or unit: as the party they are themselves."""
        return replace(self, grants=(), unit=None, party=None if self.unit else self.party)

    @property
    def vetted(self) -> bool:
        return any(g.vetted for g in self.grants)

    @property
    def units(self) -> tuple[str, ...]:
        """All that they belong to or speak for."""
        return tuple(g.unit for g in self.grants if g.unit) + ((self.unit,) if self.unit else ())
