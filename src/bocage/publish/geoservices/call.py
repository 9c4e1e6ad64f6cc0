"""One request: its parameters wherever they were sent, who asks, of which dataset."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from bocage.access.vocabulary import Visibility
from bocage.catalog.selectors import dataset_for
from bocage.kernel.errors import NotFound
from bocage.publish.geoservices.errors import Invalid
from bocage.publish.geoservices.layer import Layer, layer_of
from bocage.store.selectors import current_version

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest

    from bocage.access.viewer import Viewer
    from bocage.catalog.models import Dataset

LONGEST = 1_000_000


@dataclass(frozen=True)
class Call:
    """`given`: the parameters, names in lower case: clients are not of one mind."""

    request: HttpRequest
    viewer: Viewer
    given: Mapping[str, str]
    name: str = ""

    @cached_property
    def dataset(self) -> Dataset:
        """Raises NotFound, for hidden as for absent."""
        return dataset_for(self.viewer, self.name)

    @cached_property
    def layer(self) -> Layer:
        version = current_version(self.dataset)
        if version is None:
            raise NotFound(kind="service", name=self.name)
        return layer_of(self.viewer, self.dataset, version)

    def require_layer(self) -> None:
        """Raises NotFound, for hidden as for absent."""
        _layer = self.layer

    @property
    def open_data(self) -> bool:
        return self.dataset.visibility == Visibility.OPEN

    def text(self, name: str) -> str:
        return self.given.get(name.lower(), "").strip()

    def truth(self, name: str, default: bool = False) -> bool:
        found = self.text(name).lower()
        return default if not found else found in ("true", "1")

    def number(self, name: str, default: int, most: int) -> int:
        """From 0 to `most`, larger brought down. Raises Invalid."""
        found = self.text(name)
        if not found:
            return default
        if not found.isascii() or not found.isdigit():
            raise Invalid(name, _("a whole number is expected"))
        return min(int(found[:20]), most)

    def names(self, name: str) -> list[str]:
        return [one.strip().strip('"') for one in self.text(name).split(",") if one.strip()]


def parameters_of(request: HttpRequest) -> dict[str, str]:
    """Of the address, then of the form sent. Raises Invalid."""
    found: dict[str, Any] = {}
    for sent in (request.GET, request.POST if request.method == "POST" else {}):
        for name, value in sent.items():
            if len(str(value)) > LONGEST:
                raise Invalid(name[:50], _("it is too long"))
            found[name.lower()] = str(value).replace("\0", "")
    return found
