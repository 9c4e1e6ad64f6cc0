"""What rights cost: the read workload asked by readers of 24 organisations, with grants and rules on rows and on columns, against the
same questions asked of the same data when they are open to everybody.

A reader who sees the rows of their own commune is compared with a stranger who asks for these rows by a condition: what an application
without rights would do.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote

from benchmarks import data
from benchmarks.systems import BIN, Bocage
from benchmarks.workload import QUERIES, Query

TIMES = 60
WARM = 26
"""Every reader once: what is made of the rows of one is made when they first ask."""
BAR = 1.2
HEAD = (
    "",
    (
        f"Rights: the same questions by members of {data.COMMUNES} communes, through their keys, of data that are private, opened by a "
        "grant, with three columns masked; then with a rule that shows to each commune its own rows, against a condition that asks for "
        f"them. In turn with strangers who ask open data. The bar is {100 * (BAR - 1):.0f} % over the sum of the medians."
    ),
    "",
    "| | open, p50 ms | columns masked | ratio | rows of one commune, open | by a rule | ratio |",
    "|---|---|---|---|---|---|---|",
)
MAKE = """
import json
from bocage.access.models import DataRule, Grant
from bocage.access.services import create_key
from bocage.access.standing import viewer_of
from bocage.catalog.models import Dataset
from bocage.catalog.services import touch_catalogue
from bocage.organizations.models import Organization, User
from bocage.organizations.services import add_member, create_organization
from bocage.organizations.vocabulary import OrganizationKind, Role

above = Organization.objects.get(slug="banc")
masks = {"operateur": {"mask": "truncate", "to": "9"}, "montant": {"mask": "round", "to": "5"}, "date_maj": {"mask": "period", "to": "month"}}
for slug, rows in (("columns", ""), ("rows", "code_insee in ({insee})")):
    dataset = Dataset.objects.get(slug=slug)
    Dataset.objects.filter(pk=dataset.pk).update(visibility="private")
    Grant.objects.create(audience="branch", organization=above, dataset=dataset.uid, reason="banc d’essai")
    DataRule.objects.create(dataset=dataset.uid, audience="members", columns=masks, rows=rows, reason="banc d’essai")
keys = []
for rank in range(COMMUNES):
    place = create_organization(slug=f"commune-{rank}", name=f"Commune {rank}", kind=OrganizationKind.COMMUNE, parent=above)
    Organization.objects.filter(pk=place.pk).update(insee_code=f"44{rank:03}")
    for other in range(5):
        one = User.objects.create(email=f"lecteur{other}@commune-{rank}.example")
        add_member(organization=place, user=one, role=Role.MEMBER)
        Grant.objects.create(audience="person", person=one, branch=place, action="publish", reason="banc d’essai")
    keys.append(create_key(viewer=viewer_of(one), owner=one, name="banc d’essai")[1])
touch_catalogue()
print("KEYS " + json.dumps(keys))
"""


class Readers:
    """The keys of a member of each commune, on two more datasets of the same file."""

    def __init__(self, bocage: Bocage, csv: Path) -> None:
        self.root = bocage.server.base.removesuffix("d1/")
        for slug in ("columns", "rows"):
            bocage.publish(csv, slug)
        bocage.warm()
        script = MAKE.replace("COMMUNES", str(data.COMMUNES))
        command = [str(BIN / "bocage"), "manage", "shell", "-v", "0", "-c", script]
        done = subprocess.run(command, env=bocage.environ, check=True, capture_output=True, text=True)
        self.keys: list[str] = json.loads(done.stdout.partition("KEYS ")[2])

    def ask(self, dataset: str, path: str, key: str = "") -> tuple[float, Any]:
        """Milliseconds, and the answer."""
        request = urllib.request.Request(f"{self.root}{dataset}/{path}")
        if key:
            request.add_header("Authorization", f"Apikey {key}")
        start = time.perf_counter()
        with urllib.request.urlopen(request, timeout=300) as answer:
            body = answer.read()
        return (time.perf_counter() - start) * 1000, json.loads(body)


def asked_of(path: str, rank: int) -> str:
    """The same question, of the rows of one commune."""
    return f"{path}&refine={quote(f'code_insee:44{rank:03}')}"


def times_of(readers: Readers, query: Query, times: int) -> dict[str, list[float]]:
    """Milliseconds of the four ways of asking, in turn; what is counted is compared when nothing is masked of it."""
    random = Random(f"rights {query.name}")
    found: dict[str, list[float]] = {way: [] for way in ("open", "columns", "condition", "rows")}
    for turn in range(-WARM, times):
        rank = turn % data.COMMUNES
        path, key = query.draw(random).bocage, readers.keys[rank]
        answers = {
            "open": readers.ask("d1", path), "columns": readers.ask("columns", path, key),
            "condition": readers.ask("d1", asked_of(path, rank)), "rows": readers.ask("rows", path, key),
        }  # fmt: skip
        if query.name in ("Q1", "Q4", "Q5", "Q6", "Q7"):
            totals = {way: answer.get("total_count") for way, (_time, answer) in answers.items()}
            assert totals["open"] == totals["columns"], (query.name, path)
            assert totals["condition"] == totals["rows"], (query.name, path)
        for way, (taken, _answer) in answers.items():
            if turn >= 0:
                found[way].append(taken)
    return found


def measure(bocage: Bocage, csv: Path, times: int = TIMES) -> Iterator[str]:
    """The rows of the table, and the conclusion."""
    readers = Readers(bocage, csv)
    sums = dict.fromkeys(("open", "columns", "condition", "rows"), 0.0)
    for query in QUERIES:
        found = times_of(readers, replace(query), times)
        p50 = {way: statistics.median(values) for way, values in found.items()}
        for way, value in p50.items():
            sums[way] += value
        line = f"| {query.name} | {_cells(p50)} |"
        print(line, flush=True)
        yield line
    line = f"| together | {_cells(sums)} |"
    print(line, flush=True)
    yield line


def _cells(p50: dict[str, float]) -> str:
    columns, rows = p50["columns"] / p50["open"], p50["rows"] / p50["condition"]
    return f"{p50['open']:.1f} | {p50['columns']:.1f} | {columns:.2f} × | {p50['condition']:.1f} | {p50['rows']:.1f} | {rows:.2f} ×"
