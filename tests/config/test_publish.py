"""`bocage publish` and `bocage inspect`, as a person types them."""

from __future__ import annotations

import json

import pytest
from structlog.testing import capture_logs

from bocage.catalog.models import Dataset
from bocage.config.command_line import main
from bocage.pipeline.models import Run

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def typed(data_folder, organization, tmp_path, capsys, monkeypatch):
    """A function that runs a command in English and gives its exit code and what it wrote on both outputs."""
    from bocage.config import logs

    monkeypatch.setattr(logs, "configure", lambda *_a, **_k: None)  # the logging of the test process stays as it is
    monkeypatch.setenv("LC_ALL", "en")
    (tmp_path / "ecoles.csv").write_text("code;nom\n01004;A\n2A004;B\n", encoding="utf-8")
    (tmp_path / "empty.csv").write_bytes(b"")

    def run(*arguments):
        with capture_logs():
            try:
                code = main([str(argument) for argument in arguments])
            except SystemExit as end:
                code = end.code
        return code, *capsys.readouterr()

    return run


def test_a_new_dataset_is_created_then_updated(typed, tmp_path):
    where = ("--organization", "reze", "--dataset", "ecoles")
    code, out, _err = typed("publish", tmp_path / "ecoles.csv", *where, "--title", "Écoles", "--visibility", "open")
    assert code == 0
    assert "ecoles" in out
    dataset = Dataset.objects.get(slug="ecoles")
    assert (dataset.title, dataset.visibility, dataset.version_number, dataset.row_count) == ("Écoles", "open", 1, 2)
    code, out, _err = typed("publish", tmp_path / "ecoles.csv", *where, "--json")
    answer = json.loads(out)
    assert (code, answer["status"], answer["version"], answer["rows"]) == (0, "unchanged", 1, 2)
    assert answer["url"].endswith("/explore/dataset/ecoles/")
    assert (tmp_path / "ecoles.csv").is_file(), "the person's file stays where it is"


def test_a_refused_file_leaves_nothing(typed, tmp_path, data_folder):
    code, out, err = typed("publish", tmp_path / "empty.csv", "--organization", "reze", "--dataset", "vide")
    assert code == 1
    assert err.startswith("Refused: ")
    assert not out
    assert not Dataset.objects.filter(slug="vide").exists()
    assert Run.objects.count() == 0
    assert [path for name in ("incoming", "work") for path in (data_folder / name).iterdir()] == []


def test_refusals_say_why(typed, tmp_path):
    file = tmp_path / "ecoles.csv"
    assert typed("publish", file, "--organization", "reze", "--dataset", "ecoles")[0] == 0
    code, out, _err = typed("publish", file, "--organization", "nowhere", "--dataset", "d", "--json")
    assert (code, json.loads(out)["error"]["code"]) == (1, "not-found")
    code, out, _err = typed("publish", tmp_path / "no", "--organization", "reze", "--dataset", "d", "--json")
    assert (code, json.loads(out)["error"]["code"]) == (1, "command.no-such-file")
    code, out, _err = typed("publish", file, "--organization", "reze", "--dataset", "Pas Un Slug", "--json")
    assert (code, json.loads(out)["error"]["code"]) == (1, "command.metadata-refused")


def test_usage(typed):
    assert typed("publish")[0] == 2
    assert typed("nothing")[0] == 2


def test_inspect_publishes_nothing(typed, tmp_path):
    code, out, _err = typed("inspect", tmp_path / "ecoles.csv", "--json")
    found = json.loads(out)
    assert (code, found["format"], [field["name"] for field in found["fields"]]) == (0, "csv", ["code", "nom"])
    assert Dataset.objects.count() == 0


def test_doctor_finds_nothing_after_a_publication(typed, tmp_path):
    typed("publish", tmp_path / "ecoles.csv", "--organization", "reze", "--dataset", "ecoles")
    code, out, _err = typed("doctor", "--json")
    remarks = json.loads(out)["remarks"]
    assert [r["code"] for r in remarks if r["severity"] != "notice"] == []
    assert code == 0
