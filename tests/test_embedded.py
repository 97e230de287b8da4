"""The database in a folder: joined by several, stopped by the last, whole after a kill."""

import os
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from lianxin import embedded, keys, postmaster
from lianxin.trouble import Trouble


@pytest.fixture(scope="module")
def var() -> Iterator[Path]:
    # Not tmp_path: its folders are closed to the user the server runs as, and its paths are long.
    with tempfile.TemporaryDirectory(prefix="lx-var-") as folder:
        yield Path(folder)


def test_left_as_it_was_found(var: Path) -> None:
    with embedded.ensure(var) as outer:
        with embedded.ensure(var) as inner:
            assert inner == outer
        assert postmaster.pid_of(var / "pg"), "the one who joined must not stop it for the first"
        with psycopg.connect(outer) as db:
            assert db.execute("SHOW synchronous_commit").fetchone() == ("on",)
            assert db.execute("SHOW fsync").fetchone() == ("on",)
            assert db.execute(
                "SELECT usesuper FROM pg_user WHERE usename = 'lianxin'"
            ).fetchone() == (False,)
    assert postmaster.pid_of(var / "pg") is None


def test_a_killed_server_comes_back_with_what_was_committed(var: Path) -> None:
    with embedded.ensure(var) as address:
        with psycopg.connect(address) as db:
            db.execute("CREATE TABLE kept (n int)")
            db.execute("INSERT INTO kept VALUES (7)")
        os.kill(postmaster.pid_of(var / "pg") or 0, signal.SIGKILL)
    with embedded.ensure(var) as address, psycopg.connect(address) as db:
        assert db.execute("SELECT n FROM kept").fetchone() == (7,)


def test_a_number_taken_by_somebody_else_is_not_our_server(var: Path) -> None:
    with embedded.ensure(var):
        os.kill(postmaster.pid_of(var / "pg") or 0, signal.SIGKILL)
    mark = var / "pg/postmaster.pid"
    mark.write_text("\n".join([str(os.getpid()), *mark.read_text().splitlines()[1:]]))
    with embedded.ensure(var) as address, psycopg.connect(address) as db:
        assert db.execute("SELECT 1").fetchone() == (1,)


def test_a_user_killed_the_hard_way_is_not_counted(var: Path) -> None:
    holds = "import sys, time; from pathlib import Path; from lianxin import embedded\n"
    holds += "with embedded.ensure(Path(sys.argv[1])): print('up', flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", holds, str(var)], stdout=subprocess.PIPE) as user:
        assert user.stdout is not None
        assert user.stdout.readline() == b"up\n"
        user.kill()
    assert postmaster.pid_of(var / "pg"), "nobody was left to stop it"
    with embedded.ensure(var):
        pass
    assert postmaster.pid_of(var / "pg") is None


def test_a_deep_folder_gets_a_short_socket(var: Path) -> None:
    deep = var / ("深" * 40)
    server = embedded.Server(deep)
    assert not server.socket.is_relative_to(var)
    with server.running(), psycopg.connect(server.dsn()) as db:
        assert db.execute("SHOW server_encoding").fetchone() == ("UTF8",)
    for left in server.socket.iterdir():
        left.unlink()
    server.socket.rmdir()


def test_a_folder_of_somebody_else_is_refused(var: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can make a folder that belongs to another user")
    other = var / "other"
    other.mkdir()
    os.chown(other, 12345, 12345)
    with pytest.raises(Trouble, match="belongs to somebody else"):
        postmaster.prepare_folder(other)


def test_a_key_is_made_once_and_is_private(tmp_path: Path) -> None:
    first = keys.key(tmp_path, "secret")
    assert len(first) == 32
    assert keys.key(tmp_path, "secret") == first
    assert keys.key(tmp_path, "other") != first
    assert stat.S_IMODE((tmp_path / "keys/secret").stat().st_mode) == 0o600
    assert sorted(p.name for p in (tmp_path / "keys").iterdir()) == ["other", "secret"]
