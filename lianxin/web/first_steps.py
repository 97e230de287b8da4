"""What a new place still lacks, in the order in which it is brought, each with how."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from lianxin.registry.models import Area, Person, Post, Unit


@dataclass(frozen=True, slots=True)
class First:
    """One step: its words are `first.<name>`, what it needs to be typed is `command`."""

    name: str
    there: bool
    command: str

    @property
    def words(self) -> str:
        return f"first.{self.name}"

    @property
    def how(self) -> str:
        return f"first.{self.name}_how"


def first_steps() -> list[First]:
    """Who set the house up is one person with one post at one area: whatever is more was brought.
    Five small looks; empty once nothing is lacking."""
    usable = Person.objects.exclude(password="").exclude(password__startswith="!")
    steps = [
        First("areas", two(Area.objects.all()), "lianxin import areas"),
        First("units", Unit.objects.exists(), "lianxin import units"),
        First("people", two(Person.objects.all()), "lianxin import people"),
        First("posts", two(Post.objects.all()), "lianxin import posts"),
        First("invite", two(usable), ""),
    ]
    return [] if all(step.there for step in steps) else steps


def two(rows: object) -> bool:
    return len(rows.values_list("pk", flat=True)[:2]) == 2  # type: ignore[attr-defined]


def begin_here(request: HttpRequest) -> bool:
    """Whether an empty list leads its reader to these steps: who keeps a house not yet set up."""
    return bool(getattr(request.user, "is_operator", False) and first_steps())
