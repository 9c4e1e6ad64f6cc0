"""What an entry of the journal says beside its kind, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.utils.formats import localize
from django.utils.translation import gettext as _

from bocage.access.agreements.vocabulary import State, Step
from bocage.access.vocabulary import Action, Effect, Visibility
from bocage.catalog.references.vocabulary import ReferenceKind
from bocage.organizations.vocabulary import Role

if TYPE_CHECKING:
    from bocage.access.models import JournalEntry

OF_A_PERSON = ("member.", "account.")
"""Beginnings of the kinds whose subject is an account."""
VALUES: dict[str, tuple[Any, ...]] = {
    "role": (Role,), "before": (Role, Visibility), "visibility": (Visibility,), "effect": (Effect,), "action": (Action,),
    "step": (Step,), "state": (State,), "about": (ReferenceKind,),
}  # fmt: skip
"""Facts whose values are codes."""


def details_of(
    entry: JournalEntry, people: Mapping[int, str], organizations: Mapping[str, str]
) -> list[tuple[str, str]]:
    """(what, value). Of a fact that this release does not know, its code: nothing of what was told is left out."""
    return list(_details(entry, people, organizations))


def _details(
    entry: JournalEntry, people: Mapping[int, str], organizations: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    words = _words()
    if entry.rows is not None:
        yield _("rows"), localize(entry.rows, use_l10n=True)
    if entry.kind == "read" and entry.restriction not in ("", "all"):
        yield _("seen"), _("a part only")
    if entry.agreements:
        yield (
            _("by agreement"),
            ", ".join(_("no. %(number)s") % {"number": number} for number in entry.agreements.split()),
        )
    if entry.party:
        yield _("in the name of"), organizations.get(entry.party, entry.party)
    if entry.kind.startswith(OF_A_PERSON) and entry.subject.isdigit():
        yield _("person"), people.get(int(entry.subject), entry.subject)
    elif entry.kind == "read" and entry.subject:
        yield _("document"), entry.subject
    for name, value in entry.told.items():
        if value not in ("", None, [], False):
            yield _label(name, value, words), _value(name, value, people)
    if entry.origin:
        yield _("from"), entry.origin


def _label(name: str, value: Any, words: Mapping[str, str]) -> str:
    """Of a rule, whether it looks at rows; of a version, how many it has."""
    return _("rows") if name == "rows" and value is not True else words.get(name, name.replace("_", " "))


def _value(name: str, value: Any, people: Mapping[int, str]) -> str:
    if name == "member" and isinstance(value, int):
        return people.get(value, str(value))
    if value is True:
        return _("yes")
    if name == "done":
        return {"joined": _("joined"), "removed": _("taken out")}.get(str(value), str(value))
    if isinstance(value, list):
        return ", ".join(map(str, value))
    kind = next((one for one in VALUES.get(name, ()) if value in one.values), None)
    return str(kind(value).label) if kind is not None else str(value)


def _words() -> dict[str, str]:
    return {
        "about": _("describes"), "action": _("right"), "answer": _("answer"), "before": _("before"),
        "begins": _("begins"), "by": _("by"), "columns": _("columns"), "count": _("entries"), "domain": _("domain"),
        "done": _("document"), "effect": _("effect"), "field": _("column"), "format": _("format"), "holder": _("for"),
        "key": _("key column"), "label": _("column of names"), "links": _("datasets that pointed to it"),
        "member": _("person"), "name": _("name"), "number": _("number"), "purpose": _("purpose"),
        "read_only": _("read only"), "reason": _("reason"), "reference": _("reference"), "role": _("role"),
        "rows": _("condition on rows"), "sha256": _("fingerprint"), "state": _("state"), "step": _("step"),
        "title": _("title"), "until": _("until"), "visibility": _("visibility"),
    }  # fmt: skip
