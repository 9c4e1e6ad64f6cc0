"""Why a family of values is wrong, and what one rule would do to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy

from bocage.check.report.values import counted, numbered, text

if TYPE_CHECKING:
    from bocage.check.report.mends import Mend
    from bocage.kernel.errors import Text

CAUSES: dict[str, Text] = {
    "french_date": ngettext_lazy("%(count)s is written day/month/year.", "%(count)s are written day/month/year.", "n"),
    "american_date": ngettext_lazy("%(count)s is written month/day/year.", "%(count)s are written month/day/year.", "n"),
    "serial_date": ngettext_lazy(
        "%(count)s is the number by which a spreadsheet keeps a date.",
        "%(count)s are the numbers by which a spreadsheet keeps a date.",
        "n",
    ),
    "time_words": ngettext_lazy("%(count)s is written like 8h30.", "%(count)s are written like 8h30.", "n"),
    "point_zero": ngettext_lazy(
        "%(count)s was given a “.0” by a spreadsheet.", "%(count)s were given a “.0” by a spreadsheet.", "n"
    ),
    "decimal_comma": ngettext_lazy("%(count)s has a decimal comma.", "%(count)s have a decimal comma.", "n"),
    "number_marks": ngettext_lazy(
        "%(count)s holds spaces, a unit or separators of thousands.",
        "%(count)s hold spaces, a unit or separators of thousands.",
        "n",
    ),
    "yes_no": ngettext_lazy("%(count)s says yes or no in other words.", "%(count)s say yes or no in other words.", "n"),
    "position": ngettext_lazy(
        "%(count)s is a position written in another way.", "%(count)s are positions written in another way.", "n"
    ),
    "swapped": ngettext_lazy(
        "%(count)s has its latitude and its longitude swapped.", "%(count)s have their latitude and longitude swapped.", "n"
    ),
    "lambert": ngettext_lazy(
        "%(count)s is in metres (Lambert-93) instead of degrees.", "%(count)s are in metres (Lambert-93) instead of degrees.", "n"
    ),
    "spelling_of_list": ngettext_lazy(
        "%(count)s is in the list but for a capital letter, an accent, a space or a sign.",
        "%(count)s are in the list but for a capital letter, an accent, a space or a sign.",
        "n",
    ),
    "nearest_code": ngettext_lazy(
        "%(count)s looks like a misspelt value of the list.", "%(count)s look like misspelt values of the list.", "n"
    ),
    "lost_zero": ngettext_lazy(
        "%(count)s lost the zeros in front of a code.", "%(count)s lost the zeros in front of a code.", "n"
    ),
    "web_prefix": ngettext_lazy(
        "%(count)s lacks the https:// of a web address.", "%(count)s lack the https:// of a web address.", "n"
    ),
    "separator": ngettext_lazy(
        "%(count)s is a list with another separator.", "%(count)s are lists with another separator.", "n"
    ),
    "blanks": ngettext_lazy("%(count)s has useless spaces.", "%(count)s have useless spaces.", "n"),
    "capitals": ngettext_lazy("%(count)s should be in capital letters.", "%(count)s should be in capital letters.", "n"),
    "small_letters": ngettext_lazy("%(count)s should be in small letters.", "%(count)s should be in small letters.", "n"),
}  # fmt: skip


def mend_sentence(mend: Mend) -> str:
    """« 412 sont écrites jour/mois/année. Une seule règle les corrige toutes. »"""
    if mend.cause == "renamed":
        words = _("The column “%(source)s” of your file seems to be the one: rename it “%(target)s”.")
        return words % {"source": text(mend.sources[0]), "target": text(mend.target)}
    values = numbered({"count": counted(mend.mended)}, mend.mended)
    return f"{CAUSES[mend.cause] % values!s} {_reach(mend)}"


def _reach(mend: Mend) -> str:
    if mend.left:
        left = ngettext(
            "One rule mends them; %(left)s other is to be mended by hand.",
            "One rule mends them; %(left)s others are to be mended by hand.",
            mend.left,
        )
        return left % {"left": counted(mend.left)}
    return ngettext("One rule mends it.", "One rule mends them all.", mend.mended)
