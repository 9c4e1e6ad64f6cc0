"""Datasets of which something is kept, in two worlds that differ in nothing else, and readers who try to tell them apart.

An attempt is asked in both worlds. The reader must be told the same, byte for byte; somebody who sees everything must not, or the
attempt would prove nothing.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import zipfile
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from random import Random
from urllib.parse import urlencode

from django.test import Client

from bocage.access.models import Agreement, DataRule
from bocage.access.services import create_key
from bocage.access.standing import viewer_of
from bocage.access.viewer import OPERATOR
from bocage.access.vocabulary import Visibility
from bocage.catalog.fields import Field
from bocage.catalog.models import Dataset, Revision
from bocage.catalog.services import create_dataset, touch_catalogue
from bocage.catalog.vocabulary import FieldType as T
from bocage.kernel.clock import now
from bocage.organizations.models import Organization, User
from bocage.organizations.services import add_member, create_organization
from bocage.organizations.vocabulary import OrganizationKind, Role
from bocage.store.models import Head, Version
from bocage.store.services import publish_version
from bocage.store.staged import StagedGeometry
from tests.store.making import staged

V1, V2 = "/api/records/1.0", "/api/explore/v2.1/catalog/datasets"
MINE, THEIRS = "44002", "44001"
LON, LAT = -1.5564, 47.2366
"""Near the middle of a square of 5 km: both worlds keep the positions inside it."""
BOUNDS = {"a": (-1.61234, 47.19876, -1.51357, 47.29753), "b": (-1.62345, 47.18765, -1.52468, 47.28642)}
"""Said to be those of the positions."""
WORLDS = ("a", "b")
PEOPLE = {
    "nom": T.STRING, "tel": T.STRING, "adresse": T.STRING, "age": T.INTEGER, "ne": T.DATE, "insee": T.STRING,
    "quartier": T.STRING, "montant": T.INTEGER, "zone": T.GEOMETRY, "centre": T.GEOPOINT,
}  # fmt: skip
MASKS = {
    "nom": {"mask": "hide"}, "tel": {"mask": "hash"}, "adresse": {"mask": "truncate", "to": "3"},
    "age": {"mask": "round", "to": "10"}, "ne": {"mask": "period", "to": "year"},
}  # fmt: skip
KEPT = (
    "Zacharie",
    "Yolande",
    "Alphonse",
    "Bernadette",
    "Lilas",
    "du Port",
    "0699887",
    "Prosper",
    "Ursule",
    "Maxime",
    "Odette",
)
KEPT += ("1985-03-17", "1985-11-02", "7654321", "5432123", *(str(one) for bounds in BOUNDS.values() for one in bounds))
_PERSON = {
    "a": ("Zacharie", "Yolande", "rue des Lilas", 41, "1985-03-17", 0.0),
    "b": ("Alphonse", "Bernadette", "rue du Port", 48, "1985-11-02", 0.004),
}


def people(world: str) -> str:
    """Twelve people of one commune, four of another: only the columns that are kept differ between the worlds."""
    one, two, road, age, born, move = _PERSON[world]
    lines = []
    for rank in range(16):
        east, north = LON + move + rank * 1e-5, LAT + move + rank * 1e-5
        shape = f"POLYGON (({east} {north}, {east + 1e-4} {north}, {east} {north + 1e-4}, {east} {north}))"
        lines.append(
            f"('{one if rank % 2 else two}{rank}', '0699887{rank:03}', '12 {road}', {age}::BIGINT, DATE '{born}', "
            f"'{MINE if rank < 12 else THEIRS}', '{'Nord' if rank % 3 else 'Sud'}', {rank}::BIGINT, "
            f"ST_GeomFromText('{shape}'), ST_Point({east}, {north}))"
        )
    return ", ".join(lines)


FILES = {
    "numero": T.INTEGER,
    "insee": T.STRING,
    "statut": T.STRING,
    "objet": T.STRING,
    "tags": T.ARRAY,
    "maj": T.DATETIME,
}


def files(world: str) -> str:
    """Files of two communes, some of them not public. Those of mine that are public are the same in both worlds."""
    mine = [f"({rank}, '{MINE}', 'public', 'Voirie', ['eau'], TIMESTAMPTZ '2026-05-04 08:00:00Z')" for rank in range(6)]
    first = world == "a"
    # In the first world, the kept ones are twins of what is seen, before it.
    kept = [
        f"({rank if first else 70 + rank}, '{MINE}', 'secret', 'Voirie', ['eau'], TIMESTAMPTZ '2026-05-04 08:00:00Z')"
        for rank in range(3)
    ]
    others = [
        f"({40 + rank}, '{THEIRS}', 'public', '{'Prosper' if first else 'Ursule'}', ['feu'], "
        f"TIMESTAMPTZ '20{27 if first else 28}-01-01 00:00:00Z')"
        for rank in range(4 if first else 9)
    ]
    return ", ".join([*kept, *others[:2], *mine, *others[2:]])


SALARIES = {"secteur": T.STRING, "annee": T.INTEGER, "salaire": T.INTEGER, "nom": T.STRING}


def salaries(world: str) -> str:
    """Two cells of six and seven people; a third, of fewer than five, where the worlds differ in values and in number."""
    first = world == "a"
    name, value, lonely = ("Maxime", 7654321, 1) if first else ("Odette", 5432123, 3)
    lines = [f"('Eau', 2025::BIGINT, {2000 + rank}::BIGINT, 'x{rank}')" for rank in range(6)]
    lines += [f"('Voirie', 2025::BIGINT, {3000 + rank}::BIGINT, 'y{rank}')" for rank in range(7)]
    lines += [f"('Culture', 2025::BIGINT, {value}::BIGINT, '{name}')"] * lonely
    # Below five in a cell that only the year tells apart.
    lines += [f"('Eau', {2024 if first else 2023}::BIGINT, {value}::BIGINT, '{name}')"] * 2
    return ", ".join(lines)


READINGS = {
    "code": T.STRING, "lieu": T.STRING, "rang": T.INTEGER, "prix": T.NUMBER, "jour": T.DATE, "vu": T.DATETIME, "groupe": T.STRING,
}  # fmt: skip
READINGS_MASKS = {
    "lieu": {"mask": "truncate", "to": "2"}, "rang": {"mask": "round", "to": "10"}, "prix": {"mask": "round", "to": "2.5"},
    "jour": {"mask": "period", "to": "month"}, "vu": {"mask": "period", "to": "year"},
}  # fmt: skip


def readings(world: str) -> str:
    """Sixty rows of which what is shown is the same in both worlds, and what is below it drawn apart: other values, in another
    order, equal to others or not; before 1970 and below 0 too, some of them missing."""
    shown, below = Random("shown"), Random(world)
    lines = []
    for rank in range(60):
        lieu = f"'{shown.choice(('Ar', 'Éc', 'zz'))}{below.choice(('', 'a', 'bre', 'é', 'Z'))}'"
        rang = 10 * shown.randrange(-3, 4) + below.randrange(10)
        prix = 2.5 * shown.randrange(-3, 4) + below.choice((0, 0.5, 1, 1.25, 2.4375))
        month, year = shown.choice(("1969-12", "1970-01", "2026-02")), shown.choice((1969, 1970, 2026))
        jour = f"DATE '{month}-{below.randrange(1, 29):02}'"
        vu = f"TIMESTAMPTZ '{year}-{below.randrange(1, 13):02}-{below.randrange(1, 29):02} {below.randrange(24):02}:00:00Z'"
        kept = [shown.choice((one, one, one, "NULL")) for one in (lieu, f"{rang}::BIGINT", f"{prix}::DOUBLE", jour, vu)]
        lines.append(f"('c{rank:02}', {', '.join(kept)}, '{'ABC'[rank % 3]}')")
    return ", ".join(lines)


TABLES: Mapping[str, tuple[dict[str, T], Callable[[str], str]]] = {
    "colonnes": (PEOPLE, people), "lignes": (FILES, files), "comptes": (SALARIES, salaries), "convention": (PEOPLE, people),
    "releves": (READINGS, readings),
}  # fmt: skip


@dataclass
class World:
    """`clients`: by name of the reader; `headers`: those that come with each of their questions."""

    organizations: dict[str, Organization] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    datasets: dict[str, Dataset] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)
    headers: dict[str, dict[str, str]] = field(default_factory=dict)
    versions: dict[tuple[str, str], Version] = field(default_factory=dict)
    agreement: Agreement | None = None
    current: str = ""

    def become(self, world: str) -> None:
        """Everything that is published is that of this world. Dates and numbers, which are told, stay the same."""
        if world == self.current:
            return
        self.current = world
        for slug, dataset in self.datasets.items():
            version = self.versions[slug, world]
            Head.objects.filter(dataset=dataset).update(version=version)
            bbox = version.geometry.get("bbox")
            Dataset.objects.filter(pk=dataset.pk).update(row_count=version.row_count, bbox=bbox)
        Revision.objects.filter(pk=1).update(number=next(_REVISIONS))

    def ask(self, reader: str, address: str, **headers: str) -> tuple[int, bytes, dict[str, str]]:
        """Status, body, headers of the answer, read to its end."""
        answer = self.clients[reader].get(address, headers=self.headers.get(reader, {}) | headers)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return answer.status_code, body, dict(answer.headers)

    def count(self, reader: str, dataset: str, where: str) -> int:
        """How many records the reader is told of."""
        found: int = json.loads(self.ask(reader, v2(dataset, where=where, limit="0"))[1])["total_count"]
        return found

    def told(self, address: str, *readers: str) -> dict[str, tuple[str, str]]:
        """What each reader is told, in one world and in the other."""
        found: dict[str, list[str]] = {reader: [] for reader in readers}
        for world in WORLDS:
            self.become(world)
            for reader in readers:
                status, body, headers = self.ask(reader, address)
                found[reader].append(f"{status} {headers.get('X-Bocage-Row-Count', '')} {readable(body)}")
        return {reader: (first, second) for reader, (first, second) in found.items()}


def attempt(world: World, address: str, *readers: str, steward: bool = True) -> None:
    """The worlds are one to the readers, and two to the steward, unless there is nothing to tell there."""
    told = world.told(address, *readers, *(["steward"] if steward else []))
    for reader in readers:
        first, second = told[reader]
        assert first == second, f"to the {reader}, the worlds are not the same"
    if steward:
        assert told["steward"][0] != told["steward"][1], "an attempt that would tell nothing to anybody proves nothing"


_REVISIONS = count(1_000_000, 1_000)
"""Never the same twice, even after what a test wrote was taken back: what is remembered of a catalogue is under its number."""
_VARYING = re.compile(
    r"v_[0-9a-z]{20,}"  # the version itself, whose identifier is no secret
    r'|name="csrfmiddlewaretoken" value="[^"]*"|nonce="?[\w+/=-]+|version 1\b|version 2\b|Version [12]\b'
    r"|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:[\d:.]+(?:Z|[+-]\d\d:?\d\d)?"  # moments of publication
)


def readable(body: bytes) -> str:
    """As text, without what differs between any two answers; the members of what is compressed."""
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as parts:
            body = b"".join(parts.read(name) for name in sorted(parts.namelist()) if "docProps" not in name)
    elif body[:2] == b"\x1f\x8b":
        body = gzip.decompress(body)
    return _VARYING.sub("", body.decode("utf-8", errors="backslashreplace"))


def v2(dataset: str, path: str = "/records", **given: str) -> str:
    return f"{V2}/{dataset}{path}?{urlencode(given)}"


def v1(dataset: str, path: str, **given: str) -> str:
    return f"{V1}/{path}/?{urlencode({'dataset': dataset} | given)}"


def made(folder: Path, needed: Collection[str]) -> World:
    """A métropole of two communes, a partner beside; those of TABLES that are needed."""
    it = World()
    _places(it)
    for slug in needed:
        _publish(it, slug, folder / slug)
    _rules(it)
    _keys(it)
    return it


def _places(it: World) -> None:
    def make(slug: str, kind: OrganizationKind, parent: Organization | None = None, insee: str = "") -> None:
        found = create_organization(slug=slug, name=slug.title(), kind=kind, parent=parent)
        Organization.objects.filter(pk=found.pk).update(insee_code=insee)
        it.organizations[slug] = found

    make("metropole", OrganizationKind.EPCI)
    make("ici", OrganizationKind.COMMUNE, it.organizations["metropole"], THEIRS)
    make("ailleurs", OrganizationKind.COMMUNE, it.organizations["metropole"], MINE)
    make("partenaire", OrganizationKind.DELEGATE)
    for name, place, role in (
        ("steward", "ici", Role.STEWARD), ("contributor", "ici", Role.CONTRIBUTOR), ("member", "ailleurs", Role.MEMBER),
        ("partner", "partenaire", Role.MEMBER), ("nobody", "", Role.MEMBER),
    ):  # fmt: skip
        user = User.objects.create(email=f"{name}@example.org")
        if place:
            add_member(organization=it.organizations[place], user=user, role=role)
        it.people[name], it.clients[name] = user, Client()
        it.clients[name].force_login(user)
    it.clients["stranger"] = Client()


def _publish(it: World, slug: str, folder: Path) -> None:
    columns, values = TABLES[slug]
    opened = Visibility.PRIVATE if slug == "convention" else Visibility.OPEN
    facets = {name: {"facet": True} for name in ("nom", "tel", "quartier", "statut", "secteur") if name in columns}
    dataset = create_dataset(
        viewer=OPERATOR, organization=it.organizations["ici"], slug=slug, title=f"Jeu {slug}", visibility=opened,
        primary_key={"colonnes": ["nom"], "releves": ["code"]}.get(slug, []), field_settings=facets,
    )  # fmt: skip
    described = tuple(Field(name, kind, label=f"Libellé {name}") for name, kind in columns.items())
    for world in WORLDS:
        bounds = StagedGeometry("centre", ("Point",), BOUNDS[world]) if "centre" in columns else None
        named = ", ".join(columns)
        file = staged(folder, f"SELECT * FROM (VALUES {values(world)}) t({named})", described, geometry=bounds)
        it.versions[slug, world] = publish_version(viewer=OPERATOR, dataset=dataset, staged=file)
    dataset.refresh_from_db()
    it.datasets[slug] = dataset


def _rules(it: World) -> None:
    def rule(slug: str, audience: str = "everyone", **kept: object) -> None:
        if slug in it.datasets:
            DataRule.objects.create(dataset=it.datasets[slug].uid, audience=audience, reason="RGPD", **kept)

    rule("colonnes", columns=MASKS, grid_m=5_000)
    rule("lignes", columns={"statut": {"mask": "hide"}}, rows="insee in ({insee}) and statut = 'public'")
    rule("releves", columns=READINGS_MASKS)
    rule("comptes", threshold=5, dimensions=["secteur", "annee"], measures=["salaire"])
    if "convention" in it.datasets:
        _agree(it)
    touch_catalogue()


def _agree(it: World) -> None:
    it.agreement = Agreement.objects.create(
        number="2026-1", title="Étude", producer=it.organizations["ici"], purpose="Étude", legal_basis="public-task",
        state="signed", starts_on=now().date() - timedelta(days=2),
    )  # fmt: skip
    it.agreement.consumers.add(it.organizations["partenaire"])
    columns = ["insee", "quartier", "montant"]
    it.agreement.datasets.create(dataset=it.datasets["convention"].uid, columns=columns, rows=f"insee = '{MINE}'")


def _keys(it: World) -> None:
    """Keys of the steward that open less, and one of the member, for each dataset."""
    everything = [one.uid for one in it.datasets.values()]
    for name, person, options in (
        ("key of the member", "member", {"datasets": everything}),
        ("key of the partner", "partner", {"datasets": everything}),
        ("reading key of the steward", "steward", {"read_only": True}),
        ("dataset key of the steward", "steward", {"datasets": everything, "read_only": True}),
    ):
        owner = it.people[person]
        _key, text = create_key(viewer=viewer_of(owner), owner=owner, name=name, **options)
        it.clients[name], it.headers[name] = Client(), {"authorization": f"Apikey {text}"}
