"""Steps between vocabularies: yes and no, a table of translation, a code list of the platform."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bocage.check.mapping.kinds.base import Kind, Param, registered
from bocage.check.mapping.normal import normal, normal_sql
from bocage.store.engine import literal

YES = ("oui", "o", "vrai", "v", "true", "t", "yes", "y", "1", "x", "on", "1 0")
NO = ("non", "n", "faux", "f", "false", "no", "0", "off", "0 0")
_FEW = 24
_OTHERWISE = (("keep", _("leave it as it is")), ("empty", _("leave it empty")))


def translated(text: str, table: dict[str, str], otherwise: str) -> str:
    """SQL: the entry of `table` for `text`, accents and case aside. A long table is joined, a short one is a CASE."""
    entries = {normal(key): value for key, value in reversed(table.items()) if normal(key)}
    if not entries:
        return otherwise
    key = normal_sql(text)
    if len(entries) <= _FEW:
        cases = " ".join(f"WHEN {literal(one)} THEN {literal(value)}" for one, value in entries.items())
        return f"CASE {key} {cases} ELSE {otherwise} END"
    rows = ", ".join(f"({literal(one)}, {literal(value)})" for one, value in entries.items())
    found = f"(SELECT entry.written FROM (VALUES {rows}) AS entry(said, written) WHERE entry.said = {key})"
    return f"coalesce({found}, {otherwise})"


@registered
class Boolean(Kind):
    """Oui, vrai, O, 1, X… in the words of the schema."""

    name = "boolean"
    label = _("Write yes and no as the schema does")
    params = {
        "true": Param(_("For yes")),
        "false": Param(_("For no")),
        "yes": Param(_("Other words that mean yes"), "list"),
        "no": Param(_("Other words that mean no"), "list"),
    }

    def compiled(self, inputs: Sequence[str], params: Mapping[str, Any]) -> str:
        yes, no = self.text(params, "true", "true"), self.text(params, "false", "false")
        table = dict.fromkeys(NO, no) | dict.fromkeys(YES, yes)
        table |= dict.fromkeys(self.texts(params, "no"), no) | dict.fromkeys(self.texts(params, "yes"), yes)
        return translated(inputs[0], table, inputs[0])


@registered
class Vocabulary(Kind):
    """A value of the file for a value of the schema; accents and capitals do not count."""

    name = "vocabulary"
    label = _("Translate the values")
    params = {
        "table": Param(_("Value of the file = value wanted"), "table", required=True),
        "otherwise": Param(_("A value that is not in the table"), "choice", choices=_OTHERWISE),
    }

    def compiled(self, inputs: Sequence[str], params: Mapping[str, Any]) -> str:
        otherwise = inputs[0] if self.choice(params, "otherwise", "keep") == "keep" else "NULL"
        return translated(inputs[0], self.table(params, "table"), otherwise)


@registered
class CodeListLookup(Kind):
    """Code, label or synonym of a code list of the platform → its code, or its label. The latest edition is used."""

    name = "code_list"
    label = _("Find in a code list")
    params = {
        "list": Param(_("Code list"), required=True),
        "to": Param(
            _("Keep"),
            "choice",
            choices=(("code", _("the code")), ("fr", _("the French label")), ("en", _("the English label"))),
        ),
        "otherwise": Param(_("A value that is not in the list"), "choice", choices=_OTHERWISE),
    }

    def compiled(self, inputs: Sequence[str], params: Mapping[str, Any]) -> str:
        to = self.choice(params, "to", "code")
        table: dict[str, str] = {}
        for entry in self._codes(self.text(params, "list")):
            wanted = str(entry.get(to) or entry.get("code") or "")
            names = [entry.get("code"), entry.get("fr"), entry.get("en"), *(entry.get("synonyms") or ())]
            for said in names:
                if said:
                    table.setdefault(str(said), wanted)
        otherwise = inputs[0] if self.choice(params, "otherwise", "keep") == "keep" else "NULL"
        return translated(inputs[0], table, otherwise)

    def _codes(self, name: str) -> list[dict[str, Any]]:
        from bocage.check.models import CodeListEdition

        edition = CodeListEdition.objects.filter(code_list__name=name).first()
        if edition is None:
            raise self.refused(gettext("the code list “%(name)s” does not exist.") % {"name": name})
        return list(edition.codes)
