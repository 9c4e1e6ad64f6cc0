"""Which schemas a dataset follows: reads and writes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bocage.access.rules import decide
from bocage.access.vocabulary import Action
from bocage.catalog.models import Dataset
from bocage.catalog.services import touch_catalogue
from bocage.check.mapping.steps import ColumnMappings
from bocage.check.models import Conformity
from bocage.check.registry.selectors import schema_version
from bocage.check.vocabulary import Contract, Policy, SchemaKind
from bocage.kernel.errors import TerminalError

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer
    from bocage.check.models import SchemaVersion


class UnknownChoice(TerminalError):
    code = "check.unknown-choice"
    message = _("“%(value)s” is not one of: %(choices)s.")


def conformities_of(dataset: Dataset) -> list[Conformity]:
    """The main one first, with their schema; one query."""
    found = Conformity.objects.filter(dataset=dataset).select_related("schema_version__schema").order_by("-main", "pk")
    return list(found)


@transaction.atomic
def follow(
    *,
    viewer: Viewer,
    dataset: Dataset,
    version: SchemaVersion,
    mapping: Mapping[str, Any] | None = None,
    policy: str = "",
    contract: str = "",
    main: bool = True,
) -> Conformity:
    """Make the dataset follow this version of a schema, in the place of the one it followed (`main`), or of another version of the
    same (a further view). What is not given stays as it was. Needs Action.PUBLISH; Action.MANAGE to change a policy or a
    contract that somebody set. The next delivery is checked so; what is published does not move.

    Raises AccessDenied, UnknownChoice, and what a mapping that is no mapping raises."""
    decide(viewer, Action.PUBLISH, dataset).require()
    same = Conformity.objects.select_for_update().filter(dataset=dataset)
    found = (same.filter(main=True) if main else same.filter(main=False, schema_version__schema=version.schema)).first()
    kept = found or Conformity(dataset=dataset, main=main)
    _decide_changes(viewer, found, kept, policy, contract)
    kept.schema_version = version
    kept.updated_by_id = viewer.user_id
    if mapping is not None:
        kept.mapping = ColumnMappings.from_dict(dict(mapping)).as_dict() if mapping else {}
    same.exclude(pk=kept.pk).filter(schema_version=version).delete()  # what was a further view becomes the main one
    kept.save()
    if main:
        _declare(dataset, public_name(version))
    touch_catalogue()
    return kept


def follow_record(*, viewer: Viewer, dataset: Dataset, record: Mapping[str, Any]) -> Conformity | None:
    """The same from `Draft.conformity`; None when it is empty. Raises NotFound for an unknown schema."""
    if not record.get("schema"):
        return None
    return follow(
        viewer=viewer,
        dataset=dataset,
        version=schema_version(str(record["schema"]), str(record.get("version") or ""), viewer=viewer),
        mapping=record.get("mapping"),
        policy=str(record.get("policy") or ""),
        contract=str(record.get("contract") or ""),
    )


@transaction.atomic
def unfollow(*, viewer: Viewer, conformity: Conformity) -> None:
    """Follow this schema no more: reports and rows aside go with it; versions stay. Needs Action.MANAGE."""
    decide(viewer, Action.MANAGE, conformity.dataset).require()
    was_main, dataset = conformity.main, conformity.dataset
    conformity.delete()
    if was_main:
        _declare(dataset, "")
    touch_catalogue()


NATIONAL_ADDRESS = "https://schema.data.gouv.fr"


def public_name(version: SchemaVersion) -> str:
    """What `conforms_to` says: the address that other catalogues know for a national schema, ours for a local one."""
    schema = version.schema
    if schema.kind == SchemaKind.NATIONAL:
        return f"{NATIONAL_ADDRESS}/{schema.name}/{version.number}/"
    public: str = settings.BOCAGE.public_url
    return f"{public.rstrip('/')}/schemas/{schema.name}/{version.number}/" if public else schema.name


def _decide_changes(viewer: Viewer, found: Conformity | None, kept: Conformity, policy: str, contract: str) -> None:
    wanted = {"policy": (policy, Policy), "contract": (contract, Contract)}
    for name, (value, choices) in wanted.items():
        if not value or (found is not None and getattr(found, name) == value):
            continue
        if value not in choices.values:
            raise UnknownChoice(value=value, choices=", ".join(choices.values))
        if found is not None and found.pk:
            decide(viewer, Action.MANAGE, kept.dataset).require()
        setattr(kept, name, value)


def _declare(dataset: Dataset, name: str) -> None:
    """`conforms_to` follows: it is what catalogues read."""
    Dataset.objects.filter(pk=dataset.pk).update(conforms_to=name)
    dataset.conforms_to = name
