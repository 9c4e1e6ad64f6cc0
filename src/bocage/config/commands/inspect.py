"""`bocage inspect FILE`: what Bocage understands of a file, without publishing anything."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bocage.config import reading_options

if TYPE_CHECKING:
    from bocage.capture.understanding import Understanding

SUMMARY = _("Show what Bocage understands of a file, without publishing it.")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path)
    parser.add_argument("--json", action="store_true", help=str(_("Answer in JSON.")))
    reading_options.configure(parser)


def run(options: argparse.Namespace) -> int:
    from bocage.capture import services
    from bocage.config import notices, terminal
    from bocage.kernel.errors import BocageError

    try:
        reading_options.require_file(options.file)
        corrections = reading_options.corrections_of(options)
        with terminal.progress(lambda: gettext("Reading %(name)s") % {"name": options.file.name}):
            found = services.inspect(options.file.resolve(), filename=options.file.name, corrections=corrections)
    except BocageError as error:
        terminal.refuse(error, as_json=options.json)
        return 1
    messages = notices.sentences(found.notices)
    if options.json:
        terminal.answer(found.as_dict() | {"messages": messages})
        return 0
    _print(found, messages)
    return 0


def _print(found: Understanding, messages: list[str]) -> None:
    from bocage.config import terminal

    facts = [
        (gettext("Format"), found.format),
        (gettext("Layer"), found.layer),
        (gettext("Encoding"), found.encoding),
        (gettext("Delimiter"), {"\t": "tab"}.get(found.delimiter, found.delimiter)),
        (gettext("Line of the names"), found.header_line),
        (gettext("Rows (estimated)"), found.row_estimate),
        (gettext("Geometry"), f"{found.geometry.source} · {found.geometry.crs}" if found.geometry else ""),
    ]
    for label, value in facts:
        if value not in ("", None):
            terminal.say(f"{label:<24} {value}")
    layers = gettext("Layers")
    if len(found.layers) > 1:
        terminal.say(f"{layers:<24} {', '.join(layer.name for layer in found.layers)}")
    terminal.say()
    for field in found.fields:
        terminal.say(f"  {field.name:<32} {field.type.label!s:<20} {field.label}")
    for message in messages:
        terminal.say(f"! {message}")
