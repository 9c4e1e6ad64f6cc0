"""Code lists and their editions, written by the coordinators of the organisation that keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from bocage.access.rules import Decision, decide_in
from bocage.access.viewer import Viewer
from bocage.access.vocabulary import Action
from bocage.check.models import CodeList, CodeListEdition
from bocage.kernel.ids import is_slug
from bocage.organizations.models import Organization

Codes = Sequence[dict[str, Any]]


def may_keep(viewer: Viewer, code_list: CodeList) -> Decision:
    """May the viewer publish an edition of it?"""
    if code_list.organization_id is None:
        return Decision(viewer.operator, _("it is kept by the platform itself."))
    return decide_in(viewer, Action.ADMINISTER, code_list.organization_id)


@transaction.atomic
def create_code_list(
    *,
    viewer: Viewer,
    organization: Organization,
    name: str,
    title: str,
    codes: Codes,
    description: str = "",
    uri: str = "",
) -> CodeListEdition:
    """A list with its first edition. Raises AccessDenied, ValidationError."""
    decide_in(viewer, Action.ADMINISTER, organization.pk).require()
    if not is_slug(name):
        raise ValidationError(_("Use lower-case letters, digits, hyphens and underscores."))
    code_list = CodeList(name=name, title=title, description=description, organization=organization, uri=uri)
    code_list.full_clean()
    code_list.save()
    return CodeListEdition.objects.create(code_list=code_list, number="1", codes=list(codes))


@transaction.atomic
def publish_edition(*, viewer: Viewer, code_list: CodeList, codes: Codes) -> CodeListEdition:
    """The next edition; the current one when nothing changes. Raises AccessDenied."""
    may_keep(viewer, code_list).require()
    current = code_list.editions.first()
    if current is not None and current.codes == list(codes):
        return current
    number = 1 + max(
        (int(one) for one in code_list.editions.values_list("number", flat=True) if one.isdigit()), default=0
    )
    return CodeListEdition.objects.create(code_list=code_list, number=str(number), codes=list(codes))
