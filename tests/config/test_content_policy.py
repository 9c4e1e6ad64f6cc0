"""What an answer says of its content is what the library would say, written once."""

from __future__ import annotations

import csp.middleware
import pytest
from csp.constants import HEADER, NONCE
from csp.decorators import csp_exempt, csp_replace, csp_update
from csp.exceptions import CSPNonceError
from django.http import HttpResponse
from django.test import RequestFactory

from bocage.config import content_policy


def plain(_request):
    return HttpResponse("ok")


def with_a_nonce(request):
    return HttpResponse(str(request.csp_nonce)[:1] and "ok")


def with_its_own(_request):
    return HttpResponse("ok", headers={HEADER: "default-src 'self'"})


VIEWS = [
    plain,
    with_its_own,
    csp_exempt()(plain),
    csp_update({"img-src": ["https://example.org"]})(plain),
    csp_replace({"img-src": ["https://example.org"]})(plain),
]


def policy(middleware, view) -> set[str]:
    said = middleware(view)(RequestFactory().get("/")).headers.get(HEADER, "")
    return {part.strip() for part in said.split(";")}


@pytest.mark.parametrize("view", VIEWS, ids=["plain", "its own", "exempt", "update", "replace"])
@pytest.mark.parametrize("besides", [{}, {"EXCLUDE_URL_PREFIXES": ["/"]}], ids=["everywhere", "but there"])
def test_the_policy_of_the_library(view, besides, settings) -> None:
    settings.CONTENT_SECURITY_POLICY = settings.CONTENT_SECURITY_POLICY | besides
    expected = policy(csp.middleware.CSPMiddleware, view)
    assert policy(content_policy.ContentPolicy, view) == expected


def test_a_nonce_is_in_the_policy(settings) -> None:
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": {"script-src": [NONCE]}}
    assert not any("nonce" in part for part in policy(content_policy.ContentPolicy, plain))
    said = policy(content_policy.ContentPolicy, with_a_nonce)
    assert any("'nonce-" in part for part in said)


def test_a_nonce_asked_too_late_is_refused() -> None:
    request = RequestFactory().get("/")
    content_policy.ContentPolicy(plain)(request)
    with pytest.raises(CSPNonceError):
        str(request.csp_nonce)


def test_written_once(monkeypatch) -> None:
    middleware = content_policy.ContentPolicy(plain)
    monkeypatch.setattr(csp.middleware, "build_policy", lambda **_given: pytest.fail("built again"))
    said = middleware(RequestFactory().get("/")).headers[HEADER]
    assert "default-src 'none'" in said
    assert "frame-ancestors 'none'" in said
