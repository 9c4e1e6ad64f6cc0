"""What is told to the journal. `record` is for those who change a right; readings are told below every endpoint, see `readings`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bocage.access.audit.vocabulary import Kind
from bocage.access.audit.writing import Happening, append
from bocage.organizations.models import Organization

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer

Fact = str | int | bool | None | Sequence[str] | Sequence[int]
LONGEST_FACT, MOST_VALUES, LONGEST_SUBJECT = 1_000, 500, 200


def record(
    kind: Kind,
    *,
    viewer: Viewer | None = None,
    organization: Organization | int | str = "",
    dataset: str = "",
    version: str = "",
    subject: str = "",
    **facts: Fact,
) -> None:
    """Tell that something was done, in the transaction that does it, last.

    `viewer`: who did it; None: whoever asks, or the platform itself. `organization`: whose thing it is (itself, its primary key
    or its slug): those who administer it read the entry. `dataset`, `version`: uids. `subject`: uid or number of what was
    changed. `facts`: what is good to know later (role, reason, before, after…), never data."""
    append(
        [
            happening(
                kind,
                viewer=viewer,
                organization=organization,
                dataset=dataset,
                version=version,
                subject=subject,
                **facts,
            )
        ]
    )


def happening(
    kind: Kind,
    *,
    viewer: Viewer | None = None,
    organization: Organization | int | str = "",
    dataset: str = "",
    version: str = "",
    subject: str = "",
    **facts: Fact,
) -> Happening:
    """As `record`, for those who tell of several at once with `append`."""
    return Happening(
        kind,
        person=viewer.user_id if viewer is not None else None,
        organization=slug_of(organization),
        dataset=dataset,
        version=version,
        subject=_plain(subject)[:LONGEST_SUBJECT],
        facts=json.dumps({name: _kept(value) for name, value in facts.items()}, sort_keys=True, ensure_ascii=False),
    )


def slug_of(organization: Organization | int | str) -> str:
    if isinstance(organization, Organization):
        return organization.slug
    if isinstance(organization, int):
        return Organization.objects.filter(pk=organization).values_list("slug", flat=True).first() or ""
    return organization


def _kept(value: Fact) -> Fact:
    if isinstance(value, str):
        return _plain(value)[:LONGEST_FACT]
    if value is None or isinstance(value, bool | int):
        return value
    return [_plain(str(one))[:LONGEST_FACT] for one in value[:MOST_VALUES]]


def _plain(text: str) -> str:
    """Without what a database, or UTF-8, cannot keep."""
    return str(text).replace("\x00", "").encode("utf-8", "replace").decode()
