"""The pages of a dataset. Each section has its own address and works without JavaScript."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from bocage.access.requests.selectors import waiting_of
from bocage.access.vocabulary import Action
from bocage.catalog.fields import Field
from bocage.catalog.references.relations import NONE, relations_of
from bocage.catalog.vocabulary import FieldType, Frequency, Licence
from bocage.kernel.public_address import public_address
from bocage.portal import odsql, table_query
from bocage.portal.cells import Cell, cell
from bocage.portal.chart_drawing import draw
from bocage.portal.chart_query import AGGREGATES, CATEGORIES, KINDS, MEASURES, STEPS, ChartQuery
from bocage.portal.examples import examples_of
from bocage.portal.export_formats import formats_for
from bocage.portal.paging import paging
from bocage.portal.selectors import related, territory_names
from bocage.portal.structured_data import structured_data
from bocage.portal.table_facets import count_facets
from bocage.portal.views.sections import Subject, page_of, subject_of
from bocage.query.requests import OdsqlRequest
from bocage.query.services import records
from bocage.store.documents import attachments_of
from bocage.store.selectors import versions_for

SAMPLE_ROWS = 5


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
        "relations": relations_of(subject.viewer, [dataset]).get(dataset.pk, NONE),
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
    count_facets(subject.viewer, subject.relation, query, asked)
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
    return page_of(request, subject, "dataset_table", context, filters=query.filters)


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
