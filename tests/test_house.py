"""What we care about, a test keeps: layers, sizes, names, locks, both languages, migrations."""

import ast
import re
import subprocess
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# Each may import itself and whatever stands to its right. web, cli and demo are one height.
LAYERS = [
    "web cli demo",
    "insight",
    "centres growth life park safety",
    "orders",
    "registry",
    "core",
]
HEIGHT = {name: depth for depth, names in enumerate(LAYERS) for name in names.split()}
MECHANISMS = set(LAYERS[2].split())
# The core is asked and answers: it does not look at the clock, the network or the database.
CORE_MAY = {
    *("__future__", "abc", "array", "ast", "bisect", "calendar", "collections", "contextlib"),
    *("copy", "dataclasses", "datetime", "decimal", "difflib", "enum", "fractions", "functools"),
    *(
        "hashlib",
        "heapq",
        "hmac",
        "importlib",
        "io",
        "itertools",
        "json",
        "math",
        "numbers",
        "operator",
    ),
    *("pathlib", "random", "re", "statistics", "string", "struct", "textwrap", "tomllib"),
    *("types", "typing", "unicodedata", "zlib", "zoneinfo"),
    *("numpy", "numba", "shapely", "lianxin"),
}
NOW = {"now", "utcnow", "today", "time", "time_ns", "monotonic"}
VAGUE = {"utils", "helpers", "common", "base", "manager", "service"}
NOT_OURS = re.compile(r"\.(png|jpg|ico|webp|gz|xlsx|woff2?)$")


@cache
def ours(*endings: str) -> list[Path]:
    """Files of the house: tracked, or new and not ignored."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    files = [ROOT / name for name in names.splitlines() if not NOT_OURS.search(name)]
    return [f for f in files if f.is_file() and (not endings or f.suffix in endings)]


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), shown(path))


def imports(path: Path) -> set[str]:
    """Dotted names a module imports, lazily or not."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            where = ".".join(path.relative_to(ROOT).parts[: -node.level]) if node.level else ""
            module = ".".join(part for part in (where, node.module) if part)
            found |= {module} | {f"{module}.{name.name}" for name in node.names}
    return found


def layer(name: str) -> str | None:
    parts = name.split(".")
    return parts[1] if len(parts) > 1 and parts[0] == "lianxin" and parts[1] in HEIGHT else None


def house() -> list[Path]:
    return [path for path in ours(".py") if path.is_relative_to(ROOT / "lianxin")]


def test_layers_look_one_way() -> None:
    wrong = []
    for path in house():
        here = layer("lianxin." + path.relative_to(ROOT / "lianxin").parts[0])
        for there in filter(None, map(layer, imports(path))):
            sideways = here != there and {here, there} <= MECHANISMS
            if here and (HEIGHT[there] < HEIGHT[here] or sideways):
                wrong.append(f"{shown(path)} imports {there}")
    assert wrong == []


def test_the_core_asks_nobody() -> None:
    core = ours_under("lianxin/core")
    assert core
    wrong = [
        f"{shown(path)} imports {name}"
        for path in core
        for name in imports(path)
        if name.split(".")[0] not in CORE_MAY
    ]
    assert wrong == []


def test_the_core_has_no_clock() -> None:
    wrong = [
        f"{shown(path)}:{node.lineno} reads the clock"
        for path in ours_under("lianxin/core")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in NOW
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in {"datetime", "date", "time", "timezone"}
    ]
    assert wrong == []


def ours_under(folder: str) -> list[Path]:
    return [path for path in ours(".py") if path.is_relative_to(ROOT / folder)]


def test_files_can_be_read_in_one_go() -> None:
    limits = {".py": 400, ".js": 400, ".html": 120, ".sh": 400}
    long = [
        f"{shown(path)}: {lines} lines"
        for path in ours(*limits)
        if (lines := path.read_text().count("\n")) > limits[path.suffix]
        and "migrations" not in path.parts  # as Django writes them
    ]
    assert long == []


def test_functions_fit_a_screen() -> None:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    long = [
        f"{shown(path)}:{node.lineno} {node.name}: {lines} lines"
        for path in ours(".py")
        for node in ast.walk(tree(path))
        if isinstance(node, kinds) and (lines := node.end_lineno - node.lineno + 1) > 40
    ]
    assert long == []


def test_modules_say_what_they_are() -> None:
    silent = [shown(p) for p in ours(".py") if tree(p).body and not ast.get_docstring(tree(p))]
    assert [name for name in silent if "/migrations/" not in name] == []


