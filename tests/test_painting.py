"""Parts of a photo are painted over: what everybody sees then, what is kept, and who may do it."""

import io
from datetime import timedelta
from itertools import pairwise
from threading import Thread

import pytest
from django.db import connection
from django.utils import timezone
from PIL import Image
from town import settled

from lianxin.backup.taking import named_photos
from lianxin.core.step.refused import Refused
from lianxin.orders import actions, painting, photos, recount
from lianxin.orders.models import Event, Look, Photo
from lianxin.orders.queries.photo import hung, original, visible_photo

WIDE, HIGH = 640, 480
FACE, PLATE = [100, 50, 80, 60], [400, 300, 120, 40]
DARK, LIGHT = 60, 200  # one is under the paint, the other beside it


@pytest.fixture
def town(request):
    with settled(request) as town:
        yield town


@pytest.fixture(autouse=True)
def album(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "photos"
    return settings.MEDIA_ROOT


def shot(colour="white", size=(WIDE, HIGH), **saved):
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "JPEG", **saved)
    file.seek(0)
    return file


def sent(town, by="resident", **how):
    return photos.take_in(shot(**how), town.people[by].pk, timezone.now())


def with_photo(town, **how):
    """The number of an order that waits for its unit, and the photo it was filed with."""
    photo = sent(town, **how)
    given = {"text": "路口停车", "photo": [str(photo.pk)]}
    number = actions.file("five-orders", "file", town["resident"], given, area=town.grid).number
    actions.step(number, "dispatch", town["desk"], {"unit": str(town.unit.pk)})
    return number, photo


def paint(town, number, photo, covers, by="desk", verb="paint", **more):
    said = {"picture": str(photo.pk), "covers": covers, "reason": "有人脸"}
    done = actions.step(number, verb, town[by], said, **more)
    photo.refresh_from_db()
    return done


def points(name, *spots):
    with Image.open(photos.path_of(name)) as picture:
        return [max(picture.convert("L").getpixel(spot), 0) for spot in spots]


# ── what it does ─────────────────────────────────────────────────────────────────────────────────


def test_a_painted_part_is_gone_from_the_file_and_the_original_is_kept(town):
    number, photo = with_photo(town)
    before = photo.sha256
    paint(town, number, photo, [FACE])
    inside, beside = (101, 51), (99, 49)
    assert photo.sha256 != before and photo.original == before and photo.covers == [FACE]
    assert photos.whole(photos.path_of(photo.sha256))
    dark, light = points(photo.sha256, inside, beside)
    assert dark < DARK and light > LIGHT
    assert min(points(photo.original, inside, beside)) > LIGHT
    seen = visible_photo(photo.pk, town["clerk"])
    assert seen.sha256 == photo.sha256
    assert recount.verify().broken == 0


def test_it_stands_in_the_log_with_who_and_why_but_not_what_was_there(town):
    number, photo = with_photo(town)
    paint(town, number, photo, [FACE, PLATE], by="resident")
    event = Event.objects.filter(order__number=number).latest("nth")
    assert (event.verb, event.capacity) == ("paint", "filer")
    assert event.given == {"picture": str(photo.pk)}
    assert set(event.digests) == {"covers", "reason"}


def test_later_parts_join_the_earlier_ones(town):
    number, photo = with_photo(town)
    paint(town, number, photo, [FACE])
    first = photo.sha256
    paint(town, number, photo, [PLATE], by="supervisor")
    assert photo.covers == [FACE, PLATE]
    assert max(points(photo.sha256, (110, 60), (410, 310))) < DARK
    assert photos.path_of(photo.original).exists() and photo.sha256 != first


def test_whoever_may_see_the_original_uncovers_and_the_file_is_as_it_was(town):
    number, photo = with_photo(town)
    paint(town, number, photo, [FACE, PLATE])
    paint(town, number, photo, [FACE], verb="uncover")
    assert photo.covers == [PLATE]
    assert points(photo.sha256, (110, 60))[0] > LIGHT
    with pytest.raises(Refused, match="no_cover"):
        paint(town, number, photo, [FACE], verb="uncover")
    paint(town, number, photo, [PLATE], verb="uncover")
    assert photo.sha256 == photo.original and photo.covers == []
    assert recount.verify().broken == 0


def test_a_press_taken_back_takes_its_parts_off(town):
    number, photo = with_photo(town)
    paint(town, number, photo, [PLATE])
    paint(town, number, photo, [FACE])
    actions.undo(number, town["desk"])
    photo.refresh_from_db()
    assert photo.covers == [PLATE] and points(photo.sha256, (110, 60))[0] > LIGHT
    paint(town, number, photo, [PLATE], verb="uncover")
    actions.undo(number, town["desk"])
    photo.refresh_from_db()
    assert photo.covers == [PLATE]
    assert recount.verify().broken == 0


def test_closed_orders_are_painted_too(town):
    number, photo = with_photo(town)
    actions.step(number, "withdraw", town["resident"], {})
    paint(town, number, photo, [FACE])
    assert photo.covers == [FACE]


