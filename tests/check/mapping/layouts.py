"""In-house layouts, as services of real town halls keep their files: generated from valid files, with the truth kept.

A layout is written one column per line, in the order of the in-house file:

    target | label of the in-house column | how its values are written

`target` may be two columns joined in one (`Ylat+Xlong`), one coordinate of a position (`coordonneesXY.lon`), or `-` for a
column that no target uses, made of the text after `=`. Formats are functions below.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

MONTHS = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]


def _date(text: str, form: str) -> str:
    try:
        return date.fromisoformat(text[:10]).strftime(form)
    except ValueError:
        return text


def _words(text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return f"{'1er' if day.day == 1 else day.day} {MONTHS[day.month - 1]} {day.year}"


def _truth(yes: str, no: str) -> Callable[[str], str]:
    known = {"true": yes, "1": yes, "oui": yes, "false": no, "0": no, "non": no}
    return lambda text: known.get(text.lower(), text)


FORMATS: dict[str, Callable[[str], str]] = {
    "fr_date": lambda text: _date(text, "%d/%m/%Y"),
    "dash_date": lambda text: _date(text, "%d-%m-%Y"),
    "short_date": lambda text: _date(text, "%d/%m/%y"),
    "fr_datetime": lambda text: _date(text, "%d/%m/%Y") + " 00:00",
    "words_date": _words,
    "comma": lambda text: text.replace(".", ","),
    "point_zero": lambda text: f"{text}.0" if text.isdigit() else text,
    "lost_zero": lambda text: text.lstrip("0"),
    "oui_non": _truth("Oui", "Non"),
    "o_n": _truth("O", "N"),
    "vrai_faux": _truth("VRAI", "FAUX"),
    "x_only": _truth("x", ""),
    "upper": str.upper,
    "lower": str.lower,
    "no_accent_case": lambda text: text.lower().capitalize(),
    "siret_spaces": lambda text: f"{text[:3]} {text[3:6]} {text[6:9]} {text[9:]}".strip() if text.isdigit() else text,
    "euro": lambda text: f"{text.replace('.', ',')} €" if text else text,
    "metres": lambda text: f"{text.replace('.', ',')} m" if text else text,
    "phone": lambda text: " ".join(text[i : i + 2] for i in range(0, len(text), 2)),
}


@dataclass(frozen=True)
class Layout:
    name: str
    schema: str
    base: str
    columns: str
    held_out: bool = False
    also: tuple[tuple[str, tuple[str, ...]], ...] = ()  # made from columns that another target uses too

    def lines(self) -> Iterator[tuple[str, str, list[str]]]:
        for line in self.columns.strip().splitlines():
            target, label, forms = (part.strip() for part in (line + "|").split("|")[:3])
            yield target, label, forms.split() if not forms.startswith("=") else [forms]

    def truth(self) -> dict[str, frozenset[str]]:
        """Target → labels of the in-house columns that it is made from."""
        found: dict[str, set[str]] = {}
        for target, label, _forms in self.lines():
            if target != "-":
                for one in target.split("+"):
                    found.setdefault(one.split(".")[0], set()).add(label)
        return {target: frozenset(labels) for target, labels in (*found.items(), *self.also)}

    def table(self, data: Path, most: int = 120) -> tuple[list[str], list[list[str]]]:
        rows = list(_rows(data / self.base))[:most]
        lines = list(self.lines())
        labels = [label for _target, label, _forms in lines]
        return labels, [[_value(row, target, forms) for target, _label, forms in lines] for row in rows]

    def expected(self, data: Path, most: int = 120) -> list[dict[str, str]]:
        return list(_rows(data / self.base))[:most]

    def descriptor(self, data: Path) -> dict:
        return json.loads((data / "schemas" / "table-schema" / self.schema).read_text(encoding="utf-8"))


def _value(row: dict[str, str], target: str, forms: list[str]) -> str:
    if target == "-":
        return forms[0].removeprefix("=").strip() if forms else ""
    if "+" in target:
        return ", ".join(row[one] for one in target.split("+"))
    name, _dot, axis = target.partition(".")
    text = row[name]
    if axis:
        pair = [part.strip() for part in text.strip("[] \n").split(",")]
        text = pair[0 if axis == "lon" else 1]
    for form in forms:
        text = FORMATS[form](text)
    return text


def _rows(file: Path) -> Iterator[dict[str, str]]:
    text = file.read_text(encoding="utf-8-sig")
    delimiter = ";" if text.split("\n", 1)[0].count(";") > 2 else ","
    for row in csv.DictReader(io.StringIO(text), delimiter=delimiter):
        yield {key.strip(): (value or "").strip() for key, value in row.items() if key is not None}
