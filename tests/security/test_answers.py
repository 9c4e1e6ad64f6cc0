"""What every answer carries, whatever it is: a page, a file, a refusal, a fault. And what none of them tells."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.db.models.sql.compiler import SQLCompiler
from django.http import HttpResponse
from django.test import Client

from bocage.access.vocabulary import Visibility
from bocage.store.engine import EngineError
from bocage.store.session import EngineSession
from tests.security.conftest import Territory, consumed
from tests.security.test_rights_matrix import READ, documented

API = "/api/explore/v2.1"
LIEUX = f"{API}/catalog/datasets/lieux"
PRIVATE = "secret"

KINDS: dict[str, tuple[str, str, dict[str, str], int, str]] = {
    # what: method, address, headers, status, type of content ("" when there is none)
    "page": ("get", "/", {}, 200, "text/html; charset=utf-8"),
    "page of a dataset": ("get", "/explore/dataset/lieux/table/", {}, 200, "text/html; charset=utf-8"),
    "head of a page": ("head", "/explore/", {}, 200, "text/html; charset=utf-8"),
    "redirect": ("get", "/console/", {}, 302, ""),
    "sign-in": ("get", "/accounts/login/", {}, 200, "text/html; charset=utf-8"),
    "absent page": ("get", "/absent", {}, 404, "text/html; charset=utf-8"),
    "absent dataset": ("get", "/explore/dataset/absent/", {}, 404, "text/html; charset=utf-8"),
    "refused method": ("post", "/explore/", {}, 405, "text/html; charset=utf-8"),
    "delete": ("delete", "/", {}, 405, "text/html; charset=utf-8"),
    "trace": ("trace", "/", {}, 405, "text/html; charset=utf-8"),
    "feed": ("get", "/explore/feed.rss", {}, 200, "application/rss+xml; charset=utf-8"),
    "atom": ("get", "/explore/feed.atom", {}, 200, "application/atom+xml; charset=utf-8"),
    "site map": ("get", "/sitemap.xml", {}, 200, "application/xml"),
    "robots": ("get", "/robots.txt", {}, 200, "text/plain; charset=utf-8"),
    "style": ("get", "/theme/default.css", {}, 200, "text/css; charset=utf-8"),
    "picture": ("get", "/theme/default.svg", {}, 200, "image/svg+xml"),
    "map": ("get", "/basemap/communes.geojson", {}, 200, "application/geo+json"),
    "health": ("get", "/healthz", {}, 200, "application/json"),
    "not ready": ("get", "/readyz", {"x-forwarded-for": "203.0.113.7"}, 503, "application/json"),
    "closed": ("get", "/metrics", {"x-forwarded-for": "203.0.113.7"}, 403, "text/plain"),
    "static": ("get", "/static/bocage.svg", {}, 200, "image/svg+xml"),
    "api": ("get", f"{LIEUX}/records", {}, 200, "application/json; charset=utf-8"),
    "landing of the api": ("get", API, {}, 200, "application/json; charset=utf-8"),
    "refusal of the api": ("get", f"{LIEUX}/records?where=%3Cscript%3E", {}, 400, "application/json"),
    "absent in the api": ("get", f"{API}/catalog/datasets/absent", {}, 404, "application/json"),
    "refused method of the api": ("delete", f"{LIEUX}/records", {}, 405, "application/json"),
    "question in a body": ("post", f"{LIEUX}/records", {}, 200, "application/json; charset=utf-8"),
    "preflight": ("options", f"{LIEUX}/records", {"origin": "https://evil.example"}, 204, ""),
    "csv": ("get", f"{LIEUX}/exports/csv", {}, 200, "text/csv; charset=utf-8"),
    "json": ("get", f"{LIEUX}/exports/json", {}, 200, "application/json; charset=utf-8"),
    "jsonl": ("get", f"{LIEUX}/exports/jsonl", {}, 200, "application/x-ndjson; charset=utf-8"),
    "geojson": ("get", f"{LIEUX}/exports/geojson", {}, 200, "application/geo+json"),
    "parquet": ("get", f"{LIEUX}/exports/parquet", {}, 200, "application/vnd.apache.parquet"),
    "xlsx": ("get", f"{LIEUX}/exports/xlsx", {}, 200,
             "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "gzip": ("get", f"{LIEUX}/exports/csv?compressed=true", {}, 200, "application/gzip"),
    "part": ("get", f"{LIEUX}/exports/csv", {"range": "bytes=0-3"}, 206, "text/csv; charset=utf-8"),
    "part beyond": ("get", f"{LIEUX}/exports/csv", {"range": "bytes=99999999-"}, 416, ""),
    "head of a file": ("head", f"{LIEUX}/exports/csv", {}, 200, "text/csv; charset=utf-8"),
    "older download": ("get", "/explore/dataset/lieux/download/?format=csv", {}, 200, "text/csv; charset=utf-8"),
    "older refusal": ("get", "/explore/dataset/lieux/download/?format=exe", {}, 404, "application/json"),
}  # fmt: skip


def asked(kind: str) -> HttpResponse:
    method, address, headers, status, content_type = KINDS[kind]
    answer = getattr(Client(), method)(address, headers=headers)
    consumed(answer)
    assert answer.status_code == status, (kind, answer.status_code)
    assert answer.headers.get("Content-Type", "").startswith(content_type), (kind, answer.headers.get("Content-Type"))
    if not content_type:
        assert consumed(answer) == b""
    return answer


def policy(answer) -> dict[str, set[str]]:
    directives = (part.split() for part in answer.headers["Content-Security-Policy"].split(";"))
    return {name: set(values) for name, *values in directives}


def protected(answer) -> None:
    """The headers of every answer."""
    rules = policy(answer)
    assert rules["default-src"] == rules["object-src"] == rules["base-uri"] == rules["frame-ancestors"] == {"'none'"}
    assert rules["script-src"] == rules["style-src"] == rules["form-action"] == {"'self'"}
    for name, values in rules.items():
        assert not values & {
            "*",
            "'unsafe-inline'",
            "'unsafe-eval'",
            "'unsafe-hashes'",
            "http:",
            "https:",
            "'strict-dynamic'",
        }, name
        assert "data:" not in values or name == "img-src", name
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert not {"Server", "X-Powered-By", "X-Debug", "Access-Control-Allow-Credentials"} & set(answer.headers)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_answer_is_protected(places, kind):
    answer = asked(kind)
    if kind == "static":  # the file is ours, and the policy is that of the page that uses it
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        return
    protected(answer)
    assert answer.headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("kind", KINDS)
def test_only_the_api_answers_pages_of_other_sites(places, kind):
    """And never with the cookies of the reader."""
    answer = asked(kind)
    open_to_all = KINDS[kind][1].startswith((API, "/explore/dataset/lieux/download/", "/static/"))
    assert ("Access-Control-Allow-Origin" in answer.headers) == open_to_all
    assert answer.headers.get("Access-Control-Allow-Origin", "*") == "*"
    assert "PUT" not in answer.headers.get("Access-Control-Allow-Methods", "")


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if "exports/" in KINDS[kind][1] and KINDS[kind][3] in (200, 206)]
)
def test_a_file_is_saved_never_shown(places, kind):
    assert re.fullmatch(r'attachment; filename="lieux\.[a-z.]+"', asked(kind).headers["Content-Disposition"])


@pytest.mark.parametrize("part", ["", "/records", "/facets", "/exports/csv", "/exports/parquet"])
def test_an_answer_that_says_nothing_new_is_protected_too(places, part):
    address = LIEUX + part
    first = Client().get(address)
    consumed(first)
    again = Client().get(address, headers={"if-none-match": first.headers["ETag"]})
    assert (again.status_code, consumed(again)) == (304, b"")
    protected(again)
    assert "Content-Type" not in again.headers
    for kept in ("ETag", "Cache-Control"):
        assert again.headers[kept] == first.headers[kept]
    assert "Set-Cookie" not in str(again.headers)


def test_over_https_it_is_never_forgotten(places, settings):
    settings.SECURE_HSTS_SECONDS = 31_536_000
    for kind in ("page", "api", "csv", "absent page", "redirect", "static"):
        method, address, headers, *_rest = KINDS[kind]
        answer = getattr(Client(), method)(address, headers=headers, secure=True)
        consumed(answer)
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000", kind


# What is private -------------------------------------------------------------------------------------------------------


def test_what_is_private_is_stored_nowhere(territory: Territory, names: dict[str, str]) -> None:
    """Every address that a steward may read, about data that nobody else may."""
    client = territory.viewers["operator"]
    public = (
        "/theme/", "/sitemap.xml", "/robots.txt", "/basemap/", "/healthz", "/explore/feed", "/console/portal/", "/catalog.",
        "/organizations/ici/catalog.", "/schemas/schemas.json", "/schemas/ici/velos/1.0.0/", "/code-lists/couleurs/1.",
        "/api/check/v1/",
    )  # fmt: skip
    described = {
        f"/ogc/{part}" for part in ("", "conformance", "functions", "api", "tileMatrixSets", "tileMatrixSets/LAMB93")
    }  # the same for everyone
    for template, _expectation in READ.values():
        address = template.format(**names)
        if address.startswith(public) or address in described:
            continue
        answer = client.get(address)
        consumed(answer)
        assert "no-store" in answer.headers.get("Cache-Control", ""), address
        if "/attachments/" in address or address.endswith(
            "/document/"
        ):  # somebody's file: it runs nothing and reaches nothing
            assert {"sandbox", "default-src 'none'"} <= set(answer.headers["Content-Security-Policy"].split("; "))
            assert answer.headers["Content-Disposition"].startswith("attachment")
        else:
            protected(answer)


def test_a_file_of_private_data_says_so(territory: Territory, publish) -> None:
    publish(territory.here, PRIVATE, Visibility.PRIVATE)
    for name in ("csv", "xlsx", "parquet"):
        for headers in ({}, {"range": "bytes=0-3"}):
            answer = territory.viewers["member here"].get(
                f"{API}/catalog/datasets/secret/exports/{name}", headers=headers
            )
            consumed(answer)
            assert answer.headers["Cache-Control"] == "private, no-store"
            assert "Cookie" in answer.headers["Vary"]


# Faults ----------------------------------------------------------------------------------------------------------------

INSIDE = (
    "s3cret", "/var/lib", "SELECT", "RuntimeError", "OperationalError", "Traceback", "settings", "python", "django", "duckdb",
    "site-packages", "password=", "line ", ".py",
)  # fmt: skip
FAULT = "s3cret at /var/lib/bocage/secret.key SELECT password=1 duckdb line 3 x.py"


def tells_nothing(answer, address: str) -> None:
    text = consumed(answer).decode() + str(answer.headers)
    for inside in INSIDE:
        assert inside not in text, (address, inside)
    protected(answer)


def test_a_fault_of_the_database_tells_nothing_anywhere(
    territory: Territory, names: dict[str, str], monkeypatch
) -> None:
    """Every address of the map, while no statement can be carried out."""

    def broken(*_arguments: object, **_options: object) -> None:
        raise RuntimeError(FAULT)

    addresses = [template.format(**names) for template, _expectation in READ.values()]
    stranger, member = Client(raise_request_exception=False), Client(raise_request_exception=False)
    member.cookies = territory.viewers["member here"].cookies
    monkeypatch.setattr(SQLCompiler, "execute_sql", broken)
    statuses = set()
    for address in addresses:
        for client in (stranger, member):
            answer = client.get(address)
            statuses.add(answer.status_code)
            if answer.status_code >= 400:
                tells_nothing(answer, address)
    assert statuses <= {200, 302, 404, 500}
    assert 500 in statuses


@pytest.mark.parametrize("fault", [RuntimeError, EngineError, OSError, MemoryError, RecursionError, UnicodeDecodeError])
def test_a_fault_of_the_engine_tells_nothing(places, monkeypatch, fault):
    error = UnicodeDecodeError("utf-8", FAULT.encode(), 0, 1, FAULT) if fault is UnicodeDecodeError else fault(FAULT)

    def broken(*_arguments: object, **_options: object) -> None:
        raise error

    monkeypatch.setattr(EngineSession, "execute", broken)
    monkeypatch.setattr(EngineSession, "arrow", broken)
    client = Client(raise_request_exception=False)
    for part in ("/records?where=places%3E3", "/facets?facet=nom&where=places%3E4", "/exports/csv?where=places%3E5",
                 "/exports/xlsx?where=places%3E6", "/records/absent"):  # fmt: skip
        answer = client.get(LIEUX + part)
        assert answer.status_code in (400, 404, 500, 503), part
        tells_nothing(answer, part)
    answer = client.get("/explore/dataset/lieux/table/?q=gare")
    assert answer.status_code in (400, 500, 503)
    tells_nothing(answer, "table")


@pytest.mark.parametrize(
    "address",
    ["/%00", "/explore/?q=%00", "/explore/dataset/%00/", "/explore/?page=%FF", "/theme/%00.css", "/%FF%FE", "/..%2f..%2fetc/passwd",
     "/static/../secret.key", "/static/%2e%2e/%2e%2e/settings.py", "/static//etc/passwd", "/explore/dataset/a%0d%0aX-Evil:%201/",
     f"{API}/%00", f"{API}/catalog/datasets/%00/records", f"{LIEUX}/exports/..%2f..%2fpasswd", f"{LIEUX}/records/%00",
     "/organizations/%00/", "/console/publish/?dataset=%00", "/language/?next=%00", "/" + "a" * 4000, "/explore/?" + "a=1&" * 1500],
)  # fmt: skip
def test_a_damaged_address_is_no_fault(places, territory, address):
    for client in (Client(raise_request_exception=False), territory.viewers["operator"]):
        answer = client.get(address)
        assert answer.status_code in (200, 302, 400, 404, 405), answer.status_code
        assert "X-Evil" not in answer.headers
        assert b"root:" not in consumed(answer)
        protected(answer)


@pytest.mark.parametrize(
    "headers",
    [{"accept-language": "x" * 5000}, {"accept-language": "../../etc"}, {"cookie": "sessionid=\x00; bocage_language=../../x"},
     {"cookie": "csrftoken=" + "a" * 4000}, {"range": "bytes=" + "0-1," * 3000}, {"range": "bytes=-" + "9" * 5000},
     {"if-none-match": '"' + "a" * 9000}, {"if-modified-since": "\x00"}, {"if-range": "x"}, {"x-request-id": "a\r\nX-Evil: 1"},
     {"accept-encoding": "x" * 9000}, {"origin": "null"}, {"x-http-method-override": "DELETE"}, {"content-length": "-1"},
     {"content-type": "multipart/form-data"}, {"referer": "javascript:alert(1)"}],
    ids=lambda headers: next(iter(headers)),
)  # fmt: skip
def test_a_damaged_header_is_no_fault(places, headers):
    for address in (
        "/",
        "/explore/dataset/lieux/",
        f"{LIEUX}/records",
        f"{LIEUX}/exports/csv",
        "/explore/feed.rss",
        "/accounts/login/",
    ):
        answer = Client().get(address, headers=headers)
        body = consumed(answer)
        assert answer.status_code in (200, 206, 304, 400, 416), (address, answer.status_code)
        assert b"javascript:alert" not in body
        assert "X-Evil" not in answer.headers
        assert answer.headers["X-Request-ID"].isalnum()
        protected(answer)


# Pages -----------------------------------------------------------------------------------------------------------------


DATA_BLOCK = "application/ld+json"
"""Is read by search engines and carried out by nobody: the policy does not concern it."""


class Inline(HTMLParser):
    """What the policy would refuse, or what would need it to be loosened."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self._script: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._script = given.get("type") or "" if tag == "script" and "src" not in given else None
        if tag in ("style", "iframe", "object", "embed", "base", "applet") or (tag == "meta" and "http-equiv" in given):
            self.faults.append(tag)
        self.faults += [f"{tag} {name}" for name in given if name == "style" or name.startswith("on")]
        for name in ("href", "src", "action", "formaction", "xlink:href", "poster", "ping", "background", "srcset"):
            value = (given.get(name) or "").strip().lower()
            if value.startswith(("javascript:", "vbscript:")) or (value.startswith("data:") and tag != "img"):
                self.faults.append(f"{tag} {name}={value[:40]}")
            if name in ("src", "action", "formaction", "srcset") and re.match(r"(https?:)?//", value):
                self.faults.append(f"{tag} {name}={value[:40]}")
        if tag == "a" and given.get("target") == "_blank" and "noopener" not in (given.get("rel") or ""):
            self.faults.append("a target")

    def handle_data(self, data: str) -> None:
        if self._script == DATA_BLOCK:
            json.loads(data)
            assert "<" not in data, "what ends the block of data early begins a script"
        elif self._script is not None and data.strip():
            self.faults.append("script")

    def handle_endtag(self, tag: str) -> None:
        self._script = None


