"""Photos recounted: what is painted on each follows from the log, and every file is whole."""

from __future__ import annotations

from collections.abc import Iterator

from lianxin.orders.book import book
from lianxin.orders.models import Content, Event, Photo
from lianxin.orders.painting import stroke_of
from lianxin.orders.photos import path_of, whole

Bad = tuple[str, int]  # the order's number, or the photo's id where it has none; the event


def painted_badly() -> Iterator[Bad]:
    """Photos whose painted parts are not those that the log laid on them. Inside a snapshot."""
    touched = Photo.objects.exclude(original="").select_related("order").order_by("pk")
    for photo in touched.iterator():
        told, last = replayed(photo)
        if sorted(told) != sorted(photo.covers) or (photo.original == photo.sha256) != (not told):
            yield number_of(photo), last


def replayed(photo: Photo) -> tuple[list[list[int]], int]:
    """The parts that the log leaves on a photo, and the last event that touched it."""
    covers: list[list[int]] = []
    last = 0
    for event in events(photo):
        back = event.verb == "undo"
        of = by_nth(event, event.given["nth"]) if back else event
        page = book().exact(event.flow, event.since)
        step = page.steps.get(of.verb) if of else None
        if of is None or step is None or step.picture is None:
            continue
        stroke = stroke_of(of.verb, of.given, words(of), page)
        if stroke is None or stroke.photo != photo.pk:
            continue
        last = event.nth
        for cover in stroke.covers:
            if stroke.lays is not back:
                covers.append(cover)
            elif cover in covers:
                covers.remove(cover)
    return covers, last


def events(photo: Photo) -> list[Event]:
    return list(Event.objects.filter(order_id=photo.order_id).order_by("nth"))


def by_nth(event: Event, nth: int) -> Event | None:
    return Event.objects.filter(order_id=event.order_id, nth=nth).first()


def words(event: Event) -> dict[str, object]:
    return dict(
        Content.objects.filter(order_id=event.order_id, nth=event.nth).values_list("name", "value")
    )


def files_badly() -> Iterator[Bad]:
    """Photos with a file that is not there or not what its name says. Outside any snapshot: what
    somebody takes out or paints over meanwhile is looked up once more before it is called lost."""
    for photo in Photo.objects.select_related("order").order_by("pk").iterator():
        if not there(photo):
            again = Photo.objects.filter(pk=photo.pk).select_related("order").first()
            if again and not there(again):
                yield number_of(again), 1


def number_of(photo: Photo) -> str:
    return str(photo.order.number if photo.order else photo.pk)


def there(photo: Photo) -> bool:
    return all(whole(path_of(name)) for name in {photo.sha256, photo.original} if name)
