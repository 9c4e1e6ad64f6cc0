"""Whole requests to the Explore API, in both versions, written by a bad-tempered client: address, parameters, body, headers.

The grammar of `odsql_at_random` writes most of the values; this adds the operations, the ways of sending, and mutations of bytes.
Everything comes from the seed: a request that breaks something is written again from its number.
"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from tests.security.odsql_at_random import FORMATS, NUMBERS, TEXTS, request

ROOTS = ("/api/explore/v2.1",) * 40 + ("/api/v2", "/api/explore/v2.0", "//api/explore//v2.1", "/api/explore/v2.1/")
OF_CATALOGUE = (
    "", "swagger.json", "catalog", "catalog/datasets", "catalog/facets", "catalog/exports", "catalog/exports/{format}",
    "monitoring/datasets", "shared/facets", "shared/exports/csv", "nowhere", "console", "catalog/datasets//",
)  # fmt: skip
OF_DATASET = (
    "", "/records", "/records", "/records", "/facets", "/exports", "/exports/{format}", "/exports/{format}", "/attachments",
    "/records/{text}", "/attachments/{text}",
)  # fmt: skip
BESIDE = ("/explore/dataset/{dataset}/download/", "/api/records/1.0/search/", "/api/datasets/1.0/search/")
DATASETS = ("lieux",) * 120 + (
    "absent",
    "LIEUX",
    "lieux ",
    "",
    ".",
    "..",
    "%2e%2e",
    "é",
    "a" * 300,
    "lieux%00",
    "li/eux",
)
ALL_FORMATS = (
    *FORMATS, "gpx", "kml", "shp", "fgb", "jsonld", "n3", "ov2", "rdfxml", "turtle", "dcat", "dcat_ap_ch", "dcat_ap_xx", "rdf",
    "rss", "ttl", "data.json", "dublin_core", "é", "",
)  # fmt: skip
OWN_PARAMETERS = (
    "as_of", "name_field", "description_field_list", "use_extension", "include_exports", "use_labels_in_exports",
    "include_app_metas", "apikey", "access_token", "format", "rows", "start", "q", "dataset", "operation", "dataset_id", "run",
    "geofilter.distance", "callback", "csv_separator",
)  # fmt: skip
METHODS = ("GET",) * 40 + ("POST",) * 16 + ("HEAD", "OPTIONS", "PUT", "DELETE")
HEADERS: Mapping[str, tuple[str, ...]] = {
    "HTTP_AUTHORIZATION": ("Apikey x", "Apikey", "Bearer " + "x" * 3000, "Basic YTpi", "\xff", "apikey bocage_x", " "),
    "HTTP_IF_NONE_MATCH": ("*", '"x"', 'W/"x"', "x", '"', ", , ,", '"' + "a" * 5000),
    "HTTP_RANGE": ("bytes=0-0", "bytes=-1", "bytes=9-1", "bytes=" + "9" * 400 + "-", "bytes=\u00b2-", "lines=1-2", "bytes=0-1,5-6"),
    "HTTP_IF_RANGE": ('"x"', "yesterday", ""),
    "HTTP_ACCEPT_LANGUAGE": ("fr", "xx;q=9", "*" * 3000, "fr-FR-u-ca-\xe9", "de"),
    "HTTP_ACCEPT": ("text/html", "*/*;q=x", "application/xml"),
    "HTTP_ORIGIN": ("https://evil.example", "null", "\r"),
    "HTTP_COOKIE": ("sessionid=x", "sessionid=" + "\xff" * 40, "bocage_language=../fr", "=;=;"),
}  # fmt: skip
BODIES = (
    "application/x-www-form-urlencoded", "application/json", "application/json", "multipart/form-data; boundary=b", "text/plain",
    "application/json; charset=utf-16", "application/x-www-form-urlencoded; charset=nope", "", "x" * 300,
)  # fmt: skip
ODD_JSON = ("[]", "{", "null", '{"where": {}}', '{"where": [[1]]}', '{"limit": 1e999}', '{"limit": ' + "9" * 5000 + "}", "[" * 3000,
            '{"select": "\\ud800"}', '{"a": NaN}', '"x"', "\ufeff{}")  # fmt: skip
ODD_BYTES = (
    "%",
    "%zz",
    "%00",
    "%ff%fe",
    "%c0%af",
    "%ed%a0%80",
    "&",
    "&&=&",
    "=",
    ";",
    "+",
    "#",
    "\u202e",
    "\U0001f4a5",
    "%F0%9F",
    "?",
)


@dataclass(frozen=True)
class Sent:
    """One request as it leaves the client."""

    method: str
    path: str
    query: str
    body: bytes = b""
    content_type: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


def sent(seed: int, fields: Mapping[str, str], of_catalogue: Mapping[str, str]) -> Sent:
    """Request number `seed`. `fields`: name → type of the fields of the dataset; the same of the catalogue."""
    dice = random.Random(seed)
    path, known = _path(dice, fields, of_catalogue)
    given = _parameters(dice, seed, known)
    method = dice.choice(METHODS)
    headers = {name: dice.choice(HEADERS[name]) for name in HEADERS if dice.random() < 0.02}
    if method in ("GET", "HEAD", "OPTIONS"):
        return Sent(method, path, _spoilt(dice, urlencode(given)), headers=headers)
    inside = given[: dice.randrange(len(given) + 1)]
    kind = dice.choice(BODIES)
    body = _body(dice, kind, inside)
    return Sent(method, path, _spoilt(dice, urlencode(given[len(inside) :])), body, kind, headers)


def _path(
    dice: random.Random, fields: Mapping[str, str], of_catalogue: Mapping[str, str]
) -> tuple[str, Mapping[str, str]]:
    values = {
        "format": dice.choice(ALL_FORMATS),
        "dataset": dice.choice(DATASETS),
        "text": quote(dice.choice(TEXTS), safe=""),
    }
    where = dice.random()
    if where < 0.06:
        return dice.choice(BESIDE).format(**values), fields
    if where < 0.35:
        path, known = dice.choice(OF_CATALOGUE), of_catalogue
    else:
        path, known = "catalog/datasets/{dataset}" + dice.choice(OF_DATASET), fields
    slashes = dice.choice(("/", "/", "/", "//"))
    whole = f"{dice.choice(ROOTS)}{slashes}{path.format(**values)}{dice.choice(('', '', '/', '//'))}"
    return (_spoilt(dice, whole, 0.03) or "/"), known


def _parameters(dice: random.Random, seed: int, known: Mapping[str, str]) -> list[tuple[str, str]]:
    given = request(seed, known)
    for _ in range(dice.choice((0, 0, 0, 1, 2))):
        given.append((dice.choice(OWN_PARAMETERS), dice.choice((*TEXTS, *NUMBERS, *known))))
    if given and dice.random() < 0.1:  # a value that belongs to another parameter
        place = dice.randrange(len(given))
        given[place] = (dice.choice(given)[0], given[place][1])
    if given and dice.random() < 0.04:  # the same, many times
        given += [dice.choice(given)] * dice.choice((2, 49, 50, 51, 300, 1001))
    if given and dice.random() < 0.03:  # long
        name, value = dice.choice(given)
        given.append((name, (value or "(") * dice.choice((50, 400, 2000))))
    return [(name, value.encode("utf-8", "replace").decode()) for name, value in given]


def _body(dice: random.Random, kind: str, inside: list[tuple[str, str]]) -> bytes:
    if "json" in kind:
        document: dict[str, object] = {}
        for name, value in inside:
            kept = document.setdefault(name, [])
            if isinstance(kept, list):
                kept.append(dice.choice((value, value, value, None, 5, -1.5, True, {}, [])))
        text = dice.choice(ODD_JSON) if dice.random() < 0.15 else json.dumps(document)
        return text.encode("utf-16" if dice.random() < 0.02 else "utf-8", "replace")
    if kind.startswith("multipart"):
        parts = "".join(
            f'--b\r\nContent-Disposition: form-data; name="{n[:50]}"\r\n\r\n{v[:500]}\r\n' for n, v in inside
        )
        return _spoilt(dice, f"{parts}--b--\r\n").encode("utf-8", "replace")
    return _spoilt(dice, urlencode(inside)).encode("utf-8", "replace")


def _spoilt(dice: random.Random, text: str, chance: float = 0.12) -> str:
    """Sometimes with bytes lost, doubled, or replaced by what no sound client writes."""
    if dice.random() >= chance:
        return text
    letters = list(text)
    for _ in range(dice.randrange(1, 5)):
        at = dice.randrange(len(letters) + 1)
        letters[at : at + dice.randrange(4)] = dice.choice(ODD_BYTES)
    return "".join(letters)
