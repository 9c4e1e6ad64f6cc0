"""The index of words of a large version, a file, finds what the index of a small relation finds, and what Python finds."""

from __future__ import annotations

import random
from dataclasses import replace
from hashlib import md5
from uuid import UUID

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bocage.access.restrictions import Restriction
from bocage.access.viewer import OPERATOR
from bocage.catalog.fields import Field
from bocage.catalog.models import Dataset
from bocage.catalog.vocabulary import FieldType as T
from bocage.organizations.models import Organization
from bocage.query import search, search_index
from bocage.query.relation import DatasetRelation
from bocage.query.requests import OdsqlRequest
from bocage.query.search_index import Kept
from bocage.query.services import stream
from bocage.query.words import LETTERS_SQL, NORMAL_SQL, WORDS_SQL, letters_of, words_of
from bocage.store import engine, process
from bocage.store.services import publish_version
from tests.store import making

ROWS = 3_000
FIELDS = (
    Field("n", T.INTEGER),
    Field("siret", T.STRING),
    Field("enseigne", T.STRING),
    Field("commune", T.STRING),
    Field("row", T.STRING),
    Field("texte", T.STRING),
    Field("tags", T.ARRAY),
    Field("tardif", T.STRING),
    Field("vide", T.STRING),
    Field("uuid", T.STRING),
    Field("dossier", T.STRING),
)
ROWS_SQL = f"""
SELECT i AS n, lpad((i * 7919 % 100000)::VARCHAR, 5, '0') || lpad((i * 31 % 1000000000)::VARCHAR, 9, '0') AS siret,
       ['Boulangerie', 'Pharmacie', 'Épicerie'][1 + i % 3] || ' ' || ['du Port', 'Guillou', 'de l’Île'][1 + i % 7 % 3]
           || ' ' || (i % 150) AS enseigne,
       CASE WHEN i % 11 > 0 THEN ['NANTES', 'REZÉ', 'SAINT-HERBLAIN', 'LA MONTAGNE'][1 + i % 4] END AS commune,
       'Rue du ' || (i % 600) || 'e' AS row,
       'Récit n° ' || i || ' : ' || ['vélo', 'Nantes', 'montagne', 'œuvre', 'port'][1 + i % 5] || ' &amp; co' AS texte,
       ['eau', 'école'][: i % 3] AS tags,
       CASE WHEN i < 2950 THEN 'néant' ELSE 'rare' || chr(97 + (i % 26)::INTEGER) || ' ' || i END AS tardif,
       NULL::VARCHAR AS vide, md5(i::VARCHAR)::UUID::VARCHAR AS uuid,
       CASE WHEN i = 2999 THEN 'sans numéro' ELSE '2024/' || lpad(i::VARCHAR, 4, '0') || '.A1' END AS dossier
FROM range({ROWS}) t(i)
"""
SEARCHES = [
    'search("boulangerie")', 'search("boulangrie")', 'search("boulangerie nantes")', 'search("nant")', 'search("rezé 12")',
    'search("saint herblin")', 'suggest("é")', '"ile"', '"montagne"', 'search(commune, "montagne")', "search(texte, 'montagne')",
    'search(commune, enseigne, "port")', 'search(tags, "ecole")', 'search("oeuvre")', 'search("œuvre")', '"rare*"', '"2999"',
    'search(tardif, "rarez 2964")', 'search("neant")', 'search(vide, "neant")', '"zzz"', 'search("zzzzzzzzzzzz")', '"00000*"',
    'suggest("1")',     'not search("nantes")', 'row like "rue du 4*"', '"Récit" and not "vélo"', 'commune like "saint"',
]  # fmt: skip

NOTHING_FOUND = {'search(vide, "neant")', '"zzz"', 'search("zzzzzzzzzzzz")'}


@pytest.fixture
def relation(db, tmp_path, settings, monkeypatch):
    """A version large enough, after making large smaller."""
    process.close()
    settings.DATA_DIR = tmp_path / "data"
    monkeypatch.setattr(search, "LARGE", ROWS)
    monkeypatch.setattr(search_index, "SAMPLED_ROWS", 100)
    monkeypatch.setattr(search_index, "FEWEST_CODES", 500)
    monkeypatch.setattr(search_index, "MOST_CHOICES", 20)
    town = Organization.objects.create(slug="ville", name="Ville", kind="commune")
    dataset = Dataset.objects.create(slug="registre", title="Registre", organization=town, visibility="open")
    staged = making.staged(tmp_path, ROWS_SQL, FIELDS)
    yield DatasetRelation(dataset, publish_version(viewer=OPERATOR, dataset=dataset, staged=staged))
    process.close()


def rows(relation, where):
    with stream(OPERATOR, relation, OdsqlRequest(select="n", limit=-1, where=[where])) as found:
        return pa.Table.from_batches(found.batches, pa.schema([("n", pa.int64())])).column("n").to_pylist()


def test_fields_are_kept_after_what_they_hold(relation):
    with engine.session(relation.version) as opened:
        index = search.text_index(opened, relation)
        assert index.postings.startswith(f'"{relation.version.uid}.words"')
        kept = {name: index.kept[number].value for name, number in index.numbers.items()}
    assert kept == {
        "siret": Kept.CODES, "enseigne": Kept.WORDS, "commune": Kept.CHOICES, "row": Kept.WORDS, "texte": Kept.WORDS,
        "tags": Kept.WORDS, "tardif": Kept.WORDS, "vide": Kept.CHOICES, "uuid": Kept.CODES, "dossier": Kept.CODES,
    }  # fmt: skip


