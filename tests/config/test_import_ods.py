"""`bocage import-ods`, as a person types it."""

from __future__ import annotations

import io
import json

import pytest
from structlog.testing import capture_logs

from bocage.catalog.models import Dataset
from bocage.config.command_line import main
from bocage.pipeline.moving.patience import Patience
from tests.kernel.local_server import local_server
from tests.pipeline.moving.fake import FakePortal

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def fake(settings):
    settings.BOCAGE = settings.BOCAGE.model_copy(update={"capture_private_hosts": "127.0.0.1"})
    with local_server() as server:
        portal = FakePortal(server)
        for name in ("ecoles", "parcs"):
            portal.add(name)
        yield portal


@pytest.fixture
def typed(fake, data_folder, organization, capsys, monkeypatch):
    """A function that runs the command and gives its exit code and what it wrote on both outputs."""
    from bocage.config import logs

    monkeypatch.setattr(logs, "configure", lambda *_a, **_k: None)
    monkeypatch.setattr(Patience, "_settle", lambda *_a: None)
    monkeypatch.setenv("LC_ALL", "en")
    monkeypatch.delenv("ODS_APIKEY", raising=False)

    def run(*arguments, portal=fake.url):
        with capture_logs():
            try:
                code = main(["import-ods", portal, "--organization", "reze", *arguments])
            except SystemExit as end:
                code = end.code
        return code, *capsys.readouterr()

    return run


def test_the_report_is_told_and_kept(typed, data_folder):
    code, out, err = typed()
    assert (code, err) == (0, "")
    assert "2 datasets copied or updated." in out
    assert "No difference with the portal" in out
    page, data = sorted((data_folder / "reports").iterdir(), key=lambda path: path.suffix, reverse=True)
    assert page.name in out
    kept = json.loads(data.read_text("utf-8"))
    assert (kept["right"], kept["counts"]["new"], len(kept["datasets"])) == (True, 2, 2)
    assert page.read_text("utf-8").startswith("# Import of http://127.0.0.1")


def test_a_difference_is_told_and_the_exit_code_says_so(typed, fake, data_folder):
    fake.answers["/parcs/exports/jsonl"] = lambda _query: (200, {}, b'{"nom": "a", "n": 1}\n')
    code, out, _err = typed()
    assert code == 1
    assert "  ! rows: 2 on the portal, 1 here" in out
    assert "  ! “n”: the sum is 6 on the portal, 1 here" in out
    assert "1 dataset differs from the portal." in out
    [page] = (data_folder / "reports").glob("*.md")
    assert "## What differs from the portal" in page.read_text("utf-8")
    assert Dataset.objects.get(slug="parcs").row_count == 1, "what came is here all the same"


def test_what_is_refused_is_told_and_the_exit_code_says_so(typed, fake):
    fake.add("MAJ")
    code, out, _err = typed("--json")
    answer = json.loads(out)
    assert (code, answer["counts"]["refused"], answer["counts"]["new"]) == (1, 1, 2)
    [refused] = [one for one in answer["datasets"] if one["error"]]
    assert refused["error"]["code"] == "moving.identifier-unusable"
    assert typed("--rename", "MAJ=petit", "--only", "MAJ")[0] == 0
    assert Dataset.objects.filter(slug="petit").exists()


def test_to_see_copies_nothing_and_keeps_nothing(typed, data_folder):
    code, out, _err = typed("--dry-run")
    assert (code, Dataset.objects.count(), (data_folder / "reports").exists()) == (0, 0, False)
    assert "2 fields" in out


def test_in_french(typed, monkeypatch):
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    code, out, _err = typed()
    assert code == 0
    assert "2 jeux de données copiés ou mis à jour." in out
    assert "nouveau" in out


def test_an_interruption_is_told_and_the_same_command_goes_on(typed, fake, monkeypatch):
    from bocage.pipeline.moving import copying

    real = copying.Copier._compare

    def interrupted(self, placed, source):
        if source.id == "parcs":
            raise KeyboardInterrupt
        return real(self, placed, source)

    monkeypatch.setattr(copying.Copier, "_compare", interrupted)
    code, out, _err = typed()
    assert code == 130
    assert "Run the same command again" in out
    monkeypatch.setattr(copying.Copier, "_compare", real)
    fake.server.requests.clear()
    assert typed()[0] == 0
    assert not any("/exports/" in path for path in fake.asked), "the data that is here is not fetched again"


def test_a_key_is_asked_or_taken_from_the_environment_and_never_shown(typed, fake, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("typed-secret\n"))
    assert typed("--apikey")[0] == 0
    monkeypatch.setenv("ODS_APIKEY", "kept-secret")
    code, out, err = typed("--again")
    assert code == 0
    assert "secret" not in out + err
    sent = {headers.get("Authorization") for _path, headers in fake.server.requests}
    assert sent == {None, "Apikey typed-secret", "Apikey kept-secret"}


def test_refusals_say_why(typed, fake):
    assert typed("--organization", "nowhere")[0] == 1
    assert typed("--publisher", "sans egal")[0] == 2
    fake.answers[""] = lambda _query: (404, {}, b"")
    code, _out, err = typed()
    assert code == 1
    assert "does not answer as an Opendatasoft portal" in err
    code, _out, err = typed(portal="http://169.254.169.254/")
    assert code == 1
    assert "private network" in err
