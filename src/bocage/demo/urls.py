"""The feed of the demonstration, and the dataset that follows it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_safe

from bocage.demo.feed import FEED_PATH, feed


@require_safe
def car_parks(_request: HttpRequest) -> HttpResponse:
    """Free places at this minute."""
    return HttpResponse(feed(), content_type="application/json")


urlpatterns = [path(FEED_PATH, car_parks, name="demo-feed")]
