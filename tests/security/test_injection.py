"""Attacks through what is read: queries that would be SQL, files that reach outside, numbers and patterns that never end."""

# ruff: noqa: E501  attacks read better whole

from __future__ import annotations

import csv
import gzip
import io
import os
import re
import socket
import stat
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bocage.access.viewer import OPERATOR
from bocage.access.vocabulary import Visibility
from bocage.capture.services import stage
from bocage.catalog.models import Dataset
from bocage.catalog.services import create_dataset
from bocage.store.services import publish_version
from bocage.store.session import EngineSession
from tests.security.conftest import Territory, consumed

API = "/api/explore/v2.1/catalog/datasets"
LIEUX = f"{API}/lieux"
SECRET = "zq7secretzq7"
TOKEN = "zq9tokenzq9"

TABLE_PAGE = "/explore/dataset/lieux/table/"
RECORDS, FACETS, EXPORT = f"{LIEUX}/records", f"{LIEUX}/facets", f"{LIEUX}/exports/csv"
CLAUSES = {
    "select": (RECORDS, EXPORT), "where": (RECORDS, API), "group_by": (RECORDS,), "order_by": (RECORDS,), "refine": (RECORDS, FACETS),
    "exclude": (RECORDS,), "facet": (FACETS,), "list_separator": (EXPORT,), "q": (TABLE_PAGE, "/explore/"), "sort": (TABLE_PAGE,),
}  # fmt: skip
"""What takes a text, and where it is asked."""

CLOSED = ("timezone", "lang", "delimiter", "limit", "offset", "epsg", "parquet_compression")
"""What is one of a list, or a number."""


@contextmanager
def listener() -> Iterator[list[object]]:
    """A server of this machine that nobody should call; who did."""
    calls: list[object] = []
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        server.settimeout(0.05)
        stopping = threading.Event()

        def wait() -> None:
            while not stopping.is_set():
                try:
                    connection, address = server.accept()
                except TimeoutError:
                    continue
                calls.append(address)
                connection.close()

        waiter = threading.Thread(target=wait)
        waiter.start()
        calls.append(server.getsockname()[1])
        try:
            yield calls
        finally:
            stopping.set()
            waiter.join()


def attacks(secret: Path, target: Path, port: int) -> list[str]:
    """SQL of the engine, in the places where a language lets expressions, names and texts stand."""
    calls = (
        f"read_text('{secret}')", f"read_csv('{secret}')", f"read_blob('{secret}')", f"read_parquet('{secret}')", f"glob('{secret.parent}/*')",
        f"read_json('{secret}')", f"ST_Read('{secret}')", f"read_text('http://127.0.0.1:{port}/x')", f"read_csv('https://127.0.0.1:{port}/x')",
        "getenv('BOCAGE_TEST_ATTACK')", "current_setting('allowed_directories')", "duckdb_settings()", "duckdb_tables()", "query('SELECT 1')",
        "query_table('x')", "sniff_csv('x')", "which_secret('x','s3')", "version()", "current_database()", f"list_aggregate([1], '{TOKEN}')",
        "sleep(10)", "range(100000000000)", "repeat('a', 10000000000)", "generate_series(1, 100000000000)", "regexp_matches(nom, '(a+)+$')",
    )  # fmt: skip
    statements = (
        f"; COPY (SELECT 1) TO '{target}'; --", f"1; ATTACH '{target}' AS x; --", f"1) ; INSTALL httpfs; LOAD '{target}'; --",
        f"x FROM read_text('{secret}') --", f"nom UNION ALL SELECT content FROM read_text('{secret}')", f"(SELECT content FROM read_text('{secret}'))",
        f"nom' || (SELECT content FROM read_text('{secret}')) || '", f"nom\" , (SELECT content FROM read_text('{secret}')) AS \"x",
        f"`nom\"; COPY (SELECT 1) TO '{target}'; --`", f"nom /*{TOKEN}*/", f"nom -- {TOKEN}", f"1=1 OR {TOKEN}=1", f"$1; {TOKEN}", f"?{TOKEN}", f"$${TOKEN}$$",
        f"nom as `{TOKEN}\" FROM x; --`", f"nom as `{TOKEN}`", f"nom = '{TOKEN}'", f"nom = '{TOKEN}'' OR ''1''=''1'", f'nom = "{TOKEN}\\"; DROP TABLE rows; --"',
        f"nom like '{TOKEN}%'", f"search('{TOKEN}'' OR 1=1')", f"nom:{TOKEN}' OR '1'='1", f"nom:{TOKEN}\" OR \"1\"=\"1", f"{TOKEN}", f"`{TOKEN}`", f"'{TOKEN}'",
        f"nom in ('{TOKEN}', (SELECT 1))", f"date'{TOKEN}'", f"geom'{TOKEN}'", f"date_format(maj, '{TOKEN}''')", f"facet(name=\"{TOKEN}\\\"; --\")",
        "EXCLUDE (nom)", "COLUMNS('.*')", "* REPLACE (1 AS nom)", "nom::VARCHAR", "struct_pack(a := 1)", "[x for x in range(10)]", "x -> x", "rows.*", "r.nom", "information_schema.tables",
        "\u2019 OR 1=1", "nom\x01", "%27%20OR%201=1", "Europe/Paris' || version() || '", "UTC'; DROP TABLE x; --", "' || chr(65) || '", ";", "'", '"', "\\", "\\'",
    )  # fmt: skip
    return [*calls, *(f"nom = {call}" for call in calls), *(f"{call} as x" for call in calls[:4]), *statements]


