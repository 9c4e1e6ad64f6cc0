"""Steps that cut and join: one part of a text, several texts in one, lists, computed identifiers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bocage.check.mapping.kinds.base import LONGEST_RESULT, Kind, Param, registered
from bocage.check.mapping.kinds.texts import MOST_SOURCES
from bocage.check.mapping.normal import trimmed_sql
from bocage.check.table import ROW
from bocage.store.engine import literal, quoted

MOST_PLACES = 20
_PLACE = re.compile(r"\{([^{}]{1,200})\}")


@registered
class Split(Kind):
    """The nth part between separators; a negative number counts from the end."""

    name = "split"
    label = _("Keep one part of the text")
    params = {
        "separator": Param(_("Separator"), required=True),
        "part": Param(_("Which part"), "whole", required=True, hint=_("1: the first; -1: the last.")),
        "pattern": Param(_("The separator is a regular expression (RE2)"), "flag"),
    }

    def compiled(self, inputs: Sequence[str], params: Mapping[str, Any]) -> str:
        separator = self.text(params, "separator")
        place = self.whole(params, "part", 1, -100, 100)
        cut = "string_split_regex" if self.flag(params, "pattern") else "string_split"
        piece = f"{cut}({inputs[0]}, {literal(separator)})[{place}]"
        return f"nullif({trimmed_sql(piece)}, '')"


@registered
class Concat(Kind):
    """Empty sources are left out, with their separator."""

    name = "concat"
    label = _("Join columns")
    params = {"separator": Param(_("Between them"), hint=_("A space, a comma… Nothing: put end to end."))}
    arity = (1, MOST_SOURCES)

    def compiled(self, inputs: Sequence[str], params: Mapping[str, Any]) -> str:
        separator = self.text(params, "separator", " ", longest=50)
        joined = f"concat_ws({literal(separator)}, {', '.join(_filled(one) for one in inputs)})"
        return _bounded(inputs, len(separator) * len(inputs), f"nullif({joined}, '')")


@registered
class Separated(Kind):
    """A list written with one separator, written with another: “mardi, jeudi” → “mardi|jeudi”, or a JSON array."""

    name = "separated"
    label = _("Change the separator of a list")
    params = {
        "from": Param(_("Separator now"), required=True),
        "to": Param(_("Separator wanted")),
        "json": Param(_("As a JSON list"), "flag"),
    }

    def compiled(self, inputs: Sequence[str], params: Mapping[str, Any]) -> str:
        now, to = self.text(params, "from", longest=20), self.text(params, "to", "|", longest=20)
        one = inputs[0]
        pieces = f"list_transform(string_split({one}, {literal(now)}), lambda piece: {trimmed_sql('piece')})"
        kept = f"list_filter({pieces}, lambda piece: piece <> '')"
        if self.flag(params, "json"):
            return f"CASE WHEN {one} IS NOT NULL THEN CAST(to_json({kept}) AS VARCHAR) END"
        return _bounded([one], 0, f"nullif(array_to_string({kept}, {literal(to)}), '')", len(to) + 1)


@registered
class Template(Kind):
    """`{1}`, `{2}`… or `{label}`: the sources; `{n}`: the rank of the row, in its file, among those that have the same values
    at the other places; `{n:3}`: with zeros in front, three digits. Nothing where a source is empty."""

    name = "template"
    label = _("Compose from a model")
    params = {"template": Param(_("Model"), required=True, hint=_("For example {1}-C-{n:3}: {n} counts the rows."))}
    arity = (0, MOST_SOURCES)

    def compiled(self, inputs: Sequence[str], params: Mapping[str, Any]) -> str:
        template = self.text(params, "template")
        labels = [str(one) for one in params.get("sources", ())]
        if len(_PLACE.findall(template)) > MOST_PLACES:
            raise self.refused(gettext("a model has %(limit)s places at most.") % {"limit": MOST_PLACES})
        pieces: list[str | tuple[str, int]] = []
        read = 0
        for place in _PLACE.finditer(template):
            pieces += [literal(template[read : place.start()]), self._place(place[1], inputs, labels)]
            read = place.end()
        pieces.append(literal(template[read:]))
        used = list(dict.fromkeys(one for one in pieces if isinstance(one, str) and one in set(inputs)))
        texts = [one if isinstance(one, str) else _counter(used, one[1]) for one in pieces]
        repeated = max((texts.count(one) for one in used), default=1)
        return _bounded(used, len(template), " || ".join(texts), repeated)

    def _place(self, name: str, inputs: Sequence[str], labels: Sequence[str]) -> str | tuple[str, int]:
        if counter := re.fullmatch(r"n(?::([1-9]))?", name):
            return ("n", int(counter[1] or 0))
        if name in labels:
            return inputs[labels.index(name)]
        if re.fullmatch(r"[0-9]{1,2}", name) and 1 <= int(name) <= len(inputs):
            return inputs[int(name) - 1]
        raise self.refused(gettext("“%(name)s” is not one of the columns chosen.") % {"name": name})


def counts_rows(params: Mapping[str, Any]) -> bool:
    """Does this template need the numbers of the rows?"""
    return any(re.fullmatch(r"n(:[1-9])?", name) for name in _PLACE.findall(str(params.get("template", ""))))


def _counter(group: Sequence[str], width: int) -> str:
    partition = f"PARTITION BY {', '.join(group)} " if group else ""
    rank = f"CAST(row_number() OVER ({partition}ORDER BY {quoted(ROW)}) AS VARCHAR)"
    return f"lpad({rank}, CAST(greatest({width}, length({rank})) AS INTEGER), '0')" if width else rank


def _filled(text: str) -> str:
    return f"nullif({trimmed_sql(text)}, '')"


def _bounded(inputs: Sequence[str], added: int, made: str, times: int = 1) -> str:
    """Nothing where the result would be too long: steps that feed one another may not fill the memory."""
    if not inputs:
        return made
    length = " + ".join(f"coalesce(length({one}), 0)" for one in inputs)
    return f"CASE WHEN ({length}) * {times} + {added} <= {LONGEST_RESULT} THEN {made} END"
