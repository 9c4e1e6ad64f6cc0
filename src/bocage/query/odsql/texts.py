"""Predicates on texts: "text", LIKE, search(), suggest(), startswith()."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.utils.translation import gettext_noop

from bocage.catalog.vocabulary import FieldType
from bocage.query.odsql import nodes
from bocage.query.odsql.placement import no_similarity
from bocage.query.odsql.scope import Scope
from bocage.query.odsql.types import is_text
from bocage.query.plan import Always, BeginsWith, Column, Matches, Predicate, Word
from bocage.query.words import words_of

MOST_WORDS = 50
_CHUNK = re.compile(r"[^\s*]+\*?|\*")


def searchable(scope: Scope) -> tuple[str, ...]:
    """Names of the fields that a full-text search reads: all texts that the viewer may see."""
    return tuple(name for name, field in scope.fields.items() if field.type in (FieldType.STRING, FieldType.ARRAY))


def quoted_text(node: nodes.Text, scope: Scope) -> Predicate:
    """`"text"`: every word is somewhere in the row; `word*` is a prefix."""
    return _matches(searchable(scope), _starred(node.value), scope)


def like(node: nodes.Like, scope: Scope) -> Predicate:
    """Every word is in the field; a last `*` makes a prefix."""
    field = scope.column(node.operand, "LIKE")
    if not is_text(field):
        raise scope.wrong("LIKE", gettext_noop("Operator LIKE only supports text fields"))
    return _matches((field.name,), _starred(node.pattern.value), scope)


def _starred(text: str) -> list[Word]:
    words: list[Word] = []
    for chunk in _CHUNK.findall(text):
        found = words_of(chunk)
        words += [Word(word) for word in found[:-1]]
        if found:
            words.append(Word(found[-1], prefix=chunk.endswith("*")))
    return words


def _search(node: nodes.Function, scope: Scope) -> Predicate:
    """Mistyped words are found: one error in three letters or more, two in six or more. The last one is also a prefix."""
    fields, text = _fields_and_text(node, scope)
    words = words_of(text)
    return _matches(fields, [Word(word, prefix=word is words[-1], fuzzy=True) for word in words], scope)


def _suggest(node: nodes.Function, scope: Scope) -> Predicate:
    fields, text = _fields_and_text(node, scope)
    return _matches(fields, [Word(word, prefix=True) for word in words_of(text)], scope)


def _startswith(node: nodes.Function, scope: Scope) -> Predicate:
    names, text = _fields_and_text(node, scope)
    return BeginsWith(tuple(Column(name, scope.fields[name].type) for name in names), text)


def _matches(fields: tuple[str, ...], words: list[Word], scope: Scope) -> Predicate:
    if len(words) > MOST_WORDS:
        raise scope.malformed(
            gettext_noop("Too many words to search: %(count)s found, at most %(most)s accepted"),
            count=len(words),
            most=MOST_WORDS,
        )
    if not words:  # nothing but punctuation asks for nothing
        return Always(True)
    return Matches(fields, tuple(words)) if fields else Always(False)


def _fields_and_text(node: nodes.Function, scope: Scope) -> tuple[tuple[str, ...], str]:
    *given, text = node.arguments or (nodes.Null(),)
    if not isinstance(text, nodes.Text):
        raise scope.malformed(gettext_noop("The last argument of %(name)s must be a text"), name=node.name)
    if not given or any(isinstance(argument, nodes.Star) for argument in given):
        return searchable(scope), text.value
    names: list[str] = []
    for argument in given:
        field = scope.column(argument, node.name)
        if not is_text(field):
            raise scope.wrong(node.name, gettext_noop("Function %(name)s only supports text fields"), name=node.name)
        names.append(field.name)
    return tuple(names), text.value


def _similarity(node: nodes.Function, scope: Scope) -> Predicate:
    """Of meaning: no index here knows it."""
    raise no_similarity(node, scope)


TEXTS: dict[str, Callable[[nodes.Function, Scope], Predicate]] = {
    "search": _search,
    "suggest": _suggest,
    "startswith": _startswith,
    "vector_similarity_threshold": _similarity,
}
