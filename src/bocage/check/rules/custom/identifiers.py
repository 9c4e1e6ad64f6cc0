"""SIREN and SIRET (`siren`, `siret`, and their old names): digits and keys, whether the organisation exists or not.

Rules `custom.siren` and `custom.siret`, code `custom-check-error`, no field; note: `length`, `characters`, `key` or `type`.
Spaces and points are left out wherever they are, in any of their Unicode shapes; a hyphen is not. Nine (fourteen) zeros pass.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from bocage.check.rules.custom.value_rule import Refusal, ValueRule
from bocage.check.rules.kinds import RULES, Bench
from bocage.store.engine import literal

# Spaces, points and middle dots; full-width and mathematical digits. RE2 counts in code points.
_LEFT_OUT = (
    r"[ .\x{A0}\x{B7}\x{2D9}\x{387}\x{6D4}\x{701}\x{702}\x{830}\x{F0B}\x{F0C}\x{16EB}\x{2000}-\x{200A}\x{2022}\x{2024}"
    r"\x{2027}\x{202F}\x{205F}\x{2219}\x{22C5}\x{2E31}\x{2E33}\x{3000}\x{3002}\x{30FB}\x{FBB2}\x{FBB3}\x{FE52}\x{FF0E}"
    r"\x{FF65}\x{10101}\x{1091F}\x{10A50}]"
)
_AT_THE_ENDS = r"^[\s\x{0B}\x{1C}-\x{1F}\x{85}\x{2028}\x{2029}]+|[\s\x{0B}\x{1C}-\x{1F}\x{85}\x{2028}\x{2029}]+$"
_OTHER_DIGITS = "".join(chr(0xFF10 + digit) for digit in range(10)) + "".join(
    chr(0x1D7CE + digit) for digit in range(50)
)
_POST = "356000000"
_POST_HEAD_OFFICE = "35600000000048"


def bare(text: str, length: int) -> str:
    """SQL: `text` without what separates its digits. Most are written plainly, and cost one comparison."""
    trimmed = f"regexp_replace({text}, {literal(_AT_THE_ENDS)}, '', 'g')"
    digits = f"translate({trimmed}, {literal(_OTHER_DIGITS)}, {literal('0123456789' * 6)})"
    slow = f"regexp_replace({digits}, {literal(_LEFT_OUT)}, '', 'g')"
    return f"CASE WHEN regexp_full_match({text}, '[0-9]{{{length}}}') THEN {text} ELSE {slow} END"


def luhn_sum(number: str, length: int, first: int = 0) -> str:
    """SQL integer: the sum of Luhn of the digits `first`… of `number` (SQL text of `length` digits), doubling from the right."""
    terms = []
    for place in range(first, length):
        digit = f"(ascii(substr({number}, {place + 1}, 1)) - 48)"
        doubled = (length - place) % 2 == 0
        terms.append(f"(2 * {digit} - CASE WHEN {digit} > 4 THEN 9 ELSE 0 END)" if doubled else digit)
    return f"({' + '.join(terms)})"


def siren_refused(number: str) -> str:
    """SQL boolean on the bare text: not nine digits, or a key that does not hold."""
    return f"(NOT regexp_full_match({number}, '[0-9]{{9}}') OR {luhn_sum(number, 9)} % 10 <> 0)"


def siret_refused(number: str) -> str:
    """Those of La Poste, more numerous than keys allow, have digits whose sum is a multiple of 5; its head office has a key."""
    plain = "+".join(f"(ascii(substr({number}, {place}, 1)) - 48)" for place in range(1, 15))
    post = f"starts_with({number}, '{_POST}') AND {number} <> '{_POST_HEAD_OFFICE}'"
    keys = f"{luhn_sum(number, 14)} % 10 <> 0 OR {luhn_sum(f'left({number}, 9)', 9)} % 10 <> 0"
    return (
        f"(NOT regexp_full_match({number}, '[0-9]{{14}}') OR CASE WHEN {post} THEN ({plain}) % 5 <> 0 ELSE {keys} END)"
    )


def _decide(length: int, _bench: Bench, text: str, _params: Mapping[str, Any]) -> Refusal:
    number = bare(text, length)
    refused = siren_refused if length == 9 else siret_refused
    # Computed once for each row: the key reads the number twenty times.
    once = f"list_transform([{number}], lambda n: {refused('n')})[1]"
    note = (
        f"CASE WHEN NOT regexp_full_match({number}, '[0-9]+') THEN 'characters' "
        f"WHEN length({number}) <> {length} THEN 'length' ELSE 'key' END"
    )
    return Refusal(once, note)


for _name, _length in (("siren", 9), ("siret", 14)):
    _rule = partial(ValueRule, rule=f"custom.{_name}", code="custom-check-error", decide=partial(_decide, _length))
    RULES.register(_name, _rule(_name))
    RULES.register(f"french-{_name}-value", _rule(f"french-{_name}-value", instead=_name))
