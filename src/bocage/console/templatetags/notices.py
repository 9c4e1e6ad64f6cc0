"""`{% unread_notices as count %}`: how many notices the signed-in person has not read. One query, on an index of the unread."""

from __future__ import annotations

from django import template
from django.template import Context

from bocage.organizations.models import User
from bocage.organizations.notices.selectors import unread_count

register = template.Library()


@register.simple_tag(takes_context=True)
def unread_notices(context: Context) -> int:
    request = context.get("request")
    user = getattr(request, "user", None)
    return unread_count(user) if isinstance(user, User) and user.is_authenticated else 0
