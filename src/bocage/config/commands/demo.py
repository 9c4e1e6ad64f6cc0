"""`bocage demo`: the demonstration territory, loaded once, then the site."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bocage.config.commands import up, web

SUMMARY = _("Load the demonstration territory, then start the site.")


def configure(parser: argparse.ArgumentParser) -> None:
    web.configure(parser)
    parser.add_argument(
        "--with", dest="folder", type=Path, help=str(_("Also load every real file found in this folder."))
    )
    parser.add_argument("--load-only", action="store_true", help=str(_("Load, and do not start the site.")))


def run(options: argparse.Namespace) -> int:
    from django.conf import settings

    if not settings.BOCAGE.demo:
        _start_again_as_a_demonstration(options.port)
    _load(options)
    if options.load_only:
        return 0
    _show_accounts(options.port)
    return up.run(options)


def _start_again_as_a_demonstration(port: int) -> None:
    """Settings are read once, at the start: this process becomes one that has the settings of a demonstration."""
    ours = f"127.0.0.1:{port},localhost:{port}"
    listed = os.environ.get("BOCAGE_CAPTURE_PRIVATE_HOSTS", "")
    environ = os.environ | {
        "BOCAGE_DEMO": "true",
        "BOCAGE_CAPTURE_PRIVATE_HOSTS": f"{listed},{ours}".strip(","),
    }
    os.execve(sys.executable, [sys.executable, "-m", "bocage.config.command_line", *sys.argv[1:]], environ)  # noqa: S606


def _load(options: argparse.Namespace) -> None:
    from django.core.management import call_command

    from bocage.config import terminal
    from bocage.demo.loader import load
    from bocage.demo.organizations import METROPOLE
    from bocage.demo.real_files import load_folder
    from bocage.demo.registry import import_folder

    start = time.monotonic()
    call_command("migrate", interactive=False, verbosity=0)
    load(address=f"http://127.0.0.1:{options.port}", say=terminal.say)
    if options.folder:
        import_folder(options.folder.resolve(), say=terminal.say)
        for loaded in load_folder(options.folder.resolve(), organization=METROPOLE):
            name = loaded.file.relative_to(options.folder.resolve())
            terminal.say(f"  {name} → {loaded.slug} ({loaded.rows})" if loaded.slug else f"  {name} ✗ {loaded.reason}")
    if (seconds := time.monotonic() - start) > 2:
        terminal.say(gettext("The demonstration is loaded (%(seconds)d s).") % {"seconds": seconds})


def _show_accounts(port: int) -> None:
    from bocage.config import terminal
    from bocage.demo.loader import accounts_path

    accounts = json.loads(accounts_path().read_text(encoding="utf-8"))
    terminal.say("")
    terminal.say(
        gettext("Demonstration accounts (password for all of them: %(password)s)")
        % {"password": accounts[0]["password"]}
    )
    chosen = [a for a in accounts if a["organization"] in ("Bocage", "Nantes Métropole", "Rezé", "Vertou")]
    for account in chosen:
        terminal.say(f"  {account['email']:<52} {account['role']}, {account['organization']}")
    others = len(accounts) - len(chosen)
    terminal.say(gettext("  … and %(count)d others, in %(path)s") % {"count": others, "path": accounts_path()})
    terminal.say("")
