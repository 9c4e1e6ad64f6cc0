"""What a dataset is: citation, keywords, constraints, topics, extents (MD_DataIdentification)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bocage.access.vocabulary import Visibility
from bocage.publish.iso import codes
from bocage.publish.iso.contacts import party
from bocage.publish.iso.parts import anchor, citation, code, dated, decimal, language, text, told
from bocage.publish.ows.xml import element

if TYPE_CHECKING:
    from bocage.publish.ows.xml import Element
    from bocage.publish.records.resource import Resource

NO_LIMITATION = "http://inspire.ec.europa.eu/metadata-codelist/LimitationsOnPublicAccess/noLimitations"


def identification(resource: Resource) -> Element:
    """The order of the elements is that of the schema."""
    dataset = resource.dataset
    found: list[Element | None] = [
        _citation(resource),
        text("gmd:abstract", dataset.description or dataset.title),
        party("gmd:pointOfContact", resource, "owner"),
        party("gmd:pointOfContact", resource, "pointOfContact"),
        _maintenance(resource),
        *_keywords(resource),
        *_constraints(resource),
        _representation(resource),
        language("gmd:language", codes.LANGUAGES.get(dataset.language, codes.FRENCH)),
        code("gmd:characterSet", "MD_CharacterSetCode", "utf8"),
        *_topics(resource),
        *_extents(resource),
    ]
    return element("gmd:identificationInfo", element("gmd:MD_DataIdentification", *found))


def _citation(resource: Resource) -> Element:
    dataset = resource.dataset
    dates: list[Element | None] = [dated(dataset.created_at.astimezone(UTC).date(), "publication")]
    if dataset.data_updated_at:
        dates.append(dated(dataset.data_updated_at.astimezone(UTC).date(), "revision"))
    identifier = element("gmd:identifier", element("gmd:MD_Identifier", anchor("gmd:code", resource.uri, resource.uri)))
    alternate = text("gmd:alternateTitle", dataset.slug)
    return element(
        "gmd:citation",
        element("gmd:CI_Citation", text("gmd:title", dataset.title), alternate, *dates, identifier),
    )


def _maintenance(resource: Resource) -> Element:
    frequency = code(
        "gmd:maintenanceAndUpdateFrequency", "MD_MaintenanceFrequencyCode", codes.FREQUENCIES[resource.frequency]
    )
    return element("gmd:resourceMaintenance", element("gmd:MD_MaintenanceInformation", frequency))


def _keywords(resource: Resource) -> list[Element | None]:
    """Themes of INSPIRE under their thesaurus, places by their codes, the others as they were written."""
    declared = [codes.inspire_theme(one) for one in resource.dataset.keywords]
    free = [str(one) for one, theme in zip(resource.dataset.keywords, declared, strict=True) if theme is None]
    free += [str(theme.label) for theme in resource.themes if str(theme.label) not in free]
    thesaurus = citation("gmd:thesaurusName", codes.GEMET, codes.GEMET_DAY, "publication", codes.GEMET_URI)
    themes = [theme for theme in declared if theme is not None]
    return [
        _group([anchor("gmd:keyword", label, uri) for label, uri in themes], "theme", thesaurus),
        _group([text("gmd:keyword", one) for one in free], "theme"),
        _group([text("gmd:keyword", str(one)) for one in resource.dataset.territory], "place"),
    ]


def _group(words: Sequence[Element], kind: str, thesaurus: Element | None = None) -> Element | None:
    if not words:
        return None
    told_kind = code("gmd:type", "MD_KeywordTypeCode", kind)
    return element("gmd:descriptiveKeywords", element("gmd:MD_Keywords", *words, told_kind, thesaurus))


def _constraints(resource: Resource) -> list[Element]:
    """Who may have it, then under which terms: two groups, as the guidelines ask since 2017."""
    if resource.is_open:
        access = anchor("gmd:otherConstraints", _("No limitation to public access"), NO_LIMITATION)
    else:
        access = text("gmd:otherConstraints", str(Visibility(resource.dataset.visibility).label))
    licence = resource.licence
    terms = [told("gmd:otherConstraints", str(licence.label), licence.url)]
    if resource.dataset.attributions:
        terms.append(text("gmd:otherConstraints", resource.dataset.attributions))
    return [_legal("gmd:accessConstraints", [access]), _legal("gmd:useConstraints", terms)]


def _legal(name: str, words: Sequence[Element]) -> Element:
    kind = code(name, "MD_RestrictionCode", "otherRestrictions")
    return element("gmd:resourceConstraints", element("gmd:MD_LegalConstraints", kind, *words))


def _representation(resource: Resource) -> Element:
    kind = "vector" if resource.dataset.is_geographic else "textTable"
    return code("gmd:spatialRepresentationType", "MD_SpatialRepresentationTypeCode", kind)


def _topics(resource: Resource) -> list[Element]:
    found = dict.fromkeys(codes.TOPICS[theme] for theme in resource.themes) or {codes.NO_TOPIC: None}
    return [element("gmd:topicCategory", element("gmd:MD_TopicCategoryCode", one)) for one in found]


def _extents(resource: Resource) -> list[Element]:
    dataset, found = resource.dataset, []
    if dataset.bbox:
        found.append(_box(dataset.bbox))
    if dataset.temporal_start or dataset.temporal_end:
        found.append(_period(resource.identifier, dataset.temporal_start, dataset.temporal_end))
    return [element("gmd:extent", element("gmd:EX_Extent", one)) for one in found]


def _box(bounds: Sequence[float]) -> Element:
    west, south, east, north = bounds
    sides = (("west", "BoundLongitude", west), ("east", "BoundLongitude", east),
             ("south", "BoundLatitude", south), ("north", "BoundLatitude", north))  # fmt: skip
    box = element("gmd:EX_GeographicBoundingBox", *(decimal(f"gmd:{side}{name}", at) for side, name, at in sides))
    return element("gmd:geographicElement", box)


def _period(identifier: str, start: date | None, end: date | None) -> Element:
    period = element(
        "gml:TimePeriod", _end("gml:beginPosition", start), _end("gml:endPosition", end), gml__id=f"period-{identifier}"
    )
    return element("gmd:temporalElement", element("gmd:EX_TemporalExtent", element("gmd:extent", period)))


def _end(name: str, at: date | None) -> Element:
    return element(name, at.isoformat()) if at else element(name, indeterminatePosition="unknown")
