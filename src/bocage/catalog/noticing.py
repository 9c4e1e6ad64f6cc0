"""How datasets and organisations are named in notices: to those who may know of them on the day they read."""

from __future__ import annotations

from collections.abc import Mapping

from bocage.access.rules import has_role, visible_to
from bocage.access.standing import viewer_of
from bocage.access.vocabulary import Action
from bocage.catalog.models import Dataset
from bocage.organizations.models import Organization, User
from bocage.organizations.notices.kinds import DATASET, ORGANIZATION, TEAM, register_thing
from bocage.organizations.vocabulary import Role


def datasets_named(user: User, uids: frozenset[str]) -> Mapping[str, str]:
    """Titles of the datasets of which this person may know."""
    seen = Dataset.objects.filter(visible_to(viewer_of(user), Action.SEE), uid__in=uids)
    return dict(seen.values_list("uid", "title"))


def organizations_named(_user: User, ids: frozenset[str]) -> Mapping[str, str]:
    """Organisations are public."""
    return _names(_numbers(ids))


def teams_named(user: User, ids: frozenset[str]) -> Mapping[str, str]:
    """Organisations where this person holds a role: somebody who left reads nothing more of them."""
    viewer = viewer_of(user)
    return _names({pk for pk in _numbers(ids) if has_role(viewer, pk, Role.MEMBER)})


def _names(pks: set[int]) -> dict[str, str]:
    return {str(pk): name for pk, name in Organization.objects.filter(pk__in=pks).values_list("pk", "name")}


def _numbers(ids: frozenset[str]) -> set[int]:
    return {int(text) for text in ids if text.isascii() and text.isdigit() and len(text) < 18}


register_thing(DATASET, datasets_named)
register_thing(ORGANIZATION, organizations_named)
register_thing(TEAM, teams_named)
