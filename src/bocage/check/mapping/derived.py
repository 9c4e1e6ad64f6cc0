"""Proposals made of something else than one column as it is: positions in two columns or in one, codes looked up, identifiers
counted, what is known of the organisation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from bocage.check.mapping.columns import Column, Content
from bocage.check.mapping.direct import axis_of
from bocage.check.mapping.fits import COMMUNE_PATTERN
from bocage.check.mapping.kinds.positions import SYSTEMS, WGS84
from bocage.check.mapping.names import likeness, words_of
from bocage.check.mapping.position_pairs import latitude_first, positions_of
from bocage.check.mapping.reasons import Reason
from bocage.check.mapping.steps import Step
from bocage.check.mapping.suggestions import Candidate, Communes, Known

if TYPE_CHECKING:
    from bocage.check.schema import SchemaField, TableSchema

LEAST_KNOWN = 0.6
"""Share of the names of the file that a dataset of communes has, for it to be proposed."""
_SYSTEM_NAMES = {code: str(name) for code, name in SYSTEMS if isinstance(name, str)}
_COUNTED = re.compile(r"\\d\{3\}\)?-([A-Z]{1,3})-(?:\\d|\[0-9\])(?:\{(\d)(?:,\d*)?\}|[+*])?")


def derived(field: SchemaField, schema: TableSchema, columns: Sequence[Column], known: Known) -> list[Candidate]:
    """None of them takes a column away from the direct proposals, but for positions."""
    found = [*_positions(field, columns)]
    if is_commune_code(field):
        found += _communes(field, columns, known)
    found += _counted(field, schema)
    found += _organization(field, known.organization)
    return found


def is_commune_code(field: SchemaField) -> bool:
    named = "insee" in words_of(field.name) or "insee" in words_of(field.title)
    patterned = COMMUNE_PATTERN.search(str(field.constraints.get("pattern") or ""))
    return named and (bool(patterned) or field.type == "string")


def _positions(field: SchemaField, columns: Sequence[Column]) -> Iterator[Candidate]:
    axis = axis_of(field)
    if field.type != "geopoint" and not axis:
        return
    to = axis or ("array" if field.format == "array" else "lonlat")
    for rank, pair in enumerate(positions_of(columns)):
        if axis and pair.crs == WGS84:
            break  # one of the two columns is proposed as it is
        reasons = [] if axis else [Reason("two-coordinates")]
        if pair.crs != WGS84:
            reasons.append(Reason("projected", {"crs": _SYSTEM_NAMES.get(pair.crs, pair.crs)}))
        sources = (pair.lon.label, pair.lat.label)
        step = Step("position", {"crs": pair.crs, "to": to})
        yield Candidate(field.name, sources, (step,), 0.9 * pair.named - 0.2 * rank, tuple(reasons))
    if axis:
        for column in columns:
            if column.content is Content.POSITION:
                order = "yx" if latitude_first(column.label, column.values) else "xy"
                steps = (Step("position", {"order": order, "to": axis}),)
                yield Candidate(field.name, (column.label,), steps, 0.8, (Reason("one-position"),))


def _communes(field: SchemaField, columns: Sequence[Column], known: Known) -> Iterator[Candidate]:
    name = _best(columns, "commune", Content.TEXT)
    postcode = _best(columns, "cp", None)
    pairs = [pair for pair in positions_of(columns) if pair.crs == WGS84]
    for communes in known.communes:
        if name and communes.name:
            known_names = communes.knows(name.values)
            if known_names < LEAST_KNOWN:
                continue
            with_postcode = postcode is not None and bool(communes.postcode)
            sources = (name.label, postcode.label) if with_postcode and postcode else (name.label,)
            keys = [communes.name, communes.postcode] if with_postcode else [communes.name]
            yield _looked_up(field, communes, sources, keys, (0.72 if with_postcode else 0.66) * known_names)
        elif pairs and communes.shape:
            params = {"dataset": communes.dataset, "geometry": communes.shape, "value": communes.insee}
            sources = (pairs[0].lon.label, pairs[0].lat.label)
            reasons = (Reason("area", {"dataset": communes.title}),)
            yield Candidate(field.name, sources, (Step("area", params),), 0.6, reasons)


def _looked_up(
    field: SchemaField, communes: Communes, sources: tuple[str, ...], keys: list[str], confidence: float
) -> Candidate:
    params = {"dataset": communes.dataset, "keys": keys, "value": communes.insee}
    reasons = (Reason("lookup", {"dataset": communes.title}),)
    return Candidate(field.name, sources, (Step("lookup", params),), confidence, reasons)


def _best(columns: Sequence[Column], concept: str, content: Content | None) -> Column | None:
    """The column that is plainly named so: it has no other word."""
    named = [
        one for one in columns
        if (content is None or one.content is content)
        and any(likeness(word, concept) >= 0.95 for word in words_of(one.label))
        and len(words_of(one.label)) <= 2
        and not any(likeness(word, "insee") >= 0.95 for word in words_of(one.label))
    ]  # fmt: skip
    return min(named, key=lambda one: len(words_of(one.label)), default=None)


def _counted(field: SchemaField, schema: TableSchema) -> Iterator[Candidate]:
    """Identifiers such as `44109-T-001`: the code of the commune, a letter, the rank."""
    pattern = str(field.constraints.get("pattern") or "")
    shape = _COUNTED.search(pattern)
    code = next((one.name for one in schema.fields if is_commune_code(one)), None)
    if shape and code and COMMUNE_PATTERN.search(pattern):
        template = f"{{1}}-{shape[1]}-{{n:{shape[2] or 3}}}"
        yield Candidate(
            field.name, (f"@{code}",), (Step("template", {"template": template}),), 0.45, (Reason("counted"),)
        )


def _organization(field: SchemaField, organization: dict[str, str]) -> Iterator[Candidate]:
    words = words_of(field.name)
    title = words_of(field.title)
    about = any(
        likeness(word, "collectivite") >= 0.9 or likeness(word, "attribuant") >= 0.9 for word in (*words, *title)
    )
    length = {r"^\d{14}$": "siret", r"^\d{9}$": "siren"}.get(str(field.constraints.get("pattern") or ""), "")
    asked = "insee" if is_commune_code(field) and not _other_place(words) else ""
    if about or "source" in words:
        asked = asked or length or ("name" if "nom" in words else "")
    value = organization.get(asked, "") if asked else ""
    if value:
        confidence = 0.42 if asked != "insee" else 0.38
        yield Candidate(field.name, (), (Step("constant", {"value": value}),), confidence, (Reason("organization"),))


def _other_place(words: Sequence[str]) -> bool:
    return "fournisseur" in words
