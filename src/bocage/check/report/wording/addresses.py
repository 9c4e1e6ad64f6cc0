"""The Base Adresse Locale. Its national validator has a code for each fault: these words stand for those that have none here."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from bocage.check.report.words import Words

ADDRESSES = ngettext_lazy("%(count)s address is concerned.", "%(count)s addresses are concerned.", "n")
COMPLETE = _("The guide of the Base Adresse Locale says how to fill this column: adresse.data.gouv.fr.")

WORDS: dict[str, Words] = {"bal": Words(_("Address to look at"), ADDRESSES, advice=COMPLETE)}
