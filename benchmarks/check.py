"""The checker beside Validata: `python -m benchmarks.check`. Prints the table; `--keep` writes docs/benchmarks-check.md.

Rows are drawn again from real national files (../shared/data, or BOCAGE_TEST_SHARED_DATA). The reference runs in its own
environment, made on demand (see tests/check/oracle/environment.py), on 100,000 rows: its ceiling. Each figure is the best of
`--times`.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("BOCAGE_TEST_SHARED_DATA", ROOT.parent / "shared" / "data"))
REPORT = ROOT / "docs" / "benchmarks-check.md"
TABLES = {
    "IRVE statique 2.3.1": (
        "valid/etalab__schema-irve-statique/irve-consolidation-20210718.csv", "etalab/schema-irve-statique/2.3.1",
    ),
    "covoiturage 0.3.1": (
        "valid/etalab__schema-lieux-covoiturage/bnlc-2026-08.csv", "etalab/schema-lieux-covoiturage/0.3.1",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Figures:
    """Of one run: seconds, those of processor, megabytes, errors found."""

    seconds: float
    processor: float
    memory: float
    errors: int

    @staticmethod
    def best(runs: Sequence[Figures]) -> Figures:
        """Whoever else is at work on the machine only ever makes it slower."""
        return replace(
            runs[0], seconds=min(one.seconds for one in runs), processor=min(one.processor for one in runs),
            memory=max(one.memory for one in runs),
        )  # fmt: skip


def make(folder: Path, source: str, rows: int, broken: float) -> Path:
    """`rows` rows drawn from `source`; a share of them with one cell made wrong."""
    target = folder / f"{Path(source).stem}-{rows}-{broken:g}.csv"
    if target.is_file():
        return target
    random = Random(source)
    with (SHARED / source).open(encoding="utf-8-sig", newline="") as stream:
        header, *known = csv.reader(stream)
    with target.with_suffix(".part").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        for _ in range(rows):
            row = random.choice(known)
            if random.random() < broken:
                row = list(row)
                row[random.randrange(len(row))] = random.choice(["", "x", "05/07/2021", "1,5", " oui"])
            writer.writerow(row)
    return target.with_suffix(".part").rename(target)


def schema_of(name: str) -> dict[str, Any]:
    return json.loads(next((SHARED / "schemas" / "table-schema" / name).glob("*.json")).read_text("utf-8"))


def measured(wanted: Mapping[str, Path], schema: Path, times: int) -> dict[str, Figures]:
    """The best of several runs of each kind, in turn, each in a process of its own."""
    found: dict[str, list[Figures]] = {kind: [] for kind in wanted}
    for _ in range(times):
        for kind, file in wanted.items():
            command = [sys.executable, "-m", "benchmarks.check", "--one", kind, str(file), str(schema)]
            told = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout
            found[kind].append(Figures(**json.loads(told)))
    return {kind: Figures.best(runs) for kind, runs in found.items()}


def one(kind: str, file: Path, schema: Path) -> dict[str, float]:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bocage.config.settings")
    django.setup()
    _load()
    from bocage.store.engine import workshop

    with (
        tempfile.TemporaryDirectory() as name,
        workshop(Path(name), spatial=False, readable=[file], memory_limit="200MiB") as shop,
    ):
        run = {"csv": _check_csv, "stored": _check_stored, "bare": _bare}[kind]
        before, start = _spent(), time.perf_counter()
        seconds, errors = run(file, json.loads(schema.read_text("utf-8")), shop, Path(name))
        spent = _spent() - before
    total = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds or total, "processor": spent, "memory": peak, "errors": errors}


class _NoPandas:
    """Nothing of Bocage needs pandas, and no installation has it but those of the tests: the engine and Arrow load it as soon as
    it is there."""

    def find_spec(self, name: str, *_others: object) -> None:
        if name == "pandas":
            raise ImportError(name)


def _load() -> None:
    """Beforehand: a program that checks files does it once, and the reference is timed without its own loading."""
    sys.meta_path.insert(0, _NoPandas())  # type: ignore[arg-type]
    import pyarrow.dataset  # noqa: F401  what the engine imports the first time that it is given a table

    import bocage.capture.text_check
    import bocage.check.services
    import bocage.check.stored  # noqa: F401
    from bocage.capture.reading import FORMATS
    from bocage.check.rules.kinds import RULES

    list(FORMATS), list(RULES)


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _check_csv(file: Path, schema: dict[str, Any], shop: Any, folder: Path) -> tuple[float, int]:
    from bocage.capture.text_check import check_text
    from bocage.check.descriptor import read_schema

    _table, verdict = check_text(file, read_schema(schema), filename=file.name, workshop=shop, directory=folder)
    return 0.0, verdict.error_count


def _check_stored(file: Path, schema: dict[str, Any], shop: Any, folder: Path) -> tuple[float, int]:
    """`file`: the Parquet of a version, as capture stages it; what its rows would be in a file is what is checked."""
    from bocage.check.descriptor import read_schema
    from bocage.check.services import check
    from bocage.check.stored import parquet_table

    described = read_schema(schema)
    start = time.perf_counter()
    plain = {field.name.lower().replace("_", ""): field.name for field in described.fields}
    columns = [name for name, *_ in shop.execute(f"DESCRIBE SELECT * FROM '{file}'")]
    labels = {name: plain.get(name.replace("_", ""), name) for name in columns}
    table = parquet_table(file, workshop=shop, schema=described, labels=labels)
    errors = check(table, described, workshop=shop, directory=folder).error_count
    return time.perf_counter() - start, errors


def _bare(file: Path, _schema: dict[str, Any], shop: Any, _folder: Path) -> tuple[float, int]:
    """The engine touches every cell and does nothing with it."""
    with file.open(encoding="utf-8", newline="") as stream:
        width = len(next(csv.reader(stream)))
    columns = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(width))
    counts = ", ".join(f"count(c{place})" for place in range(width))
    shop.execute(
        f"SELECT {counts} FROM read_csv('{file}', columns = {{{columns}}}, auto_detect = false, header = false, skip = 1, "
        "delim = ',', quote = '\"', escape = '\"', nullstr = '')"
    )
    return 0.0, 0


def staged(folder: Path, file: Path) -> Path:
    target = file.with_suffix(".parquet")
    if not target.is_file():
        program = (
            "import django, sys; from pathlib import Path; django.setup()\n"
            "from bocage.capture.services import stage\n"
            "f = Path(sys.argv[1]); stage(f, filename=f.name, directory=Path(sys.argv[2])).path.rename(sys.argv[3])"
        )
        environment = os.environ | {"DJANGO_SETTINGS_MODULE": "bocage.config.settings"}
        command = [sys.executable, "-c", program, str(file), str(folder), str(target)]
        subprocess.run(command, check=True, env=environment)
    return target


def reference(file: Path, schema: dict[str, Any]) -> float | None:
    """Seconds of Validata; None where it cannot be installed."""
    from tests.check.oracle.environment import VALIDATA, ask
    from tests.oracles import OracleAbsent

    try:
        VALIDATA.python()
    except (OracleAbsent, OSError):
        return None
    [told] = ask([(file, schema)])
    return float(told["seconds"])


HEADER = """# Benchmarks of the checker

