"""Reading the parameters of a custom check, with the codes of the reference for what is wrong with them.

A wrong declaration makes the file invalid (`check-error`, on the table as a whole), and the check is not run. Rules and fields:
`check-error.unknown` (check), `check-error.parameter` (check, parameter), `check-error.value` (check, parameter, value, known),
`check-error.type` (check, column, type), and the warning `deprecated-check` (check, instead).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bocage.check.verdict import Family, Fault

SHOWN = 20  # values listed as known, at most


class WrongCheck(Exception):
    """The declaration cannot be run; `family` is what is told of it."""

    def __init__(self, family: Family) -> None:
        self.family = family
        super().__init__(family.rule)


def check_error(kind: str, check: str, **fields: Any) -> Family:
    """`kind`: what follows `check-error.` in the name of the rule."""
    return Family(
        code="check-error", rule=f"check-error.{kind}", fields={"check": check, **fields}, examples=(Fault(),)
    )


def text(check: str, params: Mapping[str, Any], name: str) -> str:
    """A parameter that must be a text. Raises WrongCheck."""
    value = params.get(name)
    if not isinstance(value, str):
        raise WrongCheck(check_error("parameter", check, parameter=name))
    return value


def optional_text(check: str, params: Mapping[str, Any], name: str) -> str:
    return text(check, params, name) if name in params else ""


def texts(check: str, params: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """A parameter that must be a list of texts. Raises WrongCheck."""
    value = params.get(name)
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise WrongCheck(check_error("parameter", check, parameter=name))
    return tuple(value)


def unknown_value(check: str, parameter: str, value: Any, known: Sequence[str] = ()) -> WrongCheck:
    return WrongCheck(
        check_error("value", check, parameter=parameter, value=str(value)[:100], known=list(known[:SHOWN]))
    )


def deprecated(check: str, instead: str) -> Family:
    return Family(
        code="deprecated-check",
        rule="deprecated-check",
        level="warning",
        fields={"check": check, "instead": instead},
        examples=(Fault(),),
    )
