"""`bocage manage …`: the framework's own commands."""

from __future__ import annotations

import argparse

from django.utils.translation import gettext_lazy as _

SUMMARY = _("Run an administration command of the framework (migrate, shell…).")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("arguments", nargs=argparse.REMAINDER)


def run(options: argparse.Namespace) -> int:
    from django.core.management import execute_from_command_line

    execute_from_command_line(["bocage manage", *options.arguments])
    return 0
