"""Those who answer for an organisation are told what is about to leave, once for each round."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from bocage.organizations.models import Membership
from bocage.organizations.notices.kinds import TEAM, NoticeKind, register
from bocage.organizations.notices.services import notify
from bocage.organizations.vocabulary import Role
from bocage.store.models import Version

VERSIONS_LEAVE = register(
    NoticeKind(
        "pipeline.versions-leave",
        _(
            "Old versions of data of “%(organization)s” (%(count)s, of %(datasets)s datasets) are removed on %(day)s, unless you"
            " keep them."
        ),
        things={"organization": TEAM},
    )
)

ANSWERING = [role for role in Role if role.rank >= Role.STEWARD.rank]


def tell(versions: Sequence[int], day: datetime) -> None:
    """One notice for each organisation, to its stewards and above."""
    rows = (
        Version.objects.filter(pk__in=versions)
        .order_by()
        .values_list("dataset__organization", "dataset__organization__slug")
    )
    people: dict[int, list[int]] = {}
    counted = list(rows.annotate(count=Count("pk"), datasets=Count("dataset", distinct=True)))
    members = Membership.objects.filter(organization__in=[row[0] for row in counted], role__in=ANSWERING)
    for organization, user in members.values_list("organization", "user"):
        people.setdefault(organization, []).append(user)
    for organization, slug, count, datasets in counted:
        notify(
            people.get(organization, []),
            VERSIONS_LEAVE,
            address=f"/console/organization/{slug}/standards/",
            organization=str(organization),
            count=str(count),
            datasets=str(datasets),
            day=f"{localtime(day):%d/%m/%Y}",
        )
