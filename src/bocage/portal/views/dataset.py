"""The pages of a dataset. Each section has its own address and works without JavaScript."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from bocage.access.requests.selectors import waiting_of
from bocage.access.rules import decide, on_request
from bocage.access.standing import viewer_of
from bocage.access.viewer import Viewer
from bocage.access.vocabulary import Action, Visibility
from bocage.catalog.fields import Field
from bocage.catalog.models import Dataset
from bocage.catalog.selectors import dataset_for
from bocage.catalog.vocabulary import FieldType, Frequency, Licence, Theme
from bocage.kernel.public_address import public_address
from bocage.portal import odsql, table_query
from bocage.portal.cells import Cell, cell
from bocage.portal.chart_drawing import draw
from bocage.portal.chart_query import AGGREGATES, CATEGORIES, KINDS, MEASURES, STEPS, ChartQuery
from bocage.portal.examples import examples_of
from bocage.portal.export_formats import formats_for
from bocage.portal.freshness import freshness_of
from bocage.portal.paging import paging
from bocage.portal.selectors import related, territory_names
from bocage.portal.structured_data import structured_data
from bocage.portal.table_facets import listed
from bocage.query.facts import as_seen
from bocage.query.relation import DatasetRelation
from bocage.query.requests import FacetRequest, OdsqlRequest
from bocage.query.restricted import seen_by
from bocage.query.services import facets, records
from bocage.store.documents import attachments_of
from bocage.store.models import Version
from bocage.store.selectors import current_version, versions_for

if TYPE_CHECKING:
    from bocage.query.relation import Relation

SAMPLE_ROWS = 5
MAP_FEATURES = 5000
MOST_FACETS = 20
FACET_VALUES = 40

TABS = (
    ("dataset", _("About"), "info"),
    ("dataset_table", _("Table"), "table"),
    ("dataset_map", _("Map"), "map"),
    ("dataset_chart", _("Chart"), "chart"),
    ("dataset_export", _("Download"), "download"),
    ("dataset_api", _("API"), "code"),
    ("dataset_history", _("History"), "history"),
    ("dataset_schema", _("Fields"), "schema"),
    ("dataset_quality", _("Quality"), "check"),
    ("dataset_discussions", _("Discussions"), "group"),
)


@dataclass(frozen=True)
class Tab:
    name: str
    label: object
    icon: str
    address: str
    current: bool


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


def _tabs(subject: Subject, current: str) -> list[Tab]:
    """The sections that this dataset has."""
    always = ("dataset", "dataset_discussions", *(("dataset_schema",) if subject.on_request and subject.fields else ()))
    return [
        Tab(name, label, icon, reverse(f"portal:{name}", args=[subject.dataset.slug]), name == current)
        for name, label, icon in TABS
        if name in always or (subject.version and (name != "dataset_map" or subject.dataset.is_geographic))
    ]


def page_of(request: HttpRequest, subject: Subject, name: str, context: dict[str, Any] | None = None) -> HttpResponse:
    dataset = subject.dataset
    common = {
        "dataset": dataset,
        "version": subject.version,
        "whole": subject.whole,
        "on_request": subject.on_request,
        "tabs": _tabs(subject, name),
        "section": next(label for tab, label, _icon in TABS if tab == name),
        "themes": [(code, Theme(code).label) for code in dataset.themes if code in Theme.values],
        "freshness": freshness_of(dataset),
        "visibility": Visibility(dataset.visibility),
        "may_publish": bool(decide(subject.viewer, Action.PUBLISH, dataset)),
    }
    return render(request, f"portal/{name}.html", common | (context or {}))


def _lines(fields: Sequence[Field], rows: list[dict[str, Any]]) -> list[list[Cell]]:
    return [[cell(field, row.get(field.name)) for field in fields] for row in rows]


def _sample(subject: Subject) -> tuple[list[Field], list[dict[str, Any]]]:
    """The first rows of the first columns, without shapes."""
    tabular = [field for field in subject.fields if field.type != FieldType.GEOMETRY][: table_query.SHOWN_COLUMNS]
    if subject.relation is None or not tabular:
        return [], []
    select = ", ".join(odsql.name(field.name) for field in tabular)
    return tabular, records(subject.viewer, subject.relation, OdsqlRequest(select=select, limit=SAMPLE_ROWS)).rows


@require_safe
def about(request: HttpRequest, slug: str) -> HttpResponse:
    subject = subject_of(request, slug, Action.SEE)
    dataset = subject.dataset
    fields, rows = _sample(subject)
    context = {
        "licence": Licence(dataset.licence),
        "frequency": Frequency(dataset.update_frequency),
        "territory": territory_names(dataset.territory),
        "downloads": formats_for(geographic=dataset.is_geographic)[:3],
        "numeric": MEASURES,
        "fields": fields,
        "lines": _lines(fields, rows),
        "documents": () if subject.on_request else attachments_of(subject.viewer, dataset),
        "waiting": waiting_of(subject.viewer, dataset.uid) if subject.on_request else None,
        "days": settings.BOCAGE.access_request_days,
        "related": related(subject.viewer, dataset),
        "structured_data": structured_data(request, dataset),
        "address": public_address(request, request.path),
        "share_picture": public_address(request, static("share.png")),
    }
    return page_of(request, subject, "dataset", context)


@require_safe
def table(request: HttpRequest, slug: str) -> HttpResponse:
    subject = subject_of(request, slug)
    if subject.relation is None:
        return page_of(request, subject, "dataset_table")
    query = table_query.TableQuery.read(subject.fields, request.GET)
    asked = query.request()
    page = records(subject.viewer, subject.relation, asked)
    _count_facets(subject, query, asked)
    context = {
        "query": query,
        "headers": [_header(query, column) for column in query.columns],
        "lines": _lines(query.columns, page.rows),
        "total": page.total_count,
        "filters": [(control, query.without(control)) for control in query.active],
        "without_words": query.address(q=None),
        "shapes": [field for field in subject.fields if field.type == FieldType.GEOMETRY],
        "paging": paging(
            page.total_count,
            query.page,
            table_query.PAGE_SIZE,
            lambda number: query.address(page=str(number)),
            last_page=table_query.LAST_PAGE,
        ),
    }
    return page_of(request, subject, "dataset_table", context)


def _count_facets(subject: Subject, query: table_query.TableQuery, asked: OdsqlRequest) -> None:
    """Give each filter of the dataset its values, counted under the other filters."""
    controls = {control.field.name: control for control in query.facets[:MOST_FACETS]}
    if subject.relation is None or not controls:
        return
    wanted = [FacetRequest(name, limit=FACET_VALUES) for name in controls]
    for name, values in facets(subject.viewer, subject.relation, asked, wanted).items():
        controls[name].options = listed(values)


@dataclass(frozen=True)
class Header:
    """The head of a column; `address` sorts by it, the other way round when it already does."""

    field: Field
    order: str
    address: str

    @property
    def label(self) -> str:
        return self.field.label or self.field.name

    @property
    def numeric(self) -> bool:
        return self.field.type in MEASURES


def _header(query: table_query.TableQuery, column: Field) -> Header:
    order = query.sorted_by(column)
    if column.type in table_query.UNSORTED:
        return Header(column, order, "")
    following = f"-{column.name}" if order == "ascending" else column.name
    return Header(column, order, query.address(sort=following))


@require_safe
def map_page(request: HttpRequest, slug: str) -> HttpResponse:
    subject = subject_of(request, slug)
    shape = next((field for field in subject.fields if field.type.is_geographic), None)
    api_root = f"/api/explore/v2.1/catalog/datasets/{slug}"
    settings_of_map = {
        "geojson": f"{api_root}/exports/geojson",
        "records": f"{api_root}/records",
        "points": bool(shape and shape.type == FieldType.GEOPOINT),
        "field": odsql.name(shape.name) if shape else "",
        "bbox": subject.dataset.bbox,
        "limit": MAP_FEATURES,
        "total": subject.dataset.row_count,
        "style": settings.BOCAGE.basemap_style_url,
        "communes": reverse("portal:basemap_communes"),
        "labels": {field.name: field.label or field.name for field in subject.fields if not field.type.is_geographic},
    }
    return page_of(request, subject, "dataset_map", {"shape": shape, "map_settings": settings_of_map})


@require_safe
def chart(request: HttpRequest, slug: str) -> HttpResponse:
    subject = subject_of(request, slug)
    query = ChartQuery.read(subject.fields, request.GET)
    if subject.relation is None or query is None:
        return page_of(request, subject, "dataset_chart")
    found = records(subject.viewer, subject.relation, query.request())
    context = {
        "query": query,
        "drawing": draw(query, found.rows, found.total_count),
        "categories": [field for field in subject.fields if field.type in CATEGORIES],
        "measures": [field for field in subject.fields if field.type in MEASURES],
        "aggregates": AGGREGATES,
        "kinds": KINDS,
        "steps": STEPS,
    }
    return page_of(request, subject, "dataset_chart", context)


@require_safe
def export(request: HttpRequest, slug: str) -> HttpResponse:
    subject = subject_of(request, slug)
    base = request.build_absolute_uri(f"/api/explore/v2.1/catalog/datasets/{slug}/exports")
    context = {"formats": formats_for(geographic=subject.dataset.is_geographic), "base": base}
    return page_of(request, subject, "dataset_export", context)


@require_safe
def api(request: HttpRequest, slug: str) -> HttpResponse:
    subject = subject_of(request, slug)
    root = request.build_absolute_uri("/").rstrip("/")
    return page_of(request, subject, "dataset_api", {"examples": examples_of(subject.dataset, root)})


@require_safe
def history(request: HttpRequest, slug: str) -> HttpResponse:
    subject = subject_of(request, slug)
    versions = versions_for(subject.viewer, subject.dataset)
    # Who published is for colleagues; the public knows the organisation.
    return page_of(request, subject, "dataset_history", {"versions": versions, "names": subject.viewer.in_group})


@require_safe
def schema(request: HttpRequest, slug: str) -> HttpResponse:
    subject = subject_of(request, slug, Action.SEE)
    fields, rows = _sample(subject)
    sampled = {field.name: _first(field, rows) for field in fields}
    lines = [(field, sampled.get(field.name)) for field in subject.fields]
    return page_of(request, subject, "dataset_schema", {"lines": lines})


def _first(field: Field, rows: list[dict[str, Any]]) -> Cell | None:
    """An example: the first value there is."""
    return next((cell(field, row[field.name]) for row in rows if row.get(field.name) not in (None, "", [])), None)
