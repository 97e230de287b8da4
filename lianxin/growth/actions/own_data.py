"""A person has erased what no duty keeps, asks for a correction, and is answered."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from lianxin.growth.keeping import OURS, keeping
from lianxin.growth.models import Correction
from lianxin.registry.actions import Stamp
from lianxin.registry.actions.mail_proofs import drop_mail
from lianxin.registry.models import BatchRow, Person, PersonSkill, Post
from lianxin.registry.refusal import NotPossible

LONGEST = 600
OPEN_AT_ONCE = 5  # questions of one person that wait for an answer
# Columns in which an import may remember what was erased since.
REMEMBERED = {"phone": ("phone_sealed",), "mail": ("mail_sealed",), "ways": ("ways",)}


def erasable(person: Person, stamp: Stamp) -> list[str]:
    """What of the table this person may have erased today."""
    posted = Post.objects.on(stamp.day).filter(person=person).exists()
    return [row.name for row in keeping() if row.erase == "yes"
            or (row.erase == "unless_posted" and not posted)]  # fmt: skip


@transaction.atomic
def erase(stamp: Stamp, person: Person, wished: Iterable[str]) -> list[str]:
    """Erases these in every row that became this person's, and what imports remember of them; the
    names of what was there.

    Refuses: nothing_chosen, duty_keeps (all stays then).
    """
    row = Person.objects.select_for_update().get(pk=person.pk)
    names = [name for name in OURS if name in set(wished)]
    if not names or set(wished) - set(OURS):
        raise NotPossible("nothing_chosen")
    for name in names:
        if name not in erasable(row, stamp):
            raise NotPossible("duty_keeps", name=next(k.words for k in keeping() if k.name == name))
    gone: set[str] = set()
    before = Person.objects.select_for_update().filter(became=row).order_by("pk")
    for one in (row, *before):
        gone |= {name for name in names if one_gone(stamp, one, name)}
        forget(one, names)
    return [name for name in names if name in gone]


def one_gone(stamp: Stamp, person: Person, name: str) -> bool:
    """False: there was none."""
    if name == "skills":
        known = PersonSkill.objects.filter(person=person)
        if not known.exists():
            return False
        known.delete()
        stamp.enter("erase", person, after={"skills": 0})
        return True
    if name == "mail":
        found = drop_mail(stamp, person)
        person.refresh_from_db()  # another hand wrote the row
        return found
    return stamp.change("erase", person, **{name: ""})


def forget(person: Person, names: Iterable[str]) -> None:
    """An import that is undone later brings nothing of it back."""
    columns = [column for name in names for column in REMEMBERED.get(name, ())]
    for row in BatchRow.objects.filter(model=person._meta.label_lower, key=person.pk):
        for side in (row.before, row.after):
            for column in columns:
                if side and column in side:
                    side.pop(column)
        row.save(update_fields=["before", "after"])


@transaction.atomic
def ask(stamp: Stamp, person: Person, text: str) -> Correction:
    """Refuses: no_text, too_long, asked_enough."""
    text = text.strip()
    if not text:
        raise NotPossible("no_text")
    if len(text) > LONGEST:
        raise NotPossible("too_long", most=LONGEST)
    Person.objects.select_for_update().get(pk=person.pk)
    if Correction.objects.filter(person=person, answered=None).count() >= OPEN_AT_ONCE:
        raise NotPossible("asked_enough", most=OPEN_AT_ONCE)
    row = Correction.objects.create(person=person, text=text, at=stamp.at)
    stamp.enter("ask", row, after={"person_id": person.pk})
    return row


@transaction.atomic
def answer(stamp: Stamp, correction: Correction, text: str) -> None:
    """Refuses: no_text, too_long, own_answer, answered_already."""
    text = text.strip()
    if not text:
        raise NotPossible("no_text")
    if len(text) > LONGEST:
        raise NotPossible("too_long", most=LONGEST)
    row = Correction.objects.select_for_update().get(pk=correction.pk)
    if stamp.who is not None and stamp.who.pk == row.person_id:
        raise NotPossible("own_answer")
    if row.answered is not None:
        raise NotPossible("answered_already")
    row.answer, row.answered, row.by = text, stamp.at, stamp.who
    row.save(update_fields=["answer", "answered", "by"])
    stamp.enter("answer", row, after={"person_id": row.person_id})
