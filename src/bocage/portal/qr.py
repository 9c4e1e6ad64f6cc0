"""An address as a QR code, drawn as SVG by the library `qrcode`."""

from __future__ import annotations

import io

import qrcode
from qrcode.constants import ERROR_CORRECT_M
from qrcode.exceptions import DataOverflowError
from qrcode.image.svg import SvgPathImage

LONGEST = 1000
"""Characters: a code that holds more has points too small for the camera of a phone."""
QUIET_ZONE = 4
"""Modules of margin that the standard (ISO/IEC 18004) asks for."""


class TooLong(ValueError):
    """The text does not fit a code that can be read."""


def qr_svg(text: str) -> bytes:
    """Black on white: what readers are made for, whatever the theme. Raises TooLong."""
    if len(text) > LONGEST:
        raise TooLong
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QUIET_ZONE, image_factory=_Drawn)
    code.add_data(text)
    try:
        code.make(fit=True)
    except (DataOverflowError, ValueError) as error:
        raise TooLong from error
    drawn = io.BytesIO()
    code.make_image().save(drawn)
    return drawn.getvalue()


class _Drawn(SvgPathImage):
    """With a white ground: the margin is part of the code."""

    background = "#ffffff"
    QR_PATH_STYLE = {"fill": "#000000", "fill-opacity": "1", "fill-rule": "nonzero", "stroke": "none"}
