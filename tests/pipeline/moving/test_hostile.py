"""Portals that fail, garble, lie or attack: what is wrong is told, the rest is copied, and nothing leads inside."""

from __future__ import annotations

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bocage.access.viewer import OPERATOR
from bocage.catalog.models import Dataset
from bocage.catalog.services import create_dataset
from bocage.kernel.http import AddressInvalid
from bocage.organizations.services import create_organization
from bocage.organizations.vocabulary import OrganizationKind
from bocage.pipeline.models import Run
from bocage.pipeline.moving import catalogue, portal, services
from bocage.pipeline.moving.copying import Copier
from bocage.pipeline.moving.errors import (
    AlreadyMoving,
    CatalogueTooLong,
    KeyInTheClear,
    KeyRefused,
    NotAPortal,
    PortalLost,
    QuotaSpent,
    WhereRefused,
)
from bocage.pipeline.moving.models import MovedDataset
from bocage.pipeline.moving.patience import Patience
from bocage.pipeline.moving.placing import Destination
from bocage.pipeline.moving.plan import plan
from bocage.pipeline.moving.portal import portal_at
from bocage.pipeline.moving.report import one_line, told
from tests.kernel.local_server import local_server

pytestmark = pytest.mark.django_db(transaction=True)


class Import:
    """What the command does, without the command; the seconds that it would have slept are in `slept`."""

    def __init__(self, fake, town, folder):
        self.slept = []
        self.fake = fake
        self.portal = portal_at(fake.url, folder=folder, patience=Patience(sleep=self.slept.append, pause=0))
        self.destination = Destination(town)

    def __call__(self, **options):
        selection = services.Selection(where=options.pop("where", ""))
        found = services.listed(self.portal, selection)
        planned = plan(self.portal.origin, found.datasets, self.destination, **options)
        outcomes = [services.refused_item(name, error) for name, error in found.refused]
        outcomes += services.carry_out_all(planned, Copier(self.portal, self.destination, **options))
        return {one.source_id: one for one in outcomes}


@pytest.fixture
def move(fake, town, data_folder):
    folder = data_folder / "tmp" / "moving"
    folder.mkdir(parents=True)
    yield Import(fake, town, folder)
    assert list(folder.iterdir()) == [], "no answer is left behind"


def codes(outcomes):
    return {name: one.error.get("code") for name, one in outcomes.items()}


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((404, {}, b"no"), NotAPortal),
        ((200, {}, b"<html>Bienvenue</html>"), NotAPortal),
        ((200, {}, b"[" * 200_000), NotAPortal),
        ((200, {}, b'{"total_count": 1' + b"0" * 5000 + b"}"), NotAPortal),
        ((200, {}, {"total_count": "3"}), NotAPortal),
        ((200, {}, {"total_count": -1, "results": []}), NotAPortal),
        ((200, {}, {"total_count": 1, "results": {"a": 1}}), NotAPortal),
        ((200, {}, []), NotAPortal),
        ((401, {}, b""), KeyRefused),
        ((403, {}, b""), KeyRefused),
        ((200, {}, {"total_count": 10**12, "results": []}), CatalogueTooLong),
        ((200, {"Content-Length": str(100 << 20)}, b""), NotAPortal),
    ],
)
def test_what_is_not_a_catalogue_stops_everything(move, fake, answer, error):
    fake.answers[""] = lambda _query: answer
    with pytest.raises(error):
        move()
    assert Dataset.objects.count() == 0


def test_a_condition_that_the_portal_refuses(move, fake):
    fake.answers[""] = lambda query: (400, {}, {"error_code": "ODSQLSyntaxError"}) if "where" in query else None
    with pytest.raises(WhereRefused):
        move(where="nonsense(")


def test_endless_pages_end(move, fake):
    fake.add("a")
    fake.answers[""] = lambda _query: (200, {}, {"total_count": 2_000, "results": list(fake.items.values()) * 100})
    assert list(move()) == ["a"]
    assert len(fake.asked) < 2_000 / 100 + 20


def test_a_page_too_large_is_asked_in_smaller_ones(move, fake, monkeypatch):
    monkeypatch.setattr(portal, "ANSWER_LIMIT_MB", 1)
    monkeypatch.setattr(portal.Portal.json, "__kwdefaults__", {"query": None, "limit_mb": 1})
    for name in ("a", "b", "c"):
        fake.add(name, description="x" * 300_000)
    fake.add("trop", description="x" * 2_000_000)
    found = catalogue.whole_catalogue(move.portal)
    assert [one.id for one in found.datasets] == ["a", "b", "c"]
    assert [(name, error.code) for name, error in found.refused] == [("#4", "http.too-large")]


