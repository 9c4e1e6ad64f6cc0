"""The organisations of a table, created in one transaction with a bounded number of queries."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from bocage.kernel.errors import TerminalError
from bocage.organizations.bulk.lines import Line
from bocage.organizations.bulk.reading import Table
from bocage.organizations.models import Membership, Organization, User
from bocage.organizations.naming import free_slug, taken_slugs
from bocage.organizations.signals import organizations_made, roles_given
from bocage.organizations.vocabulary import Role

CHUNK = 500


class LinesRefused(TerminalError):
    code = "organizations.lines"
    message = _("%(count)s lines cannot be created; nothing was.")
    mend = _("Mend them or take them out of the table.")


@dataclass(frozen=True)
class Planted:
    """`invited`: the memberships of people who had no account: they must be told."""

    organizations: tuple[Organization, ...]
    invited: tuple[Membership, ...]


@transaction.atomic
def plant(table: Table, *, under: Organization) -> Planted:
    """All the new lines, parents before children. Raises LinesRefused when a line has a problem."""
    if table.problems:
        raise LinesRefused(count=len(table.problems))
    taken = taken_slugs()
    made: dict[int, Organization] = {}
    waiting = table.fresh
    while waiting:
        ready = [line for line in waiting if not _awaits(table, line, made)]
        for line in ready:
            slug = free_slug(line.name, line.insee_code, taken)
            taken.add(slug)
            made[line.number] = line.organization(slug)
            made[line.number].parent = _parent(table, line, made) or under
        _save([made[line.number] for line in ready])
        waiting = [line for line in waiting if line.number not in made]
    organizations_made.send(Organization, organizations=list(made.values()))
    invited = _coordinators([(made[line.number], line.coordinator) for line in table.fresh if line.coordinator])
    return Planted(tuple(made.values()), tuple(invited))


def _awaits(table: Table, line: Line, made: dict[int, Organization]) -> bool:
    above = table.parents.get(line.number)
    return isinstance(above, int) and above not in made


def _parent(table: Table, line: Line, made: dict[int, Organization]) -> Organization | None:
    above = table.parents.get(line.number)
    return made[above] if isinstance(above, int) else above


def _save(organizations: list[Organization]) -> None:
    """One level of the tree: the rows, then their paths, which hold their own numbers."""
    Organization.objects.bulk_create(organizations, batch_size=CHUNK)
    for parent in {one.parent for one in organizations if one.parent is not None}:
        children = [one for one in organizations if one.parent == parent]
        for start in range(0, len(children), CHUNK):
            Organization.objects.filter(pk__in=[one.pk for one in children[start : start + CHUNK]]).update(
                path=Concat(Value(parent.path), Cast("pk", CharField()), Value("/"), output_field=CharField())
            )
        for child in children:
            child.path = f"{parent.path}{child.pk}/"


def _coordinators(wanted: list[tuple[Organization, str]]) -> list[Membership]:
    """Coordinators, with an account for those who have none; those, to be invited."""
    addresses = {address for _organization, address in wanted}
    users = {user.email: user for user in User.objects.filter(email__in=addresses)}
    new = [User(email=address) for address in sorted(addresses - users.keys())]
    for user in new:
        user.set_unusable_password()
    User.objects.bulk_create(new, batch_size=CHUNK)
    users |= {user.email: user for user in new}
    memberships = [
        Membership(organization=organization, user=users[address], role=Role.COORDINATOR)
        for organization, address in wanted
    ]
    Membership.objects.bulk_create(memberships, batch_size=CHUNK)
    roles_given.send(Membership, memberships=memberships)
    fresh = {user.email for user in new}
    return [membership for membership in memberships if membership.user.email in fresh]
