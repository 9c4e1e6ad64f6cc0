"""Small writings of the console."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils import timezone

register = template.Library()


@register.filter
def clock(instant: str) -> str:
    """An instant in ISO 8601 as the hour of the platform: 14:03:27."""
    try:
        return f"{timezone.localtime(datetime.fromisoformat(instant)):%H:%M:%S}"
    except ValueError:
        return instant
