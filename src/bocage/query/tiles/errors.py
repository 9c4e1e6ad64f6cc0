"""What may be wrong with a tile that is asked for."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bocage.kernel.errors import TerminalError


class TileOutside(TerminalError):
    """No tile of the grid has this address."""

    code = "query.tile-outside"
    message = _("The grid “%(grid)s” has no tile %(zoom)s/%(column)s/%(row)s.")
    mend = _("Zooms go from %(lowest)s to %(highest)s; at zoom z, columns and rows go from 0 to 2^z − 1.")

    def __init__(self, *, grid: str, zoom: int, column: int, row: int, lowest: int, highest: int) -> None:
        super().__init__(grid=grid, zoom=zoom, column=column, row=row, lowest=lowest, highest=highest)
