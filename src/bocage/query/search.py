"""Full text inside the engine: the words of a relation and where each is, built in set operations when first needed.

Two resident tables per relation key: `terms` (term, word), every different word once; `postings` (term, field, row).
A search looks at the dictionary alone for prefixes and mistyped words, then at integers: it never reads a text again.
It stays one condition among others of the same statement, so that rights, filters and facets apply unchanged.
See docs/adr/0005-full-text-in-the-engine.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import pyarrow as pa
import pyarrow.compute as pc
from sqlglot import exp

from bocage.access.viewer import OPERATOR
from bocage.catalog.vocabulary import FieldType
from bocage.query.plan import Word
from bocage.query.rendering import name as quoted
from bocage.query.sql import Parameters, Sql, binary, call, column, joined, number, subquery, written
from bocage.query.words import WORD_SQL

if TYPE_CHECKING:
    from bocage.catalog.fields import Field
    from bocage.query.relation import Relation
    from bocage.store.engine import Session

TEXTS = (FieldType.STRING, FieldType.ARRAY)
LONGEST_WORD = 64
"""Characters; longer runs (encoded blobs) are not words that anybody types."""


MOST_TERMS = 1_000
"""Terms named one by one in a statement; a very short prefix has more, and is left to the engine."""


@dataclass(frozen=True)
class TextIndex:
    """SQL names of the two tables; `numbers`: name of a field → its number in `postings`.

    `found`: what the dictionary answered in this session: the statements of one request ask it once."""

    terms: str
    postings: str
    numbers: Mapping[str, int]
    session: Session
    found: dict[Word, list[int]] = field(default_factory=dict)

    def terms_of(self, word: Word) -> list[int]:
        """Numbers of the terms that are the word; more than MOST_TERMS of them are not all there."""
        if word not in self.found:
            parameters = Parameters()
            terms = (
                exp.select("t.term").from_(_table(self.terms, "t")).where(matching(word, "t", parameters), copy=False)
            )
            statement = written(terms.limit(MOST_TERMS + 1, copy=False))
            self.found[word] = [term for (term,) in self.session.execute(statement, parameters.values)]
        return self.found[word]


def text_index(session: Session, relation: Relation) -> TextIndex:
    """The index of all text fields of a relation, whatever the viewer may see: conditions name the fields they read."""
    fields = [one for one in relation.fields if one.type in TEXTS]
    built: list[tuple[pa.Table, pa.Table]] = []

    def tables() -> tuple[pa.Table, pa.Table]:
        if not built:
            built.append(_build(session, relation, fields))
        return built[0]

    terms = session.resident(f"terms {relation.key}", lambda: tables()[0])
    postings = session.resident(f"postings {relation.key}", lambda: tables()[1])
    return TextIndex(terms, postings, {one.name: position for position, one in enumerate(fields)}, session)


def _build(session: Session, relation: Relation, fields: list[Field]) -> tuple[pa.Table, pa.Table]:
    """Words are found by the engine and numbered by Arrow, batch by batch; equal batches share one dictionary."""
    source = relation.source(session, OPERATOR)
    parts = [_words_of(one, position, source) for position, one in enumerate(fields)]
    numbers: dict[str, int] = {}
    postings: list[pa.RecordBatch] = []
    if parts:
        batches = session.arrow(" UNION ALL ".join(parts), rows_per_batch=100_000)
        postings += [_numbered(batch, numbers) for batch in batches]
    terms = pa.table({"term": pa.array(range(len(numbers)), pa.int32()), "word": pa.array(list(numbers), pa.string())})
    return terms, pa.Table.from_batches(postings, _POSTINGS)


_POSTINGS = pa.schema([("term", pa.int32()), ("field", pa.int16()), ("row", pa.int64())])


def _words_of(field: Field, position: int, source: str) -> str:
    value = quoted(field.name)
    text = f"array_to_string({value}, ' ')" if field.type == FieldType.ARRAY else value
    words = f"unnest(list_distinct({WORD_SQL.format(text=text)}))"
    found = f"SELECT {words} AS word, _row AS row FROM {source} AS r WHERE {value} IS NOT NULL"
    return f"SELECT word, {position}::SMALLINT AS field, row FROM ({found}) WHERE length(word) <= {LONGEST_WORD}"


def _numbered(batch: pa.RecordBatch, numbers: dict[str, int]) -> pa.RecordBatch:
    """Words replaced by their number in the dictionary, which grows: Python sees each different word of a batch once."""
    encoded = cast("pa.DictionaryArray[Any, Any]", pc.dictionary_encode(batch.column("word")))
    words: list[Any] = encoded.dictionary.to_pylist()
    known = pa.array([numbers.setdefault(word, len(numbers)) for word in words], pa.int32())
    return pa.RecordBatch.from_arrays(
        [known.take(encoded.indices), batch.column("field"), batch.column("row")], schema=_POSTINGS
    )


def rows_with(word: Word, fields: tuple[str, ...], index: TextIndex, parameters: Parameters) -> Sql:
    """Condition: the row has the word in one of the fields."""
    terms = index.terms_of(word)
    term = column("term", "p")
    if not terms:
        return exp.false()
    if len(terms) <= MOST_TERMS:
        conditions: list[Sql] = [exp.In(this=term, expressions=[number(one) for one in terms])]
    else:
        all_terms = (
            exp.select("t.term").from_(_table(index.terms, "t")).where(matching(word, "t", parameters), copy=False)
        )
        conditions = [exp.In(this=term, query=exp.Subquery(this=all_terms))]
    wanted = [index.numbers[name] for name in fields if name in index.numbers]
    if len(wanted) < len(index.numbers):  # naming every field is naming none
        conditions.append(
            exp.In(this=column("field", "p"), expressions=[number(position) for position in wanted or [-1]])
        )
    rows = exp.select("p.row").from_(_table(index.postings, "p")).where(joined(exp.And, conditions), copy=False)
    return exp.Paren(this=exp.In(this=column("_row"), query=exp.Subquery(this=rows)))


def matching(word: Word, table: str, parameters: Parameters) -> Sql:
    """Condition on the dictionary: the word itself, what it begins, and what it may be a mistyping of."""
    known, given = column("word", table), parameters.bind(word.text)
    ways: list[Sql] = [exp.EQ(this=known, expression=given)]
    if word.prefix:
        ways.append(call("starts_with", known.copy(), given.copy()))
    if errors := errors_forgiven(word):
        size = len(word.text)
        near = exp.LTE(this=call("damerau_levenshtein", known.copy(), given.copy()), expression=number(errors))
        length = exp.Between(this=call("length", known.copy()), low=number(size - errors), high=number(size + errors))
        ways.append(binary(exp.And, length, near))
    return joined(exp.Or, ways)


def errors_forgiven(word: Word) -> int:
    """Typing errors: one from three letters, two from six."""
    if not word.fuzzy:
        return 0
    return 2 if len(word.text) > 5 else 1 if len(word.text) > 2 else 0


def _table(source: str, alias: str) -> Sql:
    found = subquery(f"SELECT 1 FROM {source} AS {alias}").find(exp.From)
    assert found is not None  # noqa: S101  the statement above has one
    return found.this  # type: ignore[no-any-return]
