"""What people decide of one old version: it stays, it stays no more, it leaves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bocage.access.rules import decide, has_role
from bocage.access.vocabulary import Action
from bocage.kernel.clock import now
from bocage.kernel.errors import AccessDenied, TerminalError
from bocage.organizations.standards.rules import InForce
from bocage.organizations.standards.selectors import standards_of
from bocage.pipeline.retention.holds import held
from bocage.pipeline.retention.leaving import leave, stay
from bocage.pipeline.retention.models import KeptVersion, LeavingVersion
from bocage.pipeline.retention.rules import out_of_reach, with_ranks
from bocage.store.models import Version

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer
    from bocage.catalog.models import Dataset


class MustStay(TerminalError):
    code = "pipeline.version-must-stay"
    message = _("Version %(number)s stays: it is published, kept, under review, or what an agreement was signed about.")
    mend = _("Ask again when this is over.")


class KeptByRule(TerminalError):
    code = "pipeline.version-kept-by-rule"
    message = _("Version %(number)s stays: %(authors)s asks that it be kept longer.")
    mend = _("It may leave once the time, or the number of versions, that is asked is reached.")


@dataclass(frozen=True)
class Staying:
    """What was decided of a version, if anything."""

    kept: KeptVersion | None = None
    leaving: LeavingVersion | None = None


def staying_of(dataset: Dataset) -> Mapping[int, Staying]:
    """Id of a version → what was decided of it; those of which nothing was say so. Two statements."""
    kept = {one.version_id: one for one in KeptVersion.objects.filter(version__dataset=dataset)}
    leaving = {one.version_id: one for one in LeavingVersion.objects.filter(version__dataset=dataset)}
    found = {pk: Staying(kept.get(pk), leaving.get(pk)) for pk in kept.keys() | leaving.keys()}
    return defaultdict(Staying, found)


@transaction.atomic
def keep_version(*, viewer: Viewer, version: Version, reason: str) -> KeptVersion:
    """Until somebody says otherwise; one that was about to leave does not. Needs to manage the dataset.

    Raises AccessDenied, ValidationError."""
    decide(viewer, Action.MANAGE, version.dataset).require()
    kept = KeptVersion.objects.filter(version=version).first() or KeptVersion(version=version)
    kept.reason, kept.kept_by_id, kept.kept_at = reason.strip(), viewer.user_id, now()
    kept.full_clean(exclude=["version", "kept_by"])
    kept.save()
    stay(version)
    return kept


@transaction.atomic
def let_go(*, viewer: Viewer, version: Version) -> None:
    """The rules decide again."""
    decide(viewer, Action.MANAGE, version.dataset).require()
    KeptVersion.objects.filter(version=version).delete()


@transaction.atomic
def remove_later(*, viewer: Viewer, version: Version) -> LeavingVersion:
    """By hand: it is removed once the time to undo is over. Raises AccessDenied, MustStay, KeptByRule."""
    standards = standards_of(version.dataset.organization)
    may_purge(viewer, version, standards)
    if held([version.pk]):
        raise MustStay(number=version.number)
    # Ranks are those of the whole dataset: the version is looked for afterwards.
    ranked = with_ranks(Version.objects.filter(dataset=version.dataset_id))
    if version.pk not in set(ranked.filter(out_of_reach(standards.limits, now())).values_list("pk", flat=True)):
        raise KeptByRule(number=version.number, authors=standards.authors("least_days", "least_versions"))
    return leave(version, user_id=viewer.user_id)


@transaction.atomic
def cancel_removal(*, viewer: Viewer, version: Version) -> None:
    """What somebody asked by hand; what a rule asks is undone by keeping the version."""
    decide(viewer, Action.MANAGE, version.dataset).require()
    LeavingVersion.objects.filter(version=version, by_hand=True).delete()


def may_purge(viewer: Viewer, version: Version, standards: InForce) -> None:
    """Raise AccessDenied unless the viewer manages the dataset, and holds the role that its organisations ask."""
    decide(viewer, Action.MANAGE, version.dataset).require()
    least = standards.limits.purged_by
    if not has_role(viewer, version.dataset.organization_id, least):
        raise AccessDenied(reason=_("it needs the role “%(role)s” in this organisation.") % {"role": least.label})
