"""The console: a page where a request is made by hand, seen in several languages, and its answer read. It works without script."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bocage.access.standing import viewer_of
from bocage.access.viewer import Viewer
from bocage.catalog.models import Dataset
from bocage.kernel.public_address import public_address
from bocage.publish.explore import parameters as p
from bocage.publish.explore.call import ROOT
from bocage.publish.explore.console_examples import questions
from bocage.publish.explore.console_words import OPERATIONS as WORDS
from bocage.publish.explore.console_words import PARAMETERS as HELP
from bocage.publish.explore.dispatch import operate
from bocage.publish.explore.door import answered
from bocage.publish.explore.exports import CATALOGUE_FORMATS
from bocage.publish.explore.operation import SEGMENT
from bocage.publish.explore.operations import OPERATIONS
from bocage.publish.explore.snippets import snippets
from bocage.publish.files import FORMATS
from bocage.query.facts import as_seen
from bocage.query.selection import selection_at

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase
    from django.utils.functional import Promise

    from bocage.publish.explore.operation import Operation
    from bocage.publish.explore.parameters import Parameter

OFFERED = {operation.identifier: operation for operation in OPERATIONS if operation.identifier in WORDS}
FIRST = "getRecords"
MAIN = frozenset({"select", "where", "group_by", "order_by", "limit", "refine", "facet"})
LONGEST_SHOWN = 20_000
"""Characters of an answer shown in the page."""
MOST_LISTED = 200
"""Datasets offered by name; the identifier of another one may be typed."""
RECORD_KEY = "record_id"


@dataclass(frozen=True)
class Control:
    """A parameter as a form shows it; `choices` makes it a list."""

    name: str
    value: str
    help: str | Promise
    choices: tuple[str, ...] = ()
    several: bool = False


@dataclass(frozen=True)
class Shown:
    """An answer, or the beginning of a long one."""

    status: int
    text: str
    cut: bool


@dataclass(frozen=True)
class Attempt:
    """What the page was asked: an operation, the parts of its address, its parameters."""

    request: HttpRequest
    viewer: Viewer

    @property
    def given(self) -> QueryDict:
        return self.request.GET

    @cached_property
    def operation(self) -> Operation:
        return OFFERED.get(self.given.get("operation", ""), OFFERED[FIRST])

    @cached_property
    def segments(self) -> dict[str, str]:
        """The variable parts of the address: the first dataset and the first format until others are chosen."""
        names = SEGMENT.findall(self.operation.path)
        found = {name: self.given.get(name, "").strip()[:200] for name in names}
        if "dataset_id" in found and not found["dataset_id"] and self.datasets:
            found["dataset_id"] = self.datasets[0][0]
        if "format" in found and found["format"] not in self.formats:
            found["format"] = "csv"
        return found

    @cached_property
    def formats(self) -> tuple[str, ...]:
        return tuple(FORMATS) if "{dataset_id}" in self.operation.path else CATALOGUE_FORMATS

    @cached_property
    def datasets(self) -> Sequence[tuple[str, str]]:
        """Identifier and title of what the viewer may query and this door shows, the latest first."""
        shown = selection_at(self.request.get_host()).filter
        published = Dataset.objects.visible_to(self.viewer).filter(shown, version_number__isnull=False)
        return list(published.order_by("-data_updated_at", "pk").values_list("slug", "title")[:MOST_LISTED])

    @cached_property
    def dataset(self) -> Dataset | None:
        found = Dataset.objects.visible_to(self.viewer).filter(slug=self.segments.get("dataset_id", ""))
        first = found.first()
        return as_seen(self.viewer, first) if first else None

    @cached_property
    def query(self) -> QueryDict:
        """The parameters filled in, as the interface takes them."""
        query = QueryDict(mutable=True)
        for parameter in self.operation.parameters:
            text = self.given.get(parameter.name, "")
            lines = text.splitlines() if parameter.kind == "texts" else [text]
            if kept := [line.strip("\r\n") for line in lines if line.strip(" \r\n")]:
                query.setlist(parameter.name, kept)
        return query

    @cached_property
    def complete(self) -> bool:
        return all(self.segments.values())

    @cached_property
    def path(self) -> str:
        """Below the root of the interface."""
        return SEGMENT.sub(lambda match: quote(self.segments[match[1]], safe="@"), self.operation.path)

    @cached_property
    def address(self) -> str:
        pairs = [(name, value) for name, values in self.query.lists() for value in values]
        return public_address(self.request, f"{ROOT}/{self.path}") + (
            f"?{urlencode(pairs, quote_via=quote)}" * bool(pairs)
        )

    @cached_property
    def file(self) -> str:
        """The name of the file that an export gives; empty for the other operations."""
        if "{format}" not in self.operation.path:
            return ""
        return f"{self.segments.get('dataset_id') or 'catalogue'}.{self.segments['format']}"

    def controls(self) -> Iterator[Control]:
        for parameter in self.operation.parameters:
            yield Control(
                parameter.name,
                self.given.get(parameter.name, "")[: p.LONGEST_TEXT],
                HELP.get(parameter.name, parameter.description),
                _choices(parameter),
                parameter.kind == "texts",
            )

    def answer(self) -> Shown:
        """What the interface answers to this viewer, through the same door as a program."""
        response = answered(self.request, lambda viewer, _given: self._operate(viewer))
        text = _readable(response)
        return Shown(response.status_code, text[:LONGEST_SHOWN], len(text) > LONGEST_SHOWN)

    def _operate(self, viewer: Viewer) -> HttpResponseBase:
        path = SEGMENT.sub(lambda match: self.segments[match[1]], self.operation.path)
        return operate(self.request, viewer, path, self.query)


@require_safe
@never_cache
def console(request: HttpRequest) -> HttpResponse:
    """`/api/explore/v2.1/console`: a form, and once it is sent, the request and its answer."""
    attempt = Attempt(request, viewer_of(request.user))
    asked = "run" in request.GET and attempt.complete
    controls = list(attempt.controls())
    context: dict[str, Any] = {
        "attempt": attempt,
        "operations": [(name, WORDS[name]) for name in OFFERED],
        "takes_record": RECORD_KEY in attempt.segments,
        "main": [control for control in controls if control.name in MAIN],
        "others": [control for control in controls if control.name not in MAIN],
        "unfold": any(control.value for control in controls if control.name not in MAIN),
        "questions": _links(attempt),
        "asked": asked,
        "snippets": snippets(attempt.address, attempt.file) if asked else (),
        "answer": attempt.answer() if asked and not attempt.file else None,
    }
    return render(request, "publish/console.html", context)


def _links(attempt: Attempt) -> list[tuple[str, str]]:
    """Title and address of the questions offered on the chosen dataset: the same page, filled in."""
    if attempt.dataset is None:
        return []
    common = {"operation": FIRST, "dataset_id": attempt.dataset.slug, "run": "1"}
    page = reverse("explore-console")
    return [(one.title, f"{page}?{urlencode(common | one.given)}#answer") for one in questions(attempt.dataset)]


def _choices(parameter: Parameter) -> tuple[str, ...]:
    if parameter.kind == "boolean":
        return ("true", "false")
    return parameter.choices


def _readable(response: HttpResponseBase) -> str:
    """The JSON of an answer, spread on lines; anything else as it is."""
    if not isinstance(response, HttpResponse):
        close = getattr(response, "close", None)
        if close is not None:
            close()
        return ""
    text = response.content.decode("utf-8", "replace")
    try:
        return json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):
        return text
