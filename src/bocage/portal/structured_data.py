"""A dataset as schema.org says it, for search engines: https://schema.org/Dataset."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from bocage.access.vocabulary import ANNOUNCED, Visibility
from bocage.catalog.vocabulary import Licence
from bocage.kernel.public_address import public_address
from bocage.portal.export_formats import ExportFormat, formats_for
from bocage.portal.markdown import excerpt

if TYPE_CHECKING:
    from django.http import HttpRequest

    from bocage.catalog.models import Dataset

SHORTEST, LONGEST = 50, 5000  # characters of a description that search engines take


def structured_data(request: HttpRequest, dataset: Dataset) -> SafeString | None:
    """JSON-LD ready to stand in a <script>; None for what is not told to everyone: search engines have no business there.

    The text of a script ends at `</`, wherever it stands: `<` is therefore never written as such."""
    if dataset.visibility not in ANNOUNCED:
        return None
    said = json.dumps(_described(request, dataset), ensure_ascii=False)
    escaped = said.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return mark_safe(escaped)  # noqa: S308  escaped for the only place where it stands


def _described(request: HttpRequest, dataset: Dataset) -> dict[str, Any]:
    address = public_address(request, reverse("portal:dataset", args=[dataset.slug]))
    described: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": address,
        "url": address,
        "identifier": address,
        "name": dataset.title,
        "description": _description(dataset),
        "keywords": [*dataset.theme_labels, *dataset.keywords],
        "inLanguage": dataset.language,
        "creator": _publisher(request, dataset),
        "publisher": _publisher(request, dataset),
        "includedInDataCatalog": {"@type": "DataCatalog", "url": public_address(request, reverse("portal:catalogue"))},
        "datePublished": dataset.created_at.isoformat(timespec="seconds"),
        "dateCreated": dataset.created_at.isoformat(timespec="seconds"),
        "dateModified": (dataset.data_updated_at or dataset.metadata_updated_at).isoformat(timespec="seconds"),
    }
    if url := Licence(dataset.licence).url:
        described["license"] = url
    if dataset.visibility == Visibility.REQUEST:
        described["conditionsOfAccess"] = _("The data are given on request: the page of the dataset says how to ask.")
    else:
        described["isAccessibleForFree"] = True
    if dataset.visibility == Visibility.OPEN and dataset.version_number is not None:
        described["version"] = str(dataset.version_number)
        described["distribution"] = [
            _download(request, dataset, one) for one in formats_for(geographic=dataset.is_geographic)
        ]
    if dataset.bbox:
        west, south, east, north = dataset.bbox
        # schema.org writes latitude first: https://schema.org/GeoShape
        box = {"@type": "GeoShape", "box": f"{south} {west} {north} {east}"}
        described["spatialCoverage"] = {"@type": "Place", "geo": box}
    if dataset.temporal_start or dataset.temporal_end:
        described["temporalCoverage"] = f"{dataset.temporal_start or '..'}/{dataset.temporal_end or '..'}"
    return described


def _description(dataset: Dataset) -> str:
    """Search engines refuse a shorter one than SHORTEST: the rest is then said by the metadata."""
    words = excerpt(dataset.description, LONGEST)
    if len(words) >= SHORTEST:
        return words
    said = {"publisher": dataset.organization.name, "licence": Licence(dataset.licence).label}
    more = _("Data published by %(publisher)s (%(licence)s), to look at, to query and to take away.") % said
    return " ".join(filter(None, (dataset.title.rstrip(".") + ".", words, more)))[:LONGEST]


def _publisher(request: HttpRequest, dataset: Dataset) -> dict[str, str]:
    page = reverse("portal:organization", args=[dataset.organization.slug])
    said = {"@type": "GovernmentOrganization", "name": dataset.organization.name, "url": public_address(request, page)}
    return said | ({"sameAs": dataset.organization.website} if dataset.organization.website else {})


def _download(request: HttpRequest, dataset: Dataset, kind: ExportFormat) -> dict[str, str]:
    path = f"/api/explore/v2.1/catalog/datasets/{dataset.slug}/exports/{kind.code}"
    return {
        "@type": "DataDownload",
        "encodingFormat": kind.media_type,
        "contentUrl": public_address(request, path),
    }
