"""One operation of the standard: where it is, what answers it, what it takes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

    from bocage.publish.explore.call import Call
    from bocage.publish.explore.parameters import Parameter

SEGMENT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Operation:
    """`path` is below the root of the interface, without slashes at its ends; `{name}` is one segment."""

    path: str
    identifier: str
    view: Callable[[Call], HttpResponseBase]
    summary: str
    parameters: tuple[Parameter, ...] = ()

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(SEGMENT.sub(r"(?P<\1>[^/]+)", self.path))
