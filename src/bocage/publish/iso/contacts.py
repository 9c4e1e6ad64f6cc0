"""Who answers for a dataset, and who for its record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bocage.publish.iso.parts import code, text
from bocage.publish.ows.xml import element

if TYPE_CHECKING:
    from bocage.publish.ows.xml import Element
    from bocage.publish.records.resource import Resource


def party(name: str, resource: Resource, role: str) -> Element:
    """`role`: of CI_RoleCode. The address is that of a service, as the publisher gave it."""
    mail = resource.contact_email
    address = (
        element("gmd:address", element("gmd:CI_Address", text("gmd:electronicMailAddress", mail))) if mail else None
    )
    return element(
        name,
        element(
            "gmd:CI_ResponsibleParty",
            text("gmd:individualName", resource.dataset.contact_name) if resource.dataset.contact_name else None,
            text("gmd:organisationName", resource.organization.name),
            element("gmd:contactInfo", element("gmd:CI_Contact", address, _site(resource.organization.website))),
            code("gmd:role", "CI_RoleCode", role),
        ),
    )


def _site(website: str) -> Element | None:
    if not website:
        return None
    linkage = element("gmd:linkage", element("gmd:URL", website))
    return element("gmd:onlineResource", element("gmd:CI_OnlineResource", linkage))
