"""`bocage up`: everything on one machine, in one command."""

from __future__ import annotations

import argparse
import sys

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bocage.config.commands import web

SUMMARY = _("Bring the database up to date, then start the web server and the worker.")
LOG_LEVEL = "INFO"

configure = web.configure


def run(options: argparse.Namespace) -> int:
    from django.core.management import call_command

    from bocage.config import terminal
    from bocage.config.supervisor import Child, Supervisor

    call_command("migrate", interactive=False, verbosity=0)
    children = [
        Child("web", web.command(options.host, options.port)),
        Child("worker", [sys.executable, "-m", "bocage.config.command_line", "worker"]),
    ]
    shown = "localhost" if options.host in ("0.0.0.0", "::", "127.0.0.1") else options.host  # noqa: S104
    message = gettext("Bocage answers at %(url)s (stop it with Ctrl+C).") % {"url": f"http://{shown}:{options.port}/"}
    return Supervisor(children).run(lambda: terminal.say(message))
