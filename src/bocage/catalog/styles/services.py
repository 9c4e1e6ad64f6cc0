"""Writes on the styles of a dataset: by those who may change what is said of it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from bocage.access.rules import decide
from bocage.access.viewer import Viewer
from bocage.access.vocabulary import Action
from bocage.catalog.models import Dataset
from bocage.catalog.services import touch_catalogue
from bocage.catalog.styles.errors import StyleNotNamed, StyleNotRead, StyleTooLarge, TooManyStyles
from bocage.catalog.styles.maplibre_reading import read_maplibre
from bocage.catalog.styles.models import TITLE_LENGTH, Encoding, Style
from bocage.catalog.styles.sld_reading import read_sld
from bocage.kernel.errors import NotFound
from bocage.kernel.ids import is_slug

LARGEST = 256 * 1024
"""Bytes of a document."""
MOST_STYLES = 20
USUAL = "usual"
"""Of the style that nobody wrote."""


@dataclass(frozen=True)
class Saved:
    """`ignored`: names of what has no place in a style here, and was left out."""

    style: Style
    created: bool
    ignored: tuple[str, ...]


@transaction.atomic
def save_style(
    *, viewer: Viewer, dataset: Dataset, identifier: str, encoding: Encoding, content: bytes, title: str = ""
) -> Saved:
    """Add a style, or replace the one of this identifier. Raises AccessDenied, and the refusals of `errors`."""
    decide(viewer, Action.MANAGE, dataset).require()
    if not is_slug(identifier) or identifier == USUAL:
        raise StyleNotNamed(name=identifier[:100], taken=USUAL)
    ignored = _read(encoding, content)
    Dataset.objects.select_for_update().get(pk=dataset.pk)  # the count below is then right
    found = Style.objects.filter(dataset=dataset, identifier=identifier).first()
    if found is None and Style.objects.filter(dataset=dataset).count() >= MOST_STYLES:
        raise TooManyStyles(most=MOST_STYLES)
    style = found or Style(dataset=dataset, identifier=identifier)
    style.encoding, style.content, style.updated_by_id = encoding, content.decode(), viewer.user_id
    if title or found is None:
        style.title = title[:TITLE_LENGTH]
    style.save()
    touch_catalogue()
    return Saved(style, found is None, ignored)


@transaction.atomic
def remove_style(*, viewer: Viewer, dataset: Dataset, identifier: str) -> None:
    """Raises AccessDenied, NotFound."""
    decide(viewer, Action.MANAGE, dataset).require()
    removed, _by_model = Style.objects.filter(dataset=dataset, identifier=identifier).delete()
    if not removed:
        raise NotFound(kind="style", name=identifier[:100])
    touch_catalogue()


def _read(encoding: Encoding, content: bytes) -> tuple[str, ...]:
    """What would be ignored. The document can then be read again at any time."""
    if len(content) > LARGEST:
        raise StyleTooLarge(found=len(content), most=LARGEST)
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise StyleNotRead(reason=_("it is not in UTF-8.")) from None
    if "\0" in text:
        raise StyleNotRead(reason=_("it is not a text."))
    if encoding == Encoding.SLD:
        return tuple(read_sld(content).ignored)
    read_maplibre(content)
    return ()
