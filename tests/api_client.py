"""Somebody with a token (or without) who calls the API in this process."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

ROOT = "/api/v1"


class Caller:
    """`get` and `post` give the answer with its JSON read; every no is checked to be a problem."""

    def __init__(self, secret: str | None = None, **headers: str) -> None:
        bearer = {"Authorization": f"Bearer {secret}"} if secret else {}
        self.client = Client(headers={**bearer, **headers}, raise_request_exception=True)

    def get(self, address: str, /, **query: Any) -> Any:
        return checked(self.client.get(ROOT + address, query))

    def post(self, path: str, body: Any = None, key: str | None = None, **headers: str) -> Any:
        keyed = {"Idempotency-Key": key} if key else {}
        data = body if isinstance(body, str | bytes) else json.dumps(body or {})
        return checked(
            self.client.post(ROOT + path, data, "application/json", headers={**keyed, **headers})
        )

    def step(self, number: str, step: str, key: str | None = None, **answers: Any) -> Any:
        return self.post(f"/orders/{number}/steps/{step}", {"answers": answers}, key)


def checked(answer: Any) -> Any:
    if answer.status_code >= 400:
        assert answer["Content-Type"] == "application/problem+json", answer.content[:200]
        row = answer.json()
        assert (row["status"], row["type"]) == (
            answer.status_code,
            f"{ROOT}/problems#{row['code']}",
        )
        assert row["detail"].startswith(row["title"].rstrip("。."))
    return answer


def code(answer: Any) -> str:
    """The code of a no, or the status of a yes."""
    return answer.json()["code"] if answer.status_code >= 400 else str(answer.status_code)