def test_a_file_finds_what_memory_finds(relation, monkeypatch):
    from_file = {where: rows(relation, where) for where in SEARCHES}
    monkeypatch.setattr(search, "LARGE", ROWS + 1)
    assert {where: rows(relation, where) for where in SEARCHES} == from_file
    assert {where for where, found in from_file.items() if not found} == NOTHING_FOUND
    assert all(found == sorted(found) for found in from_file.values())


def test_a_code_is_found_whole_or_by_its_beginning_never_mistyped(relation):
    with engine.session(relation.version) as opened:
        ((siret,),) = opened.execute(f"SELECT siret FROM {opened.table(relation.version)} WHERE n = 1234")
    other = siret[:7] + ("0" if siret[7] != "0" else "1") + siret[8:]
    assert rows(relation, f'search("{siret}")') == [1234]
    assert rows(relation, f'search(siret, "{siret[:11]}")') == [1234]
    assert rows(relation, f'"{siret[:11]}"') == []
    assert rows(relation, f'search("{other}")') == []


@pytest.mark.parametrize("hidden", ["siret", "commune", "texte"])
def test_a_hidden_field_is_never_matched(relation, monkeypatch, hidden):
    with engine.session(relation.version) as opened:
        ((value,),) = opened.execute(f"SELECT {hidden} FROM {opened.table(relation.version)} WHERE n = 1")
    word = words_of(value)[-1] if hidden != "texte" else "récit"
    assert 1 in rows(relation, f'"{word}"') or hidden == "texte"
    monkeypatch.setattr(DatasetRelation, "restriction", lambda *_: Restriction(frozenset([hidden])))
    found = rows(relation, f'"{word}"')
    shown = [field.name for field in FIELDS if field.type == T.STRING and field.name != hidden]
    with engine.session(relation.version) as opened:
        everything = opened.execute(
            f"SELECT n, {', '.join(map(search_index.quoted, shown))} FROM {opened.table(relation.version)}"
        )
    wanted = words_of(word)[0]
    assert found == [n for n, *texts in everything if any(wanted in words_of(text or "") for text in texts)]


def test_a_prefix_of_everything_is_left_to_the_engine(relation, monkeypatch):
    monkeypatch.setattr(search, "MOST_TERMS", 3)
    assert rows(relation, 'suggest("1")') == [
        n for n in range(ROWS) if any(word.startswith("1") for text in naive(n) for word in words_of(text))
    ]


def naive(n):
    """The texts of a row that may have numbers."""
    siret = f"{n * 7919 % 100000:05}{n * 31 % 1000000000:09}"
    uuid = str(UUID(md5(str(n).encode(), usedforsecurity=False).hexdigest()))
    dossier = "sans numéro" if n == 2999 else f"2024/{n:04}.A1"
    return [siret, str(n % 150), f"{n % 600}e", str(n), str(n) if n >= 2950 else "", uuid, dossier]


def test_a_table_without_texts_finds_nothing(relation, tmp_path):
    staged = making.staged(tmp_path, f"SELECT i AS n FROM range({ROWS}) t(i)", FIELDS[:1])
    version = publish_version(viewer=OPERATOR, dataset=relation.dataset, staged=staged)
    assert rows(replace(relation, version=version), '"nantes"') == []
    with engine.session(version) as opened:
        assert search.text_index(opened, replace(relation, version=version)).numbers == {}


TEXTS = st.text(st.sampled_from("abcAéÉœŒß019 -_'’.,/\n\tÀçñ&ıſK日本"), max_size=40) | st.text(max_size=20)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TEXTS.filter(lambda t: "\0" not in t and t.isprintable()), min_size=1, max_size=200))
def test_words_are_the_same_however_they_are_cut(db, texts):
    general = "list_distinct(regexp_extract_all(t, '[\\p{L}\\p{N}]+'))"
    with engine.session() as opened:
        cut = f"SELECT list_sort(list_distinct({WORDS_SQL.format(text='t')})), list_sort({general})"
        source = f"FROM (SELECT {NORMAL_SQL.format(text='v')} AS t FROM (SELECT unnest($1::VARCHAR[]) AS v))"
        found = opened.execute(f"{cut} {source}", [texts])
    assert [fast for fast, _ in found] == [slow for _, slow in found]


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text("abcxyz0189éœ", min_size=1, max_size=12), min_size=1, max_size=100))
def test_letters_are_the_same_in_python_and_in_sql(db, words):
    with engine.session() as opened:
        statement = f"SELECT {LETTERS_SQL.format(word='w')} FROM (SELECT unnest($1::VARCHAR[]) AS w)"
        assert [bits for (bits,) in opened.execute(statement, [words])] == [letters_of(word) for word in words]


@given(st.text("abcdeé01", min_size=1, max_size=10), st.integers(1, 2), st.randoms(use_true_random=False))
def test_the_sieve_keeps_every_mistyping(word, errors, dice):
    typed = word
    for _ in range(errors):
        typed = mistyped(typed, dice)
    assert (letters_of(word) ^ letters_of(typed)).bit_count() <= 2 * errors


def mistyped(word: str, dice: random.Random) -> str:
    """One error: a letter more, less, another, or two exchanged."""
    at = dice.randrange(len(word) + 1)
    other = dice.choice("abcdeé01xyz")
    kinds = [word[:at] + other + word[at:], word[:at] + word[at + 1 :], word[:at] + other + word[at + 1 :],
             word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :]]  # fmt: skip
    return dice.choice(kinds)
