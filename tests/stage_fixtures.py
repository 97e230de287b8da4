"""Where stories are played: in memory, and the same stories, unchanged, on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import stage_pg
from stage import Stage

POSTGRES = pytest.param("postgres", marks=pytest.mark.database)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Stories are told on both; what looks into the kernel has it in memory."""
    if "stage" in metafunc.fixturenames:
        told = metafunc.module.__name__.startswith("test_story_")
        metafunc.parametrize("stage", ["memory", *[POSTGRES] * told], indirect=True)


@pytest.fixture
def details() -> dict[str, Any]:
    """Rows that mechanisms keep beside orders, by name; a story that needs one overrides this."""
    return {}


@pytest.fixture
def stage(request: pytest.FixtureRequest, details: dict[str, Any]) -> Iterator[Any]:
    if request.param == "memory":
        yield Stage(details)
        return
    request.getfixturevalue("db")
    with stage_pg.opened(details) as on_postgres:
        yield on_postgres
