"""Reading and checking in one pass says what reading, then checking, says; whatever the file turns out to be."""

from __future__ import annotations

import dataclasses

import pyarrow.parquet as pq
import pytest

from bocage.capture.text import text_table
from bocage.capture.text_check import check_text
from bocage.check.descriptor import read_schema
from bocage.check.services import check
from bocage.store.engine import workshop

SCHEMA = read_schema(
    {
        "name": "lieux",
        "primaryKey": "code",
        "fields": [
            {"name": "code", "constraints": {"required": True}},
            {"name": "places", "type": "integer", "constraints": {"minimum": 0}},
            {"name": "jour", "type": "date"},
        ],
    }
)
SOUND = "code;places;jour\n" + "".join(f"P{n};{n};2024-01-{1 + n % 28:02d}\n" for n in range(3000))

FILES = {
    "sound": SOUND,
    "wrong cells": SOUND.replace("P7;7;", "P7;sept;").replace("P2999;2999;2024-01-04", "P2999;-1;04/01/2024"),
    "the same key twice": SOUND + "P12;1;2024-01-01\n",
    "blank rows": SOUND.replace("P1500;", "\n;;\nP1500;"),
    "a short row at the end": SOUND + "P3001;4\n",
    "a long row in the middle": SOUND.replace("P2000;2000;", "P2000;2000;2024-01-01;de trop;"),
    "cells of several lines": SOUND.replace("P800;", '"P\n800";'),
    "a quote never closed": SOUND + '"P3002;4;2024-01-01\n',
    "a header only": "code;places;jour\n",
    "one column missing": "code;places\nP1;2\n",
    "a column twice": "code;code;jour\nP1;2;2024-01-01\n",
    "accents of Windows": (SOUND + "Pé;1;2024-01-01\n").encode("cp1252"),
    "not UTF-8 far down": SOUND.encode() + b"P\xe9;1;2024-01-01\n",
    "UTF-16": SOUND.encode("utf-16"),
    "no end of line at the end": SOUND.rstrip("\n"),
    "ends of line of Windows": SOUND.replace("\n", "\r\n"),
    "a cell longer than usual": SOUND.replace("P1700;", f"P{'x' * 5_000_000};"),
    "another header": "code;places;jour;autre\nP1;2;2024-01-01;x\n",
}


def said(answer):
    table, verdict = answer
    faults = [] if verdict.faults is None else pq.read_table(verdict.faults).to_pylist()
    plain = dataclasses.replace(verdict, seconds=0.0, faults=None)
    return table.labels, plain, sorted(map(repr, faults))


@pytest.mark.parametrize("name", FILES)
def test_one_pass_says_the_same_as_two(name, tmp_path):
    content = FILES[name]
    file = tmp_path / "lieux.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())

    def in_one(shop, folder):
        return check_text(file, SCHEMA, filename=file.name, workshop=shop, directory=folder)

    def in_two(shop, folder):
        table = text_table(file, filename=file.name, workshop=shop, directory=folder)
        return table, check(table, SCHEMA, workshop=shop, directory=folder)

    answers = []
    for rank, way in enumerate((in_one, in_two)):
        folder = tmp_path / str(rank)
        with workshop(folder, readable=[file], spatial=False) as shop:
            answers.append(said(way(shop, folder)))
    assert answers[0] == answers[1]
    assert answers[0][1].row_count >= 0
