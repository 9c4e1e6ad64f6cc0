"""Why a style cannot be kept."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bocage.kernel.errors import TerminalError


class StyleRefused(TerminalError):
    code = "catalog.style-refused"


class StyleNotRead(StyleRefused):
    """`reason`: what is wrong, in the language of the reader."""

    code = "catalog.style-not-read"
    message = _("The style cannot be read: %(reason)s")
    mend = _("Send a MapLibre style (JSON, version 8) or a Styled Layer Descriptor (XML, 1.0 or 1.1).")


class StyleOfQgis(StyleRefused):
    """QML tells the objects of QGIS, by the names that its classes have: only QGIS itself reads all of it."""

    code = "catalog.style-of-qgis"
    message = _("This is a style in the own format of QGIS (QML), which only QGIS can read.")
    mend = _(
        "In QGIS, open the properties of the layer, then Style, Save Style, and choose the SLD format: that file is read here."
    )


class StyleTooLarge(StyleRefused):
    code = "catalog.style-too-large"
    message = _("The style is too large: %(found)s, where %(most)s is the most.")
    mend = _("Draw with fewer rules.")


class StyleFromElsewhere(StyleRefused):
    """Readers of a map must not be sent to an address that the keepers of the platform do not know."""

    code = "catalog.style-from-elsewhere"
    message = _("The style names an address elsewhere: “%(address)s”.")
    mend = _("Draw with colours, shapes and letters: pictures and fonts from elsewhere are not fetched.")


class StyleNotNamed(StyleRefused):
    code = "catalog.style-not-named"
    message = _("“%(name)s” cannot be the identifier of a style.")
    mend = _("Use lower-case letters, digits, hyphens and underscores, and not “%(taken)s”.")


class TooManyStyles(StyleRefused):
    code = "catalog.too-many-styles"
    message = _("This dataset has %(most)s styles already.")
    mend = _("Remove one of them first.")
