"""What the interface says of the registry and of published datasets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bocage.access.restrictions import require_whole
from bocage.catalog.selectors import dataset_for
from bocage.check.models import Report, Schema
from bocage.check.vocabulary import SchemaStatus

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer

MOST = 1_000


def listed(words: str = "") -> list[dict[str, Any]]:
    """Schemas with at least one version in force, by title."""
    chosen = Schema.objects.filter(versions__status=SchemaStatus.ADOPTED).distinct().prefetch_related("versions")
    if words:
        chosen = chosen.filter(title__icontains=words) | chosen.filter(name__icontains=words)
    return [
        {
            "name": schema.name,
            "title": schema.title,
            "kind": schema.kind,
            "versions": [v.number for v in schema.versions.all() if v.status == SchemaStatus.ADOPTED],
        }
        for schema in chosen.order_by("title")[:MOST]
    ]


def latest_report(viewer: Viewer, slug: str, schema: str = "") -> Report | None:
    """The last verdict on a dataset that the viewer may see whole. Raises NotFound, AccessDenied."""
    dataset = dataset_for(viewer, slug)
    require_whole(viewer, dataset)
    reports = Report.objects.select_related("schema_version__schema").filter(dataset=dataset, version__isnull=False)
    return (reports.filter(schema_version__schema__name=schema) if schema else reports).first()