STRANGE = [
    "../../etc/passwd",
    "MAJUSCULES",
    "x" * 150,
    "x" * 5_000,
    "",
    " ",
    "a/b",
    "-a",
    "é",
    "a\x00b",
    12,
    None,
    ["a"],
    {},
]


def test_identifiers_that_cannot_be_kept_are_refused_and_the_rest_goes_on(move, fake, data_folder):
    fake.add("bon")
    page = [{**fake.items["bon"], "dataset_id": identifier} for identifier in STRANGE] + [
        None,
        3,
        "x",
        fake.items["bon"],
    ]
    fake.answers[""] = lambda query: (
        200,
        {},
        {"total_count": len(page), "results": page if query["offset"] == "0" else []},
    )
    outcomes = move()
    assert outcomes.pop("bon").is_right
    assert set(codes(outcomes).values()) == {"moving.identifier-unusable", "moving.answer-not-understood"}
    assert list(Dataset.objects.values_list("slug", flat=True)) == ["bon"]
    assert not list(data_folder.rglob("*passwd*"))


def test_a_dataset_of_somebody_else_is_never_touched(move, fake, town):
    other = create_organization(slug="autre", name="Autre", kind=OrganizationKind.COMMUNE)
    mine = create_dataset(viewer=OPERATOR, organization=other, slug="pris", title="À moi")
    create_dataset(viewer=OPERATOR, organization=town, slug="aussi", title="Aussi")
    for name in ("pris", "aussi", "libre"):
        fake.add(name)
    assert codes(move()) == {"pris": "moving.identifier-taken", "aussi": "moving.identifier-taken", "libre": None}
    mine.refresh_from_db()
    assert (mine.title, mine.version_number) == ("À moi", None)
    move.destination = Destination(town, renamed={"pris": "pris-2"})
    assert codes(move())["pris"] is None
    assert Dataset.objects.get(slug="pris-2").row_count == 2


def test_a_publisher_gives_rights_to_nobody_unless_the_operator_says_so(move, fake, town):
    other = create_organization(slug="autre", name="Autre", kind=OrganizationKind.COMMUNE)
    fake.add("a", publisher="Autre")
    assert codes(move()) == {"a": None}
    assert set(Dataset.objects.values_list("organization__slug", "attributions")) == {("ville", "Autre")}
    fake.add("b", publisher="Autre")
    move.destination = Destination(town, publishers={"autre": other})
    move()
    assert dict(Dataset.objects.values_list("slug", "organization__slug")) == {"a": "ville", "b": "autre"}


HTML = "<p>Bonjour <script>alert(1)</script><a href='javascript:x'>ici</a></p>"


def test_words_of_strangers_are_bounded_and_harmless(move, fake):
    fake.add("a", title="\x1b[2J\x07titre\u202e\n" + "x" * 1000, description=HTML, keyword=["k" * 900, "bon", 7, None, {}],
             theme=["Inconnu", {"a": 1}], publisher=["liste"], license={"x": 1}, territory="Nantes")  # fmt: skip
    fake.items["a"]["metas"]["x" * 500] = {"y": ["z" * 10_000]}
    fake.items["a"]["fields"][0] |= {"label": "\x1b]0;x\x07L" * 200, "annotations": {"facet": {}, "zzz": ["\x1b"]}}
    [outcome] = move().values()
    assert outcome.error == {}
    dataset = Dataset.objects.get(slug="a")
    assert len(dataset.title) <= 300
    assert "\x1b" not in dataset.title + dataset.description + json.dumps(dataset.schema)
    assert "alert" not in dataset.description
    assert "javascript" not in dataset.description
    assert set(dataset.keywords) == {"bon", "7", "Inconnu"}
    assert not any(mark in line for lines in told(outcome).values() for line in lines for mark in "\x1b\x07\u202e\n")
    assert one_line("a\x1b[2J\u202eb\nc") == "a[2Jb c"


