"""Reports kept an hour: `cache/checks-on-request/<uid>/`, whose name nobody can guess and which alone opens it.

verdict.json     the verdict, the schema, the facts of the file, the proposals
faults.parquet   every fault, when there are any
rows.parquet     the table as text: what the annotated copy and the mended file are made of
layout.parquet   the faults of its layout that have a row (TextTable.faulty_sql)
"""

from __future__ import annotations

import json
import shutil
import time
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from bocage.check.descriptor import read_schema
from bocage.check.mapping.steps import Step
from bocage.check.report.mends import Mend
from bocage.check.schema import TableSchema
from bocage.check.table import StructureFault, TextTable
from bocage.check.verdict import Verdict
from bocage.kernel.errors import NotFound
from bocage.kernel.ids import ALPHABET, new_uid
from bocage.store.engine import literal, quoted

LIFETIME = timedelta(hours=1)
PREFIX, LENGTH = "ck", 26
FACTS, FAULTS, ROWS, LAYOUT = "verdict.json", "faults.parquet", "rows.parquet", "layout.parquet"
QUERIES = ("sql", "numbered_sql", "faulty_sql")


@dataclass(frozen=True)
class KeptCheck:
    """`table` reads rows.parquet: any workshop that may read `folder` can run it. `accepted`: keys of the mends already applied
    to it; `before`: the uid of the check of the file as it came."""

    uid: str
    filename: str
    schema: TableSchema
    verdict: Verdict
    table: TextTable
    mends: tuple[Mend, ...] = ()
    url: str = ""
    accepted: tuple[str, ...] = ()
    before: str = ""
    created_at: float = field(default_factory=time.time)

    @property
    def folder(self) -> Path:
        return home() / self.uid

    @property
    def facts(self) -> dict[str, Any]:
        """Of the file, for the report."""
        table = self.table
        facts: dict[str, Any] = {
            "name": self.filename,
            "url": self.url,
            "format": table.format,
            "encoding": table.encoding,
        }
        facts |= {"delimiter": table.delimiter, "sheet": table.sheet, "header_row": table.header_row}
        return {name: value for name, value in facts.items() if value not in ("", None)}

    @property
    def expires_at(self) -> float:
        return self.created_at + LIFETIME.total_seconds()


def home() -> Path:
    return Path(settings.DATA_DIR) / "cache" / "checks-on-request"


def new_folder() -> Path:
    """The folder of a check to come. Old ones go at the same time: no worker is needed for that."""
    sweep()
    folder = home() / new_uid(PREFIX, LENGTH)
    folder.mkdir(mode=0o700, parents=True)
    return folder


def sweep() -> int:
    """Remove what has had its time; how many."""
    limit = time.time() - LIFETIME.total_seconds()
    count = 0
    for folder in home().iterdir() if home().is_dir() else ():
        try:
            old = folder.stat().st_mtime < limit
        except FileNotFoundError:
            continue
        if old:
            shutil.rmtree(folder, ignore_errors=True)
            count += 1
    return count


def rows_table(table: TextTable, folder: Path) -> TextTable:
    """`table` as it reads from the copy of its rows in `folder`."""
    source = f"read_parquet({literal(str(folder / ROWS))})"
    names = ", ".join(quoted(name) for name in table.names)
    sql = f"SELECT {quoted('row')}{', ' if names else ''}{names} FROM {source}"
    layout = folder / LAYOUT
    faulty = f"SELECT row, place, code, cell FROM read_parquet({literal(str(layout))})" if layout.exists() else ""
    return replace(table, sql=sql, numbered_sql="", faulty_sql=faulty)


def keep(check: KeptCheck) -> None:
    """Write the facts last: a check without them is not there yet."""
    said = {
        "filename": check.filename,
        "url": check.url,
        "schema": {"name": check.schema.name, "descriptor": check.schema.descriptor},
        "verdict": check.verdict.as_dict(),
        "faults": check.verdict.faults is not None,
        "table": {name: value for name, value in asdict(check.table).items() if name not in QUERIES},
        "mends": [asdict(mend) for mend in check.mends],
        "accepted": list(check.accepted),
        "before": check.before,
        "created_at": check.created_at,
    }
    partial = check.folder / f"{FACTS}.part"
    partial.write_text(json.dumps(said, ensure_ascii=False, default=str), encoding="utf-8")
    partial.rename(check.folder / FACTS)


def kept(uid: str) -> KeptCheck:
    """Raises NotFound, for what was never there as for what is over."""
    head, _underscore, body = uid.partition("_")
    if head != PREFIX or len(body) != LENGTH or not set(body) <= set(ALPHABET):
        raise _gone(uid)
    folder = home() / uid
    try:
        said = json.loads((folder / FACTS).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise _gone(uid) from None
    if said["created_at"] + LIFETIME.total_seconds() < time.time():
        raise _gone(uid)
    return _read(uid, folder, said)


def _read(uid: str, folder: Path, said: dict[str, Any]) -> KeptCheck:
    verdict = Verdict.from_dict(said["verdict"])
    facts = said["table"]
    structure = tuple(StructureFault(**_tuples(one, ("rows", "cells"))) for one in facts["faults"])
    table = TextTable(sql="", **(_tuples(facts, ("names", "labels")) | {"faults": structure}))
    return KeptCheck(
        uid=uid,
        filename=said["filename"],
        url=said["url"],
        schema=read_schema(said["schema"]["descriptor"], name=said["schema"]["name"]),
        verdict=replace(verdict, faults=folder / FAULTS) if said["faults"] else verdict,
        table=rows_table(table, folder),
        mends=tuple(_mend(one) for one in said["mends"]),
        accepted=tuple(said["accepted"]),
        before=said["before"],
        created_at=said["created_at"],
    )


def _tuples(data: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return data | {name: tuple(data[name]) for name in names}


def _mend(data: dict[str, Any]) -> Mend:
    steps = tuple(Step(**step) for step in data["steps"])
    examples = tuple((before, after) for before, after in data["examples"])
    return Mend(**(data | {"steps": steps, "sources": tuple(data["sources"]), "examples": examples}))


def _gone(uid: str) -> NotFound:
    return NotFound(kind=_("The report"), name=uid)
