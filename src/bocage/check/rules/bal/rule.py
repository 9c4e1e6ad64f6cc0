"""The rule `bal`: every code of a profile of the validator as one test, in the order of the columns of the file.

Parameter `profile`: "1.3-relax", "1.3", "1.4" or "1.5"; by default the newest that the columns tell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bocage.check.rules.bal import levels
from bocage.check.rules.bal.fields import PARSERS
from bocage.check.rules.bal.reading import Address, address_of
from bocage.check.rules.bal.rows import grouped_faults, row_faults, whole_faults
from bocage.check.rules.custom import parameters
from bocage.check.rules.kinds import RULES, Bench, Test
from bocage.check.verdict import Family, Fault

NAME = "bal"


def profile_of(labels: Sequence[str]) -> str:
    """The profile that the validator would choose for a file with these columns."""
    names = set(labels)
    if not {"id_ban_commune", "id_ban_toponyme", "id_ban_adresse"} <= names:
        return "1.3"
    return "1.5" if "toponyme" in names else "1.4"


class AddressBase:
    name = NAME

    def tests(self, bench: Bench, params: Mapping[str, Any]) -> Sequence[Test | Family]:
        address = address_of(bench)
        profile = params.get("profile") or profile_of(list(address.raw))
        if profile not in levels.FORMATS:
            return [parameters.unknown_value(NAME, "profile", profile, tuple(levels.FORMATS)).family]
        return list(_Profile(profile, address).tests(bench))


class _Profile:
    def __init__(self, profile: str, address: Address) -> None:
        self.profile, self.address = profile, address
        self.fields = levels.FIELDS_OF[levels.FORMATS[profile]]

    def family(self, code: str, label: str = "", language: str = "") -> Family:
        """`label`: the column, with its language."""
        weight = levels.level(self.profile, code, language)
        if language:
            code = f"{label}.{code.partition('.')[2]}"
        return Family(
            code,
            f"bal.{code}",
            level="error" if weight == "E" else "warning",
            label=label,
            place=self.address.places.get(label),
            fields={"profile": self.profile} | ({"information": True} if weight == "I" else {}),
        )

    def matters(self, field: str, code: str) -> bool:
        """Whether the profile tells it: the field is of its format, or it makes the file invalid all the same."""
        return field in self.fields or levels.level(self.profile, code) == "E"

    def tests(self, bench: Bench) -> Iterator[Test | Family]:
        for code in self._of_the_file(bench):
            yield self._at_once(code)
        for field in levels.FIELDS:
            if field not in self.address.raw and self.matters(field, code := f"field.{field}.missing"):
                yield self._at_once(code)
        for code in whole_faults(bench, self.address):
            yield self._at_once(code)
        for label, field, language in self._columns():
            yield from self._of_a_column(label, field, language)
        for code, refused in (*row_faults(bench, self.address), *grouped_faults(bench, self.address)):
            yield Test(self.family(code), refused)

    def _at_once(self, code: str) -> Family:
        family = self.family(code)
        return Family(family.code, family.rule, family.level, fields=family.fields, examples=(Fault(),))

    def _of_the_file(self, bench: Bench) -> Iterator[str]:
        # A table that was stored has neither.
        if bench.table.encoding and bench.table.encoding.lower().removesuffix("-sig") not in {"utf-8", "utf8", "ascii"}:
            yield "file.encoding.non_standard"
        if bench.table.delimiter not in {"", ";"}:
            yield "file.delimiter.non_standard"

    def _columns(self) -> Iterator[tuple[str, str, str]]:
        """(label, field, language), in the order of the file."""
        for label in self.address.raw:
            if label in levels.FIELDS:
                yield label, label, ""
                continue
            language = next((one for one in levels.LANGUAGES if label.endswith(f"_{one}")), "")
            field = label.removesuffix(f"_{language}")
            if language and field in levels.REGIONAL and field in self.address.raw:
                yield label, field, language

    def _of_a_column(self, label: str, field: str, language: str) -> Iterator[Test]:
        raw, text = self.address.raw[label], self.address.texts[label]
        faults = {"espaces_debut_fin": f"COALESCE({text}, '') <> {raw}"}
        if field in levels.REQUIRED and not language:
            faults["valeur_manquante"] = f"({text}) IS NULL"
        if parser := PARSERS.get(field):
            faults |= parser(text, self.address)
        for fault, refused in faults.items():
            code = f"{field}.{fault}"
            if language or self.matters(field, code):
                yield Test(self.family(code, label, language), refused, f"NULLIF({raw}, '')")


RULES.register(NAME, AddressBase())
