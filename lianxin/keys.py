"""The secrets of one deployment: made when first asked for, kept in VAR/keys, never printed."""

import os
import secrets
from pathlib import Path


def key(var: Path, name: str) -> bytes:
    """The 32 bytes called `name`; two processes asking at once get the same ones."""
    path = var / "keys" / name
    if not path.exists():
        _make(path)
    return bytes.fromhex(path.read_text())


def text(var: Path, name: str) -> str:
    """The same secret as 64 hexadecimal digits, for those who want words."""
    return key(var, name).hex()


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(secrets.token_hex(32))
        file.flush()
        os.fsync(file.fileno())
    # A link fails when the name is taken, so the first maker wins and a half-written key is no key.
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()
