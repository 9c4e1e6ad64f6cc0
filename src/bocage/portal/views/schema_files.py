"""The registry of schemas, for machines: `schema.json` at an address that never changes, the package, the catalogue."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from bocage.access.standing import viewer_of
from bocage.check.models import Schema, SchemaVersion
from bocage.check.registry.addresses import json_path, page_path
from bocage.check.registry.package import package, schema_bytes
from bocage.check.registry.selectors import schema_version, versions_for
from bocage.check.vocabulary import SchemaStatus
from bocage.kernel.etags import is_known
from bocage.kernel.public_address import public_address
from bocage.portal.views.schemas import resolved_descriptor

CATALOGUE_FORMAT = "https://opendataschema.frama.io/catalog/schema-catalog.json"


@require_safe
def schema_json(request: HttpRequest, owner: str, slug: str, number: str) -> HttpResponse:
    """The schema, its code lists as enumerations: whoever checks against it needs nothing else. `number`: or `latest`."""
    version = schema_version(f"{owner}/{slug}", number, viewer=viewer_of(request.user))
    content = schema_bytes(resolved_descriptor(version))
    return _file(request, content, "application/json; charset=utf-8", version)


@require_safe
def schema_package(request: HttpRequest, owner: str, slug: str, number: str) -> HttpResponse:
    """`schema.json`, `README.md`, `CHANGELOG.md`: what the national registry asks for."""
    viewer = viewer_of(request.user)
    version = schema_version(f"{owner}/{slug}", number, viewer=viewer)
    history = versions_for(viewer).filter(schema=version.schema, precedence__lte=version.precedence).defer("lint")
    homepage = public_address(request, page_path(version.schema.name))
    response = _file(request, package(version, history=history, homepage=homepage), "application/zip", version)
    response["Content-Disposition"] = f'attachment; filename="{slug}-{version.number}.zip"'
    return response


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """Every schema in the format of the national registry, so that another platform imports ours."""
    listed: dict[int, dict[str, Any]] = {}
    found = versions_for(viewer_of(None)).defer("descriptor", "lint").order_by("schema__name", "precedence")
    for version in found:
        entry = listed.setdefault(version.schema_id, _entry(version.schema))
        url = public_address(request, json_path(version.schema.name, version.number))
        entry["versions"].append({"version_name": version.number, "schema_url": url})
    content = json.dumps(
        {"$schema": CATALOGUE_FORMAT, "version": 1, "schemas": list(listed.values())}, ensure_ascii=False
    )
    return with_validator(request, content.encode(), "application/json; charset=utf-8")


def _entry(schema: Schema) -> dict[str, Any]:
    return {
        "name": schema.name, "title": schema.title, "description": schema.description, "schema_type": schema.language,
        "contact": schema.entry.get("contact", ""), "examples": schema.entry.get("examples", []),
        "labels": schema.entry.get("labels", []), "homepage": schema.homepage, "versions": [],
    }  # fmt: skip


def _file(request: HttpRequest, content: bytes, kind: str, version: SchemaVersion) -> HttpResponse:
    response = with_validator(request, content, kind)
    if version.status == SchemaStatus.DRAFT:
        response["Cache-Control"] = "private, no-store"
    return response


def with_validator(request: HttpRequest, content: bytes, kind: str) -> HttpResponse:
    """Open to the scripts of other sites, and sent again only when it changed."""
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    if is_known(request, etag):
        response = HttpResponse(status=304)
        del response["Content-Type"]
    else:
        response = HttpResponse(content, content_type=kind)
    response["ETag"] = etag
    response["Cache-Control"] = "no-cache"
    response["Access-Control-Allow-Origin"] = "*"
    return response
