"""What cannot be kept as it was, told by dataset: code, fields, and the sentence in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from bocage.store.staged import Notice

SENTENCES: dict[str, Any] = {
    "theme-as-keyword": _("The theme “%(theme)s” has no equivalent here: it is kept as a keyword."),
    "licence-unknown": _("The licence “%(licence)s” is not in our list: choose one on the page of the dataset."),
    "licence-not-allowed": _(
        "%(authors)s does not allow the licence “%(licence)s”: “%(chosen)s” was put in its place. Check with whoever publishes"
        " the data that it may."
    ),
    "theme-not-allowed": _("%(authors)s does not allow these themes: they were left out: %(themes)s."),
    "publisher-as-attribution": _(
        "The publisher “%(publisher)s” is not the organisation “%(organization)s”: it is kept in the attribution."
    ),
    "territory-without-code": _("The territory “%(territory)s” has no INSEE code: it is not kept."),
    "text-shortened": _("“%(meta)s” is too long: its end is not kept."),
    "metas-aside": _("These metadata have no place here; they are kept in the journal of the import: %(metas)s."),
    "keywords-left": _("%(count)s keywords are too many or too long: they are not kept."),
    "frequency-unknown": _("The update frequency “%(frequency)s” is not understood: it is not kept."),
    "contact-not-kept": _("“%(contact)s” is not an e-mail address: it is not kept."),
    "description-formatted": _(
        "The description was written in HTML: its text, links, lists and emphasis are kept, not its look."
    ),
    "field-type-unknown": _("The field “%(field)s” has an unknown type (“%(type)s”): it is kept as text."),
    "field-files-stay": _(
        "The field “%(field)s” holds files: their descriptions are kept, the files stay on the portal and leave with it."
    ),
    "field-annotation": _("What the portal says of the field “%(field)s” has no equivalent here: %(annotations)s."),
    "field-description-shortened": _("The description of the field “%(field)s” is shortened."),
    "restricted-private": _("Restricted on the portal, hence private here: share it from its page."),
    "not-public": _("A stranger cannot see it on the portal, hence it is private here: open it from its page."),
    "visibility-left": _("Its visibility changed on the portal, and is left here as it is."),
    "edited-here": _("Changed here since the last import, hence left as it is: %(names)s."),
    "no-data": _("The portal shows no record of it: only its description is copied."),
    "attachment-lost": _("The attached file “%(title)s” could not be copied: %(reason)s"),
    "alternative-exports": _("Files offered beside the data are not copied: %(titles)s."),
    "export-form": _("The export “%(format)s” could not be kept without loss (%(reason)s): another one was taken."),
    "removed-here": _("It was copied, then removed here: it is not copied again (--again does it)."),
    "renamed": _("Its identifier was “%(before)s”: addresses that hold it will no longer answer."),
}


def sentence(loss: Notice | dict[str, Any]) -> str:
    """In the active language."""
    one = loss if isinstance(loss, Notice) else Notice(loss["code"], loss.get("fields", {}))
    template = SENTENCES.get(one.code)
    try:
        return str(template) % one.fields if template is not None else one.code
    except (KeyError, TypeError, ValueError):
        return one.code


def as_records(losses: Iterable[Notice]) -> list[dict[str, Any]]:
    return [loss.as_dict() for loss in losses]
