"""Full text inside the engine: a search is one condition among others of the same statement.

It looks at the dictionary of the relation (`search_index`) for prefixes and mistyped words, then at integers: it never
reads a text again. Rights, filters and facets apply unchanged. See docs/adr/0005-full-text-in-the-engine.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlglot import exp

from bocage.access.viewer import OPERATOR
from bocage.query.plan import Word
from bocage.query.search_index import EDITION, Kept, text_fields, write_index, write_words
from bocage.query.search_residents import ResidentTables
from bocage.query.sql import Parameters, Sql, binary, call, case, column, joined, number, subquery, written
from bocage.query.words import letters_of

if TYPE_CHECKING:
    from bocage.query.relation import Relation
    from bocage.store.engine import Session, SideFile
    from bocage.store.models import Version

LARGE = 20_000
"""Rows from which the index of a version is a file of the hot cache; below, and for the catalogue, it is built in memory."""

MOST_TERMS = 1_000
"""Terms named one by one in a statement; a very short prefix has more, and is left to the engine."""

_LAST = "\U0010ffff"
"""Comes after every letter."""


@dataclass(frozen=True)
class Found:
    """What the dictionary says of a word. `terms`: more than MOST_TERMS of them are not all there. `choices`: number of a field
    → its values that have the word."""

    terms: list[int]
    choices: Mapping[int, list[str]]


@dataclass(frozen=True)
class TextIndex:
    """SQL names of the tables; `numbers`: name of a field → its number in them; `kept`: number → how it is kept.

    `found`: what the dictionary answered in this session: the statements of one request ask it once."""

    session: Session
    terms: str
    postings: str
    numbers: Mapping[str, int]
    choices: str = ""
    codes: str = ""
    kept: Mapping[int, Kept] = field(default_factory=dict)
    found: dict[Word, Found] = field(default_factory=dict)

    def find(self, word: Word) -> Found:
        if word not in self.found:
            self.found[word] = Found(self._terms(word), self._choices(word) if self.choices else {})
        return self.found[word]

    def numbers_kept(self, how: Kept) -> list[int]:
        return [one for one in self.numbers.values() if self.kept.get(one, Kept.WORDS) == how]

    def _terms(self, word: Word) -> list[int]:
        parameters = Parameters()
        statement = written(terms_of(word, self, parameters).limit(MOST_TERMS + 1, copy=False))
        return [term for (term,) in self.session.execute(statement, parameters.values)]

    def _choices(self, word: Word) -> dict[int, list[str]]:
        parameters = Parameters()
        statement = exp.select("c.field", "c.value").from_(_table(self.choices, "c"))
        statement = statement.where(matching(word, "c", parameters), copy=False).distinct(copy=False)
        found: dict[int, list[str]] = {}
        for number_, value in self.session.execute(written(statement), parameters.values):
            found.setdefault(number_, []).append(value)
        return found


def text_index(session: Session, relation: Relation) -> TextIndex:
    """The index of all text fields of a relation, whatever the viewer may see: conditions name the fields they read."""
    numbers = {one.field.name: one.number for one in text_fields(relation.fields)}
    if version := large_version(relation):
        return _of_version(session, relation, version, numbers)
    tables = ResidentTables(session, relation.key)
    terms, postings = write_words(tables, relation.source(session, OPERATOR), text_fields(relation.fields))
    return TextIndex(session, terms, postings, numbers)


def large_version(relation: Relation) -> Version | None:
    """The version whose index is worth a file."""
    large = [version for version in relation.versions if version.row_count >= LARGE]
    return large[0] if len(relation.versions) == 1 and large else None


def _of_version(session: Session, relation: Relation, version: Version, numbers: Mapping[str, int]) -> TextIndex:
    def build(file: SideFile) -> None:
        write_index(file, relation.source(session, OPERATOR), relation.fields, version.row_count)

    edition = EDITION + relation.key.removeprefix(version.uid)  # texts read as lists have other words
    place = session.side_tables(version, relation.words, edition, build)
    kept = {one: Kept(how) for one, how in session.execute(f"SELECT field, kept FROM {place}.fields")}
    return TextIndex(
        session, f"{place}.terms", f"{place}.postings", numbers, f"{place}.choices", f"{place}.codes", kept
    )


# Conditions -----------------------------------------------------------------------------------------------------------


def rows_with(word: Word, fields: tuple[str, ...], index: TextIndex, parameters: Parameters) -> Sql:
    """Condition: the row has the word in one of the fields."""
    names = {index.numbers[name]: name for name in fields if name in index.numbers}
    found = index.find(word)
    ways: list[Sql] = []
    for one, values in found.choices.items():
        if one in names:
            chosen: list[Sql] = [parameters.bind(value) for value in values]
            ways.append(exp.Paren(this=exp.In(this=column(names[one]), expressions=chosen)))
    places = [_posted(word, found.terms, names, index, parameters), _coded(word, names, index, parameters)]
    rows = [place for place in places if place is not None]
    if rows:
        either = rows[0] if len(rows) == 1 else exp.Union(this=rows[0], expression=rows[1], distinct=False)
        ways.append(exp.Paren(this=exp.In(this=column("_row"), query=exp.Subquery(this=either))))
    return joined(exp.Or, ways) if ways else exp.false()


def _posted(
    word: Word, terms: list[int], names: Mapping[int, str], index: TextIndex, parameters: Parameters
) -> exp.Select | None:
    """Rows that have one of the terms in one of the fields."""
    term = column("term", "p")
    among = _among(names, index.numbers_kept(Kept.WORDS), "p")
    if not terms or among is None:
        return None
    if len(terms) <= MOST_TERMS:
        conditions: list[Sql] = [exp.In(this=term, expressions=[number(one) for one in terms])]
    else:
        conditions = [exp.In(this=term, query=exp.Subquery(this=terms_of(word, index, parameters)))]
    return _rows_of(index.postings, "p", conditions + among)


def _coded(word: Word, names: Mapping[int, str], index: TextIndex, parameters: Parameters) -> exp.Select | None:
    """Rows that have the word as a code, or as its beginning."""
    among = _among(names, index.numbers_kept(Kept.CODES), "c")
    if among is None:
        return None
    given = parameters.bind(word.text)
    if word.prefix:
        return _rows_of(index.codes, "c", [_begins(word, "c", given, parameters), *among])
    return _rows_of(index.codes, "c", [exp.EQ(this=column("word", "c"), expression=given), *among])


def _among(names: Mapping[int, str], kept: list[int], table: str) -> list[Sql] | None:
    """The condition on the number of the field, if one is needed; None when no field is kept this way."""
    wanted = [one for one in kept if one in names]
    if not wanted:
        return None
    if len(wanted) == len(kept):  # naming every field is naming none
        return []
    return [exp.In(this=column("field", table), expressions=[number(one) for one in wanted])]


def _rows_of(source: str, alias: str, conditions: list[Sql]) -> exp.Select:
    rows = exp.Select(expressions=[column("row", alias)]).from_(_table(source, alias))
    return rows.where(joined(exp.And, conditions), copy=False)


def terms_of(word: Word, index: TextIndex, parameters: Parameters) -> exp.Select:
    """The numbers of the terms that are the word."""
    return exp.select("t.term").from_(_table(index.terms, "t")).where(matching(word, "t", parameters), copy=False)


def matching(word: Word, table: str, parameters: Parameters) -> Sql:
    """Condition on the dictionary: the word itself, what it begins, and what it may be a mistyping of."""
    given = parameters.bind(word.text)
    ways: list[Sql] = [exp.EQ(this=column("word", table), expression=given)]
    if word.prefix:
        ways.append(_begins(word, table, given, parameters))
    if errors := errors_forgiven(word):
        ways.append(_near(word.text, errors, table, given))
    return joined(exp.Or, ways)


def _begins(word: Word, table: str, given: Sql, parameters: Parameters) -> Sql:
    """The words that begin so follow one another in a sorted table: comparing reads those only, or nearly."""
    known, beyond = column("word", table), parameters.bind(word.text + _LAST)
    return binary(
        exp.And,
        exp.GTE(this=known, expression=given.copy()),
        exp.LT(this=known.copy(), expression=beyond),
    )


def _near(text: str, errors: int, table: str, given: Sql) -> Sql:
    """Nearly the same letters and the same length; only then compared letter by letter.

    As a CASE, which keeps that order: the engine tries conditions joined by AND in orders of its own."""
    known, size = column("word", table), len(text)
    differing = call("bit_count", call("xor", column("letters", table), number(letters_of(text))))
    letters = exp.LTE(this=differing, expression=number(2 * errors))
    length = exp.Between(this=call("length", known), low=number(size - errors), high=number(size + errors))
    distance = call("damerau_levenshtein", known.copy(), given.copy())
    near = exp.LTE(this=distance, expression=number(errors))
    return exp.Paren(this=case([(binary(exp.And, letters, length), near)], exp.false()))


def errors_forgiven(word: Word) -> int:
    """Typing errors: one from three letters, two from six."""
    if not word.fuzzy:
        return 0
    return 2 if len(word.text) > 5 else 1 if len(word.text) > 2 else 0


def _table(source: str, alias: str) -> Sql:
    found = subquery(f"SELECT 1 FROM {source} AS {alias}").find(exp.From)
    assert found is not None  # noqa: S101  the statement above has one
    return found.this  # type: ignore[no-any-return]
