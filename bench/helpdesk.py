"""django-helpdesk beside us in the same run: same machine, same PostgreSQL, its own environment."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode

import psycopg

from bench.callers import Answer, Ask, Callers
from bench.meter import Figure, Meter, postmaster
from bench.ours import status
from bench.serving import ROOT, WORKERS, free_port, serving
from lianxin.embedded import NAME, Server

HOME = ROOT / "var/bench/helpdesk"  # kept: installing it takes longer than measuring it
WANTED = ("django-helpdesk", "gunicorn", "psycopg[binary]", "django<6")
PAGE = 25  # rows its list shows at once
FEW = 20  # one in so many of its lists is asked for: each may cost half a second


def installed() -> Path:
    """The Python of its environment, made the first time."""
    python = HOME / "bin/python"
    if not (HOME / ".ready").exists():
        subprocess.run([sys.executable, "-m", "venv", HOME], check=True)
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *WANTED], check=True)
        (HOME / ".ready").touch()
    return python


def versions(python: Path) -> str:
    asked = "from importlib.metadata import version as v;print(v('django-helpdesk'),v('django'))"
    found = subprocess.run([python, "-c", asked], check=True, capture_output=True, text=True)
    helpdesk, django = found.stdout.split()
    return f"django-helpdesk {helpdesk} on Django {django}"


def measure(server: Server, tickets: int, many: int, warm: int) -> tuple[str, list[Figure]]:
    """(its versions, its figures) with so many tickets in it."""
    python = installed()
    with psycopg.connect(server.dsn("postgres", "postgres"), autocommit=True) as db:
        db.execute("DROP DATABASE IF EXISTS helpdesk")
        db.execute(f"CREATE DATABASE helpdesk OWNER {NAME}")
    env = os.environ | {
        "PGHOST": str(server.socket), "PGUSER": NAME, "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "bench.helpdesk_site",
    }  # fmt: skip
    filling = f"from bench.helpdesk_site import fill; print(fill({tickets}))"
    made = subprocess.run([python, "-c", filling], env=env, check=True, stdout=subprocess.PIPE)
    session = made.stdout.decode().split()[-1]
    with psycopg.connect(server.dsn("helpdesk", "postgres"), autocommit=True) as db:
        db.execute("VACUUM ANALYZE")
    port = free_port()
    command = [
        str(python), "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", str(WORKERS),
        "--threads", "2", "--keep-alive", "30", "--log-level", "error",
        "bench.helpdesk_site:application",
    ]  # fmt: skip
    with serving(command, port, env) as pid:
        found = figures(Meter(pid, postmaster(server.data)), port, session, many, warm)
    return versions(python), found


def figures(meter: Meter, port: int, session: str, many: int, warm: int) -> list[Figure]:
    callers = Callers(port)
    cookie = {"Cookie": f"sessionid={session}"}

    def one(what: str, ask: Ask, good: int, share: int = 1) -> Figure:
        first, rest = [ask] * (warm // share), [ask] * max(8, many // share)
        return meter.measure(what, callers, first, rest, status(good))

    mark, form = csrf(callers.send([Ask("/tickets/submit/")])[0])
    headers = {"Cookie": f"csrftoken={mark}", "Content-Type": "application/x-www-form-urlencoded"}
    said = {
        "csrfmiddlewaretoken": form, "queue": "1", "title": "The lamp at the door is out",
        "body": "It has been out for three days.", "submitter_email": "a@example.org",
        "priority": "3",
    }  # fmt: skip
    filing = Ask("/tickets/submit/", "POST", urlencode(said).encode(), headers)
    found = [one("file, public form", filing, 302)]
    found.append(one("file, API", by_api(cookie, mark, form), 201))
    page = callers.send([Ask("/tickets/", headers=cookie)])[0]
    rows = re.search(rb'"(/datatables_ticket_list/[^"]+)"', page.body)
    assert page.status == 200 and rows, page.body[:300]
    ajax = f"{rows[1].decode()}?{urlencode(TABLE)}"
    found.append(one("list page", Ask("/tickets/", headers=cookie), 200, FEW))
    found.append(one("list rows", Ask(ajax, headers=cookie), 200, FEW))
    callers.close()
    return found


# What its table's script sends.
TABLE = {
    "draw": "1", "start": "0", "length": str(PAGE), "order[0][column]": "0",
    "order[0][dir]": "desc", "search[value]": "",
}  # fmt: skip


def csrf(answer: Answer) -> tuple[str, str]:
    """The cookie and the field of its form."""
    cookie = re.search(r"csrftoken=([^;]+)", str(answer.headers))
    field = re.search(rb'csrfmiddlewaretoken" value="([^"]+)"', answer.body)
    assert cookie and field, answer.body[:300]
    return cookie[1], field[1].decode()


def by_api(cookie: dict[str, str], mark: str, form: str) -> Ask:
    said = {
        "queue": 1, "title": "The lamp at the door is out", "submitter_email": "a@example.org",
        "description": "It has been out for three days.", "priority": 3, "status": 1,
    }  # fmt: skip
    headers = {
        "Cookie": f"{cookie['Cookie']}; csrftoken={mark}", "X-CSRFToken": form,
        "Content-Type": "application/json",
    }  # fmt: skip
    return Ask("/api/tickets/", "POST", json.dumps(said).encode(), headers)
