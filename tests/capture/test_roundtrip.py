"""Random tables written in random dialects read back equal: by our reading, whatever way it takes."""

import csv
import io

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bocage.capture.understanding import Corrections, FieldCorrection
from tests.capture.tables import rows_of, stage_bytes

# Letters of all encodings tried below, and all that may trouble a reader of CSV.
CELL = st.text(alphabet="aZé€0 1;,|\t\"'\\\n\r.-%#", max_size=8)
TEXTS = ("string",) * 6


@st.composite
def tables(draw):
    width = draw(st.integers(2, 5))
    rows = draw(st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=1, max_size=8))
    return [f"colonne {place}" for place in range(width)], [row for row in rows if any(row)]


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    table=tables(),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    newline=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_a_table_reads_back_equal(tmp_path, table, delimiter, newline, encoding, quoting):
    header, rows = table
    if quoting == csv.QUOTE_MINIMAL:  # the writer leaves a lone \r without quotes: that is another row
        rows = [row for row in ([cell.replace("\r", "") for cell in row] for row in rows) if any(row)]
    output = io.StringIO()
    writer = csv.writer(output, delimiter=delimiter, lineterminator=newline, quoting=quoting)
    writer.writerow(header)
    writer.writerows(rows)
    as_text = {f"colonne_{place}": FieldCorrection(type="string") for place in range(len(header))}
    given_by_hand = Corrections(
        delimiter=delimiter, encoding=encoding, header_line=1, fields=as_text, geometry_source="none"
    )
    staged = stage_bytes(output.getvalue().encode(encoding), tmp_path, corrections=given_by_hand)
    assert [field.label for field in staged.fields] == header
    assert rows_of(staged) == [tuple(cell or None for cell in row) for row in rows]


NUMBER = st.one_of(
    st.integers(-(10**14), 10**14).map(str),
    st.decimals(-(10**6), 10**6, places=3).map(lambda value: f"{value:f}"),
    st.floats(allow_nan=False, allow_infinity=False, width=64).map(repr),
    st.sampled_from(["007", "1e5", "+3", "1 234", "12,5", "-0", "NaN", "1.50", "00", "0.10", "12345678901234567"]),
)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(NUMBER, min_size=1, max_size=6))
def test_a_column_is_a_number_only_if_nothing_is_lost(tmp_path, texts):
    content = "\n".join(["cle;mesure", *(f"k{place};{text}" for place, text in enumerate(texts))])
    staged = stage_bytes(content.encode(), tmp_path)
    found = [row[1] for row in rows_of(staged)]
    field = staged.fields[1]
    if field.type.value == "string":
        assert found == texts
        return
    for text, value in zip(texts, found, strict=True):
        plain = text.replace(field.original.get("thousands", "\0"), "").replace(field.original.get("decimal", "."), ".")
        assert float(plain) == value
        assert not plain.lstrip("-").startswith("0") or plain.lstrip("-")[1:2] in ("", ".")
        assert plain[0] != "+"
        if field.type.value == "integer":
            assert str(value) == plain


CODE = st.from_regex(r"[0-9]{1,6}", fullmatch=True)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(CODE, min_size=1, max_size=6))
def test_codes_keep_every_character(tmp_path, codes):
    content = "\n".join(["code_insee;valeur", *(f"{code};{code}" for code in codes)])
    rows = rows_of(stage_bytes(content.encode(), tmp_path))
    assert [row[0] for row in rows] == codes
    assert [str(row[1]) for row in rows] == codes
