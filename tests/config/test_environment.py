"""Settings of the environment: what stops a start, and what does not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bocage.config.environment import BadEnvironment, read_environment

ROOT = Path(__file__).resolve().parent.parent.parent
TEST_VARIABLE = re.compile(r"\bBOCAGE_TEST_[A-Z_]+")


def variables_of_tests() -> set[str]:
    """Every BOCAGE_TEST_… that the tests, the Makefile or the documentation name."""
    files = [ROOT / "Makefile", *(ROOT / "docs").rglob("*.md"), *(ROOT / "tests").rglob("*.py")]
    return {name for file in files for name in TEST_VARIABLE.findall(file.read_text("utf-8"))}


def test_the_variables_of_the_tests_do_not_stop_a_start() -> None:
    names = variables_of_tests()
    assert {"BOCAGE_TEST_PROCESSES", "BOCAGE_TEST_SHARED_DATA", "BOCAGE_TEST_SCREENSHOTS"} <= names
    given = dict.fromkeys(names, "4") | {"BOCAGE_WEB_THREADS": "7"}
    assert read_environment(given) == read_environment({"BOCAGE_WEB_THREADS": "7"})


@pytest.mark.parametrize("name", ["BOCAGE_TEST", "BOCAGE_TESTS_X", "BOCAGE_WEB_THREAD", "BOCAGE_"])
def test_any_other_unknown_variable_stops_it_and_is_named(name: str) -> None:
    with pytest.raises(BadEnvironment, match=f"{name}: unknown setting; known: BOCAGE_DATA_DIR"):
        read_environment({name: "1"})


@pytest.mark.parametrize("name", ["BOCAGE_SECRET_KEY", "BOCAGE_DATABASE_URL", "BOCAGE_SMTP_URL"])
def test_a_secret_is_never_in_the_sentence(name: str, tmp_path: Path) -> None:
    kept = tmp_path / "secret"
    kept.write_text("hunter2\n")
    with pytest.raises(BadEnvironment) as caught:
        read_environment({name: "hunter2", "BOCAGE_PUBLIC_URL": "hunter", "BOCAGE_WEB_THREADS": "many"})
    assert "hunter2" not in str(caught.value)
    assert "BOCAGE_WEB_THREADS" in str(caught.value)


def test_a_setting_is_read_from_its_file(tmp_path: Path) -> None:
    kept = tmp_path / "secret"
    kept.write_text("hunter2\n")
    assert read_environment({"BOCAGE_SECRET_KEY_FILE": str(kept)}).secret_key.get_secret_value() == "hunter2"
    with pytest.raises(BadEnvironment, match="BOCAGE_SECRET_KEY_FILE: cannot read"):
        read_environment({"BOCAGE_SECRET_KEY_FILE": str(tmp_path / "absent")})
