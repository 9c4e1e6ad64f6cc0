"""`{% identity_providers as providers %}`: those by which people may sign in."""

from __future__ import annotations

from django import template

from bocage.access.identity.providers import Provider, providers

register = template.Library()


@register.simple_tag
def identity_providers() -> tuple[Provider, ...]:
    return providers()
