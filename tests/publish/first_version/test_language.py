"""The query language: rows found are those that a plain Python reading keeps."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bocage.access.viewer import OPERATOR
from bocage.publish.first_version.language.parse import where_of
from bocage.query import services
from bocage.query.requests import OdsqlRequest
from bocage.query.rights import scope_for
from bocage.query.words import words_of
from tests.publish.first_version.conftest import expected
from tests.query.table import ROWS, TABLE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("data")]  # one engine, one folder


def words(row) -> list[str]:
    texts = [row["code"], row["nom"], *(row["tags"] or [])]
    return [word for text in texts if text for word in words_of(text)]


def begins(row, *given: str) -> bool:
    return all(any(word.startswith(one) for word in words(row)) for one in given)


def has(row, *given: str) -> bool:
    return all(one in words(row) for one in given)


def name_has(row, word: str) -> bool:
    return row["nom"] is not None and word in words_of(row["nom"])


def tag_has(row, word: str) -> bool:
    return any(word in words_of(tag) for tag in row["tags"] or [])


def pop(row, kept) -> bool:
    return row["pop"] is not None and kept(row["pop"])


def jour(row, low: date | None = None, beyond: date | None = None) -> bool:
    return row["jour"] is not None and (not low or row["jour"] >= low) and (not beyond or row["jour"] < beyond)


def maj(row, low: datetime | None = None, beyond: datetime | None = None) -> bool:
    return row["maj"] is not None and (not low or row["maj"] >= low) and (not beyond or row["maj"] < beyond)


NOON = datetime(2024, 1, 1, 12, tzinfo=UTC)
CASES = {
    "nant": lambda row: begins(row, "nant"),
    '"nantes"': lambda row: has(row, "nantes"),
    '"nant"': lambda row: has(row, "nant"),
    "NANTES": lambda row: begins(row, "nantes"),
    "ecole chap": lambda row: begins(row, "ecole", "chap"),
    "rezé OR orvault": lambda row: begins(row, "reze") or begins(row, "orvault"),
    "(rezé or orvault) and bus": lambda row: begins(row, "bus") and (begins(row, "reze") or begins(row, "orvault")),
    "rezé OR orvault AND bus": lambda row: begins(row, "reze") or (begins(row, "orvault") and begins(row, "bus")),
    "NOT nantes": lambda row: not begins(row, "nantes"),
    "not nom:nantes and pop>30": lambda row: not name_has(row, "nantes") and pop(row, lambda n: n > 30),
    "NOT NOT nantes": lambda row: begins(row, "nantes"),
    "NOT *": lambda row: False,
    "*": lambda row: True,
    "*:*": lambda row: True,
    "nom:nantes": lambda row: name_has(row, "nantes"),
    "nom:Chapelle": lambda row: name_has(row, "chapelle"),
    "nom:chap*": lambda row: row["nom"] is not None and any(w.startswith("chap") for w in words_of(row["nom"])),
    'nom:"saint herblain"': lambda row: name_has(row, "saint") and name_has(row, "herblain"),
    "nom:(nantes OR orvault)": lambda row: name_has(row, "nantes") or name_has(row, "orvault"),
    "nom:*": lambda row: row["nom"] is not None,
    "tags:bus": lambda row: tag_has(row, "bus"),
    "tags:(bus tram)": lambda row: tag_has(row, "bus") and tag_has(row, "tram"),
    "code:44007": lambda row: row["code"] == "44007",
    "pop:12": lambda row: row["pop"] == 12,
    "pop==12": lambda row: row["pop"] == 12,
    "pop=12": lambda row: row["pop"] == 12,
    "pop>30": lambda row: pop(row, lambda n: n > 30),
    "pop >= 30": lambda row: pop(row, lambda n: n >= 30),
    "pop<30": lambda row: pop(row, lambda n: n < 30),
    "pop <=30": lambda row: pop(row, lambda n: n <= 30),
    "pop:>30": lambda row: pop(row, lambda n: n > 30),
    "pop:[10 TO 20]": lambda row: pop(row, lambda n: 10 <= n <= 20),
    "pop:]10 TO 20[": lambda row: pop(row, lambda n: 10 < n < 20),
    "pop:{10 TO 20}": lambda row: pop(row, lambda n: 10 < n < 20),
    "pop:[* TO 20]": lambda row: pop(row, lambda n: n <= 20),
    "pop:[20 TO *]": lambda row: pop(row, lambda n: n >= 20),
    "pop:[* TO *]": lambda row: row["pop"] is not None,
    "surface:-3.5": lambda row: row["surface"] == -3.5,
    "surface<0": lambda row: row["surface"] is not None and row["surface"] < 0,
    "ouvert:true": lambda row: row["ouvert"] is True,
    "jour:2024": lambda row: jour(row, date(2024, 1, 1), date(2025, 1, 1)),
    "jour:2024/02": lambda row: jour(row, date(2024, 2, 1), date(2024, 3, 1)),
    "jour>=2024": lambda row: jour(row, date(2024, 1, 1)),
    "jour>2024": lambda row: jour(row, date(2025, 1, 1)),
    "jour<2024": lambda row: jour(row, None, date(2024, 1, 1)),
    "jour<=2024": lambda row: jour(row, None, date(2025, 1, 1)),
    "jour <= '2024-2-5'": lambda row: jour(row, None, date(2024, 2, 6)),
    "jour:[2023/06/15 TO 2024]": lambda row: jour(row, date(2023, 6, 15), date(2025, 1, 1)),
    "jour:[2023/06/15 TO 2024[": lambda row: jour(row, date(2023, 6, 15), date(2024, 1, 1)),
    "jour: [2023-06 TO 2023-07]": lambda row: jour(row, date(2023, 6, 1), date(2023, 8, 1)),
    "maj:[2024-01-01T12:00 TO *]": lambda row: maj(row, NOON),
    "maj>'2024-01-01T11:59:59+00:00'": lambda row: maj(row, NOON),
    "maj:2024/01/01": lambda row: maj(row, NOON - timedelta(hours=12), NOON + timedelta(hours=12)),
    "#null(nom)": lambda row: row["nom"] is None,
    "NOT #null(pop) AND pop<5": lambda row: pop(row, lambda n: n < 5),
    '#exact(nom, "nantes")': lambda row: row["nom"] == "nantes",
    "#exact(nom, Nantes)": lambda row: row["nom"] == "Nantes",
    '#startswith(nom, "La ")': lambda row: row["nom"] is not None and row["nom"].startswith("La "),
    '#startswith(nom, "la ")': lambda row: False,
    '#search(nom, "natnes")': lambda row: row["nom"] in ("Nantes", "nantes"),
    '#search("natnes") AND pop>30': lambda row: row["nom"] in ("Nantes", "nantes") and pop(row, lambda n: n > 30),
    '#suggest(nom, "herb")': lambda row: row["nom"] == "Saint-Herblain",
    "12:30": lambda row: begins(row, "12", "30"),
    "nantes or": lambda row: begins(row, "nantes", "or"),
    'nom:"la \\"chapelle\\""': lambda row: name_has(row, "la") and name_has(row, "chapelle"),
}  # fmt: skip


def found_by(q: str, timezone: str = "UTC") -> list[str]:
    """Codes of the rows, by the engine."""
    where = where_of(q, scope_for(OPERATOR, TABLE, timezone=timezone))
    request = OdsqlRequest(select="code", where=(where,), limit=100, timezone=timezone)
    return [row["code"] for row in services.records(OPERATOR, TABLE, request).rows]


def test_a_query_finds_the_rows_that_python_keeps():
    wrong = {q: found_by(q) for q, kept in CASES.items() if found_by(q) != expected(kept)}
    assert wrong == {}
    assert sum(0 < len(expected(kept)) < len(ROWS) for kept in CASES.values()) > 50  # the cases tell rows apart


def test_dates_are_those_of_the_time_zone():
    low, beyond = datetime(2023, 12, 31, 23, tzinfo=UTC), datetime(2024, 1, 1, 23, tzinfo=UTC)
    assert found_by("maj:2024/01/01", "Europe/Paris") == expected(lambda row: maj(row, low, beyond))


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("#now()", datetime(2024, 1, 3, 9, 30, tzinfo=UTC)),
        ("#now(days=-2)", datetime(2024, 1, 1, 9, 30, tzinfo=UTC)),
        ("#now(years=1, hours=-1)", datetime(2025, 1, 3, 8, 30, tzinfo=UTC)),
        ("#now(year=2023,month=12,day=31)", datetime(2023, 12, 31, 9, 30, tzinfo=UTC)),
        ("#now(weeks=-2, weekday=1)", datetime(2023, 12, 26, 9, 30, tzinfo=UTC)),
        ("#now(weekday=MO(2))", datetime(2024, 1, 15, 9, 30, tzinfo=UTC)),
        ("#now(weekday=WE)", datetime(2024, 1, 3, 9, 30, tzinfo=UTC)),
        ("#now(weekday=MO(-1), days=-1)", datetime(2024, 1, 1, 9, 30, tzinfo=UTC)),
        ("#now(days=-1,weekday=tu(-2))", datetime(2023, 12, 26, 9, 30, tzinfo=UTC)),
    ],
)
def test_now_is_a_moment(monkeypatch, written, moment):
    """On Wednesday 3 January 2024."""
    monkeypatch.setattr("bocage.kernel.clock.now", lambda: datetime(2024, 1, 3, 9, 30, tzinfo=UTC))
    assert found_by(f"maj>={written}") == expected(lambda row: maj(row, moment))
    assert found_by(f"maj:[{written} TO *]") == expected(lambda row: maj(row, moment))


def test_several_queries_must_all_hold(codes):
    found = codes(["pop>10", "pop<40"], q__mine="nom:nantes")
    assert found == expected(lambda row: pop(row, lambda n: 10 < n < 40) and name_has(row, "nantes"))


REFUSED = (
    '"nantes', "nom:", "nom:)", "(nantes", "nantes)", "()", "(" * 5000, "(" * 40 + "a" + ")" * 40, "NOT " * 1000 + "(",
    "absent:1", "absent>=1", "nom:[a TO", "nom:[a]", "jour:[TO 2024]", "jour:hier", "jour:[2024 TO demain]", "pop:douze",
    "pop>[1 TO 2]", "#null(absent)", "#nothing(nom)", "#now()", "maj>#null(nom)", "maj>#now(fortnights=1)", "maj>#now(1)",
    "maj>#now(weekday=XX(1))", "maj>#now(weekday=MO(0))", "maj>#now(years=999999999)", "#exact(nom", '#exact(nom,"', "centre:1",
    "x " * 2600, "a b " * 30, "jour>=9999-99-99", "meta:1", "nom:'", "#exact(nom)", "#search()", "maj>#now(days=--1)",
    "nom:(" * 30, "tags>1", "contour:*x",
)  # fmt: skip


def test_what_cannot_be_read_is_refused_in_the_envelope(ask):
    for q in REFUSED:
        refusal = ask("search", status=400, q=q)
        assert set(refusal) == {"errorcode", "error"}, q
        assert refusal["errorcode"] == 400


@pytest.mark.parametrize(
    "q", ["é' OR 1=1 --", "');DROP TABLE x;--", "nom:`x`", "% _ \\", "a\\", "nom:\\", "🚲", "\u0000"]
)
def test_hostile_words_are_words(client, lieux, q):
    answer = client.get("/api/records/1.0/search/", {"dataset": "lieux", "q": q})
    assert answer.status_code in (200, 400), answer.content
    assert set(answer.json()) >= ({"nhits"} if answer.status_code == 200 else {"errorcode"})
