"""Why a file does not become a reference."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bocage.kernel.errors import TerminalError


class NotThatSource(TerminalError):
    """`columns`: of the file, as it has them."""

    code = "references.not-that-source"
    message = _("“%(file)s” does not look like %(source)s: it has no column “%(column)s”.")
    mend = _("Check the file, or the name of the source. Its columns: %(columns)s.")


class LayerNotFound(TerminalError):
    code = "references.layer-not-found"
    message = _("“%(file)s” holds none of the layers asked: %(layers)s.")
    mend = _("What it holds: %(found)s. Say which one with --layer, or give another file.")


class ArchiveToUnpack(TerminalError):
    code = "references.archive-to-unpack"
    message = _("“%(file)s” is an archive that Bocage does not open.")
    mend = _("Unpack it first (for example: 7z x %(file)s), then give the .gpkg or the .shp that it holds.")


class UnknownArea(TerminalError):
    code = "references.unknown-area"
    message = _("“%(code)s” is neither the INSEE code of a commune nor the SIREN of an authority.")
    mend = _("Write five characters (44109) or nine digits (244400404); for a whole department: --department 44.")


class UnknownDepartment(TerminalError):
    code = "references.unknown-department"
    message = _("“%(code)s” is not the number of a department.")
    mend = _("Write two characters (44, 2A), or three overseas (974).")


class BoundariesMissing(TerminalError):
    code = "references.boundaries-missing"
    message = _("The boundaries of %(area)s are not known to Bocage.")
    mend = _("Import them first: bocage import-reference admin-express FILE, for this area or a larger one.")


class NothingInside(TerminalError):
    code = "references.nothing-inside"
    message = _("“%(file)s” holds nothing inside %(area)s.")
    mend = _("Check the codes given, and that the file covers this territory.")


class IdentifierTaken(TerminalError):
    code = "references.identifier-taken"
    message = _("There is already a dataset “%(dataset)s”, and it is not a reference of this organisation.")
    mend = _("Choose another identifier with --dataset: nothing is published over the work of others.")


class DamagedExtract(TerminalError):
    code = "references.damaged-extract"
    message = _("“%(file)s” is not a whole OpenStreetMap extract (.osm.pbf): %(detail)s")
    mend = _("Download it again, and check its size.")


class OneLayerOnly(TerminalError):
    code = "references.one-layer-only"
    message = _("An identifier names one dataset, and this file makes %(count)s of them.")
    mend = _("Say which one with --layer.")
