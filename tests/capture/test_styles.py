"""What each way of writing reads, and above all what it refuses to read."""

from datetime import UTC, date, datetime

import pytest

from bocage.capture.inference.styles import STYLES, text_of
from bocage.store.engine import workshop

DAY, NOON = date(2024, 1, 31), datetime(2024, 1, 31, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    with workshop(tmp_path_factory.mktemp("styles")) as opened:
        yield opened


def read(shop, text):
    """The first offered style that reads the text alone, and its value."""
    for style in STYLES:
        if style.offered:
            value = f"({style.read(text_of('x'))})"
            sql = f"epoch_us({value})" if style.type.value == "datetime" else value
            [(found,)] = shop.execute(f"SELECT {sql} FROM (SELECT CAST(? AS VARCHAR) AS x)", [text])
            if found is not None:
                assert style.shape.fullmatch(text.strip()), f"the shape of {style.key} would have hidden {text!r}"
                return datetime.fromtimestamp(found / 1e6, UTC) if style.type.value == "datetime" else found
    return None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12), ("-12", -12), (" 12 ", 12), ("123456789012345", 123456789012345), ("1 234", 1234),
        ("1\u00a0234\u202f567", 1234567), ("12.50", 12.5), ("12,50", 12.5), ("1 234,5", 1234.5), ("1 234.5", 1234.5),
        (".5", 0.5), ("0.1", 0.1), ("1.5e-3", 0.0015), ("47.21160939094489", 47.21160939094489),
        ("-1.5432599939033043", -1.5432599939033043), ("VRAI", True), ("non", False), ("False", False),
        ("2024-01-31", DAY), ("31/01/2024", DAY), ("31-01-2024", DAY), ("31.01.2024", DAY), ("2024/01/31", DAY),
        ("31/01/24", DAY), ("1/9/2016", date(2016, 9, 1)),
        ("2024-01-31T12:00", NOON), ("2024-01-31 12:00:00", NOON), ("2024-01-31T12:00:00Z", NOON),
        ("2024-01-31T13:00:00+01:00", NOON), ("2024-01-31T13:00:00.000+0100", NOON), ("31/01/2024 12:00", NOON),
    ],
)  # fmt: skip
def test_values_are_read(shop, text, value):
    assert read(shop, text) == value


@pytest.mark.parametrize(
    "text",
    ["007", "01004", "2A004", "+33612345678", "+5", "1234567890123456", "1.", "NaN", "inf", "-inf", "infinity", "1_000",
     "0x10", "12 34", "1 23", "00.5", "12 %", "1e5e5", "0.12345678901234567890123", "9007199254740993.5",
     "2024-02-30", "31/02/2024", "2024-13-01", "epoch", "today", "2024-1-1", "12:30", "2024-01-31T25:00", "04-15", "o", "x"],
)  # fmt: skip
def test_values_that_would_lose_something_stay_text(shop, text):
    assert read(shop, text) is None
