"""How a dataset is had (MD_Distribution), where it comes from and what it claims to follow (DQ_DataQuality)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bocage.publish.iso.parts import citation, code, text, unknown
from bocage.publish.ows.xml import element
from bocage.publish.records.links import Role

if TYPE_CHECKING:
    from bocage.publish.ows.xml import Element
    from bocage.publish.records.links import Link
    from bocage.publish.records.resource import Resource

REGULATION = (
    "Règlement (UE) n° 1089/2010 de la Commission du 23 novembre 2010 portant modalités d’application de la directive 2007/2/CE "
    "du Parlement européen et du Conseil en ce qui concerne l’interopérabilité des séries et des services de données "
    "géographiques"
)
"""The title by which the guidelines want it to be cited."""
REGULATION_URI, REGULATION_DAY = "http://data.europa.eu/eli/reg/2010/1089", date(2010, 12, 8)
_FUNCTIONS = {
    Role.FILE: "download", Role.SERVICE: "download", Role.DOCUMENT: "information", Role.PAGE: "information",
    Role.ASK: "order",
}  # fmt: skip
"""CI_OnLineFunctionCode."""


def distribution(resource: Resource) -> Element:
    files = [one for one in resource.links if one.role == Role.FILE]
    names = dict.fromkeys(one.name.rpartition(".")[2].upper() for one in files) or {"HTML": None}
    formats = [
        element("gmd:distributionFormat", element("gmd:MD_Format", text("gmd:name", one), unknown("gmd:version")))
        for one in names
    ]
    online = [_online(one) for one in resource.links if one.role in _FUNCTIONS]
    transfer = element("gmd:transferOptions", element("gmd:MD_DigitalTransferOptions", *online))
    return element("gmd:distributionInfo", element("gmd:MD_Distribution", *formats, transfer))


def _online(link: Link) -> Element:
    return element(
        "gmd:onLine",
        element(
            "gmd:CI_OnlineResource",
            element("gmd:linkage", element("gmd:URL", link.href)),
            text("gmd:protocol", link.protocol),
            text("gmd:name", link.name or link.title),
            text("gmd:description", link.title),
            code("gmd:function", "CI_OnLineFunctionCode", _FUNCTIONS[link.role]),
        ),
    )


def quality(resource: Resource) -> Element:
    scope = element("gmd:scope", element("gmd:DQ_Scope", code("gmd:level", "MD_ScopeCode", level_of(resource))))
    reports = [_conformity(REGULATION, REGULATION_DAY, REGULATION_URI)]
    if resource.schema:
        reports.append(_conformity(resource.schema, resource.dataset.created_at.date(), resource.schema))
    told = resource.dataset.source or _("%(publisher)s publishes these data; how they were made is not described.") % {
        "publisher": resource.organization.name
    }
    lineage = element("gmd:lineage", element("gmd:LI_Lineage", text("gmd:statement", told)))
    return element("gmd:dataQualityInfo", element("gmd:DQ_DataQuality", scope, *reports, lineage))


def level_of(resource: Resource) -> str:
    """MD_ScopeCode."""
    return "dataset" if resource.dataset.is_geographic else "nonGeographicDataset"


def _conformity(title: str, day: date, href: str) -> Element:
    """What a verdict would say is made of values: it is told by the pages of the dataset, to those who read them."""
    result = element(
        "gmd:DQ_ConformanceResult",
        citation("gmd:specification", title, day, "publication", href),
        text("gmd:explanation", _("See the specification.")),
        unknown("gmd:pass"),
    )
    return element("gmd:report", element("gmd:DQ_DomainConsistency", element("gmd:result", result)))
