"""`/metrics` for Prometheus. Labels are operations and states, never paths, datasets, organisations or people.

Asked with the key `BOCAGE_METRICS_KEY`, in `X-Metrics-Key` or as a bearer token; without a key set, only a direct request from
this machine is answered. With several web processes, each writes its counters below `PROMETHEUS_MULTIPROC_DIR` (set by
`config.server`), and the one that answers sums them up.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.crypto import constant_time_compare
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    multiprocess,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from bocage.config.locality import is_local
from bocage.config.logs import operation_of
from bocage.kernel.clock import now

REQUESTS = Counter("bocage_requests", "Requests answered.", ["operation", "status"])
DURATION = Histogram(
    "bocage_request_duration_seconds",
    "Time to the answer's first byte.",
    ["operation"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)


class RequestMetrics:
    """Middleware: counts and times each request under the operation that answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        response = self.get_response(request)
        operation = operation_of(request)
        REQUESTS.labels(operation, str(response.status_code)).inc()
        DURATION.labels(operation).observe(time.perf_counter() - started)
        return response


def metrics(request: HttpRequest) -> HttpResponse:
    if not _may_read(request):
        return HttpResponse("key required\n", status=403, content_type="text/plain")
    body = generate_latest(_requests_registry()) + generate_latest(_state_registry())
    return HttpResponse(body, content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


def _may_read(request: HttpRequest) -> bool:
    key: str = settings.BOCAGE.metrics_key.get_secret_value()
    if not key:
        return is_local(request)
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    bearer = token if scheme.lower() == "bearer" else ""
    given = request.headers.get("X-Metrics-Key") or bearer
    return constant_time_compare(given, key)


def _requests_registry() -> CollectorRegistry:
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry


def _state_registry() -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(State())
    return registry


class State(Collector):
    """What the database and the disk say, asked at each scrape: four short queries."""

    def collect(self) -> Iterator[Any]:
        from bocage.pipeline.models import Heartbeat, Run
        from bocage.pipeline.vocabulary import LIVE, RunStatus
        from bocage.store.models import Version

        runs = GaugeMetricFamily("bocage_runs", "Runs by status.", labels=["status"])
        counted = dict(Run.objects.order_by().values_list("status").annotate(Count("pk")))
        for status in RunStatus.values:
            runs.add_metric([status], counted.get(status, 0))
        yield runs
        oldest = Run.objects.filter(status__in=LIVE, due_at__lte=now()).aggregate(oldest=Min("due_at"))["oldest"]
        late = (now() - oldest).total_seconds() if oldest else 0
        yield GaugeMetricFamily("bocage_oldest_due_run_seconds", "For how long the oldest due run has waited.", late)
        yield GaugeMetricFamily("bocage_versions", "Versions kept.", Version.objects.count())
        beat = Heartbeat.objects.order_by("-beat_at").values_list("beat_at", flat=True).first()
        silence = (now() - beat).total_seconds() if beat else float("inf")
        yield GaugeMetricFamily("bocage_worker_silence_seconds", "Since the last sign of life of a worker.", silence)
        yield GaugeMetricFamily("bocage_hot_cache_bytes", "Size of the hot cache on disk.", _hot_cache_bytes())


def _hot_cache_bytes() -> int:
    from bocage.store.layout import hot_directory

    total = 0
    for path in hot_directory().glob("*"):
        try:
            total += path.stat().st_size
        except FileNotFoundError:  # evicted meanwhile
            continue
    return total