QUOTED = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"")


@pytest.fixture
def statements(monkeypatch) -> list[str]:
    """Every statement that the engine is given."""
    seen: list[str] = []
    run = EngineSession._run
    monkeypatch.setattr(
        EngineSession, "_run", lambda self, sql, parameters: seen.append(sql) or run(self, sql, parameters)
    )
    return seen


@pytest.mark.parametrize("clause", CLAUSES)
def test_no_clause_is_sql(places, territory, publish, tmp_path, monkeypatch, statements, clause):
    """Nothing of a file, of the machine, of another dataset comes out; nothing is written, nobody is called; and in what the
    engine is given, texts of a request stand between quotes or not at all."""
    secret, target = tmp_path / "secret.txt", tmp_path / "written"
    secret.write_text(SECRET)
    monkeypatch.setenv("BOCAGE_TEST_ATTACK", SECRET)
    publish(territory.elsewhere, "cache", Visibility.PRIVATE, title=SECRET)
    client = Client()
    started = time.monotonic()
    with listener() as calls:
        few = 4 if clause in ("q", "sort") else 1  # whole pages, made by the same code as the clauses
        for attack in attacks(secret, target, calls[0])[::few]:
            for address in CLAUSES[clause]:
                answer = client.get(address, {clause: attack})
                body = consumed(answer).decode()
                assert answer.status_code in (200, 400, 404), (address, attack, answer.status_code)
                assert SECRET not in body, (address, attack)
        assert len(calls) == 1, "the engine called somebody"
    assert not target.exists()
    assert list(tmp_path.glob("written*")) == []
    for statement in statements:
        assert TOKEN not in QUOTED.sub("", statement), statement
    assert time.monotonic() - started < 60
    answer = client.get(f"{LIEUX}/records", {"limit": 1, "where": "1=1"})
    assert answer.json()["total_count"] == 4, "the table is still there"
    assert statements, "what the engine is given was looked at"


def test_what_is_one_of_a_list_is_nothing_else(places, client, statements, tmp_path):
    """A refusal, before the engine is asked anything."""
    for name in CLOSED:
        for attack in attacks(tmp_path / "secret", tmp_path / "written", 9)[::6]:
            if attack in (";", "\\"):
                continue
            answer = client.get(EXPORT, {name: attack})
            assert answer.status_code == 400, (name, attack)
    assert statements == []


# Names that files give -------------------------------------------------------------------------------------------------

COLUMNS = (
    'a"; DROP TABLE rows; --', "b'; SELECT 1; --", "c`", "d\\", "rows", "_row", "select", "e\u0000f".replace("\0", ""), "=cmd|' /C calc'!A0", "<script>",
    "${x}", "g\u202eh", "{{7*7}}", "%s", "../../x", "count(*)", "é" * 50, "", " ", "r.nom",
)  # fmt: skip
CELLS = (
    "=1+1",
    "+1",
    "-1+1",
    "@SUM(A1)",
    "=cmd|' /C calc'!A0",
    "\t=1",
    "\r=1",
    '=HYPERLINK("http://evil.example","x")',
    "a;b",
    'a"b',
    "a\nb",
    "a,b",
    "'",
    "\\",
    "x" * 2000,
    "é\u2028",
    "<b>&amp;",
    "]]>",
    "%0d%0a",
    "0012",
)