A check is compared to the barest reading of the same file (the engine counts the cells of each column and does nothing with
them) by the time of processor, which a busy machine spoils least, and to Validata on 100,000 rows, its ceiling, by the clock.

Bars: CSV within 3 bare readings and at least 25 times Validata; a stored version at least 80 times Validata; a million rows of
40 columns within 8 seconds and 300 MB.

| table | rows | wrong | what | seconds | processor | rows/s | ÷ bare read | × Validata | memory | errors | bars |
|---|---|---|---|---|---|---|---|---|---|---|---|"""


def lines(folder: Path, rows: int, times: int) -> list[str]:
    told = []
    for title, (source, name) in TABLES.items():
        schema = schema_of(name)
        described = folder / f"{name.replace('/', '-')}.json"
        described.write_text(json.dumps(schema), "utf-8")
        peer = reference(make(folder, source, 100_000, 0.0), schema)
        for count, broken in ((100_000, 0.0), (100_000, 0.02), (rows, 0.0), (rows, 0.02)):
            file = make(folder, source, count, broken)
            wanted = {"bare": file, "csv": file}
            if not broken:  # what is wrong in a version is found as it is in a file
                wanted["stored"] = staged(folder, file)
            figures = measured(wanted, described, times)
            for kind in ("csv", "stored"):
                if kind in figures:
                    line = Line(title, count, broken, kind, figures[kind], figures["bare"], peer)
                    told.append(line.written())
                    print(told[-1], flush=True)
    return told


@dataclass(frozen=True)
class Line:
    """`peer`: seconds of Validata for 100,000 rows, None where it is not there."""

    title: str
    rows: int
    broken: float
    kind: str
    ours: Figures
    bare: Figures
    peer: float | None

    @property
    def faster(self) -> float | None:
        return self.peer * self.rows / 100_000 / self.ours.seconds if self.peer else None

    @property
    def readings(self) -> float:
        return self.ours.processor / self.bare.processor

    def lost(self) -> Iterator[str]:
        asked = 25 if self.kind == "csv" else 80
        if self.faster is not None and self.faster < asked:
            yield f"{asked} × Validata"
        if self.kind == "csv" and self.readings > 3:
            yield "3 bare reads"
        if self.rows >= 1_000_000 and self.ours.seconds > 8:
            yield "8 s"
        if self.ours.memory > 300:
            yield "300 MB"

    def written(self) -> str:
        faster = "—" if self.faster is None else f"{self.faster:.0f}"
        lost = ", ".join(self.lost())
        return (
            f"| {self.title} | {self.rows:,} | {self.broken:.0%} | {self.kind} | {self.ours.seconds:.2f} | {self.ours.processor:.2f} "
            f"| {self.rows / self.ours.seconds:,.0f} | {self.readings:.1f} | {faster} | {self.ours.memory:.0f} MB "
            f"| {self.ours.errors:,.0f} | {f'lost: {lost}' if lost else 'kept'} |"
        )


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.check", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=2)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "bocage-bench-check")
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        kind, file, schema = options.one
        print(json.dumps(one(kind, Path(file), Path(schema))))
        return 0
    options.folder.mkdir(parents=True, exist_ok=True)
    print(HEADER, flush=True)
    told = lines(options.folder, options.rows, options.times)
    if options.keep:
        REPORT.write_text("\n".join([HEADER, *told]) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
