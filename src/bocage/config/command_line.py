"""`bocage`: the command line does what the pages do.

Exit codes: 0 done, 1 refused (the reason is on the standard error output), 2 the command was not understood.
The language is the one of the terminal (`LC_ALL`, `LC_MESSAGES`, `LANG`), French unless it is English.
"""

from __future__ import annotations

import argparse
import os
import pkgutil
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Protocol, cast

from django.utils.functional import Promise


class Command(Protocol):
    """What each module of `commands` offers."""

    SUMMARY: str | Promise

    def configure(self, parser: argparse.ArgumentParser) -> None: ...

    def run(self, options: argparse.Namespace) -> int: ...


def main(arguments: Sequence[str] | None = None) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bocage.config.settings")
    import django
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.utils import translation

    from bocage.config import logs, terminal
    from bocage.config.environment import BadEnvironment
    from bocage.kernel.errors import BocageError

    try:
        django.setup()
    except (BadEnvironment, ImproperlyConfigured) as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    translation.activate(language_of(os.environ))
    commands = discover()
    options = _parser(commands).parse_args(arguments)
    level = getattr(commands[options.command], "LOG_LEVEL", "WARNING")
    logs.configure(settings.BOCAGE.log_format, level=level)
    try:
        return commands[options.command].run(options)
    except BocageError as error:
        terminal.refuse(error)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(
            os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno()
        )  # the reader of our output left: that is its right
        return 0


def discover() -> dict[str, Command]:
    """The commands by name."""
    from bocage.config import commands

    names = sorted(module.name for module in pkgutil.iter_modules(commands.__path__))
    return {name.replace("_", "-"): cast("Command", import_module(f"{commands.__name__}.{name}")) for name in names}


def language_of(environ: Mapping[str, str]) -> str:
    """`en` or `fr`, from the locale of the terminal; `C` says nothing."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environ.get(name):
            return "en" if value.lower().startswith("en") else "fr"
    return "fr"


def _parser(commands: Mapping[str, Command]) -> argparse.ArgumentParser:
    from django.utils.translation import gettext as _

    from bocage import __version__

    parser = argparse.ArgumentParser(prog="bocage", description=_("The platform for territorial data."))
    parser.add_argument("--version", action="version", version=f"Bocage {__version__}")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar=_("command"))
    for name, command in commands.items():
        summary = str(command.SUMMARY)
        command.configure(subparsers.add_parser(name, help=summary, description=summary))
    return parser


def reference() -> str:
    """The page docs/operator/commands.md, in English."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bocage.config.settings")
    os.environ["COLUMNS"] = "100"
    import django
    from django.utils import translation

    django.setup()
    with translation.override("en"):
        parser = _parser(discover())
        subparsers = next(action for action in parser._actions if isinstance(action, argparse._SubParsersAction))  # noqa: SLF001
        pages = [f"## {name}\n\n```\n{sub.format_help()}```" for name, sub in subparsers.choices.items()]
    head = "# Commands\n\nWritten by `make docs` from the commands themselves."
    return "\n\n".join([head, f"```\n{parser.format_help()}```", *pages]) + "\n"


if __name__ == "__main__":
    sys.exit(main())