EXPORTS = [
    ((200, {}, b'{"error_code": "Oops", "message": "x"}'), "moving.no-faithful-export"),
    ((200, {}, b"<html>"), "moving.no-faithful-export"),
    ((200, {}, b'{"nom": "a", "n": 1}\n{"nom": '), "moving.no-faithful-export"),
    ((200, {}, b'{"nom": "a", "n": "beaucoup"}\n'), "moving.no-faithful-export"),
    ((200, {"Content-Length": "999"}, b'{"nom": "a", "n": 1}\n'), "http.interrupted"),
    ((200, {"Content-Length": str(99 << 30)}, b""), "http.too-large"),
    ((500, {}, b""), "http.server-fault"),
    ((403, {}, b""), "http.request-refused"),
    ((302, {"Location": "http://169.254.169.254/latest/meta-data/"}, b""), "http.address-refused"),
    ((302, {"Location": "http://[::ffff:10.0.0.1]/"}, b""), "http.address-refused"),
    ((302, {"Location": "file:///etc/passwd"}, b""), "http.address-invalid"),
]


@pytest.mark.parametrize(("answer", "code"), EXPORTS)
def test_an_export_that_fails_leaves_the_dataset_without_data_and_the_others_whole(move, fake, answer, code):
    for name in ("a", "b"):
        fake.add(name)
    fake.answers["/a/exports/jsonl"] = lambda _query: answer
    outcomes = move()
    assert codes(outcomes) == {"a": code, "b": None}
    assert dict(Dataset.objects.values_list("slug", "row_count")) == {"a": None, "b": 2}
    assert Dataset.objects.get(slug="a").visibility == "private", "nothing is open before its data is here"
    del fake.answers["/a/exports/jsonl"]
    assert codes(move()) == {"a": None, "b": None}
    assert dict(Dataset.objects.values_list("row_count", "visibility")) == {2: "open"}


def test_a_parquet_that_loses_types_gives_way(move, fake, tmp_path):
    pq.write_table(pa.table({"nom": ["a", None], "n": ["1", "5"]}), tmp_path / "a.parquet")
    fake.add("a")
    fake.answers["/a/exports/parquet"] = lambda _query: (200, {}, (tmp_path / "a.parquet").read_bytes())
    [outcome] = move().values()
    assert outcome.is_right
    assert [loss["code"] for loss in outcome.losses] == ["export-form"]
    assert Run.objects.get().filename == "a.jsonl"


def test_passing_faults_are_waited_for(move, fake):
    fake.add("a")
    refusals = [(429, {"Retry-After": "42"}, {"errorcode": 10002}), (503, {}, b""), (429, {}, b"")]
    fake.answers["/a/exports/jsonl"] = [*refusals, None]
    assert codes(move()) == {"a": None}
    assert move.slept[0] == 42.0
    assert 2.0 <= move.slept[1] <= 2.4
    assert move.slept[2] == 90.0


def test_an_allowance_that_is_spent_is_waited_for_before_the_next_call(move, fake):
    fake.add("a")
    spent = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "7"}
    fake.answers["/a/exports/jsonl"] = [(200, spent, b'{"nom": "a", "n": 1}\n{"n": 5}\n')]
    assert codes(move()) == {"a": None}
    assert move.slept == [7.0]


def test_a_quota_of_the_day_ends_the_import_and_the_next_one_goes_on(move, fake):
    for name in ("a", "b", "c"):
        fake.add(name)
    fake.answers["/b/exports/parquet"] = lambda _query: (429, {"X-RateLimit-Reset": "7200"}, b"")
    with pytest.raises(QuotaSpent) as stop:
        move()
    assert stop.value.fields["minutes"] == 120
    del fake.answers["/b/exports/parquet"]
    fake.server.requests.clear()
    outcomes = move()
    assert [one.step.value for one in outcomes.values()] == ["unchanged", "new", "new"]
    assert not any("/a/" in path for path in fake.asked)


def test_a_portal_that_no_longer_answers_ends_the_import(move, fake):
    for name in ("a", "b", "c", "d", "e"):
        fake.add(name)
        fake.answers[f"/{name}/exports/parquet"] = lambda _query: (502, {}, b"")
    with pytest.raises(PortalLost):
        move()
    assert set(MovedDataset.objects.filter(state="failed").values_list("source_id", flat=True)) == {"a", "b", "c"}


def lie(fake, name, change):
    """Answers of the aggregates of a dataset, changed."""

    def answer(query):
        true = fake._records(fake.rows[name], query)
        return 200, {}, change(true)

    fake.answers[f"/{name}/records"] = answer


