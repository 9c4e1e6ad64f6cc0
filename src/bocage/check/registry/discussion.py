"""The discussion of a version: remarks on it or on one of its fields, settled one by one."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from bocage.access.rules import Decision
from bocage.access.viewer import Viewer
from bocage.check.models import Remark, SchemaVersion
from bocage.check.registry.selectors import is_coordinator
from bocage.check.registry.writing import may_lead
from bocage.check.vocabulary import SchemaKind
from bocage.kernel.clock import now
from bocage.kernel.errors import AccessDenied
from bocage.organizations.models import User

LONGEST = 4_000


def may_remark(viewer: Viewer, version: SchemaVersion) -> Decision:
    """Every coordinator of the platform may, on a schema that is written here."""
    if version.schema.kind != SchemaKind.LOCAL:
        return Decision(False, _("this schema is not written here."))
    if is_coordinator(viewer):
        return Decision(True, _("Every coordinator of the platform may speak."))
    return Decision(False, _("it needs the role “Coordinator” in an organisation of the platform."))


@transaction.atomic
def remark(*, viewer: Viewer, user: User, version: SchemaVersion, body: str, field: str = "") -> Remark:
    """Raises AccessDenied, ValidationError (empty, too long, on a field that is not there)."""
    may_remark(viewer, version).require()
    body = body.strip()
    if not body:
        raise ValidationError(_("Write your remark first."))
    if len(body) > LONGEST:
        raise ValidationError(_("A remark has at most %(limit)s characters.") % {"limit": LONGEST})
    if field and field not in {one.get("name") for one in version.descriptor["fields"]}:
        raise ValidationError(_("This version has no field of that name."))
    return Remark.objects.create(version=version, author=user, body=body, field=field)


@transaction.atomic
def settle(*, viewer: Viewer, remark: Remark, settled: bool = True) -> Remark:
    """Close a remark, or open it again: whoever leads the schema, or its author. Raises AccessDenied."""
    lead = may_lead(viewer, remark.version.schema)
    if not lead and (viewer.user_id is None or viewer.user_id != remark.author_id):
        raise AccessDenied(reason=lead.reason)
    remark.settled_at = now() if settled else None
    remark.save(update_fields=["settled_at"])
    return remark