def test_no_vague_names() -> None:
    vague = [shown(p) for p in ours(".py") if VAGUE & set(re.split(r"[_/]", shown(p)[:-3]))]
    assert vague == ["lianxin/database/base.py"]  # Django looks for an ENGINE by this name


def test_no_signals_and_no_hidden_saving() -> None:
    wrong = [
        shown(p)
        for p in house()
        if any(n.startswith("django.db.models.signals") for n in imports(p))
    ]
    wrong += [
        f"{shown(path)}:{node.lineno} overrides {node.name}"
        for path in house()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef) and node.name == "save" and "models" in path.parts
    ]
    assert wrong == []


def test_browsers_wait_for_functions_only() -> None:
    """Our pages forbid `eval`: a string is asked once, by the browser's own door, and stumbles when
    it has to be asked again, which is when somebody else's test keeps the machine busy."""
    asks = re.compile(r"wait_for_function\(\s*f?[\"'](?!\(\)|\(?\w+\)? =>)")
    found = [shown(p) for p in ours(".py") if asks.search(p.read_text("utf-8"))]
    assert found == []


def test_no_machine_and_no_mirror_is_named() -> None:
    """A clone must work where nobody has our folders or our index."""
    # Written in pieces, so that this file does not name what it forbids.
    folders = [
        "/" + name + "/" for name in ("root", "work", "home/[a-z]+", "Users/[A-Za-z]+", "opt/pypi")
    ]
    mirrors = ["pypi." + "org", "python" + "hosted", "registry." + "npmjs", "npm" + "mirror"]
    named = re.compile("|".join([rf"(?<![\w.]){folder}" for folder in folders] + mirrors))
    wrong = [
        f"{shown(path)}:{number} {line.strip()[:80]}"
        for path in ours()
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if named.search(line)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "name", ["requirements/base.txt", "requirements/dev.txt", "package-lock.json"]
)
def test_locks_name_no_address_and_every_hash(name: str) -> None:
    text = (ROOT / name).read_text()
    assert not re.search(r"https?://|--index|--find-links|\"resolved\"|file:", text)
    if name.endswith(".txt"):
        wanted = re.findall(r"^[a-z0-9].*==.*", text, re.M)
        assert wanted
        assert [line for line in wanted if not line.endswith("\\")] == []
    else:
        assert text.count('"integrity"') == text.count('"node_modules/')


def test_words_are_whole_in_both_languages() -> None:
    files = sorted((ROOT / "lianxin/words").glob("*.toml"))
    assert files
    wrong = [
        f"{path.stem}.{key}: {fault}"
        for path in files
        for key, words in _leaves(tomllib.loads(path.read_text()))
        if (fault := _fault(words))
    ]
    assert wrong == []


def _fault(words: object) -> str | None:
    if not isinstance(words, dict) or set(words) != {"zh", "en"}:
        return "not a pair of zh and en"
    if not all(isinstance(text, str) and text.strip() for text in words.values()):
        return "a language is empty"
    told = [set(re.findall(r"\{(\w+)", text)) for text in words.values()]
    return None if told[0] == told[1] else "the two languages tell different facts"


def _leaves(table: dict[str, object], before: str = "") -> list[tuple[str, object]]:
    """Dotted key → what stands there, down to the pairs of words."""
    found: list[tuple[str, object]] = []
    for key, value in table.items():
        if isinstance(value, dict) and any(isinstance(inner, dict) for inner in value.values()):
            found += _leaves(value, f"{before}{key}.")
        else:
            found.append((before + key, value))
    return found


def test_templates_hold_no_words_and_no_code() -> None:
    """Texts come from words/, and the policy lets no inline script or style run."""
    inline = re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*application/json)|\sstyle=|\son[a-z]+=\"|<style"
    )
    wrong = []
    for path in ours(".html"):
        text = re.sub(
            r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", "", path.read_text(), flags=re.S
        )
        # A language is called by its own name, whatever is spoken around it.
        if re.search("[\u4e00-\u9fff]", text.replace("中文", "")):
            wrong.append(f"{shown(path)}: Chinese text outside words/")
        if inline.search(text):
            wrong.append(f"{shown(path)}: inline code")
    assert wrong == []


@pytest.mark.django_db
def test_every_change_of_a_model_has_its_migration() -> None:
    from django.core.management import call_command

    call_command("makemigrations", check_changes=True, dry_run=True, verbosity=0)
