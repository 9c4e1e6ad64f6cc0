"""Telephone numbers (`phone-number-value`): one that can be dialled in France, a short number, or an international one.

Rule and code `phone-number-value`, no field. The numbering plans are those of libphonenumber, asked once for each distinct
value.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import phonenumbers

from bocage.check.rules.custom.value_rule import Refusal, ValueRule
from bocage.check.rules.kinds import RULES, Bench

NAME = "phone-number-value"
COUNTRY = "FR"
LONGEST = 250  # characters that libphonenumber accepts to read


def is_phone_number(value: str) -> bool:
    """Whether it can be called: the same answer as the reference."""
    if len(value) > LONGEST:
        return False
    try:
        number = phonenumbers.parse(value, COUNTRY)
    except phonenumbers.NumberParseException:
        return False
    if phonenumbers.is_valid_number_for_region(number, COUNTRY) or phonenumbers.is_valid_short_number_for_region(
        number, COUNTRY
    ):
        return True
    return value.lstrip().startswith(("+", "00")) and phonenumbers.is_valid_number(number)


def _decide(_bench: Bench, text: str, _params: Mapping[str, Any]) -> Refusal:
    return Refusal(f"{text} IS NOT NULL", is_right=is_phone_number)


RULES.register(NAME, ValueRule(NAME, NAME, NAME, _decide))