def test_parts_land_where_they_were_drawn_on_a_photo_that_was_turned(town):
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera lay on its side
    number, photo = with_photo(town, exif=exif)
    assert (photo.width, photo.height) == (HIGH, WIDE)
    paint(town, number, photo, [[400, 600, 40, 20]])
    dark, light = points(photo.sha256, (410, 610), (410, 590))
    assert dark < DARK and light > LIGHT


def test_a_part_that_reaches_over_the_edge_is_cut_there(town):
    number, photo = with_photo(town)
    paint(town, number, photo, [[600, 440, 4000, 4000]])
    assert points(photo.sha256, (WIDE - 1, HIGH - 1))[0] < DARK


def test_sent_twice_it_is_painted_once(town):
    number, photo = with_photo(town)
    one, two = (paint(town, number, photo, [FACE], key="k" * 20) for _ in range(2))
    assert two.again and (one.nth, photo.covers) == (two.nth, [FACE])


# ── refusals ─────────────────────────────────────────────────────────────────────────────────────

REFUSED = [
    # who, step, covers, code
    ("clerk", "paint", [FACE], "not_own_words"),
    ("clerk", "uncover", [FACE], "not_yours"),
    ("resident", "uncover", [FACE], "not_yours"),
    ("worker", "uncover", [FACE], "not_yours"),
    ("neighbour", "paint", [FACE], "not_found"),
    ("stranger", "paint", [FACE], "not_found"),
    ("desk", "paint", [], "missing"),
    ("desk", "paint", [[-1, 0, 5, 5]], "not_a_cover"),
    ("desk", "paint", [[0, 0, 0, 5]], "not_a_cover"),
    ("desk", "paint", [[0, 0, float("nan"), 5]], "not_a_cover"),
    ("desk", "paint", [[0, 0, float("inf"), 5]], "not_a_cover"),
    ("desk", "paint", [[0, 0, 10**9, 5]], "not_a_cover"),
    ("desk", "paint", [[0, 0, 5]], "not_a_cover"),
    ("desk", "paint", [[0] * 10**6], "not_a_cover"),
    ("desk", "paint", ["1,2,x,4"], "not_a_cover"),
    ("desk", "paint", [7], "not_a_cover"),
    ("desk", "paint", [[WIDE, 0, 5, 5]], "cover_outside"),
    ("desk", "paint", [[0, HIGH, 5, 5]], "cover_outside"),
    ("desk", "paint", [[n, 0, 5, 5] for n in range(101)], "too_many_covers"),
    ("desk", "paint", [[0, 0, 5, 5]] * 10**6, "too_many"),
    ("desk", "uncover", [FACE], "no_cover"),
]


@pytest.mark.parametrize(("by", "verb", "covers", "code"), REFUSED)
def test_refused_and_nothing_is_done(town, by, verb, covers, code):
    number, photo = with_photo(town)
    before = photo.sha256, Event.objects.count()
    with pytest.raises(Refused) as no:
        paint(town, number, photo, covers, by=by, verb=verb)
    assert no.value.code == code
    photo.refresh_from_db()
    assert (photo.sha256, Event.objects.count(), photo.covers) == (*before, [])


@pytest.mark.parametrize("which", ["another order's", "nobody's", "no id", "erased", "loose"])
def test_only_a_photo_of_the_order_is_painted(town, which):
    number, photo = with_photo(town)
    if which == "another order's":
        _, photo = with_photo(town, colour="red")
    elif which == "erased":
        actions.step(number, "redact", town["desk"], {"entry": 1, "reason": "含他人"})
    elif which == "loose":
        photo = sent(town)
    id = {"nobody's": "00000000-0000-7000-8000-000000000000", "no id": "x" * 90}.get(which)
    said = {"picture": id or str(photo.pk), "covers": [FACE], "reason": "有人脸"}
    with pytest.raises(Refused, match="no_photo"):
        actions.step(number, "paint", town["desk"], said)


def test_a_unit_paints_what_it_sent_itself(town):
    number, _ = with_photo(town)
    mine = sent(town, by="clerk", colour="grey")
    actions.step(number, "photo", town["clerk"], {"photo": [str(mine.pk)]})
    paint(town, number, mine, [FACE], by="clerk")
    assert mine.covers == [FACE]
    with pytest.raises(Refused, match="not_own_words"):
        paint(town, number, mine, [PLATE], by="resident")


# ── the original ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("by", ["desk", "street_desk", "supervisor"])
def test_the_original_opens_for_those_who_may_and_the_look_is_kept(town, by):
    number, photo = with_photo(town)
    paint(town, number, photo, [FACE])
    now = timezone.now()
    assert original(hung(photo.pk, town[by], now), now) == photo.original
    look = Look.objects.get(what="picture")
    assert (look.who.username, look.order.number, look.about) == (by, number, "entry=1")
    assert town.grid.path.startswith(look.path) and look.path


@pytest.mark.parametrize(
    ("by", "code"),
    [("clerk", "no_original"), ("resident", "no_original"), ("worker", "no_original"),
     ("leader", "no_original"), ("neighbour", "no_photo"), ("stranger", "no_photo")],
)  # fmt: skip
def test_the_original_is_not_for_others_and_no_look_is_kept(town, by, code):
    number, photo = with_photo(town)
    paint(town, number, photo, [FACE])
    now = timezone.now()
    with pytest.raises(Refused) as no:
        original(hung(photo.pk, town[by], now), now)
    assert no.value.code == code
    assert not Look.objects.exists()


