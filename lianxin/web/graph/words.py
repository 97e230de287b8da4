"""A node of the graph in the reader's language, the same for picture, list and paper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lianxin.registry.queries.graph import Answer, Gap, Node
from lianxin.web.words import say

SELF = {"no_organisation": "community", "no_branch": "quarter", "no_worker": "grid"}


@dataclass(slots=True)
class Told:
    """`answers`: (role, name); `gaps`: a sentence each; `holds`: what lies in it. `below`: the
    nodes that stand under it, where it is `open`."""

    key: str
    sort: str
    kind: str
    name: str
    organisation: str
    answers: list[tuple[str, str]]
    gaps: list[str]
    holds: str
    address: str
    parts: int
    open: bool = False
    below: list[Told] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        """As the picture is told; what is empty is left out."""
        row = {
            "key": self.key, "sort": self.sort, "kind": self.kind, "name": self.name,
            "organisation": self.organisation, "answers": self.answers, "gaps": self.gaps,
            "holds": self.holds, "address": self.address, "parts": self.parts,
        }  # fmt: skip
        below = {"below": [part.plain() for part in self.below]} if self.open else {}
        return {name: value for name, value in row.items() if value} | below


def told(node: Node) -> Told:
    return Told(
        node.key, node.kind, say(f"graph.kind.{node.kind}"), node.name, node.organisation,
        [answer(one) for one in node.answers], [gap(node.kind, one) for one in node.gaps],
        holds(node), node.address, node.parts,
    )  # fmt: skip


def answer(one: Answer) -> tuple[str, str]:
    name = say("graph.more", name=one.name, n=one.n + 1) if one.n else one.name
    return say(f"graph.role.{one.role}"), name


def gap(kind: str, one: Gap) -> str:
    """At a place itself, or so often below it."""
    own = SELF.get(one.what, kind) == kind
    return say(f"graph.{'own' if own else 'of'}.{one.what}", n=one.n)


def holds(node: Node) -> str:
    rows = [say(f"graph.n.{kind}", n=n) for kind, n in node.holds]
    if node.homes is not None:
        rows.append(say("graph.homes", n=node.homes))
    return " · ".join(rows)


def nested(root: Node, below: Mapping[str, Iterable[Node]]) -> Told:
    """The node with everything that stands open under it."""
    made = told(root)
    made.open = root.key in below
    made.below = [nested(part, below) for part in below.get(root.key, ())]
    return made
