"""Asking an interface, as short as the tests of it are many."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse
from django.test import Client


class Asking:
    """`ask("collections/x/items", limit=2)` is the JSON of the answer below `root`; `ask.raw` the answer itself, whatever it is.
    `__` in the name of a parameter stands for a hyphen."""

    def __init__(self, client: Client, root: str = "/") -> None:
        self.client, self.root = client, root

    def raw(self, path: str, method: str = "get", headers: dict[str, str] | None = None, **given: Any) -> HttpResponse:
        """A stream is read to its end."""
        query = {name.replace("__", "-"): value for name, value in given.items()}
        response = getattr(self.client, method)(
            path if path.startswith("/") else f"{self.root}{path}", query, headers=headers
        )
        if not response.streaming:
            return response
        whole = HttpResponse(b"".join(response.streaming_content), status=response.status_code)
        whole.headers = response.headers
        return whole

    def __call__(self, path: str, status: int = 200, **given: Any) -> Any:
        response = self.raw(path, **given)
        assert response.status_code == status, (response.status_code, response.content[:800])
        return json.loads(response.content)
