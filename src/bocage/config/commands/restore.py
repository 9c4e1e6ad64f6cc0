"""`bocage restore DIR`."""

from __future__ import annotations

import argparse
from pathlib import Path

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

SUMMARY = _("Fill an empty data folder from a backup, after verifying all of it.")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path)


def run(options: argparse.Namespace) -> int:
    from bocage.config import backup, terminal

    label = [""]
    with terminal.progress(lambda: gettext("Restoring: %(what)s") % {"what": label[0]}):
        manifest = backup.restore(options.folder, lambda text: label.__setitem__(0, text))
    terminal.say(
        gettext("Restored: %(versions)s versions, saved on %(date)s by Bocage %(release)s")
        % {"versions": len(manifest.versions), "date": manifest.made_at[:16], "release": manifest.bocage}
    )
    return 0
