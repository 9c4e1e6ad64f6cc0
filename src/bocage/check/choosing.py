"""Which dataset stands for the name of a reference: the operator decides, since everybody's verdicts depend on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bocage.check.models import Reference
from bocage.kernel.errors import AccessDenied, NotFound, TerminalError

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer
    from bocage.catalog.models import Dataset


class ReferenceFieldAbsent(TerminalError):
    code = "check.reference-field-absent"
    message = _("The dataset “%(dataset)s” has no field “%(field)s”.")
    mend = _("Give one of its fields: %(fields)s.")


def choose_reference(*, viewer: Viewer, name: str, dataset: Dataset, columns: Mapping[str, str]) -> Reference:
    """`columns`: name that schemas give → field of the dataset. Raises AccessDenied, ReferenceFieldAbsent."""
    _require_operator(viewer)
    fields = [one.name for one in dataset.fields]
    for field in columns.values():
        if field not in fields:
            raise ReferenceFieldAbsent(dataset=dataset.slug, field=field, fields=", ".join(fields))
    chosen, _created = Reference.objects.update_or_create(
        name=name, defaults={"dataset": dataset, "columns": dict(columns)}
    )
    return chosen


def forget_reference(*, viewer: Viewer, name: str) -> None:
    """The dataset itself stays. Raises AccessDenied, NotFound."""
    _require_operator(viewer)
    if not Reference.objects.filter(name=name).delete()[0]:
        raise NotFound(kind=gettext("The reference"), name=name)


def _require_operator(viewer: Viewer) -> None:
    if not viewer.operator:
        raise AccessDenied(reason=gettext("only the operator of the platform chooses the references of checks."))
