"""A whole platform leaves another one, both of them real: rows are the same to the last, and what changed since is what is asked
for again."""

from __future__ import annotations

import json
import random
import signal
import sys
import time

import pytest
from structlog.testing import capture_logs

from bocage.access.viewer import OPERATOR
from bocage.access.vocabulary import Visibility
from bocage.catalog.models import Dataset
from bocage.catalog.services import update_metadata
from bocage.config.command_line import main
from bocage.pipeline.models import Run
from bocage.pipeline.moving.models import MovedDataset
from bocage.store.comparison import same_rows_in
from bocage.store.documents import attachments_of, document_path
from bocage.store.engine import workshop
from bocage.store.layout import version_path
from bocage.store.models import Version
from bocage.store.selectors import current_version
from tests.pipeline.moving.instances import BOCAGE, TYPES, Instance

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def leave(source, town, capsys, monkeypatch):
    """A function that runs the command, and gives its exit code and its report."""
    from bocage.config import logs

    monkeypatch.setattr(logs, "configure", lambda *_a, **_k: None)
    monkeypatch.setenv("LC_ALL", "en")

    def run(*arguments, key=""):
        monkeypatch.setenv("ODS_APIKEY", key)
        with capture_logs():
            code = main(["import-ods", source.url, "--organization", "ville", "--json", *arguments])
        return code, json.loads(capsys.readouterr().out)

    return run


def steps(report):
    return {one["source_id"]: one["step"] for one in report["datasets"]}


def assert_same_rows(tmp_path, one, other):
    """In the same order, in every column."""
    with workshop(tmp_path / "compare", readable=[one, other]) as shop:
        assert same_rows_in(shop, one, other, list(TYPES)), (one, other)
        names = [row[0] for row in shop.execute(f"DESCRIBE SELECT * FROM read_parquet('{other}')")]
    assert names == list(TYPES)


def test_everything_arrives_and_only_what_changed_comes_again(source, leave, tmp_path):
    code, report = leave(key=source.key)
    assert [one for one in report["datasets"] if one["error"] or one["differences_count"]] == []
    assert (code, report["right"]) == (0, True)
    published = source.published()
    for slug, path in published.items():
        assert_same_rows(tmp_path, path, version_path(current_version(Dataset.objects.get(slug=slug))))
        comparison = next(one["comparison"] for one in report["datasets"] if one["slug"] == slug)
        assert (comparison["compared"], comparison["uncompared"]) == (len(TYPES), [])
    assert set(steps(report)) == set(published) | {"sans_donnees"}

    assert_described_the_same(source)

    code, report = leave(key=source.key)
    assert (code, set(steps(report).values())) == (0, {"unchanged"})
    assert report["calls"] == 4, "the catalogue, as the key and as a stranger see it, and nothing else"

    source.change(
        "publish(Dataset.objects.get(slug='petit-1'), SELECT + ' LIMIT 77')\n"
        "update_metadata(viewer=OPERATOR, dataset=Dataset.objects.get(slug='petit-2'), title='Autre titre', keywords=['neuf'])\n"
        "d = Dataset.objects.get(slug='petit-3')\n"
        "from bocage.store.models import Head, Version\n"
        "Head.objects.filter(dataset=d).delete(); Version.objects.filter(dataset=d).delete(); d.delete()\n"
        "from bocage.catalog.services import touch_catalogue; touch_catalogue()\n"
    )
    here = Dataset.objects.get(slug="petit-2")
    update_metadata(viewer=OPERATOR, dataset=here, title="Titre d’ici")
    code, report = leave(key=source.key)
    changed = {name: step for name, step in steps(report).items() if step != "unchanged"}
    assert (code, changed, report["gone"]) == (0, {"petit-1": "data", "petit-2": "metadata"}, ["petit-3"])
    assert current_version(Dataset.objects.get(slug="petit-1")).row_count == 77
    here.refresh_from_db()
    assert (here.title, here.keywords) == ("Titre d’ici", ["neuf"]), "what was written here stays, the rest follows"
    told = next(one["losses"] for one in report["datasets"] if one["source_id"] == "petit-2")
    assert {"code": "edited-here", "fields": {"names": "title"}} in told
    assert Dataset.objects.filter(slug="petit-3").exists()
    assert Version.objects.filter(dataset__slug="petit-1").count() == 2


