"""`bocage check`, as a person types it: exit codes, files written, every version of a schema."""

from __future__ import annotations

import csv
import json

import openpyxl
import pytest
from structlog.testing import capture_logs

from bocage.check.models import Schema, SchemaVersion
from bocage.check.vocabulary import SchemaStatus
from bocage.config.command_line import main

pytestmark = pytest.mark.django_db(transaction=True)


def descriptor(number: str, *required: str) -> dict:
    fields = [
        {"name": "code", "type": "string", "constraints": {"required": True}},
        {"name": "ouvert_le", "type": "date", "format": "%Y-%m-%d"},
    ]
    return {
        "name": "ecoles",
        "title": "Écoles",
        "version": number,
        "fields": [
            *fields,
            *({"name": name, "type": "string", "constraints": {"required": True}} for name in required),
        ],
    }


@pytest.fixture
def typed(data_folder, tmp_path, capsys, monkeypatch):
    """A function that runs `bocage check` in English and gives its exit code and what it wrote on both outputs."""
    from bocage.config import logs

    monkeypatch.setattr(logs, "configure", lambda *_a, **_k: None)
    monkeypatch.setenv("LC_ALL", "en")
    (tmp_path / "schema.json").write_text(json.dumps(descriptor("1.0.0")), encoding="utf-8")
    (tmp_path / "right.csv").write_text("code,ouvert_le\n01004,2020-09-01\n", encoding="utf-8")
    (tmp_path / "wrong.csv").write_text("code,ouvert_le\n01004,01/09/2020\n,2020-09-01\n", encoding="utf-8")

    def run(*arguments):
        with capture_logs():
            try:
                code = main(["check", *(str(argument) for argument in arguments)])
            except SystemExit as end:
                code = end.code
        return code, *capsys.readouterr()

    return run


@pytest.fixture
def registered(db):
    schema = Schema.objects.create(name="test/ecoles", title="Écoles")
    for precedence, (number, required) in enumerate((("0.1.0", ()), ("0.1.1", ()), ("0.2.0", ("ville", "nom")))):
        SchemaVersion.objects.create(
            schema=schema, number=number, status=SchemaStatus.ADOPTED, precedence=f"{precedence:05}",
            descriptor=descriptor(number, *required),
        )  # fmt: skip
    return schema


def test_zero_when_valid_one_when_not(typed, tmp_path):
    code, out, _err = typed(tmp_path / "right.csv", "--schema", tmp_path / "schema.json")
    assert code == 0
    assert out.startswith("✓ Everything is right on 1 row.")
    code, out, _err = typed(tmp_path / "wrong.csv", "--schema", tmp_path / "schema.json")
    assert code == 1
    assert "Wrong date format" in out
    assert 'row 2 : "01/09/2020" → 2020-09-01' in out
    assert "One rule mends it." in out
    assert "row 3" in out


@pytest.mark.parametrize(
    "arguments",
    [
        ("absent.csv", "--schema", "schema.json"),
        ("right.csv", "--schema", "test/absent"),
        ("right.csv", "--schema", "right.csv"),
        ("--schema", "schema.json"),
        ("right.csv", "--dataset", "x", "--schema", "schema.json"),
        ("--dataset", "absent", "--schema", "schema.json"),
        ("right.csv",),
        ("empty.csv", "--schema", "schema.json"),
        ("right.csv", "--schema", "schema.json", "--all-versions"),
        ("right.csv", "--schema", "schema.json", "--annotate", "no/such/folder.xlsx"),
    ],
)
def test_two_when_it_could_not_be_checked(typed, tmp_path, monkeypatch, arguments):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty.csv").write_bytes(b"")
    code, _out, _err = typed(*arguments)
    assert code == 2


def test_the_json_is_the_report(typed, tmp_path):
    code, out, _err = typed(tmp_path / "wrong.csv", "--schema", tmp_path / "schema.json", "--json")
    said = json.loads(out)
    assert code == 1
    assert said["valid"] is False
    assert [one["rowNumber"] for one in said["errors"]] == [2, 3]
    assert said["stats"]["errors"] == 2
    code, out, _err = typed(tmp_path / "wrong.csv", "--schema", "test/absent", "--json")
    assert (code, json.loads(out)["error"]["code"]) == (2, "not-found")


def test_every_fault_and_an_annotated_copy_are_written(typed, tmp_path):
    written, copy = tmp_path / "faults.csv", tmp_path / "copy.xlsx"
    typed(tmp_path / "wrong.csv", "--schema", tmp_path / "schema.json", "--csv", written, "--annotate", copy)
    rows = list(csv.DictReader(written.read_text("utf-8-sig").splitlines(), delimiter=";"))
    assert [row["Row"] for row in rows] == ["2", "3"]
    sheet = openpyxl.load_workbook(copy).worksheets[0]
    assert sheet["B2"].comment is not None
    assert sheet["A3"].comment is not None
    assert sheet["A2"].value == "01004"


def test_all_versions_are_compared(typed, tmp_path, registered):
    code, out, _err = typed(tmp_path / "right.csv", "--schema", registered.name, "--all-versions")
    assert code == 1
    assert "Valid for: 0.1.x" in out
    assert "0.2.0: 2 changes to make" in out
    code, out, _err = typed(
        tmp_path / "right.csv", "--schema", registered.name, "--schema-version", "0.1.0", "--json", "--all-versions"
    )
    assert code == 0
    assert {name: one["valid"] for name, one in json.loads(out)["versions"].items()} == {
        "0.1.0": True, "0.1.1": True, "0.2.0": False,
    }  # fmt: skip


def test_a_published_dataset_is_checked(typed, tmp_path, data_folder, organization, capsys):
    with capture_logs():
        main(["publish", str(tmp_path / "right.csv"), "--organization", "reze", "--dataset", "ecoles"])
    capsys.readouterr()
    code, out, _err = typed("--dataset", "ecoles", "--schema", tmp_path / "schema.json")
    assert code == 0, out


def test_nothing_remains_on_the_disk(typed, tmp_path, data_folder):
    typed(tmp_path / "wrong.csv", "--schema", tmp_path / "schema.json")
    assert list((data_folder / "tmp").iterdir()) == []
