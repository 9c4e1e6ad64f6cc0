"""Notices as sentences, in the active language, for one reader.

Rights are asked again each time: a name is told to those who may know it today. Sentences are plain text; templates escape
them like any other value.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bocage.organizations.notices.kinds import NoticeKind, kind_of, namer_of

if TYPE_CHECKING:
    from bocage.organizations.models import User
    from bocage.organizations.notices.models import Notice

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Told:
    """A notice and its sentence."""

    notice: Notice
    sentence: str


def told(user: User, notices: Iterable[Notice]) -> list[Told]:
    """In the same order. Left out: codes that nobody registered, and what the reader may not know of (any more)."""
    known = [(notice, kind) for notice in notices if (kind := kind_of(notice.code)) is not None]
    names = _names(user, known)
    made = ((notice, _sentence(kind, notice, names)) for notice, kind in known)
    return [Told(notice, sentence) for notice, sentence in made if sentence]


def _names(user: User, known: Iterable[tuple[Notice, NoticeKind]]) -> dict[str, Mapping[str, str]]:
    """Of each type of thing, the names that this person may read. Each type is asked once."""
    asked: dict[str, set[str]] = {}
    for notice, kind in known:
        for fact, thing in kind.things.items():
            asked.setdefault(thing, set()).add(str(notice.facts.get(fact, "")))
    return {thing: namer_of(thing)(user, frozenset(ids)) for thing, ids in asked.items()}


def _sentence(kind: NoticeKind, notice: Notice, names: Mapping[str, Mapping[str, str]]) -> str:
    """Empty when something may not be told, or is missing."""
    facts = {name: str(value) for name, value in notice.facts.items()}
    for fact, thing in kind.things.items():
        name = names[thing].get(facts.get(fact, ""))
        if name is None:
            return ""
        facts[fact] = name
    try:
        return str(kind.sentence) % facts
    except (KeyError, ValueError, TypeError):
        log.exception("notices.sentence", extra={"code": kind.code, "notice": notice.pk})
        return ""
