"""`bocage setup DIR`."""

from __future__ import annotations

import argparse
from pathlib import Path

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

SUMMARY = _("Write the settings, the systemd units and a Caddy example into a folder; never overwrites.")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, default=8000, help=str(_("Port of the web server.")))


def run(options: argparse.Namespace) -> int:
    from bocage.config import setup, terminal

    done = setup.write(options.folder, setup.here(options.folder, options.port))
    for name, written in done.items():
        label = gettext("written") if written else gettext("kept as it was")
        terminal.say(f"{label:<20} {options.folder / name}")
    return 0
