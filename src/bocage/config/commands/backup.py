"""`bocage backup DIR`."""

from __future__ import annotations

import argparse
from pathlib import Path

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

SUMMARY = _("Save the database, the versions and the secret key into a folder; only what is new is copied again.")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path)


def run(options: argparse.Namespace) -> int:
    from bocage.config import backup, terminal

    label = [""]
    with terminal.progress(lambda: gettext("Saving: %(what)s") % {"what": label[0]}):
        manifest = backup.back_up(options.folder, lambda text: label.__setitem__(0, text))
    sizes = sum(entry.size for entry in manifest.entries())
    terminal.say(
        gettext("Saved: %(versions)s versions, %(megabytes)s MB in all, in %(folder)s")
        % {"versions": len(manifest.versions), "megabytes": round(sizes / 1e6, 1), "folder": options.folder}
    )
    for path in manifest.missing:
        terminal.warn(gettext("Rows kept aside are missing, and are not saved: %(path)s") % {"path": path})
    return 0
