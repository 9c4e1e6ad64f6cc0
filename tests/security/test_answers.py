"""Headers of every answer, hosts, methods: what a browser, a proxy or a robot could be made to do with an answer."""

from __future__ import annotations

import pytest
from django.test import Client

from bocage.access.vocabulary import Visibility
from tests.project.test_addresses import documented, example
from tests.security.conftest import Territory
from tests.security.test_rights_matrix import READ, names

__all__ = ["names"]


def directives(answer) -> dict[str, list[str]]:
    policy = answer.headers["Content-Security-Policy"]
    return {words[0]: words[1:] for part in policy.split(";") if (words := part.split())}


def is_closed(answer) -> None:
    """Nothing runs, nothing is framed, nothing is guessed."""
    policy = directives(answer)
    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == ["'self'"]
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["object-src"] == ["'none'"]
    for name, sources in policy.items():
        assert not {"*", "'unsafe-inline'", "'unsafe-eval'", "http:", "https:"} & set(sources), name
        if name in ("script-src", "style-src", "default-src"):
            assert "data:" not in sources
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Referrer-Policy" in answer.headers


def test_every_answer_is_closed(territory: Territory, names: dict[str, str]) -> None:
    """Pages, feeds, style sheets, drawings, downloads; found, refused, absent, or to be signed in for."""
    for viewer in ("operator", "stranger"):
        for template, _expectation in READ.values():
            is_closed(territory.viewers[viewer].get(template.format(**names)))
    for address in (
        "/absent/",
        "/metrics",
        "/readyz",
        "/accounts/login/",
        "/api/explore/v2.1/absent",
        "/console/runs/absent/",
    ):
        is_closed(territory.viewers["stranger"].get(address))
    is_closed(Client(enforce_csrf_checks=True).post("/accounts/login/", {}))
    is_closed(Client().get("/", headers={"host": "a@b"}))


def test_downloads_are_saved_never_shown(territory: Territory, names: dict[str, str]) -> None:
    client = territory.viewers["operator"]
    for kind in ("csv", "json", "jsonl", "geojson", "parquet", "xlsx"):
        for address in (
            f"/api/explore/v2.1/catalog/datasets/secret/exports/{kind}",
            f"/explore/dataset/secret/download/?format={kind}",
        ):
            answer = client.get(address)
            assert answer.headers["Content-Disposition"] == f'attachment; filename="secret.{kind}"'
            assert not answer.headers["Content-Type"].startswith(
                ("text/html", "image/svg", "text/xml", "application/xml")
            )


def test_other_sites_read_as_strangers(territory: Territory, names: dict[str, str]) -> None:
    """The interface answers every origin, and therefore never with the rights of the person whose browser asks."""
    for part in ("", "/records", "/exports/csv"):
        answer = territory.viewers["operator"].get(
            f"/api/explore/v2.1/catalog/datasets/secret{part}", headers={"origin": "https://evil.example"}
        )
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer.headers
    for address in ("/", "/console/", "/accounts/login/", "/theme/default.css"):
        answer = territory.viewers["operator"].get(address, headers={"origin": "https://evil.example"})
        assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(
    "host", ["a@b", "evil.example:80@x", "x y", "[::1", "evil_example", "a" * 300 + "é", "a/b", "<script>"]
)
@pytest.mark.parametrize(
    "address", ["/", "/robots.txt", "/api/explore/v2.1/", "/absent", "/accounts/login/", "/console/"]
)
def test_a_damaged_host_is_a_bad_request(db, host: str, address: str) -> None:
    answer = Client(raise_request_exception=False).get(address, headers={"host": host})
    assert answer.status_code == 400
    assert host not in answer.content.decode()


def test_a_host_that_is_not_ours_is_a_bad_request(db, settings) -> None:
    settings.ALLOWED_HOSTS = ["donnees.example.fr"]
    for address in ("/", "/robots.txt", "/accounts/password/reset/", "/api/explore/v2.1/"):
        assert Client(raise_request_exception=False).get(address, headers={"host": "evil.example"}).status_code == 400
        assert Client().get(address, headers={"host": "donnees.example.fr"}).status_code == 200


def test_what_a_proxy_says_of_the_host_is_not_believed(territory: Territory, publish) -> None:
    publish(territory.here, "lieux", Visibility.OPEN)
    forged = {
        "x-forwarded-host": "evil.example",
        "x-host": "evil.example",
        "x-original-url": "/console/",
        "x-rewrite-url": "/console/",
    }
    for address in (
        "/",
        "/sitemap.xml",
        "/robots.txt",
        "/explore/dataset/lieux/api/",
        "/api/explore/v2.1/catalog",
        "/explore/feed.rss",
    ):
        answer = territory.viewers["stranger"].get(address, headers=forged)
        assert answer.status_code == 200
        assert "evil.example" not in answer.content.decode()


@pytest.mark.parametrize("method", ["put", "delete", "patch", "trace"])
@pytest.mark.parametrize("route", sorted(documented()))
def test_other_methods_do_nothing(territory: Territory, route: str, method: str) -> None:
    address = example(route).replace("//*", "/").replace("+", "").replace("/*", "/")
    answer = getattr(territory.viewers["operator"], method)(address)
    assert (
        answer.status_code in (302, 400, 403, 404, 405)
        or route in ("/healthz", "/readyz", "/metrics")
        or "feed" in route
    ), route


def test_a_method_written_in_a_header_is_not_believed(territory: Territory) -> None:
    answer = territory.viewers["operator"].get("/accounts/logout/", headers={"x-http-method-override": "POST"})
    assert answer.status_code == 200
    assert territory.viewers["operator"].get("/console/").status_code == 200
