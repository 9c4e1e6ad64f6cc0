"""What every section of the page of a dataset has in common: the dataset as the reader sees it, the frame of the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bocage.access.rules import decide, on_request
from bocage.access.standing import viewer_of
from bocage.access.viewer import Viewer
from bocage.access.vocabulary import Action, Visibility
from bocage.catalog.fields import Field
from bocage.catalog.models import Dataset
from bocage.catalog.selectors import dataset_for
from bocage.catalog.vocabulary import Theme
from bocage.portal.freshness import freshness_of
from bocage.portal.tabs import TABS, tabs_of, title_of
from bocage.query.facts import as_seen
from bocage.query.relation import DatasetRelation
from bocage.query.restricted import seen_by
from bocage.store.models import Version
from bocage.store.selectors import current_version

if TYPE_CHECKING:
    from bocage.query.relation import Relation


@dataclass(frozen=True)
class Subject:
    """The dataset of the page as the one who looks sees it, and its published version if there is one. `whole`: nothing of
    it is kept from them. `on_request`: they know of it, and may ask for its data, of which nothing is here."""

    viewer: Viewer
    dataset: Dataset
    version: Version | None
    relation: Relation | None
    whole: bool
    on_request: bool = False

    @property
    def fields(self) -> Sequence[Field]:
        """The fields that this viewer may name, or be told of."""
        if self.on_request:
            return self.dataset.fields
        return self.relation.fields if self.relation else ()


def subject_of(request: HttpRequest, slug: str, action: Action = Action.READ) -> Subject:
    """`action`: SEE for a section that shows nothing of the data. Raises NotFound, DataOnRequest."""
    viewer = viewer_of(request.user)
    dataset = dataset_for(viewer, slug, action)
    if action == Action.SEE and on_request(viewer, dataset):
        return Subject(viewer, as_seen(viewer, dataset), None, None, whole=False, on_request=True)
    version = current_version(dataset)
    relation = seen_by(viewer, DatasetRelation(dataset, version)) if version else None
    return Subject(viewer, as_seen(viewer, dataset), version, relation, isinstance(relation, DatasetRelation))


def _sections(subject: Subject) -> tuple[str, ...]:
    """The sections that this dataset has."""
    always = ("dataset", "dataset_discussions", *(("dataset_schema",) if subject.on_request and subject.fields else ()))
    if subject.version is None:
        return always
    return tuple(name for name, _label, _icon in TABS if name != "dataset_map" or subject.dataset.is_geographic)


def page_of(
    request: HttpRequest,
    subject: Subject,
    name: str,
    context: dict[str, Any] | None = None,
    *,
    filters: str = "",
    template: str = "",
) -> HttpResponse:
    """The section `name`. `filters`: the query of the filter in use, kept by the sections that show rows.
    `template`: another page of the same section."""
    dataset = subject.dataset
    common = {
        "dataset": dataset,
        "version": subject.version,
        "whole": subject.whole,
        "on_request": subject.on_request,
        "tabs": tabs_of(dataset.slug, _sections(subject), name, filters),
        "section": title_of(name),
        "themes": [(code, Theme(code).label) for code in dataset.themes if code in Theme.values],
        "freshness": freshness_of(dataset),
        "visibility": Visibility(dataset.visibility),
        "may_publish": bool(decide(subject.viewer, Action.PUBLISH, dataset)),
    }
    return render(request, template or f"portal/{name}.html", common | (context or {}))
