"""What a portal says of its datasets, in bounded words: whatever an answer holds, nothing here is longer or deeper than said."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bocage.pipeline.moving.errors import AnswerNotUnderstood

MOST_FIELDS = 2_000
MOST_ATTACHMENTS = 200
MOST_TEXTS = 200
LONGEST_TEXT = 100_000
LONGEST_WORD = 300
LARGEST_METAS = 200_000
"""Characters of `metas` that are kept as they are."""


@dataclass(frozen=True)
class SourceField:
    """`annotations`: each with its arguments, as texts."""

    name: str
    type: str
    label: str = ""
    description: str = ""
    annotations: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    semantic_type: str = ""


@dataclass(frozen=True)
class SourceAttachment:
    id: str
    title: str = ""
    mimetype: str = ""
    url: str = ""


@dataclass(frozen=True)
class SourceDataset:
    """One item of the catalogue. `records`: None when the portal does not say. `metas`: by template."""

    id: str
    fields: tuple[SourceField, ...] = ()
    attachments: tuple[SourceAttachment, ...] = ()
    alternative_exports: tuple[SourceAttachment, ...] = ()
    visibility: str = ""
    has_records: bool = True
    data_visible: bool = True
    metas: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    digest: str = ""

    @property
    def default(self) -> Mapping[str, Any]:
        return self.metas.get("default", {})

    @property
    def title(self) -> str:
        return text(self.default.get("title"), LONGEST_WORD) or self.id

    @property
    def records(self) -> int | None:
        count = self.default.get("records_count")
        return count if isinstance(count, int) and not isinstance(count, bool) and count >= 0 else None

    @property
    def has_data(self) -> bool:
        return self.has_records and self.data_visible and bool(self.fields)

    @property
    def data_mark(self) -> str:
        """Changes when the data may have changed; "" when nothing tells."""
        processed = text(self.default.get("data_processed"), 60) or text(self.default.get("modified"), 60)
        if not processed:
            return ""
        shape = [[one.name, one.type, "multivalued" in one.annotations] for one in self.fields]
        return digest_of([processed, self.records, self.has_data, shape])


def dataset_of(document: Any) -> SourceDataset:
    """From the JSON of one item. Raises AnswerNotUnderstood when it is none."""
    identifier = document.get("dataset_id") if isinstance(document, dict) else None
    if not isinstance(identifier, str) or not identifier or text(identifier, LONGEST_WORD) != identifier:
        raise AnswerNotUnderstood(what="datasets")
    fields = [field_of(one) for one in items(document.get("fields"), MOST_FIELDS + 1)]
    if len(fields) > MOST_FIELDS or None in fields:
        raise AnswerNotUnderstood(what=identifier[:100])
    metas = document.get("metas")
    return SourceDataset(
        id=identifier,
        fields=tuple(one for one in fields if one is not None),
        attachments=attachments_of(document.get("attachments")),
        alternative_exports=attachments_of(document.get("alternative_exports")),
        visibility=text(document.get("visibility"), 20),
        has_records=document.get("has_records") is not False,
        data_visible=document.get("data_visible") is not False,
        metas={text(name, 60): dict(one) for name, one in metas.items() if isinstance(one, dict)}
        if isinstance(metas, dict)
        else {},
        digest=digest_of(_without_what_moves_by_itself(document)),
    )


def field_of(document: Any) -> SourceField | None:
    """None for what is not a field."""
    if not isinstance(document, dict) or not isinstance(document.get("name"), str) or not document["name"]:
        return None
    annotations = _annotations_of(document.get("annotations"))
    return SourceField(
        name=document["name"][:LONGEST_WORD],
        type=text(document.get("type"), 40),
        label=text(document.get("label"), LONGEST_WORD),
        description=text(document.get("description"), 2_000),
        annotations={text(name, 40): texts(given, LONGEST_WORD) for name, given in list(annotations.items())[:50]},
        semantic_type=text(document.get("semantic_type"), 60),
    )


def _annotations_of(said: Any) -> dict[Any, Any]:
    """By name; older portals list them, `[{"name": "facetsort", "args": ["-count"]}]`."""
    if isinstance(said, dict):
        return said
    listed = said if isinstance(said, list) else []
    return {
        one["name"]: one.get("args") for one in listed if isinstance(one, dict) and isinstance(one.get("name"), str)
    }


def attachments_of(documents: Any) -> tuple[SourceAttachment, ...]:
    """From `attachments` of an item, or of the operation of that name: both shapes are met."""
    found = []
    for one in items(documents, MOST_ATTACHMENTS):
        if isinstance(one, dict):
            metas = one["metas"] if isinstance(one.get("metas"), dict) else {}
            said = {**metas, **{name: value for name, value in one.items() if value}}
            identifier = text(said.get("id"), LONGEST_WORD)
            url = text(said.get("href") or said.get("url"), 2_000)
            kind = text(said.get("mimetype") or said.get("mime-type"), 100)
            if identifier or url:
                found.append(SourceAttachment(identifier, text(said.get("title"), LONGEST_WORD), kind, url))
    return tuple(found)


_UNKEPT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")

# Bounded words ------------------------------------------------------------------------------------------------------


def text(value: Any, longest: int) -> str:
    """A text or a number as a text, without the characters that no database or terminal should be given; anything else is
    nothing."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    if isinstance(value, int) and abs(value) > 10**20:
        return ""
    plain = _UNKEPT.sub("", str(value)).encode("utf-8", "replace").decode("utf-8")
    return plain.strip()[:longest]


def texts(value: Any, longest: int) -> tuple[str, ...]:
    """Several texts, in a list or alone."""
    given = items(value, MOST_TEXTS) if isinstance(value, list) else [value]
    return tuple(found for one in given if (found := text(one, longest)))


def items(value: Any, most: int) -> list[Any]:
    return value[:most] if isinstance(value, list) else []


def digest_of(value: Any) -> str:
    """The same for the same JSON."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode("utf-8", "replace")).hexdigest()


def kept_metas(metas: Mapping[str, Any]) -> dict[str, Any]:
    """All that the portal says of a dataset, unless that is a novel."""
    kept: dict[str, Any] = _storable(dict(metas), 0)
    if len(json.dumps(kept)) <= LARGEST_METAS:
        return kept
    return {"default": {"title": text(metas.get("default", {}).get("title"), LONGEST_WORD)}}


DEEPEST = 8


def _storable(value: Any, depth: int) -> Any:
    """The same, without what a database refuses."""
    if isinstance(value, dict):
        return {text(name, 100): _storable(one, depth + 1) for name, one in value.items()} if depth < DEEPEST else {}
    if isinstance(value, list):
        return [_storable(one, depth + 1) for one in value[:MOST_TEXTS]] if depth < DEEPEST else []
    return value if value is None or isinstance(value, bool | int) else text(value, LONGEST_TEXT)


def _without_what_moves_by_itself(document: dict[str, Any]) -> dict[str, Any]:
    """Counters of use and dates of treatment change without anything of the dataset changing."""
    metas = document.get("metas")
    kept = {name: one for name, one in document.items() if name not in ("_links", "links", "metas", "dataset_uid")}
    if isinstance(metas, dict):
        default = metas.get("default")
        said = default.items() if isinstance(default, dict) else ()
        steady = {name: value for name, value in said if name not in _MOVING}
        others = {name: one for name, one in metas.items() if name not in ("default", "explore")}
        kept["metas"] = {**others, "default": steady}
    return kept


_MOVING = ("modified", "data_processed", "metadata_processed", "records_count")
