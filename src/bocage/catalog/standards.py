"""What the organisations above ask of a dataset: its licence and its themes are among those allowed.

Asked when somebody says a licence or themes, never of data: a decision taken above breaks nothing that is published. What does not
follow it is listed (`not_following`), and mended at the next change of its description.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bocage.access.audit.services import record
from bocage.access.audit.vocabulary import Kind
from bocage.access.rules import decide_in, visible_to
from bocage.access.vocabulary import Action
from bocage.catalog.models import Dataset
from bocage.catalog.vocabulary import Licence, Theme
from bocage.kernel.errors import TerminalError
from bocage.organizations.standards.rules import InForce, Limits
from bocage.organizations.standards.selectors import standards_of
from bocage.organizations.standards.services import say_standards

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer
    from bocage.organizations.models import Organization, User


class LicenceNotAllowed(TerminalError):
    code = "catalog.licence-not-allowed"
    message = gettext_lazy("The licence “%(licence)s” is not among those that %(authors)s allows.")
    mend = gettext_lazy("Choose one of: %(allowed)s.")


class ThemeNotAllowed(TerminalError):
    code = "catalog.theme-not-allowed"
    message = gettext_lazy("These themes are not among those that %(authors)s allows: %(themes)s.")
    mend = gettext_lazy("Choose among: %(allowed)s.")


def allowed_licences(standards: InForce) -> list[Licence]:
    """In the order of the vocabulary."""
    allowed = standards.limits.licences
    return [one for one in Licence if allowed is None or one.value in allowed]


def allowed_themes(standards: InForce) -> list[Theme]:
    allowed = standards.limits.themes
    return [one for one in Theme if allowed is None or one.value in allowed]


def themes_at_fault(standards: InForce, codes: Iterable[str]) -> list[Theme]:
    """Those of the vocabulary that are not allowed; codes that it does not have are shown nowhere."""
    allowed = {one.value for one in allowed_themes(standards)}
    return [Theme(code) for code in codes if code in Theme.values and code not in allowed]


def licence_is_allowed(standards: InForce, code: str) -> bool:
    return standards.limits.licences is None or code in standards.limits.licences


def with_default_licence(standards: InForce, metadata: Mapping[str, Any]) -> dict[str, Any]:
    """`metadata` with a licence when it says none and the usual one is not allowed: the first that is."""
    usual = Dataset._meta.get_field("licence").default  # noqa: SLF001  documented by Django (Model _meta API)
    if "licence" in metadata or licence_is_allowed(standards, usual):
        return dict(metadata)
    return {**metadata, "licence": allowed_licences(standards)[0].value}


def refuse_not_allowed(standards: InForce, metadata: Mapping[str, Any]) -> None:
    """What is said of the licence and of the themes, if anything. Raises LicenceNotAllowed, ThemeNotAllowed."""
    if "licence" in metadata and not licence_is_allowed(standards, metadata["licence"]):
        raise LicenceNotAllowed(
            licence=_label(Licence, metadata["licence"]),
            authors=standards.authors("licences"),
            allowed=_labels(allowed_licences(standards)),
        )
    if wrong := themes_at_fault(standards, metadata.get("themes", ())):
        raise ThemeNotAllowed(
            themes=_labels(wrong), authors=standards.authors("themes"), allowed=_labels(allowed_themes(standards))
        )


def said_of_standards(metadata: Mapping[str, Any]) -> bool:
    return "licence" in metadata or "themes" in metadata


def faults_of(dataset: Dataset, standards: InForce) -> list[str]:
    """What remains to be done, a sentence each. Empty when the dataset follows."""
    found = []
    if not licence_is_allowed(standards, dataset.licence):
        told = {"licence": _label(Licence, dataset.licence), "allowed": _labels(allowed_licences(standards))}
        found.append(_("Its licence, “%(licence)s”, is to be replaced by one of: %(allowed)s.") % told)
    if wrong := themes_at_fault(standards, dataset.themes):
        found.append(_("These themes are to be taken away: %(themes)s.") % {"themes": _labels(wrong)})
    return found


def not_following(viewer: Viewer, organization: Organization, limits: Limits) -> QuerySet[Dataset]:
    """The datasets that the viewer sees, of the organisation and of those below it, that do not follow `limits`; the same as
    `faults_of`, in SQL. By title; to be paged by the caller."""
    among = Dataset.objects.filter(visible_to(viewer, Action.READ), organization__path__startswith=organization.path)
    wrong = Q(pk__in=[])
    if limits.licences is not None:
        wrong |= ~Q(licence__in=sorted(limits.licences))
    if limits.themes is not None:
        for theme in Theme:
            if theme.value not in limits.themes:
                wrong |= Q(themes_text__contains=f'"{theme.value}"')
    found = among.annotate(themes_text=Cast("themes", TextField())).filter(wrong)
    return found.select_related("organization").order_by("title", "pk")


@transaction.atomic
def decide_standards(
    *, viewer: Viewer, organization: Organization, limits: Limits, reason: str = "", user: User | None = None
) -> InForce:
    """Say what holds in the organisation and below. Needs to administer it.

    Raises AccessDenied, LooserThanAbove, KeepsAndRemoves, ValidationError."""
    decide_in(viewer, Action.ADMINISTER, organization.pk).require()
    for codes, known in ((limits.licences, Licence.values), (limits.themes, Theme.values)):
        if unknown := sorted((codes or frozenset()) - set(known)):
            raise ValidationError(_("“%(code)s” is not in the vocabulary.") % {"code": unknown[0]})
    say_standards(organization=organization, limits=limits, reason=reason, user=user)
    decided: dict[str, Any] = {name: _fact(getattr(limits, name)) for name in Limits.__dataclass_fields__}
    record(
        Kind.ORGANIZATION_CHANGED, viewer=viewer, organization=organization, subject=organization.slug, reason=reason,
        **{name: value for name, value in decided.items() if value is not None},
    )  # fmt: skip
    return standards_of(organization)


def _fact(value: frozenset[str] | int | str | None) -> list[str] | int | str | None:
    return sorted(value) if isinstance(value, frozenset) else value


def _label(vocabulary: type[Licence] | type[Theme], code: str) -> str:
    return str(vocabulary(code).label) if code in vocabulary.values else code


def _labels(members: Iterable[Licence | Theme]) -> str:
    return ", ".join(str(one.label) for one in members)
