"""What a leader of the whole prefecture opens: `python -m bench.leader`.

All the demo's places, people and registers, no orders. Prints CPU of the web server and of the
database a request, and the bytes of the answer; the graph has a promise for both.
"""

from __future__ import annotations

import sys
from pathlib import Path

from bench import house
from bench.callers import Ask, Callers
from bench.meter import Meter, postmaster
from bench.serving import free_port, granian, serving

FOLDER = Path("/tmp/lxl-bench")
PREFECTURE, COUNTY = "5226", "522632"
PAGES = {
    "graph": "/graph", "graph, a level": f"/graph/{PREFECTURE}.json",
    "graph, a county": f"/graph/{COUNTY}.json", "graph, opened": f"/graph?at={COUNTY}001001",
    "graph, a search": "/graph?q=wx", "graph, A3": "/graph.svg", "people": "/people",
    "coverage": "/coverage", "contact points": "/contact-points",
    "communities": "/rolls/communities", "members": "/rolls/members?q=wx",
}  # fmt: skip
PROMISED = {"cpu": 300, "bytes": 200_000}  # ms and bytes of a request of the graph
WARM, MANY, AT_ONCE = 8, 30, 2


def main() -> int:
    with house.opened(FOLDER) as server:
        cookie = furnish()
        port, missed = free_port(), False
        command = granian(port)
        with serving(command, port, {"PORT": str(port)}) as pid:
            meter, callers = Meter(pid, postmaster(server.data)), Callers(port, AT_ONCE)
            for name, path in PAGES.items():
                missed |= measured(meter, callers, name, Ask(path, headers={"Cookie": cookie}))
            callers.close()
    return int(missed)


def measured(meter: Meter, callers: Callers, name: str, ask: Ask) -> bool:
    """Prints one line. True for a promise that is missed."""
    size = len(callers.send([ask])[0].body)
    found = meter.measure(
        name, callers, [ask] * WARM, [ask] * MANY, lambda answer: answer.status == 200
    )
    over = found.cpu > PROMISED["cpu"] or size > PROMISED["bytes"]
    over = over and name.startswith("graph")
    print(
        f"{name:16} {found.server:7.1f} + {found.database:6.1f} ms {size:9,} bytes"
        f"{'  MISSED' if over else ''}", flush=True,
    )  # fmt: skip
    return over


def furnish() -> str:
    """The whole demo's registers; the cookie of the prefecture's leader."""
    import django

    django.setup()
    from django.conf import settings
    from django.test import Client

    from lianxin.cli import setup
    from lianxin.demo import load
    from lianxin.registry.models import Post

    setup.migrate()
    setup.collect()
    load.load(load.Size())
    leader = Post.objects.filter(role="leader", area__path=PREFECTURE).order_by("pk")[0].person
    client = Client()
    client.force_login(leader)
    return f"{settings.SESSION_COOKIE_NAME}={client.session.session_key}"


if __name__ == "__main__":
    sys.exit(main())