@pytest.mark.parametrize(
    ("change", "kinds"),
    [
        (lambda a: a | {"total_count": a["total_count"] + 1}, {"rows", "nulls"}),
        (lambda a: {**a, "results": [r | {"sum_1": r["sum_1"] + 1} for r in a["results"]]}, {"sum"}),
        (lambda a: {**a, "results": [r | {"min_1": 0} for r in a["results"]]}, {"min"}),
        (lambda a: {**a, "results": [r | {"max_1": 6} for r in a["results"]]}, {"max"}),
        (lambda a: {**a, "results": [r | {"count_0": 2} for r in a["results"]]}, {"nulls"}),
        (lambda a: {"total_count": a["total_count"], "results": [{}]}, set()),
        (lambda a: {"total_count": True, "results": [{"count_0": "x", "sum_1": [], "max_1": {}}]}, set()),
    ],
)
def test_what_the_portal_counts_otherwise_is_told(move, fake, change, kinds):
    fake.add("a")
    lie(fake, "a", change)
    [outcome] = move().values()
    assert {one["kind"] for one in outcome.differences} == kinds
    assert outcome.is_right == (not kinds)
    assert len(told(outcome)["differences"]) == len(outcome.differences)


def test_an_export_that_is_short_of_a_row_is_told(move, fake):
    fake.add("a")
    fake.answers["/a/exports/jsonl"] = lambda _query: (200, {}, b'{"nom": "a", "n": 1}\n')
    [outcome] = move().values()
    assert {one["kind"] for one in outcome.differences} == {"rows", "nulls", "sum", "max"}


def test_fields_that_the_portal_will_not_count_are_said_uncompared(move, fake):
    fake.add("a")
    fake.answers["/a/records"] = lambda query: (400, {}, {}) if "`nom`" in str(query) else None
    [outcome] = move().values()
    assert (outcome.comparison["compared"], outcome.comparison["uncompared"]) == (1, ("nom",)) or (
        outcome.comparison["uncompared"] == ["nom"]
    )


def test_attached_files_come_from_where_the_portal_says_and_never_from_inside(move, fake):
    fake.add("a")
    fake.items["a"]["attachments"] = [
        {"id": "bon", "title": "Bon", "mimetype": "text/plain", "url": "odsfile://x"},
        {"id": "dedans", "title": "Dedans", "url": "http://10.0.0.1/x"},
        {"id": "../../x", "title": "Ailleurs", "url": "odsfile://x"},
    ]
    fake.answers["/a/attachments/bon"] = lambda _query: (200, {}, "été".encode())
    [outcome] = move().values()
    assert outcome.error == {}
    assert [loss["fields"]["title"] for loss in outcome.losses if loss["code"] == "attachment-lost"] == [
        "Dedans",
        "Ailleurs",
    ]
    assert list(Dataset.objects.get(slug="a").attachments.values_list("identifier", "title")) == [("bon", "Bon")]


def test_a_key_is_sent_to_its_portal_alone(fake, town, data_folder):
    fake.add("a")
    with local_server() as elsewhere:
        elsewhere.gives("/x", b"1")
        fake.items["a"]["attachments"] = [{"id": "x", "title": "x", "url": elsewhere.url("/x")}]
        mine = portal_at(
            fake.url, folder=data_folder, apikey="secret", patience=Patience(sleep=lambda _s: None, pause=0)
        )
        found = services.listed(mine, services.Selection())
        assert services.public_identifiers(mine, services.Selection()) == {"a"}
        copier = Copier(mine, Destination(town))
        assert [
            one.error for one in services.carry_out_all(plan(mine.origin, found.datasets, copier.destination), copier)
        ] == [{}]
        assert [headers.get("Authorization") for _path, headers in elsewhere.requests] == [None]
    given = [headers.get("Authorization") for path, headers in fake.server.requests if "select=dataset_id" not in path]
    assert set(given) == {"Apikey secret"}
    strangers = [headers.get("Authorization") for path, headers in fake.server.requests if "select=dataset_id" in path]
    assert set(strangers) == {None}
    with pytest.raises(KeyInTheClear):
        portal_at("http://data.example.fr", folder=data_folder, apikey="secret")


@pytest.mark.parametrize(
    "address", ["", "ftp://a.fr", "https://", "https://u:p@a.fr", "file:///etc/passwd", "https://a.fr:x"]
)
def test_addresses_that_are_none(address, data_folder):
    with pytest.raises(AddressInvalid):
        portal_at(address, folder=data_folder)


def test_any_page_of_a_portal_is_its_address(data_folder):
    for address in ("https://Data.Exemple.fr/explore/?sort=title", "data.exemple.fr", " https://data.exemple.fr/ "):
        assert portal_at(address, folder=data_folder).origin == "https://data.exemple.fr"


def test_one_import_at_a_time(data_folder):
    with services.alone() as folder:
        (folder / "left").write_bytes(b"x")
        with pytest.raises(AlreadyMoving), services.alone():
            pass
        assert (folder / "left").exists()
    assert not folder.exists()
