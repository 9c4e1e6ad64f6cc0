"""Steps on one text: blanks, case, replacing, extracting, constants, the first that is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bocage.check.mapping.kinds.base import LONGEST_RESULT, Kind, Param, registered
from bocage.check.mapping.normal import spaced_sql, spaceless_sql, trimmed_sql
from bocage.store.engine import literal

MOST_SOURCES = 20


@registered
class Constant(Kind):
    name = "constant"
    label = _("Always the same value")
    params = {"value": Param(_("Value"), required=True)}
    arity = (0, MOST_SOURCES)

    def compiled(self, inputs: Sequence[str], params: Mapping[str, Any]) -> str:
        return literal(self.text(params, "value"))


@registered
class First(Kind):
    """The first source that is not empty."""

    name = "first"
    label = _("The first that is not empty")
    params = {"otherwise": Param(_("Value when all are empty"))}
    arity = (1, MOST_SOURCES)

    def compiled(self, inputs: Sequence[str], params: Mapping[str, Any]) -> str:
        otherwise = self.text(params, "otherwise")
        filled = [f"CASE WHEN {trimmed_sql(one)} <> '' THEN {one} END" for one in inputs]
        return f"coalesce({', '.join([*filled, literal(otherwise) if otherwise else 'NULL'])})"


@registered
class Blanks(Kind):
    """No blank around; inside, one space for many. No-break spaces and ends of lines are blanks too."""

    name = "blanks"
    label = _("Remove useless spaces")
    params = {"all": Param(_("Remove every space, inside too"), "flag")}

    def compiled(self, inputs: Sequence[str], params: Mapping[str, Any]) -> str:
        done = spaceless_sql if self.flag(params, "all") else spaced_sql
        return f"nullif({done(inputs[0])}, '')"


@registered
class Case(Kind):
    name = "case"
    label = _("Capital letters")
    params = {
        "to": Param(
            _("Write in"),
            "choice",
            required=True,
            choices=(("upper", _("CAPITALS")), ("lower", _("small letters")), ("sentence", _("First letter capital"))),
        )
    }

    def compiled(self, inputs: Sequence[str], params: Mapping[str, Any]) -> str:
        one = inputs[0]
        match self.choice(params, "to"):
            case "upper":
                return f"upper({one})"
            case "lower":
                return f"lower({one})"
            case _other:
                return f"upper(left({one}, 1)) || lower(substr({one}, 2))"


@registered
class Replace(Kind):
    """Plain text for plain text. A result that would be too long is not made: the value stays as it is."""

    name = "replace"
    label = _("Replace a piece of text")
    params = {"find": Param(_("Find"), required=True), "by": Param(_("Replace by"))}

    def compiled(self, inputs: Sequence[str], params: Mapping[str, Any]) -> str:
        find, by = self.text(params, "find"), self.text(params, "by")
        one = inputs[0]
        longest = f"length({one}) // {len(find)} * {len(by)} + length({one})"
        done = f"replace({one}, {literal(find)}, {literal(by)})"
        return done if len(by) <= len(find) else f"CASE WHEN {longest} <= {LONGEST_RESULT} THEN {done} ELSE {one} END"


@registered
class Extract(Kind):
    """Regular expressions of RE2: no look-around, no back-reference, linear time whatever the value."""

    name = "extract"
    label = _("Keep what an expression finds")
    params = {
        "pattern": Param(_("Regular expression (RE2)"), required=True),
        "group": Param(_("Group to keep"), "whole", hint=_("0: all that is found; 1: the first parenthesis…")),
    }

    def compiled(self, inputs: Sequence[str], params: Mapping[str, Any]) -> str:
        pattern = self.text(params, "pattern", longest=300)
        group = self.whole(params, "group", 0, 0, 9)
        if group > pattern.count("("):
            raise self.refused(gettext("the expression has no such group."))
        return f"nullif(regexp_extract({inputs[0]}, {literal(pattern)}, {group}), '')"


@registered
class Digits(Kind):
    name = "digits"
    label = _("Keep the digits only")

    def compiled(self, inputs: Sequence[str], params: Mapping[str, Any]) -> str:
        return f"nullif(regexp_replace({inputs[0]}, '[^0-9]+', '', 'g'), '')"
