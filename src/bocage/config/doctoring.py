"""Is this installation well? What `bocage doctor` looks at beside the store: settings, database, worker, leftovers of runs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta

from django.conf import settings
from django.core.checks import ERROR, run_checks
from django.utils.translation import gettext as _

from bocage.config import health


@dataclass(frozen=True)
class Remark:
    """One thing found: a stable code, how bad (`error`, `warning`, `notice`), a sentence, and whether it was mended."""

    code: str
    severity: str
    message: str
    repaired: bool = False

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


def examine(*, repair: bool) -> Iterator[Remark]:
    """Everything, quickest first. Publications wait while the files are compared with the rows."""
    from bocage.pipeline.publishing import nobody_publishing

    yield from _settings()
    faults = health.readiness()
    yield from _readiness(faults)
    if faults["database"] or faults["migrations"]:
        return
    yield from _runs(repair)
    yield from _old_versions()
    yield from _journal()
    yield from _epochs(repair)
    with nobody_publishing():
        yield from _store(repair)
        yield from _checks(repair)
        yield from _documents(repair)


def _settings() -> Iterator[Remark]:
    for message in run_checks():
        if message.level >= ERROR:  # warnings of the framework are for those who write Bocage
            yield Remark(f"settings.{message.id}", "error", str(message.msg))
    if settings.DATA_DIR.exists() and settings.DATA_DIR.stat().st_mode & 0o077:
        yield Remark("settings.folder-readable", "error", _("The data folder can be read by others: chmod 700."))
    key = settings.DATA_DIR / "secret.key"
    if key.exists() and key.stat().st_mode & 0o077:
        yield Remark("settings.key-readable", "error", _("The file secret.key can be read by others: chmod 600."))
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        yield Remark(
            "settings.root", "notice", _("Bocage does not need the rights of root: run it as an ordinary user.")
        )
    if not settings.BOCAGE.smtp_url.get_secret_value():
        yield Remark(
            "settings.no-mail", "notice", _("No mail server is set (BOCAGE_SMTP_URL): messages are only logged.")
        )


def _readiness(faults: dict[str, str]) -> Iterator[Remark]:
    sentences = {
        "database": _("The database does not answer."),
        "migrations": _("The database is not up to date: run “bocage upgrade”."),
        "store": _("The data folder cannot be written."),
        "worker": _("No worker has given a sign of life for a minute: nothing is polled nor published from the pages."),
    }
    for name, reason in faults.items():
        if reason and name in sentences:
            yield Remark(f"ready.{name}", "notice" if name == "worker" else "error", sentences[name])


def _runs(repair: bool) -> Iterator[Remark]:
    from bocage.pipeline import claims, housekeeping

    if repair:
        claims.recover()
    for name, folders in housekeeping.leftovers().items():
        for folder in folders:
            text = _("Leftover of an interrupted publication: %(path)s") % {"path": folder}
            yield Remark(f"runs.{name}", "warning", text, repaired=repair)
    if repair:
        housekeeping.tidy()


def _journal() -> Iterator[Remark]:
    """Nothing of it is ever mended: what was lost, or forged, must stay seen."""
    from django.db import connection

    from bocage.access.audit import guards, verifying

    found = verifying.breaks()
    for one in found:
        yield Remark(one.code, "error", one.sentence)
    if found:
        yield Remark(
            "audit.meaning",
            "error",
            _(
                "The journal of who read and changed what was altered behind the back of Bocage, or damaged. Up to the first "
                "entry named above it is what was written. Keep the database as it is, and compare with a backup."
            ),
        )
    if guards.missing(connection):
        sentence = _("The database would let the journal be changed: its guards are gone. Run “bocage upgrade”.")
        yield Remark("audit.unguarded", "warning", sentence)


def _epochs(repair: bool) -> Iterator[Remark]:
    """Nothing is wrong without them, but slow: whatever anybody reads makes everybody ask for their rights again."""
    from django.db import connection

    from bocage.kernel import epochs

    database = epochs.counted_in(connection)
    if database is not None and not epochs.complete(database):
        if repair:
            epochs.install(database)
        yield Remark(
            "database.uncounted",
            "warning",
            _("The database does not count its changes: answers are slower. Run “bocage upgrade”."),
            repaired=repair,
        )


def _old_versions() -> Iterator[Remark]:
    """What is about to leave by the rules of the organisations, and what should have left already."""
    from bocage.kernel.clock import now
    from bocage.pipeline.models import LeavingVersion

    marked = LeavingVersion.objects.count()
    late = LeavingVersion.objects.filter(leaves_at__lt=now() - timedelta(days=1)).count()
    if marked > late:
        text = _("Old versions about to be removed, unless somebody keeps them: %(count)s") % {"count": marked - late}
        yield Remark("versions.leaving", "notice", text)
    if late:
        text = _("Old versions that should be gone since yesterday (no worker, or they are always in use): %(count)s")
        yield Remark("versions.late", "warning", text % {"count": late})


def _store(repair: bool) -> Iterator[Remark]:
    from bocage.store.integrity import doctor

    for found in doctor(repair, grace=timedelta(0), staging_grace=timedelta(days=1)):
        yield Remark(found.code, found.severity.value, found.sentence, found.repaired)


def _checks(repair: bool) -> Iterator[Remark]:
    """Files of checks that no row names; rows aside whose file is gone or damaged."""
    from bocage.pipeline import aftermath

    for path in list(aftermath.orphans(young=0)):
        text = _("Leftover of an interrupted publication: %(path)s") % {"path": path}
        if repair:
            aftermath.remove(iter([path]))
        yield Remark("checks.orphan", "notice", text, repaired=repair)
    for one, reason in aftermath.damaged_files():
        told = {"dataset": one.conformity.dataset.title, "path": one.file, "reason": reason}
        if reason:
            text = _("The rows kept aside of “%(dataset)s” cannot be read (%(path)s): %(reason)s") % told
            yield Remark("checks.aside-damaged", "error", text)
        else:
            text = _("The rows kept aside of “%(dataset)s” are missing: %(path)s") % told
            yield Remark("checks.aside-missing", "error", text)


def _documents(repair: bool) -> Iterator[Remark]:
    """Documents of datasets that are gone or damaged; files that no dataset has."""
    from bocage.store import documents

    for one in documents.damaged():
        told = {"title": one.title, "dataset": one.dataset.title}
        text = _("The document “%(title)s” of “%(dataset)s” is missing or damaged: a backup has it.") % told
        yield Remark("documents.damaged", "error", text)
    for path in list(documents.orphans()):
        if repair:
            path.unlink(missing_ok=True)
        text = _("No dataset has this document any more: %(path)s") % {"path": path}
        yield Remark("documents.orphan", "notice", text, repaired=repair)