def inline(html: str) -> list[str]:
    reader = Inline()
    reader.feed(html)
    return reader.faults


def pages(territory: Territory, names: dict[str, str]) -> Iterator[tuple[str, HttpResponse]]:
    routes = [route for route in documented() if route.startswith("/accounts/") and "<" not in route]
    for client in (Client(), territory.viewers["operator"], territory.viewers["contributor here"]):
        for address in [*(template.format(**names) for template, _expectation in READ.values()), *routes, "/absent"]:
            answer = client.get(address)
            body = consumed(answer)
            if answer.headers.get("Content-Type", "").startswith("text/html"):
                yield address, HttpResponse(body)


def test_no_page_needs_a_looser_policy(territory, names):
    seen = 0
    for address, page in pages(territory, names):
        seen += 1
        assert inline(page.content.decode()) == [], address
    assert seen > 80


def test_the_reader_of_pages_sees_what_it_looks_for():
    bad = (
        "<script>alert(1)</script>", "<p style='x'>", "<a onclick='x'>", "<a href=' JavaScript:x'>", "<style>p{}</style>",
        "<img src='https://evil.example/x.png'>", "<form action='//evil.example'>", "<base href='/'>", "<iframe src='/'>",
        "<meta http-equiv='refresh'>", "<a target='_blank' href='/'>", "<a href='data:text/html,x'>",
    )  # fmt: skip
    assert all(inline(html) for html in bad)
    assert (
        inline("<script type='module' src='/static/x.js'></script><img src='data:image/png;base64,x'><a href='/'>x</a>")
        == []
    )
