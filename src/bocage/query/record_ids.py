"""Identifiers of rows, which stay the same from one version to the next.

An identifier is a keyed digest of the primary key of the row, or of the whole row when the dataset has none; rows with
the same digest get `-2`, `-3`… in the order of the file. Nothing is computed at publication: the table (row, id) of a
version is built by one query, the first time an identifier is asked for, and a record is then found by one scan of it.
The digest is keyed by the secret of the platform, so that it tells nothing of a field that the viewer may not see; and where
a rule hides rows, the others alone are given identifiers, so that no rank tells of a hidden twin.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
from django.utils.crypto import salted_hmac

from bocage.access.viewer import ANONYMOUS, OPERATOR
from bocage.query.rendering import literal
from bocage.query.rendering import name as quoted
from bocage.query.restricted import RestrictedRelation

SAME_RECORDS = "same_records"
"""In the provenance of a version: `version`, the uid of an earlier one that has the same records at the same places; `key`, the
fields that identify them, whose values no row has changed; `of`, its own uid, for what is made from a version inherits of it."""

if TYPE_CHECKING:
    from bocage.catalog.fields import Field
    from bocage.query.relation import Relation
    from bocage.store.engine import Session


def record_ids(session: Session, relation: Relation) -> str:
    """SQL name of the table of identifiers: `row` BIGINT, `id` VARCHAR (hexadecimal, unique)."""
    if isinstance(relation, RestrictedRelation) and relation.limits.keeps_rows:
        key, seen = relation.rows_key, ANONYMOUS  # whoever asks: the relation is of one reader already
    else:
        key, seen = _same_rows(relation), OPERATOR
    identity = ",".join(relation.identity)
    return session.resident(f"ids {key} {identity}", lambda: _build(session, relation, relation.source(session, seen)))


def _same_rows(relation: Relation) -> str:
    """The key of the relation, under the name of the version from which edits changed values alone: the same records at the same
    places, so the same identifiers."""
    if len(relation.versions) != 1:
        return relation.key
    [version] = relation.versions
    same = version.provenance.get(SAME_RECORDS) or {}
    known = same.get("of") == version.uid and bool(relation.identity) and list(relation.identity) == same["key"]
    return relation.key.replace(version.uid, str(same["version"]), 1) if known else relation.key


def _build(session: Session, relation: Relation, rows: str) -> pa.Table:
    return pa.Table.from_batches(session.arrow(ids_sql(relation, rows), rows_per_batch=100_000), _IDS)


_IDS = pa.schema([("row", pa.int64()), ("id", pa.string())])


def ids_sql(relation: Relation, source: str) -> str:
    """SELECT of `row` and `id` of the rows of `source`. Values are written as JSON texts side by side: `["a", null]` and
    `["a", "null"]` differ."""
    fields = {field.name: field for field in relation.fields}
    key = [fields[name] for name in relation.identity if name in fields] or list(fields.values())
    secret = salted_hmac("bocage.query.record_ids", ",".join(field.name for field in key)).hexdigest()
    pieces = [f"coalesce({_text(field)}, chr(0))" for field in key]
    digest = f"md5(concat_ws(chr(31), {', '.join([literal(secret), *pieces])}))"
    rows = f"SELECT _row AS row, {digest} AS digest FROM {source} AS r"
    # Ranks only where they are needed: a window over every row would cost ten times the digests. Joined to the others rather
    # than put after them: of one and two threads, the engine waits for ever on a union that reads the same rows twice.
    ranked = (
        "SELECT row, row_number() OVER (PARTITION BY digest ORDER BY row) AS rank FROM rows "
        "WHERE digest IN (SELECT digest FROM rows GROUP BY digest HAVING count(*) > 1)"
    )
    return (
        f"WITH rows AS MATERIALIZED ({rows}), ranked AS ({ranked}) "
        "SELECT rows.row AS row, CASE WHEN rank > 1 THEN digest || '-' || rank ELSE digest END AS id "
        "FROM rows LEFT JOIN ranked ON ranked.row = rows.row"
    )


def _text(field: Field) -> str:
    value = quoted(field.name)
    if field.type.is_geographic:
        return f"hex(ST_AsWKB({value}))"
    if field.type.value == "datetime":
        return f"epoch_us({value})::VARCHAR"  # whatever the time zone of the engine
    return f"{value}::VARCHAR"
