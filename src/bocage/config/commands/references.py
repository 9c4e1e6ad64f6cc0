"""`bocage references`: which datasets checks look values up in."""

from __future__ import annotations

import argparse

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

SUMMARY = _("Choose the datasets where checks look values up.")


def configure(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar=str(_("verb")))
    listing = verbs.add_parser("list", help=str(_("List the references.")))
    listing.add_argument("--json", action="store_true", help=str(_("Answer in JSON.")))
    choose = verbs.add_parser("set", help=str(_("Let a dataset stand for a name that schemas give.")))
    choose.add_argument("name", metavar="NAME", help=str(_("As schemas write it; “communes” serves other rules too.")))
    choose.add_argument("dataset", metavar="SLUG")
    choose.add_argument(
        "columns", nargs="*", type=_column, metavar="COLUMN=FIELD", help=str(_("Where the dataset has another name."))
    )
    forget = verbs.add_parser("remove", help=str(_("Let no dataset stand for this name any more.")))
    forget.add_argument("name", metavar="NAME")


def run(options: argparse.Namespace) -> int:
    return {"list": _list, "set": _set, "remove": _remove}[options.verb](options)


def _column(text: str) -> tuple[str, str]:
    column, _equals, field = text.partition("=")
    if not column or not field:
        raise argparse.ArgumentTypeError(gettext("“%(text)s” is not of the form COLUMN=FIELD.") % {"text": text})
    return column, field


def _list(options: argparse.Namespace) -> int:
    from bocage.check.models import Reference
    from bocage.config import terminal

    found = list(Reference.objects.select_related("dataset"))
    if options.json:
        terminal.answer([{"name": one.name, "dataset": one.dataset.slug, "columns": one.columns} for one in found])
        return 0
    for one in found:
        columns = ", ".join(f"{column}={field}" for column, field in one.columns.items())
        terminal.say(f"{one.name:<24} {one.dataset.slug:<32} {columns}".rstrip())
    return 0


def _set(options: argparse.Namespace) -> int:
    from bocage.access.viewer import OPERATOR
    from bocage.catalog.selectors import dataset_for
    from bocage.check.choosing import choose_reference

    dataset = dataset_for(OPERATOR, options.dataset)
    choose_reference(viewer=OPERATOR, name=options.name, dataset=dataset, columns=dict(options.columns))
    return 0


def _remove(options: argparse.Namespace) -> int:
    from bocage.access.viewer import OPERATOR
    from bocage.check.choosing import forget_reference

    forget_reference(viewer=OPERATOR, name=options.name)
    return 0
