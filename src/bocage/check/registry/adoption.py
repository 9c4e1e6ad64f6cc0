"""An organisation follows a schema, on its own behalf; it may require it of those below it."""

from __future__ import annotations

from django.db import transaction

from bocage.access.rules import decide_in
from bocage.access.viewer import Viewer
from bocage.access.vocabulary import Action
from bocage.check.models import Adoption, Schema, SchemaVersion
from bocage.check.registry.errors import StateRefused
from bocage.check.registry.selectors import schema_version
from bocage.check.vocabulary import SchemaStatus
from bocage.organizations.models import Organization, User


@transaction.atomic
def adopt(
    *,
    viewer: Viewer,
    user: User | None,
    schema: Schema,
    organization: Organization,
    version: SchemaVersion | None = None,
    required_below: bool = False,
) -> Adoption:
    """`version` None: whichever stands for the schema, now and later. A proposal becomes adopted, and so stands for the schema,
    when the organisation that leads it adopts it: nobody else may change what others follow.

    Raises AccessDenied, StateRefused (a draft, a retired version), NotFound (nothing to adopt)."""
    decide_in(viewer, Action.ADMINISTER, organization.pk).require()
    chosen = version or schema_version(schema.name)
    if chosen.schema_id != schema.pk or chosen.status not in (SchemaStatus.PROPOSED, SchemaStatus.ADOPTED):
        raise StateRefused(name=schema.name, number=chosen.number, status=SchemaStatus(chosen.status).label)
    if chosen.status == SchemaStatus.PROPOSED and schema.organization_id == organization.pk:
        chosen.status = SchemaStatus.ADOPTED
        chosen.save(update_fields=["status"])
    adoption, _created = Adoption.objects.update_or_create(
        schema=schema,
        organization=organization,
        defaults={"version": version, "required_below": required_below, "decided_by": user},
    )
    return adoption


@transaction.atomic
def leave(*, viewer: Viewer, schema: Schema, organization: Organization) -> None:
    """No longer follow it. Raises AccessDenied; an organisation that did not follow it changes nothing."""
    decide_in(viewer, Action.ADMINISTER, organization.pk).require()
    Adoption.objects.filter(schema=schema, organization=organization).delete()
