"""A portal made of a few rows in memory, on the loopback: it counts in plain Python, and can be made to fail or to lie."""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qs, unquote, urlsplit

ROOT = "/api/explore/v2.1/catalog/datasets"
_AGGREGATE = re.compile(r"(count|sum|min|max)\(`([^`]+)`\) as (\w+)")


def item(identifier, fields=(("nom", "text"), ("n", "int")), **metas):
    default = {"title": f"Titre de {identifier}", "data_processed": "2026-01-01T00:00:00+00:00", "records_count": 2}
    return {
        "dataset_id": identifier,
        "visibility": "domain",
        "has_records": True,
        "data_visible": True,
        "fields": [
            {"name": name, "type": kind, "label": name, "description": None, "annotations": {}} for name, kind in fields
        ],
        "attachments": [],
        "metas": {"default": default | metas},
    }


class FakePortal:
    """`items` and `rows` by identifier. `answers` replaces the answer of a path: (status, headers, body), or a function that
    gives it from the query; a list is used up, one answer by call."""

    def __init__(self, server):
        self.server = server
        self.items, self.rows, self.answers = {}, {}, {}
        server.answers = self

    @property
    def url(self):
        return f"http://{self.server.address}"

    @property
    def asked(self):
        return [path for path, _headers in self.server.requests]

    def add(self, identifier, rows=({"nom": "a", "n": 1}, {"nom": None, "n": 5}), **options):
        self.items[identifier] = item(identifier, **options)
        self.rows[identifier] = list(rows)

    def get(self, path, _default=None):
        """As the server asks for the answer of a path."""
        return lambda handler: self._send(handler, unquote(path.removeprefix(ROOT)))

    def _send(self, handler, path):
        query = {name: values[0] for name, values in parse_qs(urlsplit(handler.path).query).items()}
        given = self.answers.get(path)
        if isinstance(given, list):
            given = given.pop(0) if given else None
        status, headers, body = (given(query) if callable(given) else given) or self._answer(path, query)
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        handler.close_connection = True  # what was announced and does not come is not waited for
        handler.send_response(status)
        for name, value in ({"Content-Length": str(len(content))} | headers).items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(content)

    def _answer(self, path, query):
        if not path:
            return 200, {}, self._page(list(self.items.values()), query)
        identifier, _slash, operation = path.strip("/").partition("/")
        if identifier not in self.items:
            return 404, {}, {"error_code": "NotFoundResource"}
        if operation == "exports/jsonl":
            return 200, {}, "".join(json.dumps(row) + "\n" for row in self.rows[identifier]).encode()
        if operation == "records":
            return 200, {}, self._records(self.rows[identifier], query)
        return (404, {}, {}) if operation else (200, {}, self.items[identifier])

    @staticmethod
    def _page(items, query):
        start, limit = int(query.get("offset", 0)), int(query.get("limit", 10))
        return {"total_count": len(items), "results": items[start : start + limit]}

    @staticmethod
    def _records(rows, query):
        if found := re.fullmatch(r"`([^`]+)` is null", query.get("where", "")):
            return {"total_count": sum(row.get(found[1]) is None for row in rows), "results": []}
        answer = {}
        for function, name, alias in _AGGREGATE.findall(query.get("select", "")):
            values = [row[name] for row in rows if row.get(name) is not None]
            answer[alias] = {"count": len, "sum": sum, "min": min, "max": max}[function](values) if values else 0
        return {"total_count": len(rows), "results": [answer] if answer else []}
