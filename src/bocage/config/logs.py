"""Structured logs: one event per request and per step of a run, in JSON or for a terminal, and no personal data.

Only the fields listed in `ALLOWED` are written: a field added somewhere in a hurry does not reach the disk. Addresses of clients,
accounts, query strings and search terms are not in the list, on purpose.
"""

from __future__ import annotations

import logging
import logging.config
import re
import secrets
import sys
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, Literal

import structlog
from django.http import HttpRequest, HttpResponseBase

_FIELDS = """event level logger timestamp exception request_id method operation status duration_ms bytes
run step attempt rows code kind fault reference worker threads chore dataset organization version
working_folders dropped_files runs heartbeats child exit_code"""
ALLOWED = frozenset(_FIELDS.split())
UNLOGGED = frozenset({"/healthz", "/readyz", "/metrics"})
REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")

log = structlog.get_logger("bocage.web")


def only_allowed(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Drop every field that is not allow-listed (structlog's own begin with `_`)."""
    return {name: value for name, value in event.items() if name in ALLOWED or name.startswith("_")}


def _with_request_id(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    if current := REQUEST_ID.get():
        event.setdefault("request_id", current)
    return event


def configure(form: Literal["json", "console"], *, level: str = "INFO") -> None:
    """Set up structlog and the standard library's logging, which Django and gunicorn use, to write alike."""
    shared: list[Any] = [
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _with_request_id,
    ]
    last: list[Any] = (
        [structlog.processors.format_exc_info, only_allowed, structlog.processors.JSONRenderer(ensure_ascii=False)]
        if form == "json"
        else [only_allowed, structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
    )
    if form == "console":
        last.insert(0, _keep_exception)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": shared,
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
    }
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"bocage": formatter},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "bocage"}},
            "root": {"handlers": ["stderr"], "level": level},
            "loggers": {
                "django": {"handlers": [], "propagate": True, "level": "WARNING"},
                # Its warnings (404, 403) carry the path, and our own request event says it without.
                "django.request": {"level": "ERROR"},
                "django.server": {"handlers": [], "propagate": True, "level": "ERROR"},
                "gunicorn.error": {"handlers": [], "propagate": True, "level": "INFO"},
                "urllib3": {"level": "ERROR"},  # its messages carry addresses with their query
                "charset_normalizer": {"level": "ERROR"},
            },
        }
    )


def _keep_exception(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """For a terminal, the trace as text: the renderer would otherwise print local variables."""
    return dict(structlog.processors.format_exc_info(_logger, _method, event))


class RequestLog:
    """Middleware: one event per request, under an identifier that the answer carries too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if re.fullmatch(r"[A-Za-z0-9-]{8,64}", given) else secrets.token_hex(8)
        token = REQUEST_ID.set(request_id)
        started = time.perf_counter()
        try:
            response = self.get_response(request)
            response.headers["X-Request-ID"] = request_id
            if request.path not in UNLOGGED:
                log.info(
                    "request.answered",
                    method=request.method,
                    operation=operation_of(request),
                    status=response.status_code,
                    duration_ms=round((time.perf_counter() - started) * 1000, 1),
                )
            return response
        finally:
            REQUEST_ID.reset(token)


def operation_of(request: HttpRequest) -> str:
    """The name of the URL pattern that answered: never the path, which has as many values as there are things."""
    match = getattr(request, "resolver_match", None)
    if match is None:
        return "unmatched"
    return match.view_name if match.url_name else "unnamed"
