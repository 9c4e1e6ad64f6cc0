"""`bocage upgrade`: after a new release is installed, or before the first start."""

from __future__ import annotations

import argparse
from pathlib import Path

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

SUMMARY = _("Bring the database up to date after a new release is installed.")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--backup", type=Path, metavar="DIR", help=str(_("Save everything there first.")))


def run(options: argparse.Namespace) -> int:
    from django.core.checks import ERROR, run_checks
    from django.core.management import call_command

    from bocage import __version__
    from bocage.config import backup, database_copy, health, terminal
    from bocage.pipeline import housekeeping

    faults = [str(message.msg) for message in run_checks() if message.level >= ERROR]
    for fault in faults:
        terminal.warn(fault)
    if faults:
        return 1
    if options.backup and database_copy.has_tables():
        backup.back_up(options.backup, lambda _text: None)
        terminal.say(gettext("Saved in %(folder)s") % {"folder": options.backup})
    with terminal.progress(lambda: gettext("Bringing the database up to date")):
        call_command("migrate", interactive=False, verbosity=0)
        call_command("remove_stale_contenttypes", interactive=False, verbosity=0)
        housekeeping.tidy()
    terminal.say(gettext("The database is up to date with Bocage %(release)s.") % {"release": __version__})
    left = [
        name for name, reason in health.readiness().items() if reason and name in ("database", "migrations", "store")
    ]
    return 1 if left else 0