@pytest.fixture
def odd_file(organizations, tmp_path) -> Dataset:
    """A file of the worst names and values, really read and published."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(COLUMNS)
    writer.writerows([CELLS[-n:] + CELLS[:-n] for n in range(len(CELLS))])
    file = tmp_path / 'it\'s "odd"; --.csv'
    file.write_text(text.getvalue(), encoding="utf-8", newline="")
    dataset = create_dataset(
        viewer=OPERATOR, organization=organizations.here, slug="odd", title="Odd", visibility=Visibility.OPEN
    )
    staged = stage(
        file, filename='../../it\'s "odd"; --.csv', directory=Path(os.environ["BOCAGE_DATA_DIR"]) / "work" / "odd"
    )
    publish_version(viewer=OPERATOR, dataset=dataset, staged=staged)
    dataset.refresh_from_db()
    return dataset


def test_names_of_columns_are_never_sql(odd_file, client):
    fields = odd_file.fields
    assert len(fields) == len(COLUMNS)
    for field in fields:
        assert re.fullmatch(r"[a-z0-9_]+", field.name), field.name
    for address in (
        f"{API}/odd/records",
        f"{API}/odd/facets",
        f"{API}/odd",
        "/explore/dataset/odd/",
        "/explore/dataset/odd/table/",
        "/explore/dataset/odd/schema/",
    ):
        assert client.get(address).status_code == 200, address
    for field in fields:
        asked = {
            "select": field.name,
            "where": f"{field.name} is not null",
            "order_by": field.name,
            "facet": field.name,
        }
        assert client.get(f"{API}/odd/records", asked).json()["total_count"] > 0
        assert client.get(f"{API}/odd/facets", {"facet": field.name}).status_code == 200


def test_a_spreadsheet_never_gets_a_formula(odd_file, client):
    """XLSX has types: every text is a text, in the header too. Opened in any spreadsheet, nothing is computed nor called."""
    for options in ({}, {"use_labels": "true"}):
        package = zipfile.ZipFile(io.BytesIO(consumed(client.get(f"{API}/odd/exports/xlsx", options))))
        assert not [
            name
            for name in package.namelist()
            if re.search(r"external|vba|macro|connections|query", name, re.IGNORECASE)
        ]
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        assert "<f " not in sheet
        assert "<hyperlink" not in sheet
        assert "=cmd|" in sheet, "the values are there all the same"


def test_csv_keeps_every_character_and_every_cell_in_its_place(odd_file, client):
    """The policy: a CSV is exact, for machines, as the standard of the API wants it; no cell gets out of its column or row."""
    for delimiter in (";", ",", "\t", "|"):
        for quoted in ("true", "false"):
            asked = {"delimiter": delimiter, "quote_all": quoted, "with_bom": "false"}
            text = consumed(client.get(f"{API}/odd/exports/csv", asked)).decode()
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
            assert len(rows) == len(CELLS) + 1
            assert {len(row) for row in rows} == {len(COLUMNS)}
            assert {"=1+1", "=cmd|' /C calc'!A0", "0012", "a\nb", 'a"b'} <= {cell for row in rows[1:] for cell in row}


@pytest.mark.parametrize("name", [*CLAUSES, *CLOSED, "filename", "format", "use_labels"])
@pytest.mark.parametrize(
    "text",
    ["x\r\nX-Evil: 1", "x\nSet-Cookie: evil=1", "x\r\n\r\n<script>", "\u560a\u560dX-Evil: 1", "x\x00\r\nX-Evil:1"],
)
def test_no_parameter_writes_a_header(places, client, name, text):
    for address in (EXPORT, "/explore/dataset/lieux/download/", TABLE_PAGE):
        answer = client.get(address, {name: text})
        consumed(answer)
        assert answer.status_code in (200, 400, 404), address
        assert "evil" not in str(answer.cookies)
        for header, value in answer.headers.items():
            assert "evil" not in (header + value).lower()
            assert not re.search(r"[\r\n\0]", header + value)


# Files -----------------------------------------------------------------------------------------------------------------


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return buffer.getvalue()


def link(name: str) -> zipfile.ZipInfo:
    """A member that is a symbolic link."""
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def tree(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


TABLE = b"a;b\r\n1;2\r\n"
ENTITIES = '<!DOCTYPE k [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(9)) + "]>"  # fmt: skip
KML = '<?xml version="1.0"?>{}<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>{}</name><Point><coordinates>1,2</coordinates></Point></Placemark></Document></kml>'
OUTSIDE = "<!DOCTYPE k [<!ENTITY x SYSTEM 'file://{secret}'>]>"
VRT = "<OGRVRTDataSource><OGRVRTLayer name='x'><SrcDataSource>{secret}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"
WORKBOOK = (
    ("[Content_Types].xml", b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'),
    ("xl/workbook.xml", (OUTSIDE + '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheets><sheet name="&x;" sheetId="1"/></sheets></workbook>').encode()),
)  # fmt: skip

FILES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "out of the folder": ("a.zip", lambda: zipped(("../../../../../../tmp/evil.csv", TABLE))),
    "from the root": ("a.zip", lambda: zipped(("/tmp/evil.csv", TABLE))),
    "as windows writes": ("a.zip", lambda: zipped(("..\\..\\evil.csv", TABLE), ("C:\\evil.csv", TABLE))),
    "a link": ("a.zip", lambda: zipped((link("a.csv"), b"{secret}"))),
    "a link to a folder": ("a.zip", lambda: zipped((link("d"), b"/tmp"), ("d/evil.csv", TABLE))),
    "the same twice": ("a.zip", lambda: zipped(("a.csv", TABLE), ("A.csv", TABLE))),
    "a bomb": ("a.zip", lambda: zipped(("a.csv", b"a;b\n" + b"1;2\n" * 40_000_000))),
    "a bomb in a gzip": ("a.csv.gz", lambda: gzip.compress(b"a;b\n" + b"0" * 150_000_000, 9)),
    "many members": ("a.zip", lambda: zipped(*((f"{n}.csv", b"") for n in range(70_000)))),
    "a zip in a zip": ("a.zip", lambda: zipped(("b.zip", zipped(("c.csv", TABLE))))),
    "entities": ("a.kml", lambda: KML.format(ENTITIES, "&j;").encode()),
    "an entity from outside": ("a.kml", lambda: KML.format(OUTSIDE, "&x;").encode()),
    "a workbook with an entity": ("a.xlsx", lambda: zipped(*WORKBOOK)),
    "a source elsewhere": ("a.vrt", VRT.encode),
    "a source elsewhere, as a table": ("a.csv", VRT.encode),
    "a service": ("a.xml", lambda: b"<OGRWFSDataSource><URL>http://127.0.0.1:9/</URL></OGRWFSDataSource>"),
    "nested": ("a.json", lambda: b"[" * 200_000),
    "nested and closed": ("a.geojson", lambda: b'{"type":"FeatureCollection","features":' + b"[" * 50_000 + b"]" * 50_000 + b"}"),
    "wide": ("a.csv", lambda: b";".join(b"c%d" % n for n in range(60_000)) + b"\n" + b";" * 59_999),
    "one line": ("a.csv", lambda: b"a;b\n\"" + b"x" * 30_000_000),
    "quotes": ("a.csv", lambda: b"a;b\n" + b'"' * 999_999),
    "huge numbers": ("a.csv", lambda: b"a;b\n" + b"9" * 5000 + b";1e999\n-1e-999;0x" + b"F" * 400 + b"\n"),
    "huge dates": ("a.csv", lambda: b"a;b\n99999999-12-31;2024-02-30\n0000-00-00;2024-13-01\n"),
    "places beyond": ("a.csv", lambda: b"lat;lon\n1e308;-1e308\nnan;inf\n91;181\n"),
    "shapes": ("a.csv", lambda: b"wkt\n\"POLYGON((" + b"0 0," * 100_000 + b"0 0))\"\nPOINT(1e400 0)\n"),
    "nothing": ("a.parquet", lambda: b"PAR1" + b"\xff" * 100 + b"PAR1"),
    "a truncated geopackage": ("a.gpkg", lambda: b"SQLite format 3\x00" + b"\x00" * 52 + b"GPKG" + b"\xff" * 4000),
    "a flatgeobuf of ones": ("a.fgb", lambda: b"fgb\x03fgb\x01" + b"\xff" * 4000),
    "controls": ("a.csv", lambda: bytes(range(256)) * 50),
    "nulls": ("a.csv", lambda: b"a;b\n" + b"\x00" * 5000),
}  # fmt: skip
"""Its name, and what writes it: hundreds of megabytes, only where they are dropped."""


@pytest.mark.parametrize("kind", FILES)
def test_a_file_reaches_nothing_and_stops_nothing(territory: Territory, tmp_path, settings, kind):
    """Dropped on the real page: it is understood, or refused with a sentence; nothing outside is read, nothing is left."""
    secret = tmp_path / "secret.csv"
    secret.write_text(f"a;b\n{SECRET};1\n")
    outside = Path("/tmp/evil.csv")
    outside.unlink(missing_ok=True)
    name, written = FILES[kind]
    content = written()
    content = (
        content.replace(b"{secret}", str(secret).encode())
        if len(content) < 5000 and not name.endswith((".zip", ".xlsx"))
        else content
    )
    settings.BOCAGE = settings.BOCAGE.model_copy(update={"upload_limit_mb": 32})
    scratch = settings.DATA_DIR / "tmp"
    before = tree(scratch)
    client = territory.viewers["contributor here"]
    started = time.monotonic()
    answer = client.post("/console/publish/", {"file": SimpleUploadedFile(name, content), "organization": "ici"})
    assert answer.status_code == 302, answer.content[-2000:]
    page = client.get(answer.headers["Location"])
    assert page.status_code == 200
    assert SECRET not in page.content.decode()
    assert b"pipeline.unexpected" not in page.content
    assert b"Traceback" not in page.content
    assert time.monotonic() - started < 30
    assert tree(scratch) == before, "what was opened is left on the disk"
    assert not outside.exists()
    assert not Path("/tmp/d/evil.csv").exists()


def test_a_form_is_bounded(territory: Territory, names: dict[str, str]):
    client = territory.viewers["steward here"]
    many = {f"f{n}": "x" for n in range(2000)}
    for address in ("/console/datasets/secret/", "/accounts/login/", "/language/"):
        assert client.post(address, many).status_code == 400
        assert client.post(address, {"title": "x" * (6 << 20)}).status_code in (400, 413)
        file = SimpleUploadedFile("a.csv", b"x" * 100)
        assert client.post(address, {"file": file}).status_code in (400, 413)
    assert client.post("/console/publish/", many | {"organization": "ici"}).status_code == 400
    huge = client.generic(
        "POST", "/console/publish/", b"", "multipart/form-data; boundary=x", CONTENT_LENGTH=str(10**15)
    )
    assert huge.status_code == 413


# What would never end --------------------------------------------------------------------------------------------------

ENDLESS: dict[str, dict[str, object]] = {
    "stars": {"where": "nom like '" + "*a" * 4000 + "'"},
    "percents": {"where": "nom like '" + "%a" * 4000 + "'"},
    "underscores": {"where": "nom like '" + "%_" * 4000 + "%z'"},
    "a pattern": {"where": "nom like '(a+)+$|(.*)*x'"},
    "many words": {"where": "search('" + " ".join(f"mot{n}" for n in range(2500)) + "')"},
    "a long word": {"where": "search('" + "a" * 19_000 + "')"},
    "many searches": {"where": " or ".join(["search('gare')"] * 1200)},
    "brackets": {"where": "(" * 6000 + "1=1" + ")" * 6000},
    "negations": {"where": "not " * 4500 + "nom = 'a'"},
    "minuses": {"select": "-" * 15_000 + "places as x"},
    "sums": {"select": "+".join(["places"] * 2500) + " as x"},
    "products": {"select": "*".join(["places"] * 2500) + " as x"},
    "values": {"where": "nom in (" + ",".join(["'a'"] * 4500) + ")"},
    "conditions": {"where": " and ".join(["nom = 'a'"] * 1200)},
    "columns": {"select": ",".join(f"places as c{n}" for n in range(1000))},
    "groups": {"group_by": ",".join(["nom", "quartier", "places"] * 600)},
    "orders": {"order_by": ",".join(["nom"] * 4000)},
    "quotes": {"where": "nom = '" + "\\'" * 9000 + "'"},
    "a quote not closed": {"where": "nom = '" + "a" * 19_000},
    "spaces": {"where": "nom" + " " * 19_000 + "= 'a'"},
    "a huge number": {"where": f"places > {'9' * 19_000}"},
    "a huge fraction": {"where": f"places > 0.{'9' * 19_000}"},
    "a huge power": {"where": "places > 1e99999999999"},
    "a huge distance": {"where": f"within_distance(centre, geom'POINT(0 0)', {'9' * 400}km)"},
    "a huge shape": {"where": "within(centre, geom'POLYGON((" + ",".join(f"{n % 180} {n % 90}" for n in range(2500)) + ",0 0))')"},
    "a huge box": {"where": "in_bbox(centre, -1e308, -1e308, 1e308, 1e308)"},
    "a small step": {"group_by": "range(places, 1)"},
    "many steps": {"group_by": "range(places, " + ",".join(map(str, range(4000))) + ")"},
    "small clusters": {"group_by": "geo_cluster(centre, 25)"},
    "a shift": {"where": f"maj > now(years=-{'9' * 30})"},
    "dates": {"select": "date_format(maj, '" + "EEEE " * 3000 + "') as x"},
    "refinements": {"refine": ["nom:" + "a" * 15_000] * 50},
    "exclusions": {"exclude": [f"nom:a{n}" for n in range(51)]},
    "facets": {"facet": [f'facet(name="nom", limit={n})' for n in range(1, 50)]},
    "limits": {"limit": "9" * 18, "offset": "9" * 18},
    "a fraction of a limit": {"limit": "1e2"},
    "negative": {"limit": "-9223372036854775808", "offset": "-1"},
    "digits of elsewhere": {"limit": "\u0661\u0660", "offset": "\uff11"},
    "a separator": {"list_separator": "x" * 15_000},
    "repeated": {"where": ["nom = 'a'"] * 51},
}  # fmt: skip


@pytest.mark.parametrize("kind", ENDLESS)
def test_no_request_lasts(organizations, publish, client, kind):
    """On a table with long texts. A limit answers before patience does: within seconds, with a sentence or with the rows."""
    rows = f"""('{"a" * 30_000}', 'Nord', 9223372036854775807, 1e308, true, DATE '2026-01-02', TIMESTAMPTZ '2026-05-04 08:00:00Z',
        ['{"ab" * 9000}'], '{{}}', ST_Point(0, 0), ST_GeomFromText('POINT (5 5)'))"""
    publish(organizations.here, "lieux", Visibility.OPEN, rows)
    for address in (f"{LIEUX}/records", f"{LIEUX}/exports/jsonl", f"{LIEUX}/facets", API):
        started = time.monotonic()
        answer = client.get(address, ENDLESS[kind])
        consumed(answer)
        assert answer.status_code in (200, 400), (address, answer.status_code)
        assert time.monotonic() - started < 10, address
        if answer.status_code == 400:
            assert len(answer.content) < 70_000


PARAMETERS = (
    "sort",
    "page",
    "theme",
    "keyword",
    "organization",
    "group",
    "kind",
    "measure",
    "columns",
    "filter",
    "nom",
    "places.min",
)


@pytest.mark.parametrize(
    "value", ["9" * 5000, "-1", "1e999", "\u0661", "a" * 7000, "(" * 5000, "'" * 3000, "* " * 3000, "\x00", "nan"]
)
@pytest.mark.parametrize("asked", [("q",), PARAMETERS], ids=["words", "all the others"])
def test_no_page_lasts(places, client, asked, value):
    for address in (
        "/explore/",
        TABLE_PAGE,
        "/explore/dataset/lieux/chart/",
        "/explore/feed.rss",
        "/organizations/ici/",
    ):
        started = time.monotonic()
        assert client.get(address, dict.fromkeys(asked, value)).status_code in (200, 400), address
        assert time.monotonic() - started < 10, address
