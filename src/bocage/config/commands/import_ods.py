"""`bocage import-ods https://portal`: leave an Opendatasoft portal with everything, and know what differs."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bocage.kernel.errors import TerminalError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bocage.organizations.models import Organization
    from bocage.pipeline.moving.catalogue import Catalogue
    from bocage.pipeline.moving.copying import Copier
    from bocage.pipeline.moving.outcome import Outcome
    from bocage.pipeline.moving.placing import Destination
    from bocage.pipeline.moving.plan import Planned
    from bocage.pipeline.moving.portal import Portal
    from bocage.pipeline.moving.report import Report
    from bocage.pipeline.moving.services import Selection

SUMMARY = _("Copy an Opendatasoft portal: catalogue, data, attached files. Interrupted, it goes on where it was.")
KEY_VARIABLE = "ODS_APIKEY"
LOG_LEVEL = "ERROR"
LONG_WAIT_SECONDS = 5.0


class Interrupted(TerminalError):
    code = "command.interrupted"
    message = _("Interrupted.")
    mend = _("Run the same command again: it goes on where it was.")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("portal", metavar="URL", help=str(_("Address of the portal to leave.")))
    parser.add_argument(
        "--organization", required=True, metavar="SLUG", help=str(_("Organisation that publishes here."))
    )
    parser.add_argument(
        "--publisher", action="append", default=[], type=_pair, metavar="NAME=SLUG",
        help=str(_("Datasets of this publisher go to this organisation instead. May be repeated.")),
    )  # fmt: skip
    parser.add_argument(
        "--apikey", action="store_true",
        help=str(_("Ask for an API key of the portal, to copy what strangers do not see. Without asking: variable ODS_APIKEY.")),
    )  # fmt: skip
    parser.add_argument("--only", nargs="+", default=[], metavar="ID", help=str(_("Copy these datasets alone.")))
    parser.add_argument("--where", default="", help=str(_("Copy what this condition on the catalogue keeps (ODSQL).")))
    parser.add_argument(
        "--rename", action="append", default=[], type=_pair, metavar="ID=SLUG",
        help=str(_("Give this dataset another identifier here. May be repeated.")),
    )  # fmt: skip
    parser.add_argument("--dry-run", action="store_true", help=str(_("Say what would be done and lost; copy nothing.")))
    parser.add_argument("--again", action="store_true", help=str(_("Fetch again what has not changed either.")))
    parser.add_argument("--json", action="store_true", help=str(_("Answer in JSON.")))


def run(options: argparse.Namespace) -> int:
    from bocage.config import terminal
    from bocage.pipeline.moving.portal import portal_at
    from bocage.pipeline.moving.services import Selection, alone

    selection = Selection(tuple(options.only), options.where)
    destination = _destination(options)
    apikey = _apikey(options)
    with alone() as folder:
        portal = portal_at(options.portal, folder=folder, apikey=apikey)
        portal.patience.waiting = _say_waiting
        with terminal.progress(lambda: gettext("Reading the catalogue of %(host)s") % {"host": portal.host}):
            destination, catalogue = _listed(portal, selection, destination)
        report = _foreseen if options.dry_run else _carried_out
        return _tell(options, report(options, portal, destination, catalogue, selection))


def _pair(text: str) -> tuple[str, str]:
    name, _equals, slug = text.rpartition("=")
    if not name or not slug:
        raise argparse.ArgumentTypeError(gettext("“%(text)s” is not of the form NAME=SLUG.") % {"text": text})
    return name, slug


def _apikey(options: argparse.Namespace) -> str:
    """Never an argument: other accounts of the machine read those."""
    if found := os.environ.get(KEY_VARIABLE, "").strip():
        return found
    if not options.apikey:
        return ""
    asked = gettext("API key of the portal: ")
    return (getpass.getpass(asked, stream=sys.stderr) if sys.stdin.isatty() else sys.stdin.readline()).strip()


def _destination(options: argparse.Namespace) -> Destination:
    from bocage.pipeline.moving.placing import Destination

    publishers = {name: _organization(slug) for name, slug in options.publisher}
    return Destination(_organization(options.organization), publishers, dict(options.rename))


def _organization(slug: str) -> Organization:
    from bocage.organizations.selectors import organization_named

    return organization_named(slug)


def _listed(portal: Portal, selection: Selection, destination: Destination) -> tuple[Destination, Catalogue]:
    import dataclasses

    from bocage.pipeline.moving.services import listed, public_identifiers

    catalogue = listed(portal, selection)
    return dataclasses.replace(destination, public=public_identifiers(portal, selection)), catalogue


def _say_waiting(seconds: float) -> None:
    from bocage.config import terminal

    if seconds >= LONG_WAIT_SECONDS:
        terminal.warn(gettext("The portal asks to wait: %(seconds)s seconds.") % {"seconds": round(seconds)})


# Beforehand ---------------------------------------------------------------------------------------------------------


def _planned(
    options: argparse.Namespace, portal: Portal, destination: Destination, catalogue: Catalogue
) -> tuple[Report, list[Planned]]:
    """The report to be filled, with the items that are not even datasets; what is to be done with the others."""
    from bocage.kernel.clock import now
    from bocage.pipeline.moving.plan import plan
    from bocage.pipeline.moving.report import Report
    from bocage.pipeline.moving.services import refused_item

    report = Report(portal.origin, destination.organization.slug, now())
    report.outcomes = [refused_item(name, error) for name, error in catalogue.refused]
    return report, plan(portal.origin, catalogue.datasets, destination, again=options.again)


def _foreseen(
    options: argparse.Namespace, portal: Portal, destination: Destination, catalogue: Catalogue, _selection: Selection
) -> Report:
    from bocage.pipeline.moving.plan import foreseen

    report, planned = _planned(options, portal, destination, catalogue)
    report.outcomes += [foreseen(one, destination) for one in planned]
    report.calls = portal.patience.calls
    if not options.json:
        for outcome in report.outcomes:
            _say(outcome, foreseen=True)
    return report


# The copy -----------------------------------------------------------------------------------------------------------


def _carried_out(
    options: argparse.Namespace, portal: Portal, destination: Destination, catalogue: Catalogue, selection: Selection
) -> Report:
    from bocage.kernel.clock import now
    from bocage.pipeline.moving.errors import StopsEverything
    from bocage.pipeline.moving.services import gone

    report, planned = _planned(options, portal, destination, catalogue)
    try:
        for outcome in _one_by_one(options, portal, destination, planned):
            report.outcomes.append(outcome)
        if selection.is_everything:
            report.gone = [row.dataset.slug for row in gone(portal, catalogue) if row.dataset]
    except StopsEverything as error:
        report.stopped = error.as_dict()
    except KeyboardInterrupt:
        report.stopped = Interrupted().as_dict()
    report.ended_at, report.calls = now(), portal.patience.calls
    return report


def _one_by_one(
    options: argparse.Namespace, portal: Portal, destination: Destination, planned: list[Planned]
) -> Iterator[Outcome]:
    """Each outcome, said as it comes; while it does not come, what is being done."""
    from bocage.config import terminal
    from bocage.pipeline.moving.copying import Copier
    from bocage.pipeline.moving.services import carry_out_all

    copier, doing = Copier(portal, destination, again=options.again), [""]
    copier.say = lambda text: doing.__setitem__(0, text)
    outcomes = carry_out_all(planned, copier)
    for rank, one in enumerate(planned, start=1):
        status = _Status(copier, doing, f"{rank}/{len(planned)} {one.source.id[:60]}")
        with terminal.progress(status):
            outcome = next(outcomes)
        if not options.json:
            _say(outcome)
        yield outcome
    next(outcomes, None)


class _Status:
    """What is being done, for the line of progress. Called from another thread: reads, and asks nothing."""

    def __init__(self, copier: Copier, doing: list[str], name: str) -> None:
        self._copier, self._doing, self._name = copier, doing, name

    def __call__(self) -> str:
        from bocage.pipeline.moving.report import one_line

        received = self._copier.received_bytes
        size = f" {received / 1_000_000:.1f} MB" if received else ""
        return one_line(f"{self._name}: {self._doing[0]}{size}")


# What is told -------------------------------------------------------------------------------------------------------


def _say(outcome: Outcome, *, foreseen: bool = False) -> None:
    """One line by dataset; below, why it was not copied, what differs and, beforehand, what cannot be kept."""
    from bocage.config import terminal
    from bocage.pipeline.moving.report import one_line, told

    rows = "" if outcome.rows is None else gettext("%(rows)s rows") % {"rows": f"{outcome.rows:,}".replace(",", " ")}
    facts = [rows, gettext("%(count)s fields") % {"count": outcome.fields} if outcome.fields else ""]
    if outcome.attachments:
        facts.append(gettext("%(count)s attached files") % {"count": outcome.attachments})
    line = f"{outcome.step.label:<22} {one_line(outcome.source_id)[:60]:<44} {', '.join(filter(None, facts))}"
    terminal.say(line.rstrip())
    said = told(outcome)
    for sentence in said["error"] + said["differences"]:
        terminal.say(f"  ! {sentence}")
    for sentence in said["losses"] if foreseen else ():
        terminal.say(f"  - {sentence}")


def _tell(options: argparse.Namespace, report: Report) -> int:
    """The end of it, on the terminal and in two files. 1 when anything differs, or was not copied."""
    from django.conf import settings

    from bocage.config import terminal
    from bocage.pipeline.moving.report import keep, summary_lines

    if options.dry_run:
        if options.json:
            terminal.answer(report.as_dict())
        return 0
    page, data = keep(report, settings.DATA_DIR / "reports")
    if options.json:
        terminal.answer(report.as_dict() | {"files": [str(page), str(data)]})
    else:
        terminal.say()
        for line in summary_lines(report):
            terminal.say(line)
        if advice := report.stopped.get("mend"):
            terminal.say(advice)
        terminal.say(gettext("Report: %(page)s (and %(data)s)") % {"page": page, "data": data.name})
    if report.stopped.get("code") == Interrupted.code:
        return 130
    return 0 if report.is_right else 1
