"""Texts written by people come out as texts: in pages, feeds, files, headers and logs."""

from __future__ import annotations

import csv
import io
import json
import logging
import zipfile
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest

from bocage.access.vocabulary import Visibility
from bocage.catalog.models import Dataset
from bocage.config import logs
from bocage.kernel.clock import now
from bocage.organizations.models import Membership, Organization, Portal, User
from bocage.pipeline.models import Draft, Run, Source
from bocage.store.models import Version
from tests.portal.conftest import ATTACK
from tests.security.conftest import Territory
from tests.security.test_rights_matrix import READ

LINK = "[x](javascript:alert(1)) <a href=javascript:alert(2)>x</a> ![x](https://evil.example/pixel.png) <javascript:alert(3)>"
MARKUP = {"script", "iframe", "object", "embed", "base", "style", "img", "svg-"}


class Inspector(HTMLParser):
    """What a browser would do with a page: the elements and attributes that run something, or fetch from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "script" and not given.get("src", "").startswith("/static/"):
            self.faults.append(f"script {given}")
        if tag in ("iframe", "object", "embed", "base", "style", "img"):
            self.faults.append(f"<{tag}> {given}")
        for name, value in given.items():
            if name.startswith("on") or name in ("style", "srcdoc"):
                self.faults.append(f"<{tag} {name}={value}>")
            if name in ("href", "src", "action", "formaction") and value.strip().lower().startswith(
                ("javascript:", "data:", "vbscript:")
            ):
                self.faults.append(f"<{tag} {name}={value}>")


def faults_of(html: str) -> list[str]:
    inspector = Inspector()
    inspector.feed(html)
    return inspector.faults


@pytest.fixture
def hostile(territory: Territory, publish) -> dict[str, str]:
    """Every text that a person may write tries to break out."""
    rows = f"""('{ATTACK.replace("'", "''")}', 'javascript:alert(1)', 1::BIGINT, 1.0::DOUBLE, true, DATE '2026-01-01',
        TIMESTAMPTZ '2026-01-01 00:00:00Z', ['{ATTACK.replace("'", "''")}'], '<b>x</b>', ST_Point(0, 0), ST_Point(0, 0))"""
    dataset = publish(
        territory.here, "hostile", Visibility.OPEN, rows=rows, title=f"Titre {ATTACK}"[:300], description=f"{ATTACK}\n\n{LINK}",
        keywords=[ATTACK], source=ATTACK, attributions=ATTACK, contact_name=ATTACK, conforms_to=f"javascript:alert(1) {ATTACK}",
    )  # fmt: skip
    schema = [field | {"label": ATTACK, "description": ATTACK} for field in dataset.schema]
    Dataset.objects.filter(pk=dataset.pk).update(schema=schema)
    notices = [{"code": "encoding-guessed", "fields": {"encoding": ATTACK}}, {"code": ATTACK, "fields": {}}]
    Version.objects.filter(dataset=dataset).update(
        comment=ATTACK, provenance={"filename": ATTACK, "name": ATTACK}, warnings=notices
    )
    Organization.objects.filter(pk=territory.here.pk).update(
        name=ATTACK, description=f"{ATTACK} {LINK}", website="javascript:alert(1)"
    )
    portal = Portal.objects.create(
        organization=territory.here, domain="*", name=ATTACK, tagline=ATTACK,
        theme={"color-ink": "red;}</style><script>alert(1)</script>", "x": "url(//evil.example)", "color-paper": "#fff}*{"},
    )  # fmt: skip
    User.objects.update(first_name=ATTACK[:150], last_name=ATTACK[:150])
    source, _created = Source.objects.update_or_create(
        dataset=dataset, defaults={"kind": "url", "url": f"https://example.org/?{ATTACK}"}
    )
    run = Run.objects.create(
        dataset=dataset, source=source, status="failed", due_at=now(), filename=ATTACK, comment=ATTACK, warnings=notices,
        error={"code": ATTACK, "message": ATTACK, "mend": ATTACK, "fields": {}}, requested_by=territory.people["operator"],
        log=[{"at": ATTACK, "step": ATTACK, "message": ATTACK, "fields": {"a": ATTACK}}],
    )  # fmt: skip
    draft = Draft.objects.create(
        organization=territory.here,
        user=territory.people["operator"],
        filename=ATTACK,
        size_bytes=4,
        created_at=now(),
    )
    member = Membership.objects.get(user=territory.people["member here"])
    return {"slug": "hostile", "run": run.uid, "draft": draft.uid, "portal": portal.uid, "member": str(member.pk)}


def test_no_text_becomes_markup(territory: Territory, hostile: dict[str, str], settings) -> None:
    from pathlib import Path

    folder = Path(settings.DATA_DIR) / "incoming" / hostile["draft"]
    folder.mkdir(parents=True)
    (folder / "content").write_text(f'{ATTACK};"b"\n{ATTACK};2\n', encoding="utf-8")
    visits = [template.format(**hostile) for template, _expectation in READ.values()]
    visits += [
        f"/explore/?q={ATTACK}",
        '/explore/dataset/hostile/table/?q="><script>alert(1)</script>&sort="><script>',
        f"/absent{ATTACK}",
    ]
    seen = 0
    for viewer in ("operator", "stranger"):
        for address in visits:
            answer = territory.viewers[viewer].get(address)
            if answer.headers.get("Content-Type", "").startswith("text/html"):
                assert faults_of(answer.content.decode()) == [], (viewer, address)
                seen += 1
    assert seen > 40


def test_the_inspector_sees_what_it_looks_for() -> None:
    bad = '<script>1</script><a href=" JavaScript:x">a</a><p onclick=x style=y><img src=x><iframe srcdoc=x>'
    assert len(faults_of(bad)) == 7
    assert faults_of('<script type="module" src="/static/a.js"></script><a href="https://x.example/">a</a>') == []


def test_no_theme_becomes_a_style_sheet(territory: Territory, hostile: dict[str, str]) -> None:
    css = territory.viewers["stranger"].get(f"/theme/{hostile['portal']}.css").content.decode()
    assert "evil" not in css
    assert "<" not in css
    assert css.count("{") == css.count("}") == 2
    sample = territory.viewers["operator"].get(
        f"/console/portal/{hostile['portal']}/theme/sample.css", {"color-ink": "red}*{background:url(//evil.example)"}
    )
    assert "evil" not in sample.content.decode()
    picture = territory.viewers["stranger"].get(f"/theme/{hostile['portal']}.svg").content
    tags = {element.tag.split("}")[1] for element in ET.fromstring(picture).iter()}
    assert tags <= {"svg", "path"}


@pytest.mark.parametrize("kind", ["rss", "atom"])
def test_a_feed_stays_readable_whatever_is_written(territory: Territory, hostile: dict[str, str], kind: str) -> None:
    """A character that XML cannot hold, in one title, would take the feed away from everyone."""
    Dataset.objects.update(title="Titre \x08\x1f\ufffe", description="a\x00b\x0bc" + ATTACK)
    Organization.objects.update(name="Ici\x01")
    Portal.objects.update(name="Portail\x02", tagline="\x03")
    answer = territory.viewers["stranger"].get(f"/explore/feed.{kind}")
    assert answer.status_code == 200
    assert "Titre" in "".join(ET.fromstring(answer.content).itertext())


def test_spreadsheets_receive_texts_never_formulas(territory: Territory, publish) -> None:
    """The policy: CSV is exact, since the same file feeds machines; in a workbook, a text that begins like a formula is a text."""
    formula = '=HYPERLINK("https://evil.example/","x")'
    rows = f"""('{formula}', '+1', 1::BIGINT, 1.0::DOUBLE, true, DATE '2026-01-01', TIMESTAMPTZ '2026-01-01 00:00:00Z', ['@SUM(1)'],
        '-2', ST_Point(0, 0), ST_Point(0, 0))"""
    publish(territory.here, "lieux", Visibility.OPEN, rows=rows)
    client = territory.viewers["stranger"]
    root = "/api/explore/v2.1/catalog/datasets/lieux/exports"
    plain = b"".join(client.get(f"{root}/csv").streaming_content).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(plain), delimiter=";")
    assert (row["nom"], row["quartier"], row["tags"]) == (formula, "+1", "@SUM(1)")
    for address in (
        f"{root}/xlsx",
        f"{root}/xlsx?use_labels=true",
        f"{root}/xlsx?select=nom%20as%20`=1%2B1`",
        "/api/explore/v2.1/catalog/exports/xlsx",
    ):
        book = zipfile.ZipFile(io.BytesIO(b"".join(client.get(address).streaming_content)))
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        assert "<f " not in sheet
        assert not any("hyperlink" in name.lower() or "external" in name.lower() for name in book.namelist())


def test_names_of_columns_stay_in_their_place(territory: Territory, publish) -> None:
    """A name given in `select … as` comes out as a key, in every format, and never as SQL, JSON or CSV of its own."""
    publish(territory.here, "lieux", Visibility.OPEN)
    client = territory.viewers["stranger"]
    for label in (
        'a"b',
        "a'b",
        "a;b",
        "a,b",
        "a\nb",
        'x"}],"y":[{',
        "--",
        "/*",
        "'||(SELECT 1)||'",
        "é\u2028",
        "<b>",
        "c0",
        "%s",
    ):
        quoted = label.replace("\\", "\\\\").replace("`", "\\`")
        given = {"select": f"nom as `{quoted}`", "limit": "1"}
        answer = client.get("/api/explore/v2.1/catalog/datasets/lieux/records", given)
        assert answer.status_code == 200, answer.content
        assert list(answer.json()["results"][0]) == [label]
        root = "/api/explore/v2.1/catalog/datasets/lieux/exports"
        exported = json.loads(b"".join(client.get(f"{root}/json", given).streaming_content))
        assert list(exported[0]) == [label]
        plain = b"".join(client.get(f"{root}/csv", given).streaming_content).decode("utf-8-sig")
        assert next(csv.reader(io.StringIO(plain, newline=""), delimiter=";")) == [label]


@pytest.mark.parametrize(
    "slug", ['a"b', "a\r\nX-Evil: 1", "a;b", "é", "../x", "a/b", "a\nb", "", "A", "-a", "a-", "a" * 101]
)
def test_an_identifier_fits_in_a_path_and_in_a_header(territory: Territory, slug: str) -> None:
    from django.core.exceptions import ValidationError

    from bocage.access.viewer import OPERATOR
    from bocage.catalog.services import create_dataset

    with pytest.raises(ValidationError):
        create_dataset(viewer=OPERATOR, organization=territory.here, slug=slug, title="x")


def test_what_a_request_says_does_not_reach_the_log(territory: Territory, capsys) -> None:
    """Neither forged lines, nor the words searched, nor accounts."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    try:
        logs.configure("json")
        root.handlers[-1].setStream(stream)
        client = territory.viewers["stranger"]
        forged = {
            "x-request-id": 'x\n{"event": "forged"}',
            "user-agent": "forged\n",
            "referer": "https://forged.example/",
        }
        for address in (
            "/explore/?q=marie.dupont",
            "/absent/%0a%7B%22event%22:%22forged%22%7D",
            "/api/explore/v2.1/x%0aforged",
        ):
            client.get(address, headers=forged)
        client.post("/accounts/login/", {"login": "marie.dupont@example.org", "password": "s3cret"})
    finally:
        root.handlers[:] = before
        root.setLevel(level)
    written = stream.getvalue()
    events = [json.loads(line) for line in written.splitlines()]
    assert len(events) >= 4
    for secret in ("marie", "forged", "s3cret"):
        assert secret not in written, [event for event in events if secret in json.dumps(event)]
