"""`python -m benchmarks.large_tree`: every page of the console, in a database of 4,000 organisations, 5,000 accounts and 20,000 datasets.

Each page is asked in process (no HTTP server), as the operator, the administrator of the root, a coordinator and a member of a commune:
the first answers warm it, the median of the next ones counts (and the time of the processor, for a busy machine). Pages over the budget are told with their number of statements.
"""

from __future__ import annotations

import argparse
import logging
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BUDGET_MS = 300
WARM, TIMES = 2, 5
SEARCHES = {
    "home": "?q=mairie",
    "organizations": "?q=mairie",
    "directory": "?q=mairie",
    "organization_merger": "?into={sister}",
}
"""Pages measured once more with a question."""


@dataclass(frozen=True)
class Measure:
    person: str
    page: str
    status: int
    ms: float
    cpu_ms: float
    statements: int
    size: int

    def __str__(self) -> str:
        late = "  <-- over" if self.ms > BUDGET_MS else ""
        return f"{self.person:14} {self.status} {self.ms:7.0f} ms {self.cpu_ms:7.0f} ms of processor {self.statements:4} statements {self.size / 1000:7.0f} kB  {self.page}{late}"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.large_tree", description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "bocage-large-tree")
    parser.add_argument("--organizations", type=int, default=4_000)
    parser.add_argument("--accounts", type=int, default=5_000)
    parser.add_argument("--datasets", type=int, default=20_000)
    parser.add_argument("--only", default="", help="names of pages that hold this text")
    parser.add_argument("--person", default="", help="operator, administrator, coordinator or member")
    options = parser.parse_args()
    prepare(options)
    found = []
    for measure in measures(options.only, options.person):
        found.append(measure)
        print(measure, flush=True)
    over = [one for one in found if one.ms > BUDGET_MS]
    print(
        f"{len(found)} pages, slowest {max((one.ms for one in found), default=0):.0f} ms, {len(over)} over {BUDGET_MS} ms"
    )
    return 1 if over else 0


def prepare(options: argparse.Namespace) -> None:
    """A data folder of its own, filled the first time."""
    os.environ["BOCAGE_DATA_DIR"] = str(options.folder)
    os.environ["BOCAGE_CALLS_PER_ACCOUNT"] = os.environ["BOCAGE_CALLS_PER_ADDRESS"] = "0"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bocage.config.settings")
    import django

    options.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    django.setup()
    from django.core.management import call_command

    from benchmarks import planting
    from bocage.organizations.models import Organization

    logging.disable(logging.INFO)
    call_command("migrate", verbosity=0)
    if not Organization.objects.exists():
        planting.plant(organizations=options.organizations, accounts=options.accounts, datasets=options.datasets)


def measures(only: str, person: str) -> Iterator[Measure]:
    from benchmarks import planting

    cast = planting.people()
    for name in ("operator", "administrator", "coordinator", "member"):
        if person in ("", name):
            yield from _measures_of(name, getattr(cast, name), only)


def _measures_of(name: str, user: Any, only: str) -> Iterator[Measure]:
    from django.test import Client

    client = Client(raise_request_exception=False)
    client.force_login(user)
    for page, address in addresses():
        if only in page:
            yield _measure(client, name, page, address)


def _measure(client: Any, person: str, page: str, address: str) -> Measure:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for _turn in range(WARM):
        client.get(address)
    taken, computed = [], []
    for _turn in range(TIMES):
        start, begun = time.perf_counter(), time.process_time()
        answer = client.get(address)
        taken.append((time.perf_counter() - start) * 1000)
        computed.append((time.process_time() - begun) * 1000)
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    size = 0 if answer.streaming else len(answer.content)
    return Measure(
        person, page, answer.status_code, statistics.median(taken), statistics.median(computed), len(captured), size
    )


def addresses() -> Iterator[tuple[str, str]]:
    """(name, address) of every page of the console that can be asked for with what there is."""
    from django.urls import NoReverseMatch, reverse

    from bocage.console.urls import urlpatterns

    known = things()
    for pattern in urlpatterns:
        names = list(pattern.pattern.converters)
        for choice in known.get(str(pattern.name), [{}]):
            arguments = {name: (known["*"][0] | choice).get(name) for name in names}
            try:
                address = reverse(f"console:{pattern.name}", kwargs=arguments)
            except NoReverseMatch:
                continue
            yield str(pattern.name), address
            if question := SEARCHES.get(str(pattern.name), ""):
                question = question.format(**known["*"][0])
                yield f"{pattern.name}{question}", address + question


def things() -> dict[str, list[dict[str, Any]]]:
    """What addresses name. `*`: whatever the page; pages on an organisation are asked for the root, an EPCI and a commune."""
    from bocage.access.models import Agreement, Group
    from bocage.catalog.models import Dataset
    from bocage.check.models import Schema
    from bocage.organizations.models import Membership, Organization, Portal
    from bocage.pipeline.models import Run

    commune = Organization.objects.get(memberships__user__email="coordinator@tree.example")
    epci, region = commune.parent, Organization.objects.get(parent=None)
    dataset = Dataset.objects.filter(organization=commune).order_by("-pk")[0]
    schema = Schema.objects.order_by("pk")[0]
    sister = Organization.objects.filter(parent=epci).exclude(pk=commune.pk)[0]
    every = {
        "slug": dataset.slug, "number": "1", "owner": schema.name.split("/")[0], "sister": sister.slug,
        "portal": Portal.objects.order_by("pk")[0].uid,
    }  # fmt: skip
    known: dict[str, list[dict[str, Any]]] = {"*": [every]}
    places = [{"slug": one.slug} for one in (region, epci, commune) if one is not None]
    member = Membership.objects.filter(organization=commune)[0].pk
    for name in _named("organization/<str:slug>/"):
        known[name] = [place | {"pk": member} for place in places]
    for name in _named("schemas/<str:owner>/<str:slug>/"):
        known[name] = [{"slug": schema.name.split("/")[1], "number": "1.0.0", "action": "propose", "rank": 0}]
    for prefix, uid in (
        ("portal/", every["portal"]), ("groups/", Group.objects.all()[0].uid), ("agreements/", Agreement.objects.all()[0].uid),
        ("runs/", Run.objects.filter(dataset=dataset)[0].uid),
    ):  # fmt: skip
        for name in _named(prefix):
            known.setdefault(name, [{"uid": uid}])
    return known


def _named(prefix: str) -> list[str]:
    from bocage.console.urls import urlpatterns

    return [str(pattern.name) for pattern in urlpatterns if str(pattern.pattern).startswith(prefix)]


if __name__ == "__main__":
    sys.exit(main())
