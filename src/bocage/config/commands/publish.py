"""`bocage publish FILE`: what a coordinator does on the page, in one line, and at once."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bocage.config import reading_options
from bocage.kernel.errors import TerminalError

if TYPE_CHECKING:
    from bocage.capture.understanding import Corrections
    from bocage.catalog.models import Dataset
    from bocage.pipeline.models import Run

SUMMARY = _("Publish a file as the next version of a dataset, created when it is new.")


class MetadataRefused(TerminalError):
    code = "command.metadata-refused"
    message = _("The dataset cannot be saved: %(reasons)s")


class InsideWithSchema(TerminalError):
    """What a schema checks are the texts of the file, and a part of it is written again."""

    code = "command.inside-with-schema"
    message = _("--inside cannot be used for a dataset that follows a schema.")
    mend = _("Publish the whole file, or cut it before you give it.")


class HeldElsewhere(TerminalError):
    code = "command.dataset-held-elsewhere"
    message = _("The dataset “%(dataset)s” belongs to the organisation “%(organization)s”.")
    mend = _("Choose another identifier, or publish for that organisation.")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path)
    parser.add_argument("--organization", required=True, metavar="SLUG")
    parser.add_argument("--dataset", required=True, metavar="SLUG")
    parser.add_argument("--title", help=str(_("Title of the dataset (default, when it is new: its identifier).")))
    parser.add_argument("--visibility", choices=("open", "request", "shared", "private"))
    parser.add_argument("--key", metavar="FIELD,…", help=str(_("Fields that identify a row.")))
    parser.add_argument("--comment", default="", help=str(_("What changed in this version.")))
    parser.add_argument("--schema", metavar="NAME", help=str(_("Schema that the dataset follows from now on.")))
    parser.add_argument(
        "--schema-version", default="", metavar="NUMBER", help=str(_("Its version (default: the latest)."))
    )
    parser.add_argument(
        "--policy", choices=("block", "quarantine", "warn"), help=str(_("What becomes of rows that do not follow it."))
    )
    parser.add_argument(
        "--inside", metavar="SLUG", help=str(_("Keep only what lies in the territory of this organisation."))
    )
    parser.add_argument("--json", action="store_true", help=str(_("Answer in JSON.")))
    reading_options.configure(parser)


def run(options: argparse.Namespace) -> int:
    from bocage.config import terminal
    from bocage.kernel.errors import BocageError
    from bocage.pipeline.vocabulary import RunStatus

    try:
        reading_options.require_file(options.file)
        dataset, created = _dataset(options)
        try:
            _follow(options, dataset)
            done = _publish(options, dataset)
        except BocageError:
            if created:
                _forget(dataset)
            raise
        if created and done.status == RunStatus.FAILED:
            _forget(dataset, done)  # a file that was refused leaves no empty dataset behind
    except BocageError as error:
        terminal.refuse(error, as_json=options.json)
        return 1
    _tell(options, dataset, done)
    return 0 if done.status in (RunStatus.DONE, RunStatus.UNCHANGED, RunStatus.REVIEW) else 1


def _dataset(options: argparse.Namespace) -> tuple[Dataset, bool]:
    from bocage.access.viewer import OPERATOR
    from bocage.catalog.models import Dataset
    from bocage.catalog.services import create_dataset, update_metadata
    from bocage.kernel.errors import NotFound
    from bocage.organizations.models import Organization

    organization = Organization.objects.filter(slug=options.organization).first()
    if organization is None:
        raise NotFound(kind=gettext("The organisation"), name=options.organization)
    given = {"title": options.title, "visibility": options.visibility, "primary_key": _key(options)}
    metadata = {name: value for name, value in given.items() if value is not None}
    dataset = Dataset.objects.select_related("organization").filter(slug=options.dataset).first()
    try:
        if dataset is None:
            metadata.setdefault("title", options.dataset)
            arguments: dict[str, Any] = {"organization": organization, "slug": options.dataset, **metadata}
            return create_dataset(viewer=OPERATOR, **arguments), True
        if dataset.organization_id != organization.pk:
            raise HeldElsewhere(dataset=dataset.slug, organization=dataset.organization.slug)
        if metadata:
            update_metadata(viewer=OPERATOR, dataset=dataset, **metadata)
    except ValidationError as error:
        raise MetadataRefused(reasons=" ".join(error.messages)) from None
    return dataset, False


def _follow(options: argparse.Namespace, dataset: Dataset) -> None:
    """The schema asked for; or, without one, the policy alone."""
    from bocage.access.viewer import OPERATOR
    from bocage.check.conformities import follow
    from bocage.check.registry.selectors import schema_version
    from bocage.pipeline.conforming import conformity_of

    known = conformity_of(dataset)
    if options.schema:
        version = schema_version(options.schema, options.schema_version, viewer=OPERATOR)
    elif options.policy and known:
        version = known.schema_version
    else:
        return
    follow(viewer=OPERATOR, dataset=dataset, version=version, policy=options.policy or "")


def _key(options: argparse.Namespace) -> list[str] | None:
    return None if options.key is None else [name.strip() for name in options.key.split(",") if name.strip()]


def _publish(options: argparse.Namespace, dataset: Dataset) -> Run:
    from bocage.access.viewer import OPERATOR
    from bocage.config import terminal
    from bocage.kernel.scratch import scratch
    from bocage.pipeline.inline import Publication

    with scratch("publish") as directory:
        file, corrections = _given(options, dataset, directory)
        publication = Publication(
            viewer=OPERATOR,
            dataset=dataset,
            file=file,
            filename=options.file.name if file == options.file.resolve() else f"{options.file.stem}.parquet",
            corrections=corrections,
            comment=options.comment,
        )
        with terminal.progress(publication.status):
            return publication.carry_out()


def _given(options: argparse.Namespace, dataset: Dataset, directory: Path) -> tuple[Path, Corrections]:
    """The file, or what it holds inside a territory; and how to read it."""
    from bocage.capture.understanding import Corrections
    from bocage.config import terminal
    from bocage.organizations.selectors import organization_named
    from bocage.pipeline.conforming import conformity_of
    from bocage.pipeline.references.clipping import clip

    file, corrections = options.file.resolve(), reading_options.corrections_of(options)
    if not options.inside:
        return file, corrections
    if conformity_of(dataset) is not None:
        raise InsideWithSchema
    organization = organization_named(options.inside)
    with terminal.progress(lambda: gettext("Cutting the file")):
        path, _count = clip(
            file, filename=file.name, corrections=corrections, organization=organization, directory=directory
        )
    return path, Corrections()


def _forget(dataset: Dataset, failed: Run | None = None) -> None:
    from bocage.catalog.services import touch_catalogue
    from bocage.pipeline import incoming

    if failed is not None:
        incoming.forget(failed.uid)
    dataset.runs.all().delete()
    dataset.delete()
    touch_catalogue()


def _tell(options: argparse.Namespace, dataset: Dataset, done: Run) -> None:
    from bocage.config import notices, terminal
    from bocage.pipeline.faults import from_record
    from bocage.pipeline.vocabulary import RunStatus

    warnings = notices.sentences(done.warnings)
    if options.json:
        terminal.answer(_as_json(dataset, done, warnings))
        return
    if done.error:
        error = from_record(done.error)
        terminal.warn(gettext("Refused: %(reason)s") % {"reason": error["message"]})
        if error["mend"]:
            terminal.warn(f"  {error['mend']}")
        return
    if done.status == RunStatus.REVIEW:
        terminal.say(gettext("It is not published yet: another person has to review it, in the console."))
        return
    facts = _as_json(dataset, done, warnings)
    unchanged = "" if done.version else " · " + gettext("unchanged")
    lines = [
        (gettext("Dataset"), facts["dataset"]),
        (gettext("Version"), f"{facts['version']}{unchanged}"),
        (gettext("Rows"), facts["rows"]),
        (gettext("Address"), facts["url"]),
    ]
    for label, value in lines:
        terminal.say(f"{label:<16} {value}")
    for warning in warnings:
        terminal.say(f"! {warning}")


def _as_json(dataset: Dataset, done: Run, messages: list[str]) -> dict[str, Any]:
    from bocage.pipeline.faults import from_record
    from bocage.store.selectors import current_version

    version = done.version or (current_version(dataset) if dataset.pk else None)
    return {
        "dataset": dataset.slug,
        "status": done.status,
        "version": version.number if version else None,
        "rows": version.row_count if version else None,
        "url": _address(dataset),
        "warnings": [warning | {"message": text} for warning, text in zip(done.warnings, messages, strict=True)],
        "error": from_record(done.error) if done.error else None,
    }


def _address(dataset: Dataset) -> str:
    from django.conf import settings

    from bocage.config.commands.web import DEFAULT_PORT

    here = f"http://localhost:{os.environ.get('PORT') or DEFAULT_PORT}"
    return f"{(settings.BOCAGE.public_url or here).rstrip('/')}/explore/dataset/{dataset.slug}/"
