"""The shape of an answer: that of the Validata API (`schema`, `url`, `options`, `version`, `date`, `report`), and ours beside."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest

import bocage
from bocage.check.report.listing import errors_json, report_head
from bocage.kernel.public_address import public_root
from bocage.pipeline.checking.kept import KeptCheck
from bocage.store.engine import workshop

ROOT = "/api/check/v1"
MOST_ERRORS = 1_000
"""Errors in an answer; the report behind `links` has them all, and the counts are exact."""


def answer_of(request: HttpRequest, check: KeptCheck, given: dict[str, str]) -> dict[str, Any]:
    head = report_head(check.verdict, check.schema, check.mends, check.facts)
    with workshop(check.folder, spatial=False) as shop:
        pieces = errors_json(check.verdict, check.schema, workshop=shop, limit=MOST_ERRORS)
        errors = [json.loads(piece) for piece in pieces]
    report = {name: head[name] for name in ("valid", "stats", "warnings")} | {"errors": errors}
    options = {
        name: given[name]
        for name in ("profile", "schema_version", "sheet", "encoding", "header_row")
        if given.get(name)
    }
    return {
        "schema": given.get("schema", ""),
        "url": check.url or None,
        "options": options,
        "version": bocage.__version__,
        "date": datetime.fromtimestamp(check.created_at, UTC).isoformat(),
        "report": report,
        "families": head["families"],
        "file": head["file"],
        "checked": head["schema"] | {"profile": head["profile"]},
        "links": links(request, check),
    }


def links(request: HttpRequest, check: KeptCheck) -> dict[str, str]:
    root = public_root(request)
    said = {suffix: f"{root}{ROOT}/report/{check.uid}.{suffix}" for suffix in ("json", "csv", "xlsx")}
    said["badge"] = f"{root}{ROOT}/badge.svg?report={check.uid}"
    said["page"] = f"{root}/check/{check.uid}/"
    said["expires_at"] = datetime.fromtimestamp(check.expires_at, UTC).isoformat()
    return said
