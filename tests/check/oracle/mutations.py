# ruff: noqa: E501  long lists of spellings read better so
"""Several hundred files made of valid ones by a change or two: spellings that readers of types disagree on, and layouts."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

SPELLINGS: dict[str, tuple[str, ...]] = {
    "integer": ("1", " 1 ", "+5", "-0", "1_000", "１２", "1.0", "1,0", "1e3", "1 250", "0x10", "1__0", "_1", "٣", "007",
                "9" * 40, "-" + "9" * 30, "1.", "", "\u00a05", "5\n", "True"),
    "number": ("1", "1.5", " 1.5", ".5", "5.", "1e3", "NaN", "Infinity", "-inf", "1_0.5", "1,5", "1 000", "12 %", "sNaN", "1E+2",
               "0x1", "１.５", ".", "-", "+.5e-3", "180.00000000000000001", "90.0000000000000000000001", "٣٫٥", "1\u202f000", "nan1"),
    "boolean": ("true", "True", "TRUE", "1", "false", "0", "vrai", "oui", "VRAI", " true", "true ", "FAUX", "yes", "t"),
    "date": ("2021-07-05", "2021-7-5", "05/07/2021", "2021-02-30", " 2021-07-05", "2021-07-05 ", "2021-07-05T00:00:00", "20210705",
             "0000-01-01", "9999-12-31", "10000-01-01", "2021-12-1", "2021- 1-05", "2021-01- 5", "２０２１-07-05", "21-07-05", "2021",
             "2021-00-10", "2021-13-01", "-2021-01-01", "2024-02-29", "2023-02-29"),
    "datetime": ("2021-07-05T10:00:00", "2021-07-05T10:00:00Z", "2021-07-05 10:00:00", "2021-07-05T10:00:00+02:00", "2021-07-05",
                 "2021-07-05T10:00", "2021-07-05T24:00:00", "2021-07-05T10:00:00.123456789", "2021-07-05T10:00:60", "2021-W27-1T10:00:00",
                 "2021-07-05T10:00:00,5", "20210705T100000", "2021-07-05T10:00:00+0200", "2021-07-05T25:00:00", "2021-07-05x10:00:00"),
    "time": ("10:00:00", "10:00", "24:00:00", "10:00:00Z", "10:00:00.5", "1:00:00", "10:60:00", "10:00:00+01:00", " 10:00:00"),
    "year": ("2021", " 201", "+201", "21", "20210", "0000", "-001", "２０２１", "2_21", "202a"),
    "geopoint": ("-1.55,47.2", "47.2,-1.55", "-1.55, 47.2", "[-1.55,47.2]", "-1.55;47.2", "-1,55,47,2", "181,0", "180,90", "-180,-90.0",
                 "1,91", "NaN,1", "1_0,2", " 1 , 2 ", "1,2,3", ",", "1,", '["-1.55","47.2"]', "[-1.55, 47.2]", '{"lon": 1, "lat": 2}'),
    "array": ("[]", '["a"]', "a,b", "{}", "[1,", ' ["a"]', '["a", 1]', "null", "[NaN]", '"x"', "[1,2,3,4,5,6,7]"),
    "geojson": ('{"type": "Point", "coordinates": [1, 2]}', "{}", '{"type": "Point"}', '{"type": "Point", "coordinates": [1, 2, 3]}', "x",
                '{"type": "Polygon", "coordinates": [[[0,0],[1,0],[1,1],[0,0]]]}', '{"type": "Point", "coordinates": [1, "2"]}',
                '{"type":"Feature","geometry":null,"properties":{}}', '{"type":"Polygon","coordinates":[[[0,0],[1,0]]]}'),
    "email": ("a@b.fr", "a@b", "mailto:a@b.fr", "é@b.fr", "a b@c.fr", "a@bé.fr", "A.B+c@d-e.org", "a@@b.fr", "a@b..fr", ".a@b.fr",
              "a.@b.fr", '"a b"@c.fr', "a@b.f", "a@b.fr ", "a@b.fr\n", "a@-b.fr", "a@b_c.fr", "a@1.2.3.4", "x" * 65 + "@b.fr"),
    "uri": ("https://a.fr", "http://a b", "mailto:a@b.fr", "www.a.fr", "a:b", "1a:b", "://x", "", "http://é.fr", " http://a.fr", "http:"),
    "uuid": ("2bc1c94f-0deb-43e9-92a1-4775189ec9f8", "2BC1C94F0DEB43E992A14775189EC9F8", "{2bc1c94f-0deb-43e9-92a1-4775189ec9f8}", "x",
             "2bc1c94f-0deb-43e9-92a1-4775189ec9f", "urn:uuid:2bc1c94f-0deb-43e9-92a1-4775189ec9f8", "0x2bc1c94f0deb43e992a14775189ec9"),
    "string": ("", " ", "x", "é", "A\nB", "NA", "null", "44", "\u00a0", "x" * 300, "12345678901234", "44109", "1", "oui", "a|b", "🚲"),
}  # fmt: skip


def mutated(file: Path, schema: dict[str, Any], folder: Path, *, seed: int, count: int) -> Iterator[Path]:
    """`file`: comma-separated, UTF-8, valid. Files of `folder`, the same for the same seed."""
    text = file.read_text("utf-8-sig")
    rows = list(
        csv.reader(io.StringIO(text, newline=""), delimiter=csv.Sniffer().sniff(text[:4000], ",;\t|").delimiter)
    )
    if len(rows) < 2:
        return
    kinds = {field["name"]: _kind(field) for field in schema["fields"]}
    rows = rows[:40]
    while len(rows) < 8:  # enough rows for the reference to find the line of names
        rows.append(list(rows[1]))
    random = Random(f"{seed} {file.name} {schema.get('name')}")
    for place in range(count):
        changed = [list(row) for row in rows]
        for _ in range(random.randint(1, 3)):
            _change(changed, kinds, random)
        target = folder / f"{seed}-{place}-{file.stem[:40]}.csv"
        with target.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows(changed)
        yield target


def _kind(field: dict[str, Any]) -> str:
    kind = field.get("type") or "string"
    written = field.get("format", "default")
    return written if kind == "string" and written in SPELLINGS else kind


def _change(rows: list[list[str]], kinds: dict[str, str], random: Random) -> None:
    row = random.randrange(1, len(rows))
    if random.random() < 0.12:
        random.choice(_LAYOUTS)(rows, row, random)
        return
    if not rows[row]:
        return
    column = random.randrange(len(rows[row]))
    label = rows[0][column].strip() if column < len(rows[0]) else ""
    spellings = SPELLINGS.get(kinds.get(label, "string"), SPELLINGS["string"])
    rows[row][column] = random.choice(spellings if random.random() < 0.85 else SPELLINGS["string"])


def _blank(rows: list[list[str]], row: int, random: Random) -> None:
    rows.insert(row, random.choice([[], [""] * len(rows[0]), [""]]))


def _short(rows: list[list[str]], row: int, random: Random) -> None:
    rows[row] = rows[row][: random.randint(1, max(1, len(rows[0]) - 1))]


def _long(rows: list[list[str]], row: int, random: Random) -> None:
    rows[row] = rows[row] + [random.choice(["", "x"])] * random.randint(1, 3)


def _twice(rows: list[list[str]], row: int, _random: Random) -> None:
    rows.append(list(rows[row]))


def _drop(rows: list[list[str]], _row: int, random: Random) -> None:
    column = random.randrange(len(rows[0]))
    for one in rows:
        del one[column : column + 1]


def _rename(rows: list[list[str]], _row: int, random: Random) -> None:
    column = random.randrange(len(rows[0]))
    rows[0][column] = random.choice([rows[0][column].upper() + "x", f" {rows[0][column]} ", "", rows[0][0]])


def _swap(rows: list[list[str]], _row: int, random: Random) -> None:
    one, other = random.randrange(len(rows[0])), random.randrange(len(rows[0]))
    for row in rows:
        if max(one, other) < len(row):
            row[one], row[other] = row[other], row[one]


_LAYOUTS = (_blank, _short, _long, _twice, _drop, _rename, _swap)
