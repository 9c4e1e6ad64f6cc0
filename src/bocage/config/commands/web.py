"""`bocage web`: the web server alone."""

from __future__ import annotations

import argparse
import os
import sys

from django.utils.translation import gettext_lazy as _

SUMMARY = _("Start the web server alone.")
DEFAULT_PORT = 8000


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--host", default="127.0.0.1", help=str(_("Address to listen on (default: this machine only)."))
    )
    parser.add_argument(
        "--port",
        type=int,
        default=int(os.environ.get("PORT") or DEFAULT_PORT),
        help=str(_("Port to listen on (default: PORT of the environment, or 8000).")),
    )


def run(options: argparse.Namespace) -> int:
    """Replaces this process: signals go straight to gunicorn."""
    line = command(options.host, options.port)
    os.execv(line[0], line)  # noqa: S606  our own program


def command(host: str, port: int) -> list[str]:
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    server = [sys.executable, "-m", "gunicorn", "-c", "python:bocage.config.server", "--bind", bind]
    return [*server, "bocage.config.wsgi:application"]
