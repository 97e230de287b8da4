"""Jobs: a killed worker's come back, and each is done once however often it runs."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

from django.db import connection, transaction
from procrastinate.contrib.django import app

from lianxin.orders.jobs import come_back, say
from lianxin.orders.queue import put


def rows() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, status::text FROM procrastinate_jobs ORDER BY id")
        return [(name, status) for name, status in cursor.fetchall()]


def test_what_the_worker_queues_is_part_of_its_transaction(fresh):
    """It has put other connections in the place of ours: a job that is seen before the rows it
    speaks of finds nothing, and is over."""
    with app.replace_connector(app.connector.get_worker_connector()):
        with transaction.atomic():
            put(say.configure(lock="x").make_new_job(order="0" * 32, nth=1, words=[]))
            assert rows() == [("orders.say", "todo")]
            transaction.set_rollback(True)
        assert rows() == []


def test_what_a_killed_worker_had_in_hand_comes_back(fresh):
    say.configure(lock="x").defer(order="0" * 32, nth=1, words=["notify filer"])
    say.configure(lock="y").defer(order="1" * 32, nth=1, words=["notify filer"])
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat)"
            " VALUES (now() - interval '1 hour'), (now()) RETURNING id"
        )
        (dead,), (alive,) = cursor.fetchall()
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing',"
            " worker_id = CASE lock WHEN 'x' THEN %s ELSE %s END",
            [dead, alive],
        )
        cursor.execute(
            "INSERT INTO procrastinate_events (type, job_id, at)"
            " SELECT 'started', id, now() - interval '1 hour' FROM procrastinate_jobs"
        )
    with ThreadPoolExecutor(1) as aside:  # a browser of another test keeps a loop in this thread
        aside.submit(asyncio.run, come_back.func(SimpleNamespace(app=app), 0)).result()
    connection.close()
    assert rows() == [("orders.say", "todo"), ("orders.say", "doing")]
