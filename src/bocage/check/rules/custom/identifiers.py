"""SIREN and SIRET (`siren`, `siret`, and their old names): digits and keys, whether the organisation exists or not.

Rules `custom.siren` and `custom.siret`, code `custom-check-error`, no field; note: `length`, `characters`, `key` or `type`.
Spaces and points are left out wherever they are, in any of their Unicode shapes; a hyphen is not. Nine (fourteen) zeros pass.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from itertools import product
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
KINDS = {9: "INTEGER", 14: "BIGINT"}
_POST = 356000000
_POST_HEAD_OFFICE = 35600000000048


def _without_separators(text: str) -> str:
    trimmed = f"regexp_replace({text}, {literal(_AT_THE_ENDS)}, '', 'g')"
    digits = f"translate({trimmed}, {literal(_OTHER_DIGITS)}, {literal('0123456789' * 6)})"
    return f"regexp_replace({digits}, {literal(_LEFT_OUT)}, '', 'g')"


def bare_number(text: str, length: int) -> str:
    """SQL integer of the digits of `text`, NULL unless there are `length` of them. Most are written plainly, and cost little."""
    slow, digits = _without_separators(text), f"'[0-9]{{{length}}}'"
    plain = f"WHEN regexp_full_match({text}, {digits}) THEN {text}"
    return f"CAST(CASE {plain} WHEN regexp_full_match({slow}, {digits}) THEN {slow} END AS {KINDS[length]})"


def _sums_of_three(doubled: tuple[bool, bool, bool]) -> str:
    """SQL list: by three digits + 1, the last digit of their sum of Luhn. `doubled`: which of them count twice."""
    sums = []
    for digits in product(range(10), repeat=3):
        weights = (
            2 * digit - 9 * (digit > 4) if twice else digit for digit, twice in zip(digits, doubled, strict=True)
        )
        sums.append(sum(weights) % 10)
    return f"CAST('{sums}' AS INTEGER[])"


_THREES = (_sums_of_three((False, True, False)), _sums_of_three((True, False, True)))


def luhn_sum(number: str, length: int, skipped: int = 0) -> str:
    """SQL integer that has the last digit of the sum of Luhn of `number` (SQL integer), its last `skipped` digits left out.

    Three digits at a time, looked up: the engine computes an integer again at each place where it is named."""
    places = range(skipped, skipped + length, 3)
    terms = (f"{_THREES[rank % 2]}[{number} // {10**place} % 1000 + 1]" for rank, place in enumerate(places))
    return f"({' + '.join(terms)})"


def siren_refused(number: str) -> str:
    return f"{luhn_sum(number, 9)} % 10 <> 0"


def siret_refused(number: str) -> str:
    """Those of La Poste, more numerous than keys allow, have digits whose sum is a multiple of 5; its head office has a key."""
    plain = " + ".join(f"{number} // {10**place}" for place in range(14))
    post = f"{number} // 100000 = {_POST} AND {number} <> {_POST_HEAD_OFFICE}"
    keys = f"({luhn_sum(number, 14)} % 10 <> 0 OR {luhn_sum(number, 9, 5)} % 10 <> 0)"
    return f"CASE WHEN {post} THEN ({plain}) % 5 <> 0 ELSE {keys} END"


def _decide(length: int, bench: Bench, text: str, _params: Mapping[str, Any]) -> Refusal:
    refused = siren_refused if length == 9 else siret_refused
    # Digits alone, and mostly no zero at the start: quicker told by writing them again than by a pattern.
    plain = bench.once(f"TRY_CAST({text} AS {KINDS[length]})")
    usual = f"CAST({plain} AS VARCHAR) = {text} AND {plain} >= {10 ** (length - 1)}"
    number = bench.once(f"CASE WHEN {usual} THEN {plain} ELSE {bare_number(text, length)} END")
    wrong = f"({number} IS NULL OR {refused(number)})"
    bare = _without_separators(text)
    note = (
        f"CASE WHEN NOT regexp_full_match({bare}, '[0-9]+') THEN 'characters' "
        f"WHEN length({bare}) <> {length} THEN 'length' ELSE 'key' END"
    )
    return Refusal(wrong, note)


for _name, _length in (("siren", 9), ("siret", 14)):
    _rule = partial(ValueRule, rule=f"custom.{_name}", code="custom-check-error", decide=partial(_decide, _length))
    RULES.register(_name, _rule(_name))
    RULES.register(f"french-{_name}-value", _rule(f"french-{_name}-value", instead=_name))
