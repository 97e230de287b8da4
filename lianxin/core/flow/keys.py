"""The tables of the grammar: which keys each part of a page may have, and what kind each one is.

A kind is a word from `sentences.toml` (`kind_…`), or a tuple of the only texts allowed.
"""

from __future__ import annotations

from typing import get_args

from lianxin.core.flow.page import Holds, Unit

Kind = str | tuple[str, ...]
Keys = dict[str, Kind]

HOLDS = get_args(Holds)
ACTS = ("at", "above", "place", "unit")
UNITS: dict[str, Unit] = {unit.removesuffix("s"): unit for unit in get_args(Unit)}
TYPES = (
    "text", "choice", "yes", "number", "money", "moment", "date", "hours", "person", "unit",
    "area", "place", "category", "point", "photo", "file", "signature", "rating", "order", "phone",
    "picture", "cover",
)  # fmt: skip
ERASABLE = frozenset({"text", "photo", "phone", "signature", "file", "point", "cover"})
MEASURED = frozenset({"number", "money", "hours", "rating", "text"})  # types with min and max
ABOUT = ("place", "person", "unit", "room", "centre", "building", "area")
AREA_KINDS = (
    "province", "prefecture", "county", "street", "community", "quarter", "grid", "park", "zone",
)  # fmt: skip
SCOPES = ("round", "unit", "actor", "subject", "day", "month")
KERNEL = ("anyone", "clock", "child", "parent", "join")  # who may stand in `by` beside the named
RESERVED = {  # names the grammar or the kernel needs for itself, by table
    "parties": {*KERNEL, "children", "subject", "turn", "each", "actor", "party"},
    "fields": {"each", "actor", "subject"},
    "states": {"back", "void", "all"},
    "steps": {
        "void",
        "joined",
        "parted",
        "rung",
        "recount",
        "undo",
        "kept",
        "aside",
        "handed",
    },
}
TO_WHOM = ("notify", "remind", "tell", "post")
PLAIN_WORDS = ("publish", "credit hours")
# What may refuse a step; time cannot be refused, so a step by `clock` has none of them.
GUARDS = (
    "not", "at_most", "before", "window", "children", "has", "quorum", "seats", "count", "each",
    "same",
)  # fmt: skip

PAGE: Keys = {
    "name": "words", "since": "date", "kind": ("case", "paper"), "about": ABOUT, "desk": "names",
    "wall": ("place", "desk", "parties"), "detail": "text", "parties": "table",
    "fields": "table", "states": "table", "limits": "table", "children": "table", "steps": "table",
}  # fmt: skip
PARTY: Keys = {
    "zh": "text", "en": "text", "holds": HOLDS, "many": "yes", "apart": "names", "among": "text",
    "veil": "yes", "sees": "yes",
}  # fmt: skip
FIELD: Keys = {
    "zh": "text", "en": "text", "type": "text", "of": "choices", "fixed": "choices", "many": "yes",
    "min": "number", "max": "number", "among": "text", "seen": "names", "home": "yes",
}  # fmt: skip
STATE: Keys = {
    "zh": "text", "en": "text", "turn": "text", "within": "text", "late": "text", "ladder": "map",
    "clock": ("stopped",), "final": "yes",
}  # fmt: skip
LIMIT: Keys = {
    "zh": "text", "en": "text", "over": "names", "within": "text", "late": "text", "ladder": "map",
}  # fmt: skip
CHILD: Keys = {"flow": "text", "each": "text", "gives": "map", "on": "map", "waits": "yes"}
STEP: Keys = {
    "zh": "text", "en": "text", "from": "from", "to": "to", "by": "names", "asks": "names",
    "casts": "names", "drops": "names", "if_none": "text", "clears": "names", "seats": "text",
    "count": "whole", "each": "names", "same": "names", "quorum": "table", "not": "names",
    "at_most": "text", "before": "text", "window": "text", "has": "text", "children": "text",
    "opens": "names", "closes": "names", "extends": "text", "excuses": "names", "reopens": "yes",
    "lifts": "whole", "stands": "names", "joins": "text", "leaves": "text", "swaps": "text",
    "erases": "text", "paints": "text", "bares": "text",
    "unveils": "yes", "alone": "yes", "outcome": "text", "then": "names",
}  # fmt: skip
QUORUM: Keys = {"party": "text", "at_least": "whole", "by": ("who", "unit", "as")}
ROLE: Keys = {"zh": "text", "en": "text", "acts": ACTS, "silent": "yes", "sees": "yes"}
WORDS: Keys = {"zh": "text", "en": "text"}

# table of a page → (keys of its rows, keys that may not be missing)
TABLES: dict[str, tuple[Keys, tuple[str, ...]]] = {
    "parties": (PARTY, ("zh", "en", "holds")),
    "fields": (FIELD, ("zh", "en", "type")),
    "states": (STATE, ("zh", "en")),
    "limits": (LIMIT, ("zh", "en", "over", "within")),
    "children": (CHILD, ("flow",)),
    "steps": (STEP, ("zh", "en", "by")),
    "notes": (STEP, ("zh", "en", "by")),
    "roles": (ROLE, ("zh", "en", "acts")),
}
PAGE_NEEDS = ("name", "since", "kind", "states", "steps")
