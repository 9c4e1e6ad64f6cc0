"""Keys of SIREN and SIRET against a naive reading, and the lists of French territory."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bocage.check.rules import beyond
from bocage.check.rules.custom import hours
from bocage.check.rules.custom.hours_grammar import is_opening_hours
from tests.check.rules.benches import bench_of, found


def luhn(digits: str) -> bool:
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return sum(number - 9 * (number > 9) for number in doubled) % 10 == 0


def is_siret(digits: str) -> bool:
    if digits.startswith("356000000") and digits != "35600000000048":
        return sum(map(int, digits)) % 5 == 0
    return luhn(digits) and luhn(digits[:9])


def refused(directory: Path, check: str, values: list[str], **params: str) -> list[tuple[str, str | None]]:
    descriptor = {
        "fields": [{"name": "v", "type": "string"}],
        "custom_checks": [{"name": check, "params": {"column": "v", **params}}],
    }
    with bench_of(directory, descriptor, ["v"], [[value] for value in values]) as bench:
        return [(cell, note) for _, _, cell, note in found(bench, beyond.tests(bench))]


def with_key(digits: str) -> str:
    """The nearest number whose key holds, so that half of the examples are right."""
    return next(one for last in "0123456789" if luhn(one := digits[:-1] + last))


sirens = st.from_regex(r"[0-9]{9}", fullmatch=True).flatmap(lambda one: st.sampled_from([one, with_key(one)]))
posts = st.from_regex(r"356000000[0-9]{5}", fullmatch=True)
sirets = st.one_of(
    posts,
    st.builds(lambda siren, nic: with_key(with_key(siren) + nic), sirens, st.from_regex("[0-9]{5}", fullmatch=True)),
    st.from_regex(r"[0-9]{14}", fullmatch=True),
)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(sirens, min_size=1, max_size=40), st.lists(sirets, min_size=1, max_size=40))
def test_keys_agree_with_a_naive_reading(tmp_path: Path, of_units: list[str], of_places: list[str]) -> None:
    assert [cell for cell, _ in refused(tmp_path, "siren", of_units)] == [one for one in of_units if not luhn(one)]
    wrong = [one for one in of_places if not is_siret(one)]
    assert [cell for cell, _ in refused(tmp_path, "siret", of_places)] == wrong


def test_why_a_number_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, "french-siren-value", ["732829321", "73282932", "73282932O"])[1:] == [
        ("732829321", "key"), ("73282932", "length"), ("73282932O", "characters"),
    ]  # fmt: skip


def test_a_number_column_never_holds_an_identifier(tmp_path: Path) -> None:
    descriptor = {
        "fields": [{"name": "v", "type": "integer"}],
        "custom_checks": [{"name": "siren", "params": {"column": "v"}}],
    }
    with bench_of(tmp_path, descriptor, ["v"], [["732829320"], ["abc"], [""]]) as bench:
        assert found(bench, beyond.tests(bench)) == [("custom.siren", 2, "732829320", "type")]


def test_lists_are_exact_and_the_official_spelling_is_proposed(tmp_path: Path) -> None:
    said = refused(tmp_path, "commune", ["Nantes", "nantes", "Saint Herblain", "zzz", "Saint-Herblain"], cog="2024")
    assert said == [("nantes", "Nantes"), ("Saint Herblain", "Saint-Herblain"), ("zzz", None)]
    codes = ["44109", "44000", "1001", "01001", "2A004", "2a004", "75101", " 44109"]
    assert [cell for cell, _ in refused(tmp_path, "code-commune-insee", codes, cog="latest")] == [
        "44000", "1001", "2a004", " 44109",
    ]  # fmt: skip
    assert [cell for cell, _ in refused(tmp_path, "code-postal", ["44000", "4400", "00000", "44 000"])] == [
        "4400", "00000", "44 000",
    ]  # fmt: skip
    assert refused(tmp_path, "id-rnb", ["PG46YY6YWCX8", "PG46YY6YWCXI"]) == [("PG46YY6YWCXI", None)]


def test_hours_are_read_in_one_pass_whatever_they_hold() -> None:
    for hostile in (
        "Mo," * 3_000,
        "Mo-Fr 08:00-12:00; 8h" * 400,
        "Jan" + "-Jan," * 1_500,
        '"' + "x" * 9_000,
        "1" * 9_999,
    ):
        assert not is_opening_hours(hostile)
    assert not is_opening_hours("Mo; " * 1_000_000)


@given(st.from_regex(re.compile(hours.PLAIN), fullmatch=True))
def test_hours_that_are_not_asked_about_are_right(text: str) -> None:
    assert is_opening_hours(text)
