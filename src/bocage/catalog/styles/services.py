"""Writes on the styles of a dataset: by those who may change what is said of it. Each may be undone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bocage.access.rules import decide
from bocage.access.viewer import Viewer
from bocage.access.vocabulary import Action
from bocage.catalog.models import Dataset
from bocage.catalog.services import touch_catalogue
from bocage.catalog.styles.choices import read_choices
from bocage.catalog.styles.errors import StyleNotNamed, StyleNotRead, StyleTooLarge, TooManyStyles
from bocage.catalog.styles.maplibre_reading import read_maplibre
from bocage.catalog.styles.models import STATE, TITLE_LENGTH, Encoding, Style, StyleChange
from bocage.catalog.styles.sld_reading import read_sld
from bocage.kernel.errors import NotFound
from bocage.kernel.ids import is_slug

LARGEST = 256 * 1024
"""Bytes of a document."""
MOST_STYLES = 20
MOST_UNDONE = 10
"""Changes of a dataset that may be undone."""
USUAL = "usual"
"""Of the style that nobody wrote."""
DEFAULT = "default"
"""Of the style that draws the dataset, where it is asked by no other name. One that is sent under it becomes it."""


def encoding_of(content: bytes) -> Encoding:
    """Of a file that somebody sends, whatever its name: JSON, or XML."""
    return Encoding.MAPLIBRE if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{" else Encoding.SLD


@dataclass(frozen=True)
class Saved:
    """`ignored`: names of what has no place in a style here, and was left out."""

    style: Style
    created: bool
    ignored: tuple[str, ...]


@transaction.atomic
def save_style(
    *,
    viewer: Viewer,
    dataset: Dataset,
    identifier: str,
    encoding: Encoding,
    content: bytes,
    title: str = "",
    is_default: bool | None = None,
) -> Saved:
    """Add a style, or replace the one of this identifier. `is_default` None: as it was, and for DEFAULT by its name. Raises
    AccessDenied, and the refusals of `errors`."""
    decide(viewer, Action.MANAGE, dataset).require()
    if not is_slug(identifier) or identifier == USUAL:
        raise StyleNotNamed(name=identifier[:100], taken=USUAL)
    ignored = _read(encoding, content)
    with _changing(viewer, dataset) as styles:
        found = styles.get(identifier)
        if found is None and len(styles) >= MOST_STYLES:
            raise TooManyStyles(most=MOST_STYLES)
        style = found or Style(dataset=dataset, identifier=identifier)
        style.encoding, style.content, style.updated_by_id = encoding, content.decode(), viewer.user_id
        if title or found is None:
            style.title = title[:TITLE_LENGTH]
        wanted = identifier == DEFAULT or style.is_default if is_default is None else is_default
        if wanted:
            _take_away_default(styles.values(), style)
        style.is_default = wanted
        style.save()
    return Saved(style, found is None, ignored)


@transaction.atomic
def draw_with(*, viewer: Viewer, dataset: Dataset, identifier: str) -> None:
    """The style that draws the dataset from now on; USUAL for none of those that were written. Raises AccessDenied, NotFound."""
    decide(viewer, Action.MANAGE, dataset).require()
    with _changing(viewer, dataset) as styles:
        chosen = styles.get(identifier)
        if chosen is None and identifier != USUAL:
            raise NotFound(kind="style", name=identifier[:100])
        _take_away_default(styles.values(), chosen)
        if chosen is not None:
            chosen.is_default, chosen.updated_by_id = True, viewer.user_id
            chosen.save()


@transaction.atomic
def remove_style(*, viewer: Viewer, dataset: Dataset, identifier: str) -> None:
    """Raises AccessDenied, NotFound."""
    decide(viewer, Action.MANAGE, dataset).require()
    with _changing(viewer, dataset) as styles:
        if identifier not in styles:
            raise NotFound(kind="style", name=identifier[:100])
        styles[identifier].delete()


@transaction.atomic
def undo_style_change(*, viewer: Viewer, dataset: Dataset, change: int) -> None:
    """The last change of the styles of the dataset, which must be this one: two people may look at the same page. What is put back
    is not a change of its own. Raises AccessDenied, NotFound."""
    decide(viewer, Action.MANAGE, dataset).require()
    styles = _locked(dataset)
    last = StyleChange.objects.filter(dataset=dataset).first()
    if last is None or last.pk != change:
        raise NotFound(kind="change", name=str(change)[:100])
    for identifier in last.before:
        if identifier in styles:
            styles[identifier].delete()
    for identifier, state in last.before.items():
        if state is not None:
            Style.objects.create(dataset=dataset, identifier=identifier, updated_by_id=viewer.user_id, **state)
    last.delete()
    touch_catalogue()


@contextmanager
def _changing(viewer: Viewer, dataset: Dataset) -> Iterator[dict[str, Style]]:
    """The styles of the dataset by identifier; at the end, what they were is kept, so that the change can be undone."""
    styles = _locked(dataset)
    before = {identifier: _state(style) for identifier, style in styles.items()}
    yield styles
    after = {one.identifier: _state(one) for one in Style.objects.filter(dataset=dataset)}
    changed = {name: before.get(name) for name in {*before, *after} if before.get(name) != after.get(name)}
    if changed:
        StyleChange.objects.create(dataset=dataset, before=changed, made_by_id=viewer.user_id)
        kept = StyleChange.objects.filter(dataset=dataset).values_list("pk", flat=True)[:MOST_UNDONE]
        StyleChange.objects.filter(dataset=dataset).exclude(pk__in=list(kept)).delete()
    touch_catalogue()


def _locked(dataset: Dataset) -> dict[str, Style]:
    """By one writer at a time: counts and defaults are then right."""
    Dataset.objects.select_for_update().get(pk=dataset.pk)
    return {one.identifier: one for one in Style.objects.filter(dataset=dataset)}


def _state(style: Style) -> dict[str, Any]:
    return {name: getattr(style, name) for name in STATE}


def _take_away_default(styles: Iterable[Style], chosen: Style | None) -> None:
    for one in styles:
        if one.is_default and one is not chosen:
            one.is_default = False
            one.save(update_fields=["is_default"])


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
    if encoding == Encoding.CHOICES:
        read_choices(content)
    else:
        read_maplibre(content)
    return ()
