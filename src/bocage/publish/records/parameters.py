"""The parameters of the catalogue: those of features, and those of records (clause 8 of 20-004r1)."""

from __future__ import annotations

from bocage.publish.ogc import parameters as p
from bocage.publish.ogc.parameters import Parameter

DEFAULT_LIMIT, MOST_RECORDS = 100, 1_000
MOST_NAMES = 1_000
"""Of one list: identifiers, kinds."""
MOST_TERMS = 20
"""Each is looked for in every text."""

LIMIT = Parameter(
    "limit", "The most records of a page.",
    {"type": "integer", "minimum": 1, "maximum": MOST_RECORDS, "default": DEFAULT_LIMIT},
)  # fmt: skip
Q = Parameter(
    "q",
    "Words to find, whatever their case and accents: in this order, one after the other; commas stand between alternatives.",
    p.NAMES,
)
TYPE = Parameter("type", "Kinds of resources: dataset.", p.NAMES)
IDS = Parameter("ids", "Identifiers of records, or of datasets.", p.NAMES)
EXTERNAL_IDS = Parameter(
    "externalIds", "Identifiers of datasets elsewhere: their name, or their address, after a scheme or not.", p.NAMES
)
RESULT_TYPE = p.RESULT_TYPE

ITEMS = (
    Q, TYPE, IDS, EXTERNAL_IDS, p.BBOX, p.BBOX_CRS, p.DATETIME, p.FILTER, p.FILTER_LANG, p.FILTER_CRS, LIMIT, p.OFFSET, p.CURSOR,
    p.SORTBY, RESULT_TYPE, p.F, p.LANG,
)  # fmt: skip
DOCUMENT = p.DOCUMENT
COLLECTIONS = p.DOCUMENT
FEATURES = frozenset({p.BBOX.name, p.BBOX_CRS.name, p.FILTER.name, p.FILTER_LANG.name, p.FILTER_CRS.name, p.SORTBY.name,
                      p.OFFSET.name, p.CURSOR.name})  # fmt: skip
"""Read as for the features of a layer."""
RESERVED = frozenset(one.name for one in ITEMS) | p.RESERVED
