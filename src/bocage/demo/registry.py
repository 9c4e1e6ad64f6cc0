"""Load the local schemas of the demonstration, as their working groups would: draft, proposal, adoption, remarks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bocage.access.viewer import OPERATOR
from bocage.check.models import CodeList, Schema, SchemaVersion
from bocage.check.registry.adoption import adopt
from bocage.check.registry.code_list_reading import read_codes
from bocage.check.registry.code_list_writing import create_code_list
from bocage.check.registry.discussion import remark, settle
from bocage.check.registry.errors import NothingFound
from bocage.check.registry.importing import Outcome, import_schemas
from bocage.check.registry.writing import create_schema, edit_draft, propose, start_version
from bocage.demo.local_schemas import (
    CODE_LIST_CSV,
    CODE_LIST_NAME,
    CODE_LIST_TITLE,
    LOCAL_SCHEMAS,
    LocalSchema,
    LocalVersion,
)
from bocage.demo.organizations import METROPOLE
from bocage.kernel.errors import BocageError
from bocage.organizations.models import Organization, User
from bocage.organizations.vocabulary import Role


def load_registry() -> None:
    """Load what is missing; a few hundredths of a second."""
    if not CodeList.objects.filter(name=CODE_LIST_NAME).exists():
        create_code_list(
            viewer=OPERATOR,
            organization=Organization.objects.get(slug=METROPOLE),
            name=CODE_LIST_NAME,
            title=CODE_LIST_TITLE,
            description="Vocabulaire commun aux communes, pour le schéma « Composteurs collectifs ».",
            codes=read_codes(CODE_LIST_CSV),
        )
    for local in LOCAL_SCHEMAS:
        if not Schema.objects.filter(name=f"{local.organization}/{local.slug}").exists():
            _load(local)


def import_folder(folder: Path, *, say: Callable[[str], None]) -> None:
    """The real schemas found in a folder, if any; what is refused is said."""
    try:
        done = list(import_schemas(str(folder)))
    except NothingFound:
        return
    except BocageError as error:
        say(f"  ✗ {error}")
        return
    for one in done:
        if one.outcome == Outcome.REFUSED:
            say(f"  ✗ {one.origin} : {one.error}")
    say(f"Schémas importés : {sum(one.outcome != Outcome.REFUSED for one in done)}")


def _load(local: LocalSchema) -> None:
    leader = Organization.objects.get(slug=local.organization)
    version: SchemaVersion | None = None
    for described in local.versions:
        version = _write(local, leader, described, version)
        if local.adopted:
            adopt(
                viewer=OPERATOR, user=_coordinator(leader), schema=version.schema, organization=leader,
                version=version, required_below=True,
            )  # fmt: skip
    if version is None:
        return
    for slug in local.followed_by:
        commune = Organization.objects.get(slug=slug)
        adopt(viewer=OPERATOR, user=_coordinator(commune), schema=version.schema, organization=commune)
    for slug, field, body, settled in local.remarks:
        person = _coordinator(Organization.objects.get(slug=slug))
        if person is not None:
            said = remark(viewer=OPERATOR, user=person, version=version, body=body, field=field)
            settle(viewer=OPERATOR, remark=said, settled=settled)


def _write(
    local: LocalSchema, leader: Organization, described: LocalVersion, before: SchemaVersion | None
) -> SchemaVersion:
    """One version, up to its proposal."""
    person = _coordinator(leader)
    if before is None:
        draft = create_schema(
            viewer=OPERATOR, user=person, organization=leader, slug=local.slug, title=local.title,
            description=local.description, start=described.descriptor,
        )  # fmt: skip
    else:
        draft = start_version(viewer=OPERATOR, user=person, schema=before.schema, of=before)
    edit_draft(
        viewer=OPERATOR,
        version=draft,
        descriptor=described.descriptor,
        number=described.number,
        changes=described.changes,
    )
    return propose(viewer=OPERATOR, version=draft)


def _coordinator(organization: Organization) -> User | None:
    member = organization.memberships.filter(role=Role.COORDINATOR).select_related("user").first()
    return member.user if member else None
