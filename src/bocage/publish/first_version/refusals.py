"""Refusals of this version. Hidden and absent are the same 404, whose sentence is that of the Explore API."""

from __future__ import annotations

from bocage.publish.explore.errors import ExploreError


class Malformed(ExploreError):
    """A parameter that cannot be read."""

    def __init__(self, parameter: str, reason: str) -> None:
        super().__init__(400, "InvalidParameter", f"Invalid value for {parameter}: {reason}.")


class NotComputable(ExploreError):
    """What this version could compute elsewhere, and we do not."""

    def __init__(self, what: str) -> None:
        super().__init__(400, "NotComputable", f"{what} cannot be computed here.")


class Absent(ExploreError):
    def __init__(self, what: str) -> None:
        super().__init__(404, "NotFound", f"The requested {what} does not exist.")
