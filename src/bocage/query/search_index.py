"""The words of a relation and where each is, as tables of the engine, made by set operations alone.

Registers repeat themselves, so a field is kept in one of three ways, chosen on a sample of its values:

- *choices*: a field of few different values. Only those are cut into words; a search becomes `field IN (…)`.
- *codes*: a field whose values are numbers or references, nearly all different. They are sorted, for the exact value and for
  the beginning of one; they stay out of the dictionary, since a mistyped number is another number.
- *words*: all others. `terms` holds every different word once, `postings` where each is, in the order of the terms.

See docs/adr/0005-full-text-in-the-engine.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bocage.catalog.vocabulary import FieldType
from bocage.query.rendering import literal
from bocage.query.rendering import name as quoted
from bocage.query.words import LETTERS_SQL, NORMAL_SQL, WORDS_SQL

if TYPE_CHECKING:
    from bocage.catalog.fields import Field
    from bocage.store.engine import SideFile

EDITION = "2"
"""Grows when the tables below change: older ones are made again."""

TEXTS = (FieldType.STRING, FieldType.ARRAY)
LONGEST_WORD = 64
"""Characters; longer runs (encoded blobs) are not words that anybody types."""

MOST_CHOICES = 200
LONGEST_CHOICE = 200
SAMPLED_BLOCKS, SAMPLED_ROWS = 10, 2_048
FEWEST_CODES = 1_000
"""A sample with fewer values says nothing of how different they are."""
_PIECE = "[0-9A-Za-z]*[0-9][0-9A-Za-z]*"
_CODE = f"{_PIECE}([-_./:* ]{_PIECE})*|[0-9A-Fa-f]{{8}}(-[0-9A-Fa-f]{{4}}){{3}}-[0-9A-Fa-f]{{12}}"
"""What a code looks like: every piece has a digit, or it is a UUID."""


class Kept(StrEnum):
    WORDS = "words"
    CHOICES = "choices"
    CODES = "codes"


@dataclass(frozen=True)
class IndexedField:
    """`number` names it in the tables. `repeated`: its different values are cut into words, not its rows."""

    field: Field
    number: int
    kept: Kept = Kept.WORDS
    repeated: bool = False

    @property
    def text(self) -> str:
        """SQL of its value as one text, in rows named `r`."""
        value = f"r.{quoted(self.field.name)}"
        return f"array_to_string({value}, ' ')" if self.field.type == FieldType.ARRAY else value


def text_fields(fields: Sequence[Field]) -> list[IndexedField]:
    """The fields that a search may read, all kept as words."""
    return [IndexedField(field, number) for number, field in enumerate(one for one in fields if one.type in TEXTS)]


def write_index(file: SideFile, source: str, fields: Sequence[Field], row_count: int) -> None:
    """The index of a large table: `source` has `_row` from 0 to `row_count`."""
    known = _sampled(file, source, text_fields(fields), row_count)
    chosen = [f"({one.number}, {literal(one.kept)})" for one in known] or ["(NULL, NULL)"]
    file.keep("fields", f"SELECT * FROM (VALUES {', '.join(chosen)}) AS f(field, kept) WHERE field IS NOT NULL")
    write_words(file, source, [one for one in known if one.kept == Kept.WORDS])
    file.keep("choices", _choices(source, [one for one in known if one.kept == Kept.CHOICES]))
    file.keep("codes", _codes(source, [one for one in known if one.kept == Kept.CODES]))


def write_words(file: SideFile, source: str, fields: Sequence[IndexedField]) -> tuple[str, str]:
    """SQL names of `terms` (term, word, letters) and `postings` (term, field, row) of fields kept as words."""
    values = {
        one.number: file.put_aside(f"values_{one.number}", _different(source, one)) for one in fields if one.repeated
    }
    words = file.put_aside("words", _words([_texts(one, values.get(one.number), source) for one in fields]))
    terms = file.keep(
        "terms",
        f"SELECT (row_number() OVER (ORDER BY word))::INTEGER AS term, word, {LETTERS_SQL.format(word='word')} AS letters "
        f"FROM (SELECT DISTINCT word FROM {words}) ORDER BY word",
    )
    numbered = file.put_aside(
        "numbered", f"SELECT t.term, w.field, w.row FROM {words} AS w JOIN {terms} AS t USING (word)"
    )
    parts = [f"SELECT term, field, row FROM {numbered} WHERE field NOT IN ({_numbers(values)})"]
    parts += [_spread(one, values[one.number], numbered, source) for one in fields if one.repeated]
    return terms, file.keep("postings", f"SELECT * FROM ({' UNION ALL '.join(parts)}) ORDER BY term")


def _numbers(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers)) or "-1"


def _texts(one: IndexedField, values: str | None, source: str) -> str:
    """(field, row, value) of the rows of a field; or, of its different values, the first row of each."""
    if values is not None:
        return f"SELECT {one.number}::SMALLINT AS field, row, value FROM {values}"
    return f"SELECT {one.number}::SMALLINT AS field, _row AS row, {one.text} AS value FROM {source} AS r"


def _words(texts: Sequence[str]) -> str:
    """(field, row, word) from (field, row, value)."""
    rows = " UNION ALL ".join(texts) or "SELECT 0::SMALLINT AS field, 0::BIGINT AS row, NULL::VARCHAR AS value"
    normal = f"SELECT field, row, {NORMAL_SQL.format(text='value')} AS text FROM ({rows}) WHERE value IS NOT NULL"
    words = f"SELECT field, row, unnest({WORDS_SQL.format(text='text')}) AS word FROM ({normal})"
    return f"SELECT field, row, word FROM ({words}) WHERE length(word) <= {LONGEST_WORD}"


def _different(source: str, one: IndexedField) -> str:
    return f"SELECT min(_row) AS row, {one.text} AS value FROM {source} AS r WHERE {one.text} IS NOT NULL GROUP BY 2"


def _spread(one: IndexedField, values: str, numbered: str, source: str) -> str:
    """The words of each different value, given to all the rows that have it."""
    return (
        f"SELECT n.term, n.field, r._row FROM {source} AS r JOIN {values} AS v ON v.value = {one.text} "
        f"JOIN (SELECT * FROM {numbered} WHERE field = {one.number}) AS n ON n.row = v.row"
    )


def _choices(source: str, fields: Sequence[IndexedField]) -> str:
    """(word, letters, field, value)."""
    parts = [
        f"SELECT {one.number}::SMALLINT AS field, value FROM (SELECT DISTINCT {one.text} AS value FROM {source} AS r)"
        for one in fields
    ]
    rows = " UNION ALL ".join(parts) or "SELECT 0::SMALLINT AS field, NULL::VARCHAR AS value"
    cut = WORDS_SQL.format(text=f"({NORMAL_SQL.format(text='value')})")
    words = f"SELECT field, value, unnest({cut}) AS word FROM ({rows}) WHERE value IS NOT NULL"
    letters = LETTERS_SQL.format(word="word")
    return f"SELECT word, {letters} AS letters, field, value FROM ({words}) WHERE length(word) <= {LONGEST_WORD}"


def _codes(source: str, fields: Sequence[IndexedField]) -> str:
    """(word, field, row), sorted: values that are no code, if there are some, are cut into words all the same."""
    return f"SELECT word, field, row FROM ({_words([_texts(one, None, source) for one in fields])}) ORDER BY word"


# What each field is like ---------------------------------------------------------------------------------------------


def _sampled(file: SideFile, source: str, fields: Sequence[IndexedField], row_count: int) -> list[IndexedField]:
    """How each field is kept, after blocks of rows spread over the table, so that its order does not matter much."""
    if not fields:
        return []
    facts = ", ".join(
        f"count({one.text}), count(DISTINCT {one.text}), max(length({one.text})), "
        f"bool_and(regexp_full_match({one.text}, '{_CODE}'))"
        for one in fields
    )
    starts = [row_count * block // SAMPLED_BLOCKS for block in range(SAMPLED_BLOCKS)]
    blocks = [f"SELECT * FROM {source} AS r WHERE _row BETWEEN {one} AND {one + SAMPLED_ROWS - 1}" for one in starts]
    (found,) = file.execute(f"SELECT {facts} FROM ({' UNION ALL '.join(blocks)}) AS r")
    kept = [_kept(one, *found[4 * rank : 4 * rank + 4]) for rank, one in enumerate(fields)]
    return _surely(file, source, kept)


def _kept(one: IndexedField, count: int, different: int, longest: int | None, coded: bool | None) -> IndexedField:
    if coded and count >= FEWEST_CODES and 2 * different >= count:
        return IndexedField(one.field, one.number, Kept.CODES)
    few = different <= MOST_CHOICES // 2 and (longest or 0) <= LONGEST_CHOICE
    if few and one.field.type == FieldType.STRING:
        return IndexedField(one.field, one.number, Kept.CHOICES)
    return IndexedField(one.field, one.number, repeated=2 * different < count)


def _surely(file: SideFile, source: str, fields: Sequence[IndexedField]) -> list[IndexedField]:
    """A field that has few values in the sample may have many elsewhere: count them."""
    few = [one for one in fields if one.kept == Kept.CHOICES]
    if not few:
        return list(fields)
    counts = [
        f"SELECT {one.number}, count(*) FROM (SELECT DISTINCT {one.text} FROM {source} AS r LIMIT {MOST_CHOICES + 1})"
        for one in few
    ]
    many = {number for number, count in file.execute(" UNION ALL ".join(counts)) if count > MOST_CHOICES}
    return [IndexedField(one.field, one.number, repeated=True) if one.number in many else one for one in fields]
