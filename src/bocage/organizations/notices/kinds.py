"""What can be told. A kind of notice is a code, kept with each notice, and a sentence, read in the reader's language.

A package registers its kinds in a module named `noticing.py` at its top, which every process imports at the start:

    ASKED = register(NoticeKind("access.asked", _("%(person)s asks to read “%(dataset)s”."), things={"dataset": DATASET}))

Facts are short strings. A fact named in `things` is an identifier, not words: when a page or a message is made, it is
replaced by the name that the thing has today, **if the reader may still know of it**; otherwise the notice is not told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from bocage.organizations.models import User

DATASET = "dataset"
"""A thing of which the fact holds the uid: told to those who may know of it today."""

ORGANIZATION = "organization"
"""A thing of which the fact holds the id, as text: organisations are public, their name is told to everybody."""

TEAM = "team"
"""The same, told only to those who still hold a role in that organisation, directly or from above."""

Namer = Callable[["User", frozenset[str]], Mapping[str, str]]
"""Identifiers → names, without those of which this person may not know (any more). A handful of queries for all of them."""


@dataclass(frozen=True)
class NoticeKind:
    """`code`: `package.event`, for ever. `sentence`: gettext_lazy, with %(fact)s. `things`: fact → type of thing."""

    code: str
    sentence: str | _StrPromise
    things: Mapping[str, str] = field(default_factory=dict)


_kinds: dict[str, NoticeKind] = {}
_namers: dict[str, Namer] = {}


def register(kind: NoticeKind) -> NoticeKind:
    """Add a kind. The same code twice is a programming error."""
    if _kinds.setdefault(kind.code, kind) is not kind:
        raise RuntimeError(f"notices: {kind.code!r} is registered twice")
    return kind


def kind_of(code: str) -> NoticeKind | None:
    """None for what a later, or an earlier, Bocage wrote: such a notice is skipped."""
    return _kinds.get(code)


def register_thing(name: str, namer: Namer) -> None:
    """Say how things of this type are named to somebody. The package that knows the rights on them does."""
    if _namers.setdefault(name, namer) is not namer:
        raise RuntimeError(f"notices: the things {name!r} are registered twice")


def namer_of(name: str) -> Namer:
    """How things of this type are named; a type that nobody registered is told to nobody."""
    return _namers.get(name, _nobody)


def _nobody(_user: User, _ids: frozenset[str]) -> Mapping[str, str]:
    return {}