def assert_described_the_same(source):
    columns = (
        "title, description, themes, keywords, licence, territory, source, primary_key, field_settings, attributions"
    )
    [row] = source.query(f"SELECT {columns} FROM catalog_dataset WHERE slug = 'tout@2024'")
    dataset = Dataset.objects.get(slug="tout@2024")
    lists = ("themes", "keywords", "territory", "primary_key", "field_settings")
    for name, value in zip(columns.split(", "), row, strict=True):
        assert getattr(dataset, name) == (json.loads(value) if name in lists else value), name
    assert [(field.name, field.type, field.label, field.description) for field in dataset.fields] == [
        (name, kind, f"Libellé de {name}", f"Ce qu’est {name}") for name, kind in TYPES.items()
    ]
    open_to_all = dict(Dataset.objects.values_list("slug", "visibility"))
    assert open_to_all.pop("agents") == Visibility.PRIVATE
    assert set(open_to_all.values()) == {Visibility.OPEN}
    joined = source.query("SELECT identifier, title, filename, sha256 FROM store_attachment ORDER BY id")
    mine = attachments_of(OPERATOR, dataset)
    assert [(one.identifier, one.title, one.filename, one.sha256) for one in mine] == joined
    assert document_path(mine[1]).read_bytes() == "Été".encode()


def test_a_stranger_copies_what_strangers_see(source, leave):
    code, report = leave("--only", "agents", "petit-0")
    assert code == 1
    assert {one["source_id"]: one["error"].get("code") for one in report["datasets"]} == {
        "agents": "http.request-refused",
        "petit-0": None,
    }
    assert list(Dataset.objects.values_list("slug", flat=True)) == ["petit-0"]


def test_nothing_is_copied_to_see(leave):
    code, report = leave("--dry-run")
    assert (code, Dataset.objects.count(), MovedDataset.objects.count(), Run.objects.count()) == (0, 0, 0, 0)
    whole = next(one for one in report["datasets"] if one["source_id"] == "tout@2024")
    assert (whole["step"], whole["rows"], whole["fields"], whole["attachments"]) == ("new", 1500, len(TYPES), 2)


def test_killed_at_any_instant_it_goes_on_where_it_was(source, tmp_path, migrated):
    """kill -9, again and again, at instants taken at random; then once to the end: one version of each, every row there."""
    instance, chance = Instance(migrated(tmp_path / "instance")), random.Random(20260101)
    made = "from bocage.organizations.services import create_organization as c; c(slug='ville', name='Ville', kind='commune')"
    code, out, err = instance.run(sys.executable, "-c", f"import django; django.setup(); {made}")
    assert code == 0, out + err
    command = (*BOCAGE, "import-ods", source.url, "--organization", "ville", "--json")
    kills = 0
    while kills < 3:
        process = instance.start(*command)
        begun = copied(instance)
        while process.poll() is None and copied(instance) == begun:
            time.sleep(0.01)
        time.sleep(chance.uniform(0, 0.3))
        process.send_signal(signal.SIGINT if kills == 0 else signal.SIGKILL)
        process.communicate()
        if process.returncode in (0, 1):
            break  # it was over
        kills += 1
        assert process.returncode in (130, -signal.SIGKILL)
    assert kills, "the machine is too fast for the first of them"
    code, out, err = instance.run(*command)
    assert code == 0, out + err
    published, arrived = source.published(), instance.published()
    open_there = set(published) - {"agents"}
    assert set(arrived) == open_there
    for slug in open_there:
        assert_same_rows(tmp_path, published[slug], arrived[slug])
    assert instance.query("SELECT count(*) FROM store_version") == [(len(arrived),)], "nothing was published twice"
    assert instance.query("SELECT count(*) FROM pipeline_run WHERE status IN ('waiting', 'running', 'failed')") == [
        (0,)
    ]
    assert list((instance.folder / "tmp").iterdir()) == []


def copied(instance):
    return instance.query("SELECT count(*), (SELECT count(*) FROM pipeline_run) FROM pipeline_moveddataset")
