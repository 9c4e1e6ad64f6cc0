"""What the strict profile adds: things that the national validator lets through, and that readers stumble on."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from bocage.check.report.words import Words

OUTSIDE = ngettext_lazy(
    "%(count)s position of the column “%(label)s” is outside the territory.",
    "%(count)s positions of the column “%(label)s” are outside the territory.",
    "n",
)

WORDS: dict[str, Words] = {
    "strict.spaces": Words(
        _("Useless spaces"),
        ngettext_lazy(
            "%(count)s cell of the column “%(label)s” begins or ends with a space.",
            "%(count)s cells of the column “%(label)s” begin or end with a space.",
            "n",
        ),
        advice=_("They are not seen, and prevent searches and comparisons: remove them."),
    ),
    "strict.swapped-position": Words(
        _("Coordinates swapped"),
        ngettext_lazy(
            "%(count)s position of the column “%(label)s” has its latitude and longitude swapped.",
            "%(count)s positions of the column “%(label)s” have their latitude and longitude swapped.",
            "n",
        ),
        _("Longitude comes first: around -1.5 for Nantes; latitude second: around 47.2."),
    ),
    "strict.no-row": Words(
        _("No row"),
        _("The file holds names of columns, and no row."),
        advice=_("Check that the right sheet was chosen, and that the rows were exported."),
    ),
    "strict.outside-territory": Words(
        _("Outside the territory"),
        OUTSIDE,
        advice=_("Look at these positions on a map: a sign or a digit is often wrong."),
    ),
    "strict.outside-commune": Words(
        _("Outside the commune"),
        ngettext_lazy(
            "%(count)s position is not in the commune that its row names (column “%(commune_column)s”).",
            "%(count)s positions are not in the commune that their row names (column “%(commune_column)s”).",
            "n",
        ),
        advice=_("Correct the position, or the code of the commune."),
    ),
    "strict.one-value": Words(
        _("The same value everywhere"),
        _("The column “%(label)s” holds the same value on every row: “%(value)s”."),
        advice=_("Check that it is not a value left by default."),
    ),
    "strict.future": Words(
        _("Date in the future"),
        ngettext_lazy(
            "%(count)s date of the column “%(label)s” is in the future.",
            "%(count)s dates of the column “%(label)s” are in the future.",
            "n",
        ),
    ),
    "strict.placeholder": Words(
        _("Cell filled for the form"),
        ngettext_lazy(
            "%(count)s cell of the column “%(label)s” says that nothing is known (“unknown”, “-”, “n/a”…).",
            "%(count)s cells of the column “%(label)s” say that nothing is known (“unknown”, “-”, “n/a”…).",
            "n",
        ),
        advice=_("Leave the cell empty: it is understood by everybody."),
    ),
}