def test_what_was_never_painted_has_no_original(town):
    _, photo = with_photo(town)
    now = timezone.now()
    with pytest.raises(Refused, match="not_painted"):
        original(hung(photo.pk, town["desk"], now), now)


# ── the files ────────────────────────────────────────────────────────────────────────────────────


def test_cleaning_up_leaves_the_original_and_erasing_takes_both(
    town, django_capture_on_commit_callbacks
):
    number, photo = with_photo(town)
    with django_capture_on_commit_callbacks(execute=True):
        paint(town, number, photo, [FACE])
    first = photos.path_of(photo.sha256)
    with django_capture_on_commit_callbacks(execute=True):
        paint(town, number, photo, [PLATE])
    assert not first.exists(), "nobody is shown the earlier one any more"
    photos.throw_away_loose(timezone.now() + timedelta(days=9))
    files = [photos.path_of(photo.sha256), photos.path_of(photo.original)]
    assert all(file.exists() for file in files)
    with django_capture_on_commit_callbacks(execute=True):
        actions.step(number, "redact", town["desk"], {"entry": 1, "reason": "含他人"})
    assert not any(file.exists() for file in files)
    assert not Photo.objects.exists()
    assert recount.verify().broken == 0


def test_the_same_picture_of_somebody_else_stays_as_it_was(
    town, django_capture_on_commit_callbacks
):
    number, photo = with_photo(town)
    _, twin = with_photo(town)
    assert photo.sha256 == twin.sha256
    with django_capture_on_commit_callbacks(execute=True):
        paint(town, number, photo, [FACE])
        actions.step(number, "redact", town["desk"], {"entry": 1, "reason": "含他人"})
    assert photos.whole(photos.path_of(twin.sha256))


def test_words_of_a_painting_are_taken_out_and_its_parts_stay(town):
    number, photo = with_photo(town)
    nth = paint(town, number, photo, [FACE]).nth
    actions.step(number, "redact", town["desk"], {"entry": nth, "reason": "理由里有姓名"})
    photo.refresh_from_db()
    assert photo.covers == [FACE]
    assert recount.verify().broken == 0


def harm_file(photo):
    photos.path_of(photo.sha256).write_bytes(b"rot")


def harm_original(photo):
    photos.path_of(photo.original).unlink()


def harm_bare(photo):
    Photo.objects.filter(pk=photo.pk).update(sha256=photo.original)


def harm_covers(photo):
    Photo.objects.filter(pk=photo.pk).update(covers=[PLATE])


@pytest.mark.parametrize(
    ("harm", "what"),
    [(harm_file, "file"), (harm_original, "file"), (harm_bare, "photo"), (harm_covers, "photo")],
)
def test_a_recount_finds_what_was_done_to_a_photo(town, harm, what):
    number, photo = with_photo(town)
    paint(town, number, photo, [FACE])
    harm(photo)
    verdict = recount.verify()
    assert [(f.number, f.what) for f in verdict.faults] == [(number, what)]


def test_a_backup_takes_the_original_along(town):
    number, photo = with_photo(town)
    paint(town, number, photo, [FACE])
    assert named_photos() == sorted([photo.sha256, photo.original])


def test_a_loose_photo_is_painted_and_its_original_thrown_away(
    town, django_capture_on_commit_callbacks
):
    photo = sent(town)
    before = photo.sha256
    with django_capture_on_commit_callbacks(execute=True):
        painting.cover_loose(photo, [FACE])
    photo.refresh_from_db()
    assert photo.original == "" and not photos.path_of(before).exists()
    assert points(photo.sha256, (110, 60))[0] < DARK
    with pytest.raises(Refused, match="cover_outside"):
        painting.cover_loose(photo, [[WIDE, 0, 1, 1]])


def test_two_who_paint_at_once_both_do(fresh, town):
    number, photo = with_photo(town)
    wanted = [[n * 40, 10, 20, 20] for n in range(6)]
    said = [{"picture": str(photo.pk), "covers": [one], "reason": "有人脸"} for one in wanted]
    who, wrong = town["desk"], []

    def press(given):
        try:
            actions.step(number, "paint", who, given)
        except Refused as no:
            wrong.append(no.code)
        finally:
            connection.close()

    together = [Thread(target=press, args=[given]) for given in said]
    for thread in together:
        thread.start()
    for thread in together:
        thread.join()
    photo.refresh_from_db()
    assert wrong == [] and sorted(photo.covers) == wanted
    assert max(points(photo.sha256, *((left + 5, 15) for left, *_ in wanted))) < DARK
    heads = list(Event.objects.filter(order__number=number).order_by("nth").values_list("nth"))
    assert all(b[0] == a[0] + 1 for a, b in pairwise(heads))
    assert recount.verify().broken == 0
    assert [p.stem for p in photos.path_of("*").parent.parent.glob("*/*.jpg")].count(
        photo.sha256
    ) == 1
