"""Many press at once: over real sockets, real processes and real commits."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise
from threading import Barrier

import psycopg
import pytest
from django.db import connection
from django.utils import timezone
from served import Wire, served
from town import DAY, settled

from lianxin.core.step.refused import Refused
from lianxin.orders import actions, recount
from lianxin.orders.models import Event, Hand, Order
from lianxin.registry.actions import token_hash
from lianxin.registry.models import Person, Post, Token

pytestmark = [pytest.mark.database, pytest.mark.timeout(240)]
CROWD, SEATS, TRIES = 200, 3, 200
MOST_CONNECTIONS = 16  # two processes with a pool of eight each
SPOT = [107.97, 26.58]


@pytest.fixture
def town(request, fresh):
    with settled(request) as town:
        yield town


def together(*acts):
    """All of them at the same moment, each in a thread with a connection of its own."""
    barrier = Barrier(len(acts))

    def one(act):
        connection.ensure_connection()
        barrier.wait()
        try:
            return act()
        except Refused as no:
            return no
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


# ── 200 members and three seats ──────────────────────────────────────────────────────────────────


def crowd(unit):
    """So many members of a unit, each with a token. Gives the tokens."""
    people = [Person(username=f"c{n}", name=f"党员{n}", password="!") for n in range(CROWD)]
    Person.objects.bulk_create(people)
    Post.objects.bulk_create(Post(person=p, role="member", unit=unit, since=DAY) for p in people)
    secrets = [f"lx_secret-of-{p.pk}" for p in people]
    since = timezone.now() - timedelta(days=1)
    Token.objects.bulk_create(
        Token(person=p, hash=token_hash(s), since=since)
        for p, s in zip(people, secrets, strict=True)
    )
    return secrets


class Watch(threading.Thread):
    """Counts who is connected to a database, again and again, until told to stop."""

    def __init__(self, dsn):
        super().__init__(daemon=True)
        self.dsn, self.most, self.over = dsn, 0, threading.Event()

    def run(self):
        count = (
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        with psycopg.connect(self.dsn, autocommit=True) as db:
            while not self.over.wait(0.02):
                self.most = max(self.most, db.execute(count).fetchone()[0])


def grab_all(port, number, tokens):
    """Everybody is connected before anybody presses."""
    barrier = Barrier(len(tokens))

    def grab(token):
        wire = Wire(port, token)
        wire.link.connect()
        barrier.wait()
        try:
            return wire.step(number, "grab")
        finally:
            wire.close()

    with ThreadPoolExecutor(len(tokens)) as pool:
        return list(pool.map(grab, tokens))


def test_two_hundred_members_and_three_seats(fresh, town, tmp_path):
    number = town.dispatched()
    actions.step(number, "accept", town["clerk"], {"seats": SEATS})
    tokens = crowd(town.unit)
    connection.close()
    with served(fresh, tmp_path) as port:
        watch = Watch(fresh)
        watch.start()
        said = grab_all(port, number, tokens)
        watch.over.set()
        watch.join()
    won = [body for status, body in said if status == 200]
    lost = Counter((status, body["code"]) for status, body in said if status != 200)
    assert (len(won), lost) == (SEATS, {(409, "too_late"): CROWD - SEATS})
    assert {body["title"] for status, body in said if status == 409} == {"别人先办了一步。"}
    order = Order.objects.get(number=number)
    assert (order.state, order.nth) == ("grabbed", 3 + SEATS)
    assert Hand.objects.filter(order=order, name="holder", until=None).count() == SEATS
    assert Event.objects.filter(order=order, verb="grab").count() == SEATS
    assert 0 < watch.most <= MOST_CONNECTIONS
    assert recount.verify().broken == 0


# ── the last two children ────────────────────────────────────────────────────────────────────────


def blown(town):
    """A whistle with two calls. Gives its number and those of the calls."""
    said = {"text": "占道经营"}
    whistle = actions.file("whistle", "file", town["desk"], said, area=town.grid)
    units = [str(unit.pk) for unit in town.units.values()]
    by = (timezone.now() + timedelta(hours=9)).isoformat()
    actions.step(whistle.number, "blow", town["desk"], {"departments": units, "date": by})
    calls = Order.objects.filter(parent__number=whistle.number).order_by("id")
    held = {hand.who: hand.order_id for hand in Hand.objects.filter(order__in=calls, name="unit")}
    numbers = dict(calls.values_list("pk", "number"))
    return whistle.number, [numbers[held[unit.pk]] for unit in town.units.values()]


def test_two_last_children_that_end_together_wake_their_parent(town):
    families = [blown(town) for _ in range(TRIES)]
    clerks = [town["clerk"], town["other_clerk"]]
    barrier = Barrier(2)

    def come(side):
        """One department's clerk signs in at every whistle, at the same moment as the other's."""
        for _, calls in families:
            barrier.wait()
            actions.step(calls[side], "sign_in", clerks[side], {"point": SPOT})

    together(lambda: come(0), lambda: come(1))
    whistles = Order.objects.filter(flow="whistle")
    assert set(whistles.values_list("state", flat=True)) == {"present"}
    assert Event.objects.filter(verb="gather").count() == TRIES
    assert set(Order.objects.filter(flow="call").values_list("state", flat=True)) == {"came"}
    assert recount.verify().broken == 0


# ── two hands on the same thing ──────────────────────────────────────────────────────────────────


def test_two_merges_into_each_other_end_in_one(town):
    """Each locks both roots, by id: neither waits for the other for ever, and no circle is left."""
    for _ in range(20):
        one, other = (town.file().number for _ in range(2))
        said = together(
            lambda a=one, b=other: actions.step(a, "merge", town["desk"], {"into": b}),
            lambda a=one, b=other: actions.step(b, "merge", town["desk"], {"into": a}),
        )
        won = [done for done in said if not isinstance(done, Refused)]
        assert len(won) == 1, said
        states = Order.objects.filter(number__in=[one, other]).values_list("state", flat=True)
        assert sorted(states) == ["filed", "merged"]
    assert recount.verify().broken == 0


def test_time_and_a_person_at_the_same_moment(town):
    """The clock and a unit reach for the same order; whoever is second sees what became of it."""
    for _ in range(20):
        number = town.dispatched()
        actions.step(number, "accept", town["clerk"], {"seats": 1})
        row = Order.objects.get(number=number)
        late = row.next_at + timedelta(days=30)
        ticked, kept = together(
            lambda r=row, at=late: actions.tick(r.root_id.hex, at),
            lambda n=number: actions.step(n, "keep", town["clerk"], {}),
        )
        assert not isinstance(ticked, Refused)
        verbs = list(Event.objects.filter(order=row).order_by("nth").values_list("verb", flat=True))
        assert Order.objects.get(pk=row.pk).state == "kept"
        assert ("unfilled" in verbs) != ("keep" in verbs), (verbs, kept)
    assert recount.verify().broken == 0


def test_undo_and_the_next_step_at_the_same_moment(town):
    for _ in range(20):
        number = town.file().number
        actions.step(number, "dispatch", town["desk"], {"unit": str(town.unit.pk)})
        undone, kept = together(
            lambda n=number: actions.undo(n, town["desk"]),
            lambda n=number: actions.step(n, "keep", town["clerk"], {}),
        )
        refused = [isinstance(said, Refused) for said in (undone, kept)]
        assert sorted(refused) == [False, True], (undone, kept)
        state = Order.objects.get(number=number).state
        assert state == ("filed" if refused[1] else "kept")
    assert recount.verify().broken == 0


def test_numbers_and_times_of_one_order_never_run_back(town):
    """Twenty comments from four hands: `nth` without a gap, `at` never before the one before."""
    number = town.file().number

    def write(n):
        for i in range(5):
            actions.step(number, "comment", town["desk"], {"text": f"{n}-{i}"})

    together(*(lambda n=n: write(n) for n in range(4)))
    rows = list(Event.objects.filter(order__number=number).order_by("nth"))
    assert [row.nth for row in rows] == list(range(1, 22))
    assert all(before.at <= after.at for before, after in pairwise(rows))


# ── what is counted across orders ────────────────────────────────────────────────────────────────


def test_six_bookings_at_once_where_two_a_month_are_allowed(town):
    """The tally of a person stands beside the orders: who finds it full writes nothing."""
    ends = (timezone.now() + timedelta(days=1)).isoformat()
    said = {"starts": ends, "ends": ends, "grace": ends}

    def ask(n):
        given = said | {"room": str(n)}
        return actions.file("booking", "ask", town["resident"], given, area=town.grid)

    done = together(*(lambda n=n: ask(n) for n in range(6)))
    codes = sorted(d.code if isinstance(d, Refused) else "done" for d in done)
    assert codes == ["done", "done", *["too_often"] * 4]
    assert Order.objects.filter(flow="booking").count() == 2
    assert recount.verify().broken == 0
