"""Every model of the package, under the names by which the migrations know them."""

from __future__ import annotations

from bocage.governance.discussions.models import Discussion, Remark
from bocage.governance.help.models import HelpMessage, HelpRequest

__all__ = ["Discussion", "HelpMessage", "HelpRequest", "Remark"]
