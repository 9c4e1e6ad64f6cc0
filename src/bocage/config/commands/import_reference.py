"""`bocage import-reference SOURCE FILE`: a file of the State, or of OpenStreetMap, becomes a reference of the platform."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from bocage.pipeline.references.importing.services import Imported

SUMMARY = _("Import boundaries, addresses, parcels or roads, and mark them as references.")
MOST_TOLD = 30


def configure(parser: argparse.ArgumentParser) -> None:
    sources = ("admin-express", "ban", "cadastre", "osm")
    parser.add_argument("source", choices=sources, help=str(_("Where the file comes from.")))
    parser.add_argument("file", type=Path, help=str(_("The file that you downloaded, out of its .7z archive.")))
    parser.add_argument("--organization", required=True, metavar="SLUG")
    parser.add_argument(
        "--within", action="append", default=[], metavar="CODE",
        help=str(_("Keep this commune only (INSEE code), or this intercommunal authority (SIREN). May be repeated.")),
    )  # fmt: skip
    parser.add_argument(
        "--department", action="append", default=[], metavar="NUMBER", help=str(_("Keep this department only. May be repeated."))
    )  # fmt: skip
    parser.add_argument(
        "--layer", action="append", default=[], metavar="NAME",
        help=str(_("Import this layer: communes, epci, departements, regions; parcelles, sections, batiments; routes, lieux.")),
    )  # fmt: skip
    parser.add_argument(
        "--dataset", default="", metavar="SLUG", help=str(_("Identifier of the dataset, for one layer."))
    )
    parser.add_argument("--visibility", choices=("open", "request", "shared", "private"), default="open")
    parser.add_argument(
        "--preview", action="store_true", help=str(_("Publish nothing: say what would change, and for whom."))
    )
    parser.add_argument("--json", action="store_true", help=str(_("Answer in JSON.")))


def run(options: argparse.Namespace) -> int:
    from bocage.config import terminal
    from bocage.config.commands.publish import MetadataRefused
    from bocage.kernel.errors import BocageError
    from bocage.pipeline.references.importing.services import import_reference

    doing = [gettext("Opening the file")]
    try:
        order = _order(options)
        with terminal.progress(lambda: doing[-1]):
            try:
                done = import_reference(order, say=doing.append, preview=options.preview)
            except ValidationError as error:
                raise MetadataRefused(reasons=" ".join(error.messages)) from None
    except BocageError as error:
        terminal.refuse(error, as_json=options.json)
        return 1
    if options.json:
        terminal.answer([_as_json(one) for one in done])
    else:
        for one in done:
            _tell(one)
    return 1 if any(one.failed for one in done) else 0


def _order(options: argparse.Namespace) -> Any:
    from bocage.access.vocabulary import Visibility
    from bocage.config import reading_options
    from bocage.organizations.selectors import organization_named
    from bocage.pipeline.references.importing.area import area_of
    from bocage.pipeline.references.importing.services import SOURCES, Order

    reading_options.require_file(options.file)
    return Order(
        source=SOURCES[options.source],
        file=options.file.resolve(),
        organization=organization_named(options.organization),
        area=area_of(options.within, options.department),
        layers=tuple(options.layer),
        slug=options.dataset,
        visibility=Visibility(options.visibility),
    )


def _tell(done: Imported) -> None:
    from bocage.config import terminal
    from bocage.pipeline.faults import from_record

    title = done.prepared.layer.title
    if done.failed and done.run is not None:
        error = from_record(done.run.error)
        terminal.warn(gettext("%(layer)s: refused. %(reason)s") % {"layer": title, "reason": error["message"]})
        if error["mend"]:
            terminal.warn(f"  {error['mend']}")
        return
    count = ngettext("%(count)s row", "%(count)s rows", done.prepared.rows) % {"count": done.prepared.rows}
    named = f" · {done.dataset.slug}" if done.dataset else ""
    terminal.say(f"{title}{named} · {count} · {_outcome(done)}")
    if not done.prepared.unique:
        terminal.say("! " + gettext("The key “%(key)s” is not there once in every row.") % {"key": done.prepared.key})
    _tell_touched(done)


def _outcome(done: Imported) -> str:
    from bocage.pipeline.vocabulary import RunStatus

    if done.run is None:
        return gettext("not published: this was a preview")
    if done.run.status == RunStatus.REVIEW:
        return gettext("waits to be reviewed, in the console; then import it again to mark it as a reference")
    if done.run.status == RunStatus.UNCHANGED:
        return gettext("unchanged")
    if done.run.version is None:
        return gettext("will be tried again by the worker")
    return gettext("version %(number)s") % {"number": done.run.version.number}


def _tell_touched(done: Imported) -> None:
    from bocage.config import terminal

    counts = done.change.counts
    if counts:
        words = {"gone": counts.get("gone", 0), "added": counts.get("added", 0), "renamed": counts.get("renamed", 0)}
        terminal.say("  " + gettext("Keys no more: %(gone)s; new: %(added)s; with another name: %(renamed)s.") % words)
    for link, count in done.touched[:MOST_TOLD]:
        facts = {"dataset": link.dataset.slug, "field": link.field, "gone": count.gone, "renamed": count.renamed}
        said = gettext("%(dataset)s (%(field)s), rows to nothing: %(gone)s; to another name: %(renamed)s.")
        terminal.say(f"  {said % facts}")
    if len(done.touched) > MOST_TOLD:
        terminal.say("  " + gettext("And %(count)s more.") % {"count": len(done.touched) - MOST_TOLD})


def _as_json(done: Imported) -> dict[str, Any]:
    from bocage.pipeline.faults import from_record

    run = done.run
    return {
        "layer": done.prepared.layer.name,
        "dataset": done.dataset.slug if done.dataset else None,
        "status": run.status if run else "preview",
        "version": run.version.number if run and run.version else None,
        "rows": done.prepared.rows,
        "key": done.prepared.key,
        "error": from_record(run.error) if run and run.error else None,
        "keys": dict(done.change.counts),
        "touched": [
            {
                "dataset": link.dataset.slug, "field": link.field, "gone": count.gone, "renamed": count.renamed,
                "redrawn": count.redrawn,
            }
            for link, count in done.touched
        ],
    }  # fmt: skip
