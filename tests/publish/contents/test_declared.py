"""What a dataset says of its fields, in the catalogue item, facets, refinements, records and exports."""

from __future__ import annotations

import csv
import io

import pytest

from bocage.access.viewer import OPERATOR
from bocage.catalog.annotations import Annotations
from bocage.catalog.services import annotate_fields, update_metadata


@pytest.fixture
def said(lieux):
    annotations = {
        "quartier": Annotations(facet=True, facet_sort="-alphanum", disjunctive=True, sortable=True),
        "chemin": Annotations(facet=True, separator="/"),
        "services": Annotations(facet=True, multivalued=";"),
        "places": Annotations(unit="places"),
        "maj": Annotations(timeserie_precision="hour"),
    }
    update_metadata(viewer=OPERATOR, dataset=lieux, primary_key=["nom"])
    return annotate_fields(viewer=OPERATOR, dataset=lieux, annotations=annotations)


def test_the_catalogue_item(api, said):
    told = {field["name"]: field["annotations"] for field in api.json("")["fields"]}
    assert told["quartier"] == {"facet": [], "facetsort": ["-alphanum"], "disjunctive": [], "sortable": []}
    assert told["chemin"] == {"facet": [], "hierarchical": ["/"]}
    assert told["services"] == {"facet": [], "multivalued": [";"]}
    assert told["tags"] == {"multivalued": [","]}
    assert told["nom"] == {"id": []}
    assert told["places"] == {"unit": ["places"]}
    assert told["maj"] == {"timeserie_precision": ["hour"]}


def values(answer: dict, name: str) -> list[tuple[str, int]]:
    (facet,) = (one for one in answer["facets"] if one["name"] == name)
    return [(value["value"], value["count"]) for value in facet["facets"]]


def test_no_facet_asked_answers_the_declared_ones(api, said):
    answer = api.json("/facets")
    assert [facet["name"] for facet in answer["facets"]] == ["quartier", "chemin", "services"]
    assert values(answer, "quartier") == [("Sud", 1), ("Nord", 3)]
    assert values(answer, "chemin") == [("a", 3), ("d", 1)]
    assert values(answer, "services") == [("banc", 2), ("eau", 1)]


def test_none_declared_answers_none(api):
    assert api.json("/facets") == {"links": [], "facets": []}


def test_the_request_has_the_last_word(api, said):
    assert values(api.json("/facets", facet='facet(name="quartier", sort="-count")'), "quartier")[0] == ("Nord", 3)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"refine": ["quartier:Nord", "quartier:Sud"]}, 4),
        ({"refine": ["chemin:a"]}, 3),
        ({"refine": ["chemin:a/b"]}, 1),
        ({"exclude": ["chemin:a"]}, 1),
        ({"refine": ["services:banc"]}, 2),
        ({"refine": ["services:banc", "services:eau"]}, 1),
        ({"exclude": ["services:eau"]}, 3),
        ({"where": "'banc' in services"}, 2),
    ],
)
def test_refinements_read_fields_as_declared(api, said, query, expected):
    assert api.json("/records", **query)["total_count"] == expected
    rows = csv.reader(io.StringIO(api.export("csv", **query).decode("utf-8-sig")), delimiter=";")
    assert len(list(rows)) == expected + 1
    assert sum(count for _value, count in values(api.json("/facets", facet="places", **query), "places")) <= expected


def test_without_declaration_values_are_whole(api):
    assert api.json("/records", refine="chemin:a")["total_count"] == 1
    assert api.json("/records", refine=["quartier:Nord", "quartier:Sud"])["total_count"] == 0


def test_several_values_are_an_array_everywhere(api, said):
    rows = api.json("/records", select="services")["results"]
    assert [row["services"] for row in rows] == [["eau", "banc"], ["banc"], None, None]
    (header, *_lines) = api.export("csv", select="services", list_separator="|").decode("utf-8-sig").splitlines()
    assert _lines[0] == "eau|banc"
    assert header == "services"
    searched = api.json("/records", where="search(services, 'bancs')", select="nom")
    assert [row["nom"] for row in searched["results"]] == ["Gare", "Port"]


def test_validators_move_with_what_is_said(api, lieux):
    addresses = ("", "/facets", "/records", "/exports/csv", "/exports/parquet")

    def tags() -> list[str]:
        found = []
        for one in addresses:
            answer = api.get(one)
            found.append(answer["ETag"])
            answer.close()
        return found

    before = tags()
    annotate_fields(viewer=OPERATOR, dataset=lieux, annotations={"services": Annotations(facet=True, multivalued=";")})
    assert not set(before) & set(tags())
    assert b"eau" in api.export("parquet"), "written again: the file of the version holds texts"


def test_labels_written_since_head_the_columns(api, lieux):
    schema = [field | {"label": "Places offertes"} if field["name"] == "places" else field for field in lieux.schema]
    update_metadata(viewer=OPERATOR, dataset=lieux, schema=schema)
    assert "Places offertes" in api.export("csv", use_labels="true").decode().splitlines()[0]
