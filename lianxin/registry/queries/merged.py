"""Which row of a person what is new goes to, where two became one."""

from __future__ import annotations

from lianxin.registry.models import Person

FARTHEST = 10  # rows in a line; one that bites its own tail is found by it


def now_called(person: Person) -> Person:
    """The row that somebody is by now: themselves, or what they were merged into."""
    for _ in range(FARTHEST):
        if person.became_id is None:
            return person
        person = Person.objects.get(pk=person.became_id)
    raise ValueError(f"person {person.pk} became somebody who became somebody, in a circle")
