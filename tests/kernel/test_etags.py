"""If-None-Match, as clients and the servers in front of us write it."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from bocage.kernel.etags import is_known


@pytest.mark.parametrize(
    ("header", "known"),
    [
        ('"a"', True),
        ('W/"a"', True),
        ('"b", W/"a"', True),
        ("*", True),
        ('"b"', False),
        ('W/"b"', False),
        ("a", False),
        ("", False),
    ],
)
def test_an_etag_made_weak_on_the_way_is_still_the_same(header, known):
    request = RequestFactory().get("/", headers={"If-None-Match": header})
    assert is_known(request, '"a"') is known
    assert is_known(request, 'W/"a"') is known
