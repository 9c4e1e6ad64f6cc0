"""The metadata of a dataset, in the words of our catalogue; and what has no place there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from bocage.catalog.vocabulary import Frequency, Licence
from bocage.pipeline.moving.documents import LONGEST_TEXT, LONGEST_WORD, SourceDataset, text, texts
from bocage.pipeline.moving.mapping.descriptions import is_html, markdown_of
from bocage.pipeline.moving.mapping.vocabularies import frequency_of, licence_of, plain, theme_of
from bocage.store.staged import Notice

MOST_KEYWORDS = 100
LONGEST_KEYWORD = 100
_SHORT = 300
_INSEE = re.compile(r"^(?:\d[0-9AB]\d{3}|\d{9}|\d{2,3}|2[AB])$")
_GEOGRAPHIC_REFERENCE = re.compile(r"^fr_40_(\d[0-9AB]\d{3})$")
"""Of a commune of France, in the codes of the vendor."""

_READ = {
    "title", "description", "keyword", "theme", "publisher", "license", "license_url", "language", "territory",
    "references", "attributions", "geographic_reference",
}  # fmt: skip
_TECHNICAL = {
    "records_count", "modified", "data_processed", "metadata_processed", "metadata_languages", "timezone",
    "geographic_reference_auto", "geographic_area", "geographic_area_mode", "source_domain", "source_domain_title",
    "source_domain_address", "source_dataset", "parent_domain", "shared_catalog", "federated", "oauth_scope", "theme_id",
    "license_id", "modified_updates_on_data_change", "modified_updates_on_metadata_change", "update_frequency_id",
}  # fmt: skip
"""Of the portal rather than of the data; or said elsewhere."""
_READ_OF_DCAT = {"contact_name", "contact_email", "accrualperiodicity"}
_OF_THE_PORTAL = {"explore", "semantic", "asset_content_configuration"}


@dataclass(frozen=True)
class MappedMetadata:
    """`values`: fields of `Dataset`, but for its identifier, organisation, visibility and key."""

    values: dict[str, Any]
    losses: tuple[Notice, ...]


def mapped_metadata(source: SourceDataset, organization_name: str) -> MappedMetadata:
    losses: list[Notice] = []
    themes, loose = _themes(source, losses)
    values = {
        "title": _short(source.title, "title", losses),
        "description": _description(source, losses),
        "themes": themes,
        "keywords": _keywords([*texts(source.default.get("keyword"), LONGEST_WORD), *loose], losses),
        "licence": _licence(source, losses),
        "territory": _territory(source, losses),
        "source": _short(", ".join(texts(source.default.get("references"), 1_000)), "references", losses),
        "attributions": _attributions(source, organization_name, losses),
        "language": _language(text(source.default.get("language"), 20)),
        **_contact(source, losses),
        "update_frequency": _frequency(source, losses),
    }
    aside = _aside(source)
    if aside:
        losses.append(Notice("metas-aside", {"metas": ", ".join(aside)[:600]}))
    return MappedMetadata(values, tuple(losses))


def _short(given: str, meta: str, losses: list[Notice], longest: int = _SHORT) -> str:
    if len(given) <= longest:
        return given
    losses.append(Notice("text-shortened", {"meta": meta}))
    return given[: longest - 1] + "…"


def _description(source: SourceDataset, losses: list[Notice]) -> str:
    given = text(source.default.get("description"), LONGEST_TEXT)
    written = markdown_of(given)
    if is_html(given):
        losses.append(Notice("description-formatted"))
    elif len(written) < len(given):
        losses.append(Notice("text-shortened", {"meta": "description"}))
    return written


def _themes(source: SourceDataset, losses: list[Notice]) -> tuple[list[str], list[str]]:
    """Codes, and the labels that have none."""
    codes: list[str] = []
    loose: list[str] = []
    for label in texts(source.default.get("theme"), LONGEST_WORD):
        theme = theme_of(label)
        if theme is None:
            loose.append(label)
            losses.append(Notice("theme-as-keyword", {"theme": label}))
        elif theme.value not in codes:
            codes.append(theme.value)
    return codes, loose


def _keywords(given: Iterable[str], losses: list[Notice]) -> list[str]:
    unique = list(dict.fromkeys(given))
    kept = [word for word in unique if len(word) <= LONGEST_KEYWORD][:MOST_KEYWORDS]
    if left := len(unique) - len(kept):
        losses.append(Notice("keywords-left", {"count": left}))
    return kept


def _licence(source: SourceDataset, losses: list[Notice]) -> str:
    name, url = (text(source.default.get(key), LONGEST_WORD) for key in ("license", "license_url"))
    found = licence_of(name, url)
    if found is None and (name or url):
        losses.append(Notice("licence-unknown", {"licence": name or url}))
    return (found or Licence.NOT_SPECIFIED).value


def _territory(source: SourceDataset, losses: list[Notice]) -> list[str]:
    codes = []
    for named in texts(source.default.get("territory"), LONGEST_WORD):
        if _INSEE.match(named):
            codes.append(named)
        else:
            losses.append(Notice("territory-without-code", {"territory": named}))
    references = map(_GEOGRAPHIC_REFERENCE.match, texts(source.default.get("geographic_reference"), 60))
    codes += [found[1] for found in references if found]
    return list(dict.fromkeys(codes))


def _attributions(source: SourceDataset, organization_name: str, losses: list[Notice]) -> str:
    """The publisher too, when it is not the organisation that publishes here: no one is given a right by a name."""
    publisher = text(source.default.get("publisher"), LONGEST_WORD)
    given = list(texts(source.default.get("attributions"), 1_000))
    if publisher and plain(publisher) != plain(organization_name):
        losses.append(Notice("publisher-as-attribution", {"publisher": publisher, "organization": organization_name}))
        if publisher not in given:
            given.insert(0, publisher)
    return _short(", ".join(given), "attributions", losses)


def _language(given: str) -> str:
    return given.lower() if re.fullmatch(r"[a-zA-Z]{2,3}", given) else "fr"


def _contact(source: SourceDataset, losses: list[Notice]) -> dict[str, str]:
    said = source.metas.get("dcat", {})
    name = _short(text(said.get("contact_name"), LONGEST_WORD), "dcat.contact_name", losses, 200)
    address = text(said.get("contact_email"), 254).removeprefix("mailto:")
    try:
        if address:
            validate_email(address)
    except ValidationError:
        losses.append(Notice("contact-not-kept", {"contact": address}))
        address = ""
    return {"contact_name": name, "contact_email": address}


def _frequency(source: SourceDataset, losses: list[Notice]) -> str:
    said = text(source.metas.get("dcat", {}).get("accrualperiodicity"), LONGEST_WORD)
    found = frequency_of(said) if said else None
    if said and found is None:
        losses.append(Notice("frequency-unknown", {"frequency": said}))
    return (found or Frequency.UNKNOWN).value


def _aside(source: SourceDataset) -> list[str]:
    """What is said and has no place: `template.name`."""
    found = []
    for template, metas in source.metas.items():
        known = {"default": _READ | _TECHNICAL, "dcat": _READ_OF_DCAT}.get(template, set())
        if template not in _OF_THE_PORTAL:
            found += [f"{template}.{name}" for name, value in metas.items() if name not in known and _says(value)]
    return found


def _says(value: Any) -> bool:
    return value not in (None, "", [], {}, False)
