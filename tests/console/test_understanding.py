"""From the real reading of a file to what the page shows, and back to a correction."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from django.utils.translation import override

from bocage.capture.services import inspect
from bocage.capture.understanding import Corrections
from bocage.console.display import cell, facts_of, preview_of
from bocage.console.forms.corrections import FileForm, corrected_fields, field_rows


@pytest.fixture
def playgrounds(tmp_path, data_folder):
    """A small CSV of France: Windows accents, a title above the header, decimal commas, a place in two columns."""
    rows = "".join(f"AJ{n};{44140 + n};Aire n° {n};47,1{n};-1,5{n}\n" for n in range(9))
    path = tmp_path / "aires.csv"
    path.write_bytes(f"Relevé du 12 mai\nIdentifiant;Code INSEE;Nom;Latitude;Longitude\n{rows}".encode("cp1252"))
    return path


def understand(path, corrections=Corrections()):
    return inspect(path, filename="aires.csv", corrections=corrections)


def posted(form: FileForm, **changed) -> QueryDict:
    """What a browser sends when only `changed` was touched."""
    data = QueryDict(mutable=True)
    data.update({name: "" if (value := form.initial.get(name)) is None else value for name in form.fields} | changed)
    return data


def test_what_is_shown_posts_back_as_no_correction(playgrounds):
    understanding = understand(playgrounds)
    data = posted(FileForm(understanding, Corrections()))
    for row in field_rows(understanding, Corrections()):
        data.update({f"label.{row.name}": row.label, f"type.{row.name}": row.type, f"keep.{row.name}": "on"})
    form = FileForm(understanding, Corrections(), data)
    assert form.is_valid(), form.errors
    assert form.corrected() == Corrections()
    assert corrected_fields(field_rows(understanding, Corrections()), {}, data) == {}


def test_the_columns_of_the_place_are_named_as_the_fields(playgrounds):
    understanding = understand(playgrounds)
    assert set(understanding.geometry.columns) <= {field.name for field in understanding.fields}
    form = FileForm(understanding, Corrections())
    assert (form.initial["geometry_first"], form.initial["geometry_second"]) == ("latitude", "longitude")


def test_a_corrected_place_is_read_again(playgrounds):
    understanding = understand(playgrounds)
    blank = FileForm(understanding, Corrections())
    form = FileForm(understanding, Corrections(), posted(blank, geometry_first="longitude", geometry_second="latitude"))
    assert form.is_valid(), form.errors
    corrections = form.corrected()
    assert corrections.geometry_columns == ("longitude", "latitude")
    assert understand(playgrounds, corrections).geometry.columns == ("longitude", "latitude")
    refused = FileForm(understanding, Corrections(), posted(blank, geometry_source="none"))
    assert refused.is_valid()
    assert understand(playgrounds, refused.corrected()).geometry is None


def test_a_refused_place_may_be_taken_back(playgrounds):
    refused = Corrections(geometry_source="none")
    understanding = understand(playgrounds, refused)
    form = FileForm(understanding, refused, posted(FileForm(understanding, refused), geometry_source=""))
    assert form.is_valid()
    assert understand(playgrounds, form.corrected()).geometry is not None


def test_the_facts_are_said_in_words(playgrounds):
    with override("en"):
        facts = dict(facts_of(understand(playgrounds)))
    assert facts["Format"] == "CSV"
    assert facts["Encoding (accents)"].startswith("Windows")
    assert facts["Separator"] == "semicolon ;"
    assert facts["Names of the columns"] == "line 2"
    assert "GPS" in facts["Map"]


def test_the_preview_keeps_codes_and_writes_numbers_as_here(playgrounds):
    with override("fr"):
        first = preview_of(understand(playgrounds))[0]
    assert first[:3] == ["AJ0", "44140", "Aire n° 0"]
    assert first[3] == "47,1"
    assert first[-1] == "47.10000, -1.50000"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""),
        (0, "0"),
        ("01004", "01004"),
        ({"lon": -1.5, "lat": 47.0}, "47.00000, -1.50000"),
        ({"type": "Feature", "geometry": {"type": "Polygon", "coordinates": []}}, "Polygon"),
        ({"type": "Point", "coordinates": []}, "Point"),
        ({"type": "Feature", "geometry": None}, "Feature"),
        (["a", "b"], "a, b"),
    ],
)
def test_a_cell(value, shown):
    assert cell(value) == shown
