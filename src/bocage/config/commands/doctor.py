"""`bocage doctor`: is everything there, whole, and is there nothing else?"""

from __future__ import annotations

import argparse

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

SUMMARY = _("Verify the installation, and every byte of every version.")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--repair", action="store_true", help=str(_("Remove leftovers and mend what can be mended.")))
    parser.add_argument("--json", action="store_true", help=str(_("Answer in JSON.")))


def run(options: argparse.Namespace) -> int:
    from bocage.config import terminal
    from bocage.config.doctoring import examine

    with terminal.progress(lambda: gettext("Verifying")):
        remarks = list(examine(repair=options.repair))
    number, sealed = _end_of_journal()
    waiting = [remark for remark in remarks if remark.severity != "notice" and not remark.repaired]
    if options.json:
        terminal.answer(
            {
                "well": not waiting,
                "remarks": [remark.as_dict() for remark in remarks],
                "journal": {"number": number, "hash": sealed},
            }
        )
        return 1 if waiting else 0
    labels = {"error": gettext("error"), "warning": gettext("warning"), "notice": gettext("notice")}
    for remark in remarks:
        label = gettext("mended") if remark.repaired else labels.get(remark.severity, remark.severity)
        terminal.say(f"{label}: {remark.message}")
    if number:
        told = {"number": number, "hash": sealed}
        terminal.say(gettext("Last entry of the journal, to be kept elsewhere: %(number)s, %(hash)s") % told)
    terminal.say(gettext("Something is wrong: see above.") if waiting else gettext("All is well."))
    return 1 if waiting else 0


def _end_of_journal() -> tuple[int, str]:
    """Nothing while there is no database to ask: what is wrong is said by the remarks."""
    from django.db import DatabaseError

    from bocage.access.audit.verifying import last_hash

    try:
        return last_hash()
    except DatabaseError:
        return 0, ""
