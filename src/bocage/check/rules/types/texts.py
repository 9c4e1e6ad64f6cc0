"""string in its formats (e-mail, URI, UUID, base64, WKT), boolean, any."""

from __future__ import annotations

import base64
import re
import uuid
from collections.abc import Callable, Sequence
from typing import Any

from bocage.check.rules.types.reading import Reading, matches
from bocage.check.rules.types.wkt import is_wkt
from bocage.check.schema import SchemaField
from bocage.store.engine import literal

_LONGEST = 2_000
_LATIN = "\u00a0-\u00ff\u0100-\u024f"
_ATOM = rf"[{_LATIN}0-9a-z!#$%&'*+/=?^_`{{}}|~\-]+"
_LOCAL = re.compile(
    rf"(?:[{_LATIN}]|{_ATOM}(?:\.{_ATOM})*|"
    rf'"(?:[{_LATIN}\x01-\x08\x0b\x0c\x0e-\x1f!#-\[\]-\x7f]|\\[\t.])*")\n?\Z',
    re.IGNORECASE,
)
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9][a-z0-9-]{0,61}[a-z]\n?\Z", re.IGNORECASE)
_USUAL_ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{}|~-]+"
_USUAL_EMAIL = (
    rf"{_USUAL_ATOM}(?:\.{_USUAL_ATOM})*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{{0,61}}[A-Za-z0-9])?\.)+"
    r"[A-Za-z0-9][A-Za-z0-9-]{0,60}[A-Za-z]"
)
_UUID = "[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}"


def string(field: SchemaField, text: str) -> Reading:
    special = _FORMATS.get(field.format)
    if special is None:
        return Reading(sure="true", maybe="false", value=text, read=_text, quick=text, compare=literal)
    sure, maybe, accepts = special(text)

    def read(value: Any) -> str | None:
        return value if isinstance(value, str) and accepts(value) else None

    value = text if sure == "true" else f"CASE WHEN {sure} OR {maybe} THEN {text} END"
    return Reading(sure=sure, maybe=maybe, value=value, read=read, quick=text, compare=literal)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


Special = tuple[str, str, Callable[[str], bool]]


def _uri(text: str) -> Special:
    scheme = "[a-zA-Z][a-zA-Z0-9+.-]*:"
    return f"regexp_matches({text}, {literal(f'^{scheme}')})", "false", lambda value: bool(re.match(scheme, value))


def _email(text: str) -> Special:
    at = f"strpos({text}, '@')"
    sure = f"({matches(text, _USUAL_EMAIL)} AND {at} <= 65 AND length({text}) - {at} <= 250)"
    return sure, f"(length({text}) <= 400 AND contains({text}, '@'))", _is_email


def _is_email(text: str) -> bool:
    if text.count("@") != 1:
        return False
    local, _at, domain = text.partition("@")
    if len(local) > 64 or len(domain) > 253 or not _LOCAL.match(local) or re.search(r"\s|__+", domain):
        return False
    try:
        return bool(_DOMAIN.match(domain.encode("idna").decode()))
    except UnicodeError:
        return False


def _uuid(text: str) -> Special:
    return matches(text, _UUID), f"length({text}) BETWEEN 32 AND 100", _is_uuid


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def _binary(text: str) -> Special:
    sure = f"(length({text}) % 4 = 0 AND {matches(text, '[A-Za-z0-9+/]*={0,2}')})"
    return sure, "true", _is_base64


def _is_base64(text: str) -> bool:
    try:
        base64.b64decode(text)
    except ValueError:
        return False
    return True


def _wkt(text: str) -> Special:
    number = r"-?[0-9]+(?:\.[0-9]+)?"
    return matches(text, rf"POINT \({number} {number}\)"), "true", is_wkt


_FORMATS: dict[str, Callable[[str], Special]] = {
    "uri": _uri, "email": _email, "uuid": _uuid, "binary": _binary, "wkt": _wkt,
}  # fmt: skip


def boolean(field: SchemaField, text: str) -> Reading:
    """Exactly the listed spellings; one that is in both lists means false."""
    yes = [one for one in field.true_values if one not in field.false_values]
    meaning = dict.fromkeys(field.true_values, True) | dict.fromkeys(field.false_values, False)
    value = f"CASE WHEN {among(text, yes)} THEN true WHEN {among(text, field.false_values)} THEN false END"
    return Reading(
        sure=among(text, list(meaning)),
        maybe="false",
        value=value,
        read=lambda one: one if isinstance(one, bool) else meaning.get(one) if isinstance(one, str) else None,
        quick=value,
        compare=lambda constant: str(constant).lower(),
    )


def anything(_field: SchemaField, text: str) -> Reading:
    return Reading(sure="true", maybe="false", value=text, read=lambda value: value, quick=text)


SHORT_LIST = 20
"""Values that are faster searched one after the other than by the join that the engine makes of IN."""


def among(text: str, values: Sequence[str]) -> str:
    """SQL boolean, never NULL: `text` is one of `values`."""
    if not values:
        return "false"
    listed = ", ".join(map(literal, values))
    return f"list_contains([{listed}], {text})" if len(values) <= SHORT_LIST else f"({text} IN ({listed}))"
