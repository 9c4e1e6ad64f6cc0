"""Quality in the words of the Data Quality Vocabulary (https://www.w3.org/TR/vocab-dqv/), for the catalogue in DCAT."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import OuterRef, Subquery

from bocage.catalog.models import Dataset
from bocage.check.models import Report, Score
from bocage.check.vocabulary import Dimension

NAMESPACE = "http://www.w3.org/ns/dqv#"
LDQD = "http://www.w3.org/2016/05/ldqd#"

DIMENSIONS = {
    Dimension.COMPLETENESS: f"{LDQD}completeness",
    Dimension.CONFORMITY: f"{LDQD}syntacticValidity",
    Dimension.FRESHNESS: f"{LDQD}timeliness",
    Dimension.DOCUMENTATION: f"{LDQD}understandability",
    Dimension.ACCESSIBILITY: f"{LDQD}availability",
    Dimension.CONSISTENCY: f"{LDQD}consistency",
}
"""Of the dimensions that the vocabulary's authors published, the nearest one."""


def last_scores(datasets: Iterable[int]) -> dict[int, Score]:
    """The last score of each of these datasets, by primary key; one statement."""
    latest = Score.objects.filter(dataset=OuterRef("dataset")).order_by("-day").values("pk")[:1]
    found = Score.objects.filter(dataset__in=list(datasets), pk=Subquery(latest))
    return {score.dataset_id: score for score in found}


def last_measured() -> tuple[int, float] | None:
    """Changes when something is measured: part of the validators of what tells scores."""
    return Score.objects.order_by("-pk").values_list("pk", "total").first()


def values_of(score: Score) -> dict[str, float]:
    """What was measured, from 0 to 1: the total, then each dimension by its code."""
    return {"total": score.total} | {name: one["value"] for name, one in score.dimensions.items()}


def measurements(dataset: Dataset, dataset_uri: str, *, metrics_uri: str) -> list[dict[str, Any]]:
    """`dqv:QualityMeasurement` nodes in JSON-LD (prefixes dqv, xsd) of the last score, best known first: the total, then each
    dimension. Empty before the first score. `metrics_uri`: where the metrics are described, their code comes behind `#`."""
    score = Score.objects.filter(dataset=dataset).order_by("-day").first()
    if score is None:
        return []
    return [
        _measurement(dataset_uri, f"{metrics_uri}#{name}", value, score) for name, value in values_of(score).items()
    ]


def metrics(metrics_uri: str) -> list[dict[str, Any]]:
    """`dqv:Metric` nodes: what each measurement measures, and its dimension."""
    return [
        {
            "@id": f"{metrics_uri}#{dimension.value}",
            "@type": "dqv:Metric",
            "dqv:expectedDataType": {"@id": "xsd:double"},
            "dqv:inDimension": {"@id": uri},
        }
        for dimension, uri in DIMENSIONS.items()
    ]


def annotation(report: Report, dataset_uri: str, schema_uri: str) -> dict[str, Any]:
    """`dqv:QualityMetadata`'s statement that the dataset was checked against a schema, and what came of it."""
    return {
        "@type": "dqv:QualityCertificate" if report.valid else "dqv:QualityAnnotation",
        "oa:hasTarget": {"@id": dataset_uri},
        "oa:hasBody": {"@id": schema_uri},
        "oa:motivatedBy": {"@id": "dqv:qualityAssessment"},
        "dct:created": {"@type": "xsd:dateTime", "@value": report.created_at.isoformat()},
        "dqv:value": {"@type": "xsd:integer", "@value": report.error_count},
    }


def _measurement(dataset_uri: str, metric: str, value: float, score: Score) -> dict[str, Any]:
    return {
        "@type": "dqv:QualityMeasurement",
        "dqv:computedOn": {"@id": dataset_uri},
        "dqv:isMeasurementOf": {"@id": metric},
        "dqv:value": {"@type": "xsd:double", "@value": value},
        "prov:generatedAtTime": {"@type": "xsd:date", "@value": score.day.isoformat()},
    }
