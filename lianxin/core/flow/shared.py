"""The words every loop shares: roles, fields asked everywhere, and notes on any open case."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lianxin.core.flow.page import Field, Page, Role, Step


@dataclass(frozen=True, slots=True)
class Shared:
    """What stands in `roles.toml`, `fields.toml`, `notes.toml`. Notes have no sources yet."""

    roles: dict[str, Role]
    fields: dict[str, Field]
    notes: dict[str, Step]

    @property
    def actors(self) -> tuple[str, ...]:
        """The roles that take steps."""
        return tuple(name for name, role in self.roles.items() if not role.silent)


def with_notes(page: Page, shared: Shared) -> dict[str, Step]:
    """A page's steps with the notes every open case may have.

    A page's own step of the name wins; papers have none. `party` becomes the page's parties, but
    for one that only others must keep apart from: the unit complained of writes nothing. Behind a
    wall a role writes notes only if it takes a step of the page.
    """
    if page.kind == "paper":
        return page.steps
    sources = tuple(name for name, state in page.states.items() if not state.final)
    inside = {who for step in page.steps.values() for who in step.by}
    shunned = {name for party in page.parties.values() for name in party.apart} - inside
    parties = [name for name in page.parties if name not in shunned]
    notes = {}
    for name, note in shared.notes.items():
        by = [x for who in note.by for x in (parties if who == "party" else [who])]
        if page.wall != "place":
            by = [who for who in by if who in page.parties or who in inside]
        if by and name not in page.steps:
            at = tuple(page.states) if note.erases or note.picture else sources
            notes[name] = replace(note, sources=at, by=tuple(dict.fromkeys(by)))
    return page.steps | notes
