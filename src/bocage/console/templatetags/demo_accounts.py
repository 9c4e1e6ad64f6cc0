"""The accounts of a demonstration, offered on the sign-in page; nothing on a platform that is not one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def demo_accounts() -> list[dict[str, Any]]:
    """`demo.accounts.json` of the data folder, written by the demonstration: email, password, name, organization, role."""
    if not settings.BOCAGE.demo:
        return []
    try:
        accounts = json.loads((Path(settings.DATA_DIR) / "demo.accounts.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    return list(accounts)
