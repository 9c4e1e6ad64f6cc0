"""Numbers and codes as people and workbooks write them. What is not one goes through unchanged."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bocage.check.mapping.kinds.base import Kind, Param, let, matches, registered
from bocage.check.mapping.normal import spaceless_sql

UNITS = "€|eur|euros?|%|mm|cm|dm|m|km|m2|m²|m3|m³|ha|kg|g|t|l|h|mn|min|ans?|kw|kwh|kva|w|v|places?|mois|jours?|km/h"
_FORMS = (("", _("comma or point")), (",", _("comma")), (".", _("point")))


@registered
class Number(Kind):
    """`1 234,50 €` → `1234.50`. With both marks, the last one is decimal; one mark seen twice parts thousands."""

    name = "number"
    label = _("Write the number as the schema does")
    params = {
        "decimal": Param(_("Decimal mark in the file"), "choice", choices=_FORMS),
        "whole": Param(_("Whole number: remove “.0”"), "flag"),
    }

    def compiled(self, inputs: Sequence[str], params: Mapping[str, Any]) -> str:
        bare = f"regexp_replace(lower({spaceless_sql(inputs[0])}), '({UNITS})$', '')"
        mark = self.choice(params, "decimal")
        read = let(bare, lambda text: f"CASE {' '.join(_readings(text, mark))} ELSE {inputs[0]} END")
        return f"regexp_replace({read}, '^([+-]?[0-9]+)[.]0*$', '\\1')" if self.flag(params, "whole") else read


def _readings(bare: str, mark: str) -> list[str]:
    """Ways of reading a number, as WHEN … THEN …, the usual ones first; `mark`: the decimal one, "" when it is not said."""
    point, comma = (f"[+-]?[0-9]{{1,3}}(?:{one}[0-9]{{3}})" for one in ("[.]", ","))
    cases = [f"WHEN {matches(bare, '[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)')} THEN {bare}"]
    if mark != ".":
        cases += [
            f"WHEN {matches(bare, '[+-]?[0-9]*,[0-9]+')} THEN replace({bare}, ',', '.')",
            f"WHEN {matches(bare, f'{point}+,[0-9]+')} THEN replace(replace({bare}, '.', ''), ',', '.')",
            f"WHEN {matches(bare, f'{point}{{2,}}')} THEN replace({bare}, '.', '')",
        ]
    if mark != ",":
        many = "+" if mark else "{2,}"
        cases += [
            f"WHEN {matches(bare, f'{comma}+[.][0-9]+')} THEN replace({bare}, ',', '')",
            f"WHEN {matches(bare, f'{comma}{many}')} THEN replace({bare}, ',', '')",
        ]
    return cases


@registered
class PointZero(Kind):
    """What a workbook does to codes: `44109.0`, `2.1440109E13`."""

    name = "point_zero"
    label = _("Remove the “.0” of a workbook")

    def compiled(self, inputs: Sequence[str], params: Mapping[str, Any]) -> str:
        def read(bare: str) -> str:
            exponent = f"TRY_CAST({bare} AS DOUBLE)"
            return (
                f"CASE WHEN {matches(bare, '[0-9]+[.]0+')} THEN regexp_extract({bare}, '^[0-9]+') "
                f"WHEN {matches(bare, '[0-9]([.][0-9]+)?[eE][+]?[0-9]{1,2}')} AND {exponent} < 9007199254740992 "
                f"AND {exponent} = floor({exponent}) THEN CAST(CAST({exponent} AS BIGINT) AS VARCHAR) ELSE {inputs[0]} END"
            )

        return let(f"replace({spaceless_sql(inputs[0])}, ',', '.')", read)


@registered
class Pad(Kind):
    """Zeros put back in front of a code that lost them. Blanks inside go; what has letters stays as it is."""

    name = "pad"
    label = _("Put back the zeros in front of a code")
    params = {"length": Param(_("Number of characters"), "whole", required=True)}

    def compiled(self, inputs: Sequence[str], params: Mapping[str, Any]) -> str:
        length = self.whole(params, "length", 5, 1, 40)
        digits = f"[0-9]{{1,{length}}}"
        return let(
            spaceless_sql(inputs[0]),
            lambda bare: f"CASE WHEN {matches(bare, digits)} THEN lpad({bare}, {length}, '0') ELSE {inputs[0]} END",
        )


@registered
class Convert(Kind):
    """Another unit: times `factor`, plus `offset`, rounded."""

    name = "convert"
    label = _("Change the unit")
    params = {
        "factor": Param(_("Multiply by"), "number", required=True, hint=_("0.01 from centimetres to metres.")),
        "offset": Param(_("then add"), "number"),
        "decimals": Param(_("Decimals kept"), "whole"),
    }

    def compiled(self, inputs: Sequence[str], params: Mapping[str, Any]) -> str:
        factor, offset = self._number(params, "factor", 1.0), self._number(params, "offset", 0.0)
        decimals = self.whole(params, "decimals", 6, 0, 12)
        value = f"TRY_CAST(replace({spaceless_sql(inputs[0])}, ',', '.') AS DOUBLE)"

        def written(result: str) -> str:
            fixed = f"printf('%.{decimals}f', {result})"
            short = f"rtrim(rtrim({fixed}, '0'), '.')" if decimals else fixed
            sane = f"isfinite({result}) AND abs({result}) < 1e15"
            return f"CASE WHEN {sane} THEN regexp_replace({short}, '^-0$', '0') ELSE {inputs[0]} END"

        return let(f"round({value} * {factor!r} + {offset!r}, {decimals})", written)

    def _number(self, params: Mapping[str, Any], name: str, default: float) -> float:
        try:
            value = float(str(params.get(name) or default).replace(",", "."))
        except ValueError:
            value = math.nan
        if not math.isfinite(value) or abs(value) > 1e12:
            raise self.refused(
                gettext("“%(param)s” is not a number that can be used.") % {"param": self.params[name].label}
            )
        return value
